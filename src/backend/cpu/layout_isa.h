/* Swaps of two index bits of a bit array: the steps of a cut's layout. Index bits 0..5 lie inside a
 * word. */

static void ct_swap_inside(uint64_t *bits, uint64_t words, int i, int j)
{
    const int distance = (1 << j) - (1 << i);
    const uint64_t low = ~ct_index_zero(i) & ct_index_zero(j); /* bit i = 1, bit j = 0 */
    for (uint64_t w = 0; w < words; w++) {
        uint64_t change = ((bits[w] >> distance) ^ bits[w]) & low;
        bits[w] ^= change ^ (change << distance);
    }
}

static void ct_swap_across(uint64_t *bits, uint64_t words, int i, int j)
{
    const uint64_t stride = UINT64_C(1) << (j - 6);
    const uint64_t zero = ct_index_zero(i);
    const int distance = 1 << i;
    for (uint64_t start = 0; start < words; start += 2 * stride) {
        uint64_t *restrict a = bits + start, *restrict b = bits + start + stride;
        for (uint64_t w = 0; w < stride; w++) {
            uint64_t change = ((a[w] >> distance) ^ b[w]) & zero;
            b[w] ^= change;
            a[w] ^= change << distance;
        }
    }
}

static void ct_swap_words(uint64_t *bits, uint64_t words, int i, int j)
{
    const uint64_t near = UINT64_C(1) << (i - 6), far = UINT64_C(1) << (j - 6);
    for (uint64_t outer = 0; outer < words; outer += 2 * far)
        for (uint64_t inner = 0; inner < far; inner += 2 * near) {
            uint64_t *restrict a = bits + outer + inner + near, *restrict b =
                                                                    bits + outer + inner + far;
            for (uint64_t w = 0; w < near; w++) {
                uint64_t keep = a[w];
                a[w] = b[w];
                b[w] = keep;
            }
        }
}

static void CT_ISA(swap_bits)(uint64_t *bits, uint64_t words, int i, int j)
{
    if (j < 6)
        ct_swap_inside(bits, words, i, j);
    else if (i < 6)
        ct_swap_across(bits, words, i, j);
    else
        ct_swap_words(bits, words, i, j);
}
