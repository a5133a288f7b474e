/* Integer Gram of bit rows: popcount(row_i AND row_j), four columns at a time so that row_i is loaded once. */

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

static void CT_ISA(gram_bits)(int64_t n, const uint64_t *const *rows, size_t words, int64_t row0,
                              int64_t row1, int64_t *g)
{
    for (int64_t i = row0; i < row1; i++) {
        int64_t *out = g + i * n, j = 0;
        for (; j + 4 <= i + 1; j += 4)
            ct_and_popcount4(rows[i], rows + j, words, out + j);
        for (; j <= i; j++)
            out[j] = ct_and_popcount(rows[i], rows[j], words);
    }
}
