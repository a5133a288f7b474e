/* SPDX-License-Identifier: Apache-2.0 */
/* Swaps of two index bits i < j of a bit array: the steps of a cut's layout. Index bits 0..5 lie
 * inside a word.
 *
 * A swap works on units: words (both bits inside a word), pairs of words (bit j outside) or pairs
 * of words of which half stays (both outside). Units first .. last - 1 are independent of all
 * others, so threads can share a swap. */

static void ct_swap_inside(uint64_t *bits, uint64_t first, uint64_t last, int i, int j)
{
    const int distance = (1 << j) - (1 << i);
    const uint64_t low = ~ct_index_zero(i) & ct_index_zero(j); /* bit i = 1, bit j = 0 */
    for (uint64_t w = first; w < last; w++) {
        uint64_t change = ((bits[w] >> distance) ^ bits[w]) & low;
        bits[w] ^= change ^ (change << distance);
    }
}

/* x with a 0 inserted at bit position `at`. */
static uint64_t ct_insert_zero(uint64_t x, int at)
{
    const uint64_t low = ct_low_mask(at);
    return (x & ~low) << 1 | (x & low);
}

static void ct_swap_across(uint64_t *bits, uint64_t first, uint64_t last, int i, int j)
{
    const uint64_t stride = UINT64_C(1) << (j - 6), zero = ct_index_zero(i);
    const int distance = 1 << i;
    for (uint64_t unit = first; unit < last;) {
        uint64_t run = stride - (unit & (stride - 1));
        run = run < last - unit ? run : last - unit;
        uint64_t *restrict a = bits + ct_insert_zero(unit, j - 6), *restrict b = a + stride;
        for (uint64_t w = 0; w < run; w++) {
            uint64_t change = ((a[w] >> distance) ^ b[w]) & zero;
            b[w] ^= change;
            a[w] ^= change << distance;
        }
        unit += run;
    }
}

static void ct_swap_words(uint64_t *bits, uint64_t first, uint64_t last, int i, int j)
{
    const uint64_t near = UINT64_C(1) << (i - 6), far = UINT64_C(1) << (j - 6);
    for (uint64_t unit = first; unit < last;) {
        uint64_t run = near - (unit & (near - 1));
        run = run < last - unit ? run : last - unit;
        uint64_t *restrict a = bits + (ct_insert_zero(ct_insert_zero(unit, i - 6), j - 6) | near);
        uint64_t *restrict b = a - near + far;
        for (uint64_t w = 0; w < run; w++) {
            uint64_t keep = a[w];
            a[w] = b[w];
            b[w] = keep;
        }
        unit += run;
    }
}

static void CT_ISA(swap_bits)(uint64_t *bits, uint64_t first, uint64_t last, int i, int j)
{
    if (j < 6)
        ct_swap_inside(bits, first, last, i, j);
    else if (i < 6)
        ct_swap_across(bits, first, last, i, j);
    else
        ct_swap_words(bits, first, last, i, j);
}
