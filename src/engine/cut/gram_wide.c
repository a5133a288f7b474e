/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices of integers whose sums leave 64 bits. */
#include <string.h>

#include "base/parallel.h"
#include "engine/cut/gram.h"

_Static_assert(CT_WIDE_WORDS == 3, "two words and a carry");

typedef struct ct_wide {
    int64_t n, k;
    const int64_t *entry;  /* n x k */
    const ct_i128 *scaled; /* n x k: entries times the multiplicity of their column, below 2^103 */
    int64_t *out;
} ct_wide;

/* sum_c a_c b_c, every term below 2^166. With a = high 2^64 + low a term is low b + high b 2^64; the sums of
 * the lower words and of the rest have 2^24 terms of room and more. */
static void dot(int64_t k, const ct_i128 *a, const int64_t *b, int64_t out[CT_WIDE_WORDS])
{
    ct_u128 low = 0;
    ct_i128 high = 0;
    for (int64_t c = 0; c < k; c++) {
        const ct_i128 below = (ct_i128)(ct_u128)(uint64_t)a[c] * b[c];
        low += (uint64_t)below;
        high += (below >> 64) + (a[c] >> 64) * b[c];
    }
    high += (ct_i128)(low >> 64);
    const uint64_t word[CT_WIDE_WORDS] = {(uint64_t)low, (uint64_t)high, (uint64_t)(high >> 64)};
    memcpy(out, word, sizeof word);
}

static void fill_rows(void *context, size_t first, size_t last, int thread)
{
    const ct_wide *w = context;
    (void)thread;
    for (int64_t i = (int64_t)first; i < (int64_t)last; i++)
        for (int64_t j = i; j < w->n; j++)
            dot(w->k, w->scaled + i * w->k, w->entry + j * w->k,
                w->out + (i * w->n + j) * CT_WIDE_WORDS);
}

cutropy_status ct_gram_wide(int64_t n, int64_t k, const int64_t *entry, const int64_t *weight,
                            int64_t *out, int threads)
{
    cutropy_status status = CUTROPY_OK;
    ct_i128 *scaled = NULL;
    CT_NEW(scaled, n * k);
    for (int64_t i = 0; i < n; i++)
        for (int64_t c = 0; c < k; c++)
            scaled[i * k + c] = (ct_i128)entry[i * k + c] * weight[c];
    ct_wide wide = {.n = n, .k = k, .entry = entry, .scaled = scaled, .out = out};
    ct_parallel_for(threads, (size_t)n, 1, fill_rows, &wide);
done:
    ct_free(scaled);
    return status;
}
