#include "engine/cut_algebra.h"

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

static cutropy_status block_rank(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                 double work_limit, ct_rank_proof *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t rows = ct_block_size(blocks, block, 0), columns = ct_block_size(blocks, block, 1);
    const int32_t *row = ct_block_members(blocks, block, 0),
                  *column = ct_block_members(blocks, block, 1);
    int64_t *entry = NULL;
    *out = (ct_rank_proof){.rank = 1}; /* a block has a non-zero entry */
    if ((double)rows * (double)columns > work_limit)
        return CUTROPY_OK;
    CT_NEW(entry, rows * columns);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            entry[i * columns + j] = ct_quotient_entry(q, row[i], column[j]);
    CT_TRY(ct_rank_prove(rows, columns, entry, work_limit, out));
done:
    ct_free(entry);
    return status;
}

cutropy_status ct_cut_rank(const ct_quotient *q, const ct_blocks *blocks, double work_limit,
                           ct_rank_proof *out)
{
    cutropy_status status = CUTROPY_OK;
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
