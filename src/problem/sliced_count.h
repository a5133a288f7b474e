/* SPDX-License-Identifier: Apache-2.0 */
/* Bit-sliced counting of lit pixels, for bodies. The including file has defined ct_word and the CT_
 * macros of body.h. */
#ifndef CT_SLICED_COUNT_H
#define CT_SLICED_COUNT_H

#define CT_COUNT_BITS 7 /* counts up to 64 */

/* Writes the number of lit pixels among px[first .. pixels-1] as CT_COUNT_BITS bit planes, lowest
 * first. */
CT_INLINE void ct_count_lit(const ct_word *px, int first, int pixels, ct_word *count)
{
    for (int b = 0; b < CT_COUNT_BITS; b++)
        count[b] = CT_ZERO;
    for (int i = first; i < pixels; i++) {
        ct_word carry = px[i];
        for (int b = 0, most = i - first + 1; most; b++, most >>= 1) {
            ct_word sum = count[b] ^ carry;
            carry &= count[b];
            count[b] = sum;
        }
    }
}

/* Images whose count is at least k, for any integer k. */
CT_INLINE ct_word ct_count_at_least(const ct_word *count, int k)
{
    ct_word good = CT_ONES;
    if (k <= 0)
        return good;
    if (k >= 1 << CT_COUNT_BITS)
        return CT_ZERO;
    for (int b = 0; b < CT_COUNT_BITS; b++)
        good = (k >> b) & 1 ? count[b] & good : count[b] | good;
    return good;
}

#endif
