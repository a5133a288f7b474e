/* SPDX-License-Identifier: Apache-2.0 */
/* Exact moments of integer blocks, plain ones of real and complex blocks. */
#include "engine/cut/moments.h"

#include "base/sum.h"

/* All weights 1 and all entries below 2^24: 64-bit sums of up to 2^16 squares cannot overflow. */
static bool is_small(const ct_gram *gram)
{
    for (int64_t i = 0; i < gram->n; i++)
        if (gram->weight[i] != 1 || gram->integer[i * gram->n + i] >= INT64_C(1) << 24)
            return false;
    return gram->n <= 1 << 15; /* |G_ij| <= largest diagonal entry, by Cauchy-Schwarz */
}

static ct_u128 small_square_sum(const ct_gram *gram)
{
    ct_u128 total = 0;
    for (int64_t i = 0; i < gram->n; i++) {
        const int64_t *row = gram->integer + i * gram->n;
        uint64_t sum = 0;
        for (int64_t j = i + 1; j < gram->n; j++)
            sum += (uint64_t)(row[j] * row[j]);
        total += 2 * (ct_u128)sum + (uint64_t)(row[i] * row[i]);
    }
    return total;
}

ct_u128 ct_square_sum(const ct_gram *gram)
{
    if (is_small(gram))
        return small_square_sum(gram);
    ct_u128 total = 0;
    for (int64_t i = 0; i < gram->n; i++)
        for (int64_t j = i; j < gram->n; j++) {
            int64_t g = gram->integer[i * gram->n + j];
            ct_u128 square = (ct_u128)((ct_i128)g * g);
            total += (i == j ? 1 : 2) * square * gram->weight[i] * gram->weight[j];
        }
    return total;
}

static ct_u128 magnitude(ct_i128 x)
{
    return x < 0 ? -(ct_u128)x : (ct_u128)x;
}

cutropy_status ct_cube_sum(const ct_gram *gram, ct_u128 *sum, bool *fits)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = gram->n;
    int64_t *full = NULL;
    const ct_u128 limit = (ct_u128)1 << 126;
    ct_i128 total = 0; /* of this block: the trace of the cube of a positive matrix, though its
                          terms may be negative */
    CT_NEW(full, n * n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++)
            full[i * n + j] = full[j * n + i] = gram->integer[i * n + j];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            ct_i128 path = 0; /* (G D G)_ij, at most <f|f>^2 < 2^124 in absolute value */
            for (int64_t k = 0; k < n; k++)
                path += (ct_i128)full[i * n + k] * full[k * n + j] * (ct_i128)gram->weight[k];
            const ct_u128 scale = (ct_u128)gram->weight[i] * gram->weight[j] * (i == j ? 1 : 2);
            const ct_u128 factor = magnitude(full[i * n + j]);
            if (*fits && factor && path && scale > limit / factor / magnitude(path))
                *fits = false;
            if (*fits)
                total = (ct_i128)((ct_u128)total + (ct_u128)(path * full[i * n + j] *
                                                             (ct_i128)scale)); /* 2^127 wraps */
            if (magnitude(total) > limit)
                *fits = false;
        }
    if (*fits)
        *sum += (ct_u128)total;
    if (*sum > limit)
        *fits = false;
done:
    ct_free(full);
    return status;
}

double ct_square_sum_real(const ct_gram *gram, bool is_complex)
{
    const int64_t n = gram->n, parts = is_complex ? 2 : 1, together = 64;
    ct_sum total = {0};
    for (int64_t i = 0; i < n; i++) {
        const double *row = gram->number + parts * i * n, middle = row[parts * i];
        ct_sum_add(&total, middle * middle);
        for (int64_t j = parts * (i + 1); j < parts * n; j += together) {
            double beside = 0;
            for (int64_t c = j; c < parts * n && c < j + together; c++)
                beside += row[c] * row[c];
            ct_sum_add(&total, 2 * beside);
        }
    }
    return ct_sum_value(&total);
}
