/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut_algebra.h"

#include <math.h>

#include "certify/refine.h"

cutropy_status ct_cut_algebra(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                              const ct_backend *backend, int threads, double work_limit,
                              ct_algebra **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_arena arena = {0};
    ct_gram gram = {0};
    bool added = true;
    *out = NULL;
    CT_TRY(ct_algebra_create(f->norm_exact, out));
    for (int64_t b = 0; b < blocks->count && added; b++) {
        CT_TRY(ct_gram_block(q, blocks, b, backend, threads, &arena, &gram));
        CT_TRY(ct_algebra_add(*out, gram.n, gram.integer, gram.weight, work_limit, &added));
        ct_gram_free(&gram);
        ct_arena_reset(&arena);
    }
done:
    ct_gram_free(&gram);
    ct_arena_free(&arena);
    if (status != CUTROPY_OK) {
        ct_algebra_free(*out);
        *out = NULL;
    }
    return status;
}

/* The eigenvectors of D^1/2 G D^1/2, row by row. */
static cutropy_status block_vectors(const ct_gram *gram, const ct_backend *backend, double **out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = gram->n;
    double *values = NULL;
    *out = NULL;
    CT_NEW(*out, n * n);
    CT_NEW(values, n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++)
            (*out)[i * n + j] = (double)gram->integer[i * n + j] * sqrt((double)gram->weight[i]) *
                                sqrt((double)gram->weight[j]);
    CT_TRY(backend->eigenvectors(n, *out, values));
done:
    ct_free(values);
    return status;
}

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

cutropy_status ct_cut_refined(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                              const ct_backend *backend, int threads, uint64_t memory_limit,
                              int decimals, ct_decimal *bits, ct_decimal *nats)
{
    cutropy_status status = CUTROPY_OK;
    ct_arena arena = {0};
    ct_gram gram = {0};
    ct_refined *refined = NULL;
    double *vectors = NULL;
    bool added = true;
    *bits = *nats = (ct_decimal){.decimals = -1};
    CT_TRY(ct_refined_create(f->norm_exact, decimals, &refined));
    for (int64_t b = 0; b < blocks->count && added; b++) {
        CT_TRY(ct_gram_block(q, blocks, b, backend, threads, &arena, &gram));
        if (refined_work((double)gram.n, decimals) > CT_REFINED_WORK ||
            refined_bytes((double)gram.n, decimals) > (double)memory_limit)
            goto done;
        CT_TRY(block_vectors(&gram, backend, &vectors));
        CT_TRY(ct_refined_add(refined, gram.n, gram.integer, gram.weight, vectors, &added));
        ct_gram_free(&gram);
        ct_free(vectors);
        vectors = NULL;
        ct_arena_reset(&arena);
    }
    CT_TRY(ct_refined_entropy(refined, CT_UNIT_BITS, bits));
    CT_TRY(ct_refined_entropy(refined, CT_UNIT_NATS, nats));
done:
    ct_free(vectors);
    ct_refined_free(refined);
    ct_gram_free(&gram);
    ct_arena_free(&arena);
    return status;
}
