/* SPDX-License-Identifier: Apache-2.0 */
/* Integer Gram of bit rows: popcount(row_i AND row_j). Long rows go along the words, four columns
 * at a time so that row_i is loaded once; short rows go along the columns of the transposed bits.
 */

static void ct_and_popcount4(const uint64_t *restrict a, const uint64_t *const *b, size_t words,
                             int64_t *restrict out)
{
    const uint64_t *restrict b0 = b[0], *restrict b1 = b[1], *restrict b2 = b[2],
                             *restrict b3 = b[3];
    int64_t c0 = 0, c1 = 0, c2 = 0, c3 = 0;
    for (size_t w = 0; w < words; w++) {
        c0 += __builtin_popcountll(a[w] & b0[w]);
        c1 += __builtin_popcountll(a[w] & b1[w]);
        c2 += __builtin_popcountll(a[w] & b2[w]);
        c3 += __builtin_popcountll(a[w] & b3[w]);
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static int64_t ct_and_popcount(const uint64_t *restrict a, const uint64_t *restrict b, size_t words)
{
    int64_t count = 0;
    for (size_t w = 0; w < words; w++)
        count += __builtin_popcountll(a[w] & b[w]);
    return count;
}

/* Tiles of columns stay in cache while the rows of the piece pass over them. */
static void CT_ISA(gram_long)(int64_t n, const uint64_t *const *rows, size_t words, int64_t row0,
                              int64_t row1, int64_t *g)
{
    const int64_t tile = 64;
    for (int64_t j0 = row0; j0 < n; j0 += tile) {
        const int64_t j1 = j0 + tile < n ? j0 + tile : n;
        for (int64_t i = row0; i < row1; i++) {
            int64_t j = j0 > i ? j0 : i;
            for (; j + 4 <= j1; j += 4)
                ct_and_popcount4(rows[i], rows + j, words, g + i * n + j);
            for (; j < j1; j++)
                g[i * n + j] = ct_and_popcount(rows[i], rows[j], words);
        }
    }
}

/* Eight neighbouring columns at once: the sums stay in one register and need no reduction. */
static void CT_ISA(gram_short)(int64_t n, const uint64_t *turned, size_t words, int64_t row0,
                               int64_t row1, int64_t *g)
{
    for (int64_t i = row0; i < row1; i++) {
        int64_t *restrict out = g + i * n;
        int64_t j = i / 8 * 8;
        for (; j + 8 <= n; j += 8) {
            int64_t sum[8] = {0};
            for (size_t w = 0; w < words; w++) {
                const uint64_t mine = turned[w * (size_t)n + (size_t)i], *restrict theirs =
                                                                             turned +
                                                                             w * (size_t)n +
                                                                             (size_t)j;
                for (int k = 0; k < 8; k++)
                    sum[k] += __builtin_popcountll(mine & theirs[k]);
            }
            memcpy(out + j, sum, sizeof sum);
        }
        for (; j < n; j++) {
            int64_t sum = 0;
            for (size_t w = 0; w < words; w++)
                sum += __builtin_popcountll(turned[w * (size_t)n + (size_t)i] &
                                            turned[w * (size_t)n + (size_t)j]);
            out[j] = sum;
        }
    }
}
