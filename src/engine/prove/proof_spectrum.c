/* SPDX-License-Identifier: Apache-2.0 */
/* The levels of a proved record, texts beside their doubles. */
#include <math.h>
#include <string.h>

#include "base/locale.h"
#include "engine/prove/proof.h"

static void drop_spectrum(cutropy_exact *exact)
{
    ct_texts_free(exact->spectrum, exact->spectrum_count);
    ct_free(exact->spectrum);
    ct_free(exact->spectrum_decimals);
    exact->spectrum = NULL;
    exact->spectrum_decimals = NULL;
    exact->spectrum_count = 0;
}

cutropy_status ct_proof_open_spectrum(ct_proof *p, size_t levels)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_record *record = p->record;
    double *value = NULL, *error = NULL;
    int64_t *multiplicity = NULL;
    drop_spectrum(p->exact);
    CT_NEW(value, levels);
    CT_NEW(error, levels);
    CT_NEW(multiplicity, levels);
    CT_NEW_ZERO(p->exact->spectrum, levels);
    CT_NEW(p->exact->spectrum_decimals, levels);
    ct_free(record->spectrum);
    ct_free(record->spectrum_err);
    ct_free(record->multiplicity);
    record->spectrum = value;
    record->spectrum_err = error;
    record->multiplicity = multiplicity;
    record->spectrum_count = 0;
    value = error = NULL;
    multiplicity = NULL;
done:
    ct_free(value);
    ct_free(error);
    ct_free(multiplicity);
    return status;
}

double ct_proof_error(int decimals, double value)
{
    return nextafter(0.5 * pow(10, -decimals) * (1 + 0x1p-40) + fabs(value) * 0x1p-53, 1);
}

/* Makes room for a level at place `at`. */
static void shift_levels(cutropy_exact *exact, cutropy_record *record, size_t at)
{
    const size_t behind = exact->spectrum_count - at;
    memmove(exact->spectrum + at + 1, exact->spectrum + at, behind * sizeof *exact->spectrum);
    memmove(exact->spectrum_decimals + at + 1, exact->spectrum_decimals + at,
            behind * sizeof *exact->spectrum_decimals);
    memmove(record->spectrum + at + 1, record->spectrum + at, behind * sizeof *record->spectrum);
    memmove(record->spectrum_err + at + 1, record->spectrum_err + at,
            behind * sizeof *record->spectrum_err);
    memmove(record->multiplicity + at + 1, record->multiplicity + at,
            behind * sizeof *record->multiplicity);
}

/* Whether a level of text a stands behind one of text b. Numbers from 0 to 1 are in the order of their texts; of 0 and 0.0 the
 * one with fewer decimals, which did not round to more and so is not 0, comes first. */
static bool stands_behind(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a && *b ? *a < *b : *b == 0 && *a != 0;
}

/* Descending also where doubles are equal. */
void ct_proof_add_level(ct_proof *p, ct_decimal *decimal, int64_t multiplicity)
{
    cutropy_exact *exact = p->exact;
    cutropy_record *record = p->record;
    size_t at = exact->spectrum_count;
    while (at && stands_behind(exact->spectrum[at - 1], decimal->text))
        at--;
    if (at && !strcmp(exact->spectrum[at - 1], decimal->text)) {
        record->multiplicity[at - 1] += multiplicity;
        ct_free(decimal->text);
    } else {
        shift_levels(exact, record, at);
        exact->spectrum[at] = decimal->text;
        exact->spectrum_decimals[at] = decimal->decimals;
        record->spectrum[at] = ct_strtod(decimal->text, NULL);
        record->spectrum_err[at] = ct_proof_error(decimal->decimals, record->spectrum[at]);
        record->multiplicity[at] = multiplicity;
        record->spectrum_count = ++exact->spectrum_count;
    }
    decimal->text = NULL;
}

void ct_proof_drop_nothings(ct_proof *p)
{
    cutropy_exact *exact = p->exact;
    cutropy_record *record = p->record;
    int64_t many = -record->rank_lo;
    for (size_t i = 0; i < exact->spectrum_count; i++)
        many += record->multiplicity[i];
    for (size_t k = exact->spectrum_count; many > 0 && k-- && record->spectrum[k] == 0;) {
        const int64_t here = record->multiplicity[k] < many ? record->multiplicity[k] : many;
        record->multiplicity[k] -= here;
        many -= here;
        if (record->multiplicity[k])
            return;
        ct_free(exact->spectrum[k]);
        exact->spectrum_count = record->spectrum_count = k;
    }
}
