/* SPDX-License-Identifier: Apache-2.0 */
/* From proved decimals to the doubles of a record, their errors and its guarantee. */
#include <math.h>
#include <string.h>

#include "base/locale.h"
#include "engine/prove/proof.h"

/* Whether proved decimals stand for the number: all that were asked for, or fewer where they say
 * more than the plain value does; zeros alone say nothing. */
static bool stands(const ct_proof *p, const char *text, int decimals, double plain_error)
{
    return text && (decimals >= p->setting->digits ||
                    (strpbrk(text, "123456789") && 0.5 * pow(10, -decimals) <= plain_error));
}

/* One number: its double and error from its text, or the plain value if that says more. */
static bool settle(const ct_proof *p, char **text, int decimals, double *value, double *error)
{
    if (!stands(p, *text, decimals, *error)) {
        ct_free(*text);
        *text = NULL;
        return false;
    }
    if (!strchr(*text, '/')) {
        *value = ct_strtod(*text, NULL);
        *error = ct_proof_error(decimals, *value);
    }
    return true;
}

/* A number in two units; the record holds bits. */
static bool settle_units(const ct_proof *p, char *text[2], int decimals[2], double *value,
                         double *error)
{
    const bool good =
        stands(p, text[0], decimals[0], *error) && stands(p, text[1], decimals[1], *error);
    if (good)
        return settle(p, &text[0], decimals[0], value, error);
    ct_texts_free(text, 2);
    decimals[0] = decimals[1] = 0;
    return false;
}

/* From S as it stands now. */
static void settle_saturation(const ct_proof *p, size_t k)
{
    cutropy_record *record = p->record;
    const int64_t classes =
        record->classes[0] < record->classes[1] ? record->classes[0] : record->classes[1];
    const double bits = log2((double)(p->most ? p->most : classes));
    if (!(bits > 0))
        return;
    record->extra[k] = record->entropy / bits;
    record->extra_err[k] = record->entropy_err / bits + 0x1p-50 * record->extra[k];
}

static bool settle_quantity(ct_proof *p, size_t k)
{
    cutropy_exact *exact = p->exact;
    cutropy_record *record = p->record;
    const cutropy_quantity_kind kind = p->setting->quantities[k].kind;
    if (ct_quantity_type_of(&p->setting->quantities[k]) == CT_QUANTITY_BRACKET)
        return p->brackets;
    switch (kind) {
    case CUTROPY_QUANTITY_SPECTRUM:
        return exact->spectrum != NULL;
    case CUTROPY_QUANTITY_SATURATION:
        settle_saturation(p, k);
        return true;
    case CUTROPY_QUANTITY_TR_RHO3:
        return ct_fraction_is_known(&record->tr_rho3_exact) ||
               settle(p, &exact->tr_rho3, p->tr_rho3_decimals, &record->tr_rho3,
                      &record->tr_rho3_err);
    default:
        return !ct_proof_has_decimals(kind) ||
               settle_units(p, exact->extra + 2 * k, exact->extra_decimals + 2 * k,
                            &record->extra[k], &record->extra_err[k]);
    }
}

/* The guarantee of a row is that of its weakest number. */
void ct_proof_settle(ct_proof *p)
{
    cutropy_exact *exact = p->exact;
    cutropy_record *record = p->record;
    ct_proof_drop_nothings(p);
    bool proved =
        settle_units(p, exact->entropy, exact->decimals, &record->entropy, &record->entropy_err);
    proved &= settle_units(p, exact->renyi2, exact->renyi2_decimals, &record->renyi2,
                           &record->renyi2_err);
    if (!ct_fraction_is_known(&record->purity_exact))
        proved &=
            settle(p, &exact->purity, p->purity_decimals, &record->purity, &record->purity_err);
    for (size_t k = 0; k < p->setting->quantity_count; k++)
        proved &= settle_quantity(p, k);
    if (record->guarantee == CUTROPY_GUARANTEE_EXACT) /* closed forms throughout */
        return;
    record->guarantee = !proved       ? CUTROPY_GUARANTEE_FLOAT
                        : p->rational ? CUTROPY_GUARANTEE_EXACT
                                      : CUTROPY_GUARANTEE_CERTIFIED;
}
