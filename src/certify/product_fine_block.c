/* SPDX-License-Identifier: Apache-2.0 */
/* A matrix of pairs of doubles as integers. */
#include <math.h>

#include "certify/product_fine.h"

#define BITS 120 /* of the largest entry of the diagonal */
#define WORDS 2

/* Within a unit. */
static ct_i128 integer_of(double high, double low, int shift)
{
    const double a = ldexp(high, shift), whole = nearbyint(a);
    return (ct_i128)whole + (ct_i128)nearbyint((a - whole) + ldexp(low, shift));
}

/* Entries are off by a unit, which n more units on the diagonal make up for. */
cutropy_status ct_product_fine_block(const ct_fine_cut *cut, ct_near_block *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = cut->n;
    double largest = 0, more = 0;
    int exponent;
    *out = (ct_near_block){.copies = cut->copies, .full_rank = cut->full_rank};
    for (int64_t i = 0; i < n; i++)
        largest = fmax(largest, cut->h.high[i * (n + 1)]);
    if (!(largest > 0))
        return CUTROPY_OK;
    frexp(largest, &exponent);
    const int shift = BITS - exponent;
    CT_NEW(out->gram, n * n * WORDS);
    CT_NEW(out->weight, n);
    for (int64_t i = 0; i < n; i++) {
        const double own = ceil(ldexp(cut->below[i], shift) * (1 + 0x1p-20) + (double)n);
        if (!(own < 0x1p100)) /* nothing would be proved of it */
            goto done;
        more += own;
        out->weight[i] = 1;
        for (int64_t j = i; j < n; j++) {
            const int64_t at = i * n + j;
            const ct_i128 x =
                integer_of(cut->h.high[at], cut->h.low[at], shift) + (i == j ? (ct_i128)own : 0);
            out->gram[WORDS * at] = (int64_t)(uint64_t)x;
            out->gram[WORDS * at + 1] = (int64_t)(x >> 64);
        }
    }
    out->block =
        (ct_integer_block){.n = n, .gram = out->gram, .weight = out->weight, .words = WORDS};
    out->slack = (ldexp(cut->error, shift) + 2 * more) * (1 + 0x1p-20); /* of roundings, too */
    return CUTROPY_OK;
done:
    ct_near_block_free(out);
    return status;
}
