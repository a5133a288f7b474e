/* Gaussian elimination modulo the Mersenne prime 2^61 - 1. */
#include "engine/rank.h"

#include <string.h>

#define PRIME ((UINT64_C(1) << 61) - 1)

static uint64_t multiply(uint64_t a, uint64_t b)
{
    ct_u128 product = (ct_u128)a * b;
    uint64_t sum = (uint64_t)(product & PRIME) + (uint64_t)(product >> 61);
    return sum >= PRIME ? sum - PRIME : sum;
}

static uint64_t inverse(uint64_t a) /* a^(p-2) */
{
    uint64_t result = 1;
    for (uint64_t exponent = PRIME - 2; exponent; exponent >>= 1) {
        if (exponent & 1)
            result = multiply(result, a);
        a = multiply(a, a);
    }
    return result;
}

static uint64_t residue(int64_t x)
{
    uint64_t r = (x < 0 ? 0 - (uint64_t)x : (uint64_t)x) % PRIME;
    return x < 0 && r ? PRIME - r : r;
}

static int64_t eliminate(uint64_t *m, int64_t rows, int64_t columns)
{
    int64_t rank = 0;
    for (int64_t c = 0; c < columns && rank < rows; c++) {
        int64_t pivot = rank;
        while (pivot < rows && !m[pivot * columns + c])
            pivot++;
        if (pivot == rows)
            continue;
        for (int64_t k = c; k < columns && pivot != rank; k++) {
            uint64_t keep = m[pivot * columns + k];
            m[pivot * columns + k] = m[rank * columns + k];
            m[rank * columns + k] = keep;
        }
        const uint64_t *head = m + rank * columns;
        const uint64_t scale = inverse(head[c]);
        for (int64_t r = rank + 1; r < rows; r++) {
            uint64_t *row = m + r * columns;
            if (!row[c])
                continue;
            const uint64_t factor = PRIME - multiply(row[c], scale);
            for (int64_t k = c; k < columns; k++) {
                uint64_t sum = row[k] + multiply(factor, head[k]);
                row[k] = sum >= PRIME ? sum - PRIME : sum;
            }
        }
        rank++;
    }
    return rank;
}

cutropy_status ct_rank_modular(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                               int64_t *rank)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t rows = ct_block_size(blocks, block, 0), columns = ct_block_size(blocks, block, 1);
    const int32_t *row = ct_block_members(blocks, block, 0),
                  *column = ct_block_members(blocks, block, 1);
    uint64_t *m = NULL;
    CT_NEW(m, rows * columns);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            m[i * columns + j] = residue(ct_quotient_entry(q, row[i], column[j]));
    *rank = eliminate(m, rows, columns);
done:
    ct_free(m);
    return status;
}
