#include "engine/cut_algebra.h"

#include <math.h>

#include "certify/refine.h"
#include "engine/full_rank.h"

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

#define CORNER 16 /* rows or columns more than the smaller side */

/* The rank of the first rows x columns entries of a block. */
static cutropy_status corner_rank(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                  int64_t rows, int64_t columns, double work_limit,
                                  ct_rank_proof *out)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *entry = NULL;
    CT_NEW(entry, rows * columns);
    ct_quotient_part(q, ct_block_members(blocks, block, 0), rows,
                     ct_block_members(blocks, block, 1), columns, entry);
    CT_TRY(ct_rank_prove(rows, columns, entry, work_limit, out));
done:
    ct_free(entry);
    return status;
}

/* Full rank shows in a corner a little longer than wide: most blocks are done with it. The
 * prime that proves it for the corner proves it for the block. */
static cutropy_status block_rank(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                 double work_limit, ct_rank_proof *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t rows = ct_block_size(blocks, block, 0), columns = ct_block_size(blocks, block, 1);
    const int64_t least = rows < columns ? rows : columns;
    const int64_t some = least + CORNER;
    const int64_t some_rows = rows < some ? rows : some,
                  some_columns = columns < some ? columns : some;
    *out = (ct_rank_proof){.rank = 1}; /* a block has a non-zero entry */
    if ((double)rows * (double)columns > work_limit)
        return CUTROPY_OK;
    if (some_rows < rows || some_columns < columns) {
        /* no second prime: a corner of less than full rank says nothing about the block */
        CT_TRY(corner_rank(q, blocks, block, some_rows, some_columns, 0, out));
        if (out->rank == least)
            return CUTROPY_OK;
    }
    CT_TRY(corner_rank(q, blocks, block, rows, columns, work_limit, out));
done:
    return status;
}

cutropy_status ct_cut_rank(const ct_quotient *q, const ct_blocks *blocks, double work_limit,
                           ct_rank_proof *out)
{
    cutropy_status status = CUTROPY_OK;
    bool full = false;
    *out = (ct_rank_proof){.proved = true, .first_prime = CT_RANK_FULL_PRIME, .primes = 1};
    CT_TRY(ct_cut_full_rank(q, blocks, work_limit, &out->rank, NULL, &full));
    if (full)
        goto done;
    *out = (ct_rank_proof){.proved = true};
    for (int64_t b = 0; b < blocks->count; b++) {
        ct_rank_proof proof = {0};
        CT_TRY(block_rank(q, blocks, b, work_limit, &proof));
        out->rank += proof.rank;
        out->proved = out->proved && proof.proved;
        out->first_prime = proof.first_prime ? proof.first_prime : out->first_prime;
        out->primes = proof.primes > out->primes ? proof.primes : out->primes;
    }
done:
    return status;
}
