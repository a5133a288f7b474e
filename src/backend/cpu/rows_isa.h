/* SPDX-License-Identifier: Apache-2.0 */
/* c = a b^T: a few rows of a and b at a time, along which vectors run, so that the sums of all their
 * pairs stay in registers. Every sum is short (roundings() in backend/cpu/gram.c counts its
 * roundings): a lane adds CT_CHUNK products, then chunks are added, lanes, stretches of
 * CT_STRETCH numbers, and groups of CT_GROUP. */
#include <string.h>
#ifdef __FMA__
#include <immintrin.h>
#endif

#ifdef __AVX512F__
#define CT_VL 8
#define CT_HEIGHT 4 /* rows of a whose sums stay in registers; 4 of b */
#define CT_FMA(a, b, c) (lanes) _mm512_fmadd_pd(a, b, c)
#elif defined(__FMA__)
#define CT_VL 4
#define CT_HEIGHT 3
#define CT_FMA(a, b, c) (lanes) _mm256_fmadd_pd(a, b, c)
#else
#define CT_VL 2
#define CT_HEIGHT 2
#define CT_FMA(a, b, c) ((a) * (b) + (c))
#endif
#define CT_TOGETHER 12 /* rows of b in the nearest cache: 24 KiB */

typedef double lanes __attribute__((vector_size(CT_VL * 8)));
typedef double loose_lanes __attribute__((vector_size(CT_VL * 8), aligned(8), may_alias));

static inline void ct_lane_sums(const lanes v[4], double sum[4])
{
#ifdef __FMA__
    __m256d part[4];
    for (int i = 0; i < 4; i++)
#if CT_VL == 8
        part[i] = _mm256_add_pd(_mm512_castpd512_pd256(v[i]), _mm512_extractf64x4_pd(v[i], 1));
#else
        part[i] = (__m256d)v[i];
#endif
    const __m256d low = _mm256_hadd_pd(part[0], part[1]), high = _mm256_hadd_pd(part[2], part[3]);
    _mm256_storeu_pd(sum, _mm256_add_pd(_mm256_permute2f128_pd(low, high, 0x21),
                                        _mm256_blend_pd(low, high, 0xc)));
#else
    for (int i = 0; i < 4; i++)
        sum[i] = v[i][0] + v[i][1];
#endif
}

/* total[r][j] += products of row r of a with row j of b, CT_STRETCH apart, over `size` numbers, a
 * multiple of CT_VL. Not inlined: only its own sums compete for the registers. */
static __attribute__((noinline)) void ct_chunk(int64_t size, const double *const a[CT_HEIGHT],
                                               int64_t at, const double *b,
                                               lanes total[CT_HEIGHT][4])
{
    lanes s[CT_HEIGHT][4];
    const double *row[CT_HEIGHT];
#pragma GCC unroll 8
    for (int r = 0; r < CT_HEIGHT; r++) {
        row[r] = a[r] + at;
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++)
            s[r][j] = (lanes){0};
    }
    for (int64_t k = 0; k < size; k += CT_VL) {
        lanes x[CT_HEIGHT];
#pragma GCC unroll 8
        for (int r = 0; r < CT_HEIGHT; r++)
            x[r] = *(const loose_lanes *)(row[r] + k);
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) {
            const lanes y = *(const lanes *)(b + j * CT_STRETCH + k);
#pragma GCC unroll 8
            for (int r = 0; r < CT_HEIGHT; r++)
                s[r][j] = CT_FMA(x[r], y, s[r][j]);
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < CT_HEIGHT; r++)
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++)
            total[r][j] += s[r][j];
}

/* sum[r] = products of row r of a with four rows of b over `size` numbers */
static inline void ct_row_products(int64_t size, const double *const a[CT_HEIGHT], const double *b,
                                   double sum[CT_HEIGHT][4])
{
    const int64_t chunk = CT_CHUNK * CT_VL;
    lanes total[CT_HEIGHT][4] = {0};
    for (int64_t at = 0; at < size; at += chunk)
        ct_chunk(size - at < chunk ? size - at : chunk, a, at, b + at, total);
    for (int r = 0; r < CT_HEIGHT; r++)
        ct_lane_sums(total[r], sum[r]);
}

static inline void ct_put_sums(bool start, int64_t count, const double sum[4], double *c)
{
    if (count == 4) {
        for (int i = 0; i < 4; i++)
            c[i] = start ? sum[i] : c[i] + sum[i];
        return;
    }
    for (int64_t i = 0; i < count; i++)
        c[i] = start ? sum[i] : c[i] + sum[i];
}

/* The stretch of `count` rows, zeros up to `padded` numbers and up to a multiple of 4 rows. */
static void ct_pack_rows(int parts, int64_t count, int64_t size, int64_t padded, const double *b,
                         int64_t ld, double *panel)
{
    for (int64_t i = 0; i < count; i++, panel += CT_STRETCH) {
        memcpy(panel, b + i * ld, (size_t)size * sizeof *b);
        memset(panel + size, 0, (size_t)(padded - size) * sizeof *b);
        if (parts == 1)
            continue;
        const double *row = panel;
        panel += CT_STRETCH; /* the imaginary part of x conj(y): x times i y */
        for (int64_t k = 0; k < padded; k += 2) {
            panel[k] = -row[k + 1];
            panel[k + 1] = row[k];
        }
    }
    for (int64_t i = count * parts; i % 4; i++, panel += CT_STRETCH)
        memset(panel, 0, (size_t)padded * sizeof *b);
}

/* The rows first .. of a with all rows of the panel, added to c (start: put there). */
static void ct_row_group(bool start, int64_t height, int64_t width, int64_t skip, int64_t size,
                         const double *a, int64_t ld, const double *panel, double *c, int64_t ldc)
{
    const int64_t padded = (size + CT_VL - 1) / CT_VL * CT_VL;
    double copy[CT_HEIGHT * CT_STRETCH] __attribute__((aligned(64)));
    const double *row[CT_HEIGHT];
    for (int r = 0; r < CT_HEIGHT; r++) {
        row[r] = r < height ? a + r * ld : row[0];
        if (padded > size && r < height) {
            double *to = copy + r * CT_STRETCH;
            memcpy(to, row[r], (size_t)size * sizeof *a);
            memset(to + size, 0, (size_t)(padded - size) * sizeof *a);
            row[r] = to;
        }
    }
    for (int64_t j = skip; j < width; j += 4) {
        double sum[CT_HEIGHT][4];
        ct_row_products(padded, row, panel + j * CT_STRETCH, sum);
        for (int64_t r = 0; r < height; r++)
            ct_put_sums(start, width - j < 4 ? width - j : 4, sum[r], c + r * ldc + j);
    }
}

/* All rows of a with up to CT_TOGETHER / parts rows of b. */
typedef struct ct_strip {
    int parts;
    int64_t rows, count, length, ld;
    int64_t above; /* rows of a above the diagonal of the strip; `rows`: all entries are needed */
    const double *a, *b;
} ct_strip;

/* the first number of c that row i needs, a multiple of 4, the same for rows taken together */
static inline int64_t ct_first_needed(const ct_strip *s, int64_t i)
{
    const int64_t row = i - i % CT_HEIGHT;
    return row > s->above ? (row - s->above) * s->parts / 4 * 4 : 0;
}

/* The products of numbers first .. last - 1, stretch by stretch. */
static void ct_strip_products(const ct_strip *s, int64_t first, int64_t last, double *c,
                              int64_t ldc)
{
    double panel[CT_TOGETHER * CT_STRETCH] __attribute__((aligned(64)));
    for (int64_t k = first; k < last; k += CT_STRETCH) {
        const int64_t size = last - k < CT_STRETCH ? last - k : CT_STRETCH;
        ct_pack_rows(s->parts, s->count, size, (size + CT_VL - 1) / CT_VL * CT_VL, s->b + k, s->ld,
                     panel);
        for (int64_t i = 0; i < s->rows; i += CT_HEIGHT)
            ct_row_group(k == first, s->rows - i < CT_HEIGHT ? s->rows - i : CT_HEIGHT,
                         s->count * s->parts, ct_first_needed(s, i), size, s->a + i * s->ld + k,
                         s->ld, panel, c + i * ldc, ldc);
    }
}

/* ct_isa.products_of_rows */
static void CT_ISA(products_of_rows)(int parts, bool upper, int64_t rows, const double *a,
                                     int64_t columns, const double *b, int64_t length, int64_t ld,
                                     double *c, int64_t ldc)
{
    const int64_t together = CT_TOGETHER / parts;
    double part[CT_MOST_ROWS * CT_TOGETHER];
    for (int64_t j = 0; j < columns; j += together) {
        ct_strip s = {parts,  rows,      columns - j < together ? columns - j : together,
                      length, ld,        upper ? j : rows,
                      a,      b + j * ld};
        if (upper && j + s.count < rows)
            s.rows = j + s.count;
        ct_strip_products(&s, 0, length < CT_GROUP ? length : CT_GROUP, c + j * parts, ldc);
        for (int64_t k = CT_GROUP; k < length; k += CT_GROUP) {
            ct_strip_products(&s, k, length - k < CT_GROUP ? length : k + CT_GROUP, part,
                              CT_TOGETHER);
            for (int64_t i = 0; i < s.rows; i++)
                for (int64_t x = ct_first_needed(&s, i); x < s.count * parts; x++)
                    c[i * ldc + j * parts + x] += part[i * CT_TOGETHER + x];
        }
    }
}

#undef CT_VL
#undef CT_HEIGHT
#undef CT_FMA
#undef CT_TOGETHER
