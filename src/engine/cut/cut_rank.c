/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut/cut_rank.h"

#include "certify/rank_full.h"
#include "certify/rank_span.h"
#include "engine/cut/block_rows.h"

#define CORNER 16 /* rows or columns more than the smaller side */

/* The rank of the first rows x columns entries of a block of labels or integers. */
static cutropy_status corner_rank(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                  int64_t rows, int64_t columns, double work_limit,
                                  ct_rank_proof *out)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *entry = NULL;
    CT_NEW(entry, rows * columns);
    ct_quotient_submatrix(q, ct_block_members(blocks, block, 0), rows,
                          ct_block_members(blocks, block, 1), columns, entry);
    CT_TRY(ct_rank_prove(rows, columns, entry, work_limit, out));
done:
    ct_free(entry);
    return status;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Full rank shows in a corner a little longer than wide: most blocks are done with it. The
 * prime that proves it for the corner proves it for the block. */
static cutropy_status integer_rank(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                   double work_limit, ct_rank_proof *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t rows = ct_block_size(blocks, block, 0), columns = ct_block_size(blocks, block, 1);
    const int64_t least = smaller(rows, columns);
    const int64_t some_rows = smaller(rows, least + CORNER),
                  some_columns = smaller(columns, least + CORNER);
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

/* The same for real and complex numbers; the real form of a complex block has twice the rank. */
static cutropy_status number_rank(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                  double work_limit, ct_rank_proof *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_block_rows rows = {0};
    CT_TRY(ct_block_rows_make(q, blocks, block, &rows));
    const int64_t some = smaller(rows.k, rows.n + CORNER);
    if (some < rows.k)
        CT_TRY(ct_rank_prove_numbers(rows.n, some, rows.k, rows.entry, 0, out));
    if (some == rows.k || out->rank < rows.n)
        CT_TRY(ct_rank_prove_numbers(rows.n, rows.k, rows.k, rows.entry, work_limit, out));
    if (q->kind == CUTROPY_KIND_COMPLEX)
        out->rank = (out->rank + 1) / 2;
done:
    ct_block_rows_free(&rows);
    return status;
}

cutropy_status ct_block_rank(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                             double work_limit, ct_rank_proof *out)
{
    const double rows = (double)ct_block_size(blocks, block, 0),
                 columns = (double)ct_block_size(blocks, block, 1);
    *out = (ct_rank_proof){.rank = 1}; /* a block has a non-zero entry */
    if (rows * columns > work_limit)
        return CUTROPY_OK;
    return q->kind == CUTROPY_KIND_REAL || q->kind == CUTROPY_KIND_COMPLEX
               ? number_rank(q, blocks, block, work_limit, out)
               : integer_rank(q, blocks, block, work_limit, out);
}

cutropy_status ct_block_rank_quick(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                   double span_limit, double work_limit, ct_rank_proof *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t rows = ct_block_size(blocks, block, 0), columns = ct_block_size(blocks, block, 1);
    ct_rank_span span = {0};
    int64_t *entry = NULL;
    bool found = false;
    if ((double)rows * (double)columns * (double)smaller(rows, columns) <= span_limit) {
        CT_NEW(entry, rows * columns);
        ct_quotient_submatrix(q, ct_block_members(blocks, block, 0), rows,
                              ct_block_members(blocks, block, 1), columns, entry);
        CT_TRY(ct_rank_span_find(rows, columns, entry, &span, &found));
        *out = (ct_rank_proof){.rank = span.rank, .proved = found};
    }
    if (!found)
        CT_TRY(ct_block_rank(q, blocks, block, work_limit, out));
done:
    ct_free(entry);
    ct_rank_span_free(&span);
    return status;
}

#define LARGE 64 /* from here on one small prime is tried first */

/* Whether one small prime shows that every block has full rank. Only for labels and integers, and
 * cuts with a large block: the others lose nothing with a larger prime. */
static cutropy_status all_full(const ct_quotient *q, const ct_blocks *blocks, double work_limit,
                               int64_t *rank, int64_t *of_block, bool *full)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *entry = NULL, largest = 0;
    *full = true;
    *rank = 0;
    for (int64_t b = 0; b < blocks->count; b++) {
        const int64_t rows = ct_block_size(blocks, b, 0), columns = ct_block_size(blocks, b, 1);
        const int64_t least = smaller(rows, columns);
        *rank += least;
        if (of_block)
            of_block[b] = least;
        largest = least > largest ? least : largest;
        *full = *full && (double)rows * (double)columns <= work_limit;
    }
    *full = *full && largest >= LARGE && q->kind != CUTROPY_KIND_REAL &&
            q->kind != CUTROPY_KIND_COMPLEX;
    for (int64_t b = 0; *full && b < blocks->count; b++) {
        const int64_t rows = ct_block_size(blocks, b, 0), columns = ct_block_size(blocks, b, 1);
        const int64_t some_rows = smaller(rows, columns + CORNER),
                      some_columns = smaller(columns, rows + CORNER);
        CT_NEW(entry, some_rows * some_columns);
        ct_quotient_submatrix(q, ct_block_members(blocks, b, 0), some_rows,
                              ct_block_members(blocks, b, 1), some_columns, entry);
        CT_TRY(ct_rank_full(some_rows, some_columns, entry, full));
        ct_free(entry);
        entry = NULL;
    }
done:
    ct_free(entry);
    return status;
}

cutropy_status ct_cut_rank(const ct_quotient *q, const ct_blocks *blocks, double work_limit,
                           ct_rank_proof *out, int64_t *of_block)
{
    cutropy_status status = CUTROPY_OK;
    bool full = false;
    *out = (ct_rank_proof){.proved = true, .first_prime = CT_RANK_FULL_PRIME, .primes = 1};
    CT_TRY(all_full(q, blocks, work_limit, &out->rank, of_block, &full));
    if (full)
        goto done;
    *out = (ct_rank_proof){.proved = true};
    for (int64_t b = 0; b < blocks->count; b++) {
        ct_rank_proof proof = {0};
        CT_TRY(ct_block_rank(q, blocks, b, work_limit, &proof));
        ct_rank_proof_add(out, &proof);
        if (of_block)
            of_block[b] = proof.proved ? proof.rank : -1;
    }
done:
    return status;
}
