/* SPDX-License-Identifier: Apache-2.0 */
/* The refining prover: S alone, by eigenvectors refined in integers. */
#include "certify/refine.h"
#include "engine/prove/proof.h"

/* An integer product costs a modular one for each 60 bits. */
static double refined_work(double n, int decimals)
{
    return n * n * n * (3 + decimals / 18.0);
}

/* Eight matrices of integers: a pointer, a header and the digits each. */
static double refined_bytes(double n, int decimals)
{
    return n * n * 8 * (48 + decimals);
}

typedef struct ct_refining {
    const ct_proof *p;
    ct_refined *refined;
    int decimals;
    bool fits;
} ct_refining;

static cutropy_status refine_block(void *context, const ct_integer_block *block, bool *added)
{
    cutropy_status status = CUTROPY_OK;
    ct_refining *to = context;
    const double n = (double)block->n;
    double *vectors = NULL;
    to->fits = refined_work(n, to->decimals) <= CT_REFINED_WORK &&
               refined_bytes(n, to->decimals) <= (double)to->p->setting->memory_limit;
    *added = to->fits;
    if (!to->fits)
        return CUTROPY_OK;
    CT_TRY(ct_gram_vectors(block, to->p->setting->backend, &vectors));
    CT_TRY(ct_refined_add(to->refined, block, vectors, added));
done:
    ct_free(vectors);
    return status;
}

cutropy_status ct_prove_refined(const ct_proof *p, int decimals, ct_decimal *bits, ct_decimal *nats)
{
    cutropy_status status = CUTROPY_OK;
    ct_refining to = {.p = p, .decimals = decimals, .fits = true};
    bool added;
    ct_big norm = {0};
    *bits = *nats = (ct_decimal){.decimals = -1};
    CT_TRY(ct_proof_norm(p, &norm));
    CT_TRY(ct_refined_create(&norm, decimals, &to.refined));
    CT_TRY(ct_proof_each_block(p, refine_block, &to, &added));
    if (!to.fits)
        goto done;
    CT_TRY(ct_refined_entropy(to.refined, CT_UNIT_BITS, bits));
    CT_TRY(ct_refined_entropy(to.refined, CT_UNIT_NATS, nats));
done:
    ct_refined_free(to.refined);
    ct_big_free(&norm);
    return status;
}

static bool can(const ct_proof *p)
{
    return ct_proof_is_exact(p) && ct_proof_units_open(p, p->exact->entropy, p->exact->decimals) &&
           !ct_proof_levels_open(p);
}

static cutropy_status prove(ct_proof *p)
{
    ct_decimal decimal[2];
    cutropy_exact *exact = p->exact;
    const cutropy_status status = ct_prove_refined(p, p->setting->digits, &decimal[0], &decimal[1]);
    for (int unit = 0; unit < 2; unit++)
        ct_proof_offer(&decimal[unit], &exact->entropy[unit], &exact->decimals[unit]);
    return status;
}

const ct_prover ct_refining_prover = {"refined vectors", can, prove};
