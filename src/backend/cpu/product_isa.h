/* SPDX-License-Identifier: Apache-2.0 */
/* c = a b by a panel of columns of b, packed into the nearest cache, and a few rows of a at a time,
 * whose sums stay in registers. For a few hundred rows it needs no more than that, and it does not
 * depend on whether BLAS knows the processor. */
#include <immintrin.h>
#include <string.h>

#ifdef __AVX512F__
#define CT_VL 8
#define CT_HEIGHT 12 /* rows of c in registers, two vectors each */
#define CT_FMA(a, b, c) (wide) _mm512_fmadd_pd(a, b, c)
#else
#define CT_VL 4
#define CT_HEIGHT 6
#define CT_FMA(a, b, c) (wide) _mm256_fmadd_pd(a, b, c)
#endif
#define CT_WIDTH (2 * CT_VL)
#define CT_DEPTH 256 /* rows of b at once: 32 KiB */

typedef double wide __attribute__((vector_size(CT_VL * 8)));
typedef double loose_wide __attribute__((vector_size(CT_VL * 8), aligned(8), may_alias));

/* rows k0 .. of b, columns j0 ..: CT_WIDTH numbers a row, zeros behind the last column */
static void ct_pack_panel(int64_t depth, int64_t width, const double *b, int64_t ldb, bool turned,
                          double *panel)
{
    if (width < CT_WIDTH)
        memset(panel, 0, (size_t)(depth * CT_WIDTH) * sizeof *panel);
    if (turned) {
        for (int64_t j = 0; j < width; j++)
            for (int64_t k = 0; k < depth; k++)
                panel[k * CT_WIDTH + j] = b[j * ldb + k];
    } else if (width == CT_WIDTH) {
        for (int64_t k = 0; k < depth; k++)
            memcpy(panel + k * CT_WIDTH, b + k * ldb, CT_WIDTH * sizeof *b);
    } else {
        for (int64_t k = 0; k < depth; k++)
            memcpy(panel + k * CT_WIDTH, b + k * ldb, (size_t)width * sizeof *b);
    }
}

/* `height` (a constant) rows of c (+)= rows of a times the panel. */
static inline __attribute__((always_inline)) void
ct_product_rows(int height, int64_t depth, const double *a, int64_t lda, const double *panel,
                int64_t width, bool more, double *c, int64_t ldc)
{
    wide sum[CT_HEIGHT][2];
#pragma GCC unroll 12
    for (int r = 0; r < height; r++)
        sum[r][0] = sum[r][1] = (wide){0};
    for (int64_t k = 0; k < depth; k++) {
        const wide left = *(const wide *)(panel + k * CT_WIDTH),
                   right = *(const wide *)(panel + k * CT_WIDTH + CT_VL);
#pragma GCC unroll 12
        for (int r = 0; r < height; r++) {
            const wide x = a[r * lda + k] - (wide){0};
            sum[r][0] = CT_FMA(x, left, sum[r][0]);
            sum[r][1] = CT_FMA(x, right, sum[r][1]);
        }
    }
#pragma GCC unroll 12
    for (int r = 0; r < height; r++) {
        double *to = c + r * ldc;
        if (width == CT_WIDTH) {
            if (more) {
                sum[r][0] += *(loose_wide *)to;
                sum[r][1] += *(loose_wide *)(to + CT_VL);
            }
            *(loose_wide *)to = sum[r][0];
            *(loose_wide *)(to + CT_VL) = sum[r][1];
        } else {
            double row[CT_WIDTH];
            memcpy(row, sum[r], sizeof row);
            for (int64_t j = 0; j < width; j++)
                to[j] = more ? to[j] + row[j] : row[j];
        }
    }
}

/* ct_isa.product */
static void CT_ISA(product)(int64_t rows, int64_t columns, int64_t inner, const double *a,
                            int64_t lda, const double *b, int64_t ldb, bool turned, double *c,
                            int64_t ldc)
{
    double panel[CT_DEPTH * CT_WIDTH] __attribute__((aligned(64)));
    for (int64_t j = 0; j < columns; j += CT_WIDTH)
        for (int64_t k = 0; k < inner; k += CT_DEPTH) {
            const int64_t width = columns - j < CT_WIDTH ? columns - j : CT_WIDTH,
                          depth = inner - k < CT_DEPTH ? inner - k : CT_DEPTH;
            int64_t i = 0;
            ct_pack_panel(depth, width, turned ? b + j * ldb + k : b + k * ldb + j, ldb, turned,
                          panel);
            for (; i + CT_HEIGHT <= rows; i += CT_HEIGHT)
                ct_product_rows(CT_HEIGHT, depth, a + i * lda + k, lda, panel, width, k > 0,
                                c + i * ldc + j, ldc);
            for (; i + 4 <= rows; i += 4)
                ct_product_rows(4, depth, a + i * lda + k, lda, panel, width, k > 0,
                                c + i * ldc + j, ldc);
            for (; i < rows; i++)
                ct_product_rows(1, depth, a + i * lda + k, lda, panel, width, k > 0,
                                c + i * ldc + j, ldc);
        }
}

#undef CT_VL
#undef CT_HEIGHT
#undef CT_FMA
#undef CT_WIDTH
#undef CT_DEPTH
