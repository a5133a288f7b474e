/* SPDX-License-Identifier: Apache-2.0 */
/* The places of a record for proved decimals: which wait, and what comes in. */
#include "engine/prove/proof.h"

#include "certify/integer_block.h"
#include "certify/near_block.h"

#define BITS_A_DECIMAL 3.3219280948873626

/* ---- blocks ---- */

int64_t ct_proof_blocks(const ct_proof *p)
{
    return p->given ? p->given_count : p->blocks->count;
}

int64_t ct_proof_dimension(const ct_proof *p, int64_t block)
{
    if (p->given)
        return p->given[block].n;
    const int64_t rows = ct_block_size(p->blocks, block, 0),
                  columns = ct_block_size(p->blocks, block, 1);
    return rows < columns ? rows : columns;
}

int ct_proof_copies(const ct_proof *p)
{
    if (p->rounded)
        return p->rounded->copies;
    return p->q && p->q->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
}

typedef struct ct_visit {
    ct_block_visitor visit;
    void *context;
} ct_visit;

static cutropy_status visit_gram(void *context, const ct_gram *gram, bool *more)
{
    const ct_visit *to = context;
    const ct_integer_block block = ct_gram_integers(gram);
    return to->visit(to->context, &block, more);
}

cutropy_status ct_proof_each_block(const ct_proof *p, ct_block_visitor visit, void *context,
                                   bool *more)
{
    cutropy_status status = CUTROPY_OK;
    ct_visit to = {visit, context};
    if (!p->given)
        return ct_gram_each(p->q, p->blocks, p->setting->backend, p->threads, visit_gram, &to,
                            more);
    *more = true;
    for (int64_t b = 0; b < p->given_count && *more; b++)
        CT_TRY(visit(context, &p->given[b], more));
done:
    return status;
}

bool ct_proof_has_integers(const ct_proof *p)
{
    return p->given ||
           (p->q && (p->q->kind == CUTROPY_KIND_LABEL || p->q->kind == CUTROPY_KIND_INTEGER));
}

bool ct_proof_is_exact(const ct_proof *p)
{
    return ct_proof_has_integers(p) && !p->rounded;
}

cutropy_status ct_proof_slack(const ct_proof *p, ct_enclosure *e)
{
    return p->rounded ? ct_enclosure_set_slack(e, p->rounded->slack, p->most) : CUTROPY_OK;
}

cutropy_status ct_proof_norm(const ct_proof *p, ct_big *out)
{
    uint64_t limb[2];
    const ct_big norm = ct_norm_view(p->setting->f, limb);
    *out = (ct_big){0};
    if (p->rounded)
        return ct_integer_block_trace(&p->rounded->block, out);
    return p->doubled ? ct_big_add(out, &norm, &norm) : ct_big_copy(out, &norm);
}

/* ---- places ---- */

cutropy_status ct_proof_start(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(p->exact, 1);
    p->record->exact = p->exact;
    CT_NEW_ZERO(p->exact->extra, 2 * p->setting->quantity_count);
    CT_NEW_ZERO(p->exact->extra_decimals, 2 * p->setting->quantity_count);
done:
    return status;
}

void ct_proof_end(ct_proof *p)
{
    ct_free(p->rank_of_block);
    p->rank_of_block = NULL;
}

int64_t ct_proof_bits(const ct_proof *p)
{
    return (int64_t)(BITS_A_DECIMAL * p->setting->digits) + 40;
}

bool ct_proof_is_open(const ct_proof *p, const char *text, int decimals)
{
    return !text || decimals < p->setting->digits;
}

void ct_proof_offer(ct_decimal *decimal, char **text, int *decimals)
{
    if (decimal->text && (!*text || decimal->decimals > *decimals)) {
        ct_free(*text);
        *text = decimal->text;
        *decimals = decimal->decimals;
    } else {
        ct_free(decimal->text);
    }
    decimal->text = NULL;
}

double ct_proof_order(const cutropy_quantity *quantity)
{
    return quantity->kind == CUTROPY_QUANTITY_RENYI ? quantity->parameter : 0.5;
}

bool ct_proof_has_decimals(cutropy_quantity_kind kind)
{
    return ct_quantity_type_of(&(cutropy_quantity){.kind = kind}) == CT_QUANTITY_REAL &&
           kind != CUTROPY_QUANTITY_TR_RHO3 && kind != CUTROPY_QUANTITY_MUTUAL_INFORMATION &&
           kind != CUTROPY_QUANTITY_SATURATION && ct_label_quantity(kind) < 0;
}

bool ct_proof_wants(const ct_proof *p, cutropy_quantity_kind kind)
{
    for (size_t k = 0; k < p->setting->quantity_count; k++)
        if (p->setting->quantities[k].kind == kind)
            return true;
    return false;
}

static bool brackets_open(const ct_proof *p)
{
    for (size_t k = 0; k < p->setting->quantity_count; k++)
        if (ct_quantity_type_of(&p->setting->quantities[k]) == CT_QUANTITY_BRACKET &&
            (!p->brackets || p->record->extra_err[k] != 0))
            return true;
    return false;
}

bool ct_proof_units_open(const ct_proof *p, char *const text[2], const int decimals[2])
{
    return ct_proof_is_open(p, text[0], decimals[0]) || ct_proof_is_open(p, text[1], decimals[1]);
}

bool ct_proof_spectrum_open(const ct_proof *p)
{
    const cutropy_exact *exact = p->exact;
    bool open = ct_proof_wants(p, CUTROPY_QUANTITY_SPECTRUM) && !exact->spectrum;
    for (size_t i = 0; !open && i < exact->spectrum_count; i++)
        open = exact->spectrum_decimals[i] < p->setting->digits;
    return open;
}

bool ct_proof_purity_open(const ct_proof *p)
{
    return !ct_fraction_is_known(&p->record->purity_exact) &&
           ct_proof_is_open(p, p->exact->purity, p->purity_decimals);
}

bool ct_proof_tr_rho3_open(const ct_proof *p)
{
    return ct_proof_wants(p, CUTROPY_QUANTITY_TR_RHO3) &&
           !ct_fraction_is_known(&p->record->tr_rho3_exact) &&
           ct_proof_is_open(p, p->exact->tr_rho3, p->tr_rho3_decimals);
}

/* Is it a Renyi entropy of so low an order that levels of which nothing but the rank would tell whether they are zero decide about it, and no block will? */
static bool waits_for_rank(const ct_proof *p, const cutropy_quantity *quantity)
{
    return p->most_bits && !p->rank_known &&
           (quantity->kind == CUTROPY_QUANTITY_RENYI ||
            quantity->kind == CUTROPY_QUANTITY_LOG_NEGATIVITY) &&
           ct_proof_order(quantity) * (double)p->most_bits < BITS_A_DECIMAL * p->setting->digits;
}

bool ct_proof_levels_open(const ct_proof *p)
{
    const cutropy_exact *exact = p->exact;
    bool open = ct_proof_units_open(p, exact->renyi2, exact->renyi2_decimals) ||
                ct_proof_purity_open(p) || ct_proof_tr_rho3_open(p) || ct_proof_spectrum_open(p) ||
                brackets_open(p);
    for (size_t k = 0; !open && k < p->setting->quantity_count; k++)
        open = ct_proof_has_decimals(p->setting->quantities[k].kind) &&
               !waits_for_rank(p, &p->setting->quantities[k]) &&
               ct_proof_units_open(p, exact->extra + 2 * k, exact->extra_decimals + 2 * k);
    return open;
}

bool ct_proof_any_open(const ct_proof *p)
{
    return ct_proof_units_open(p, p->exact->entropy, p->exact->decimals) || ct_proof_levels_open(p);
}

void ct_proof_set_rank(ct_proof *p, int64_t rank)
{
    p->record->rank_lo = p->record->rank_hi = rank;
    p->rank_known = true;
}
