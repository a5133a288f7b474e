/* SPDX-License-Identifier: Apache-2.0 */
/* c = a b^T: a few rows of a and b at a time, along which vectors run, so that the sums of all their
 * pairs stay in registers. Every sum is short (roundings() in backend/cpu/gram.c counts its
 * roundings): a lane adds CT_CHUNK products, then chunks are added, lanes, stretches of
 * CT_STRETCH numbers, and groups of CT_GROUP. */
#include <string.h>

#include "base/bits.h"
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

#if CT_VL == 8
/* The lane sums of eight vectors: x[0], x[1], x[2], x[3], then x[4], x[5], x[6], x[7]. */
static inline lanes ct_eight_sums(const lanes *x)
{
    __m512d half[4], quarter[2];
    for (int i = 0; i < 4; i++) /* numbers 0 .. 3 + 4 .. 7, of i below and of i + 4 above */
        half[i] = _mm512_add_pd(_mm512_mask_blend_pd(0xf0, x[i], x[i + 4]),
                                _mm512_shuffle_f64x2(x[i], x[i + 4], 0x4e));
    for (int i = 0; i < 2; i++)
        quarter[i] = _mm512_add_pd(_mm512_mask_blend_pd(0xaa, half[2 * i], half[2 * i + 1]),
                                   _mm512_shuffle_pd(half[2 * i], half[2 * i + 1], 0x55));
    const __m512i other = _mm512_setr_epi64(2, 3, 8, 9, 6, 7, 12, 13);
    return (lanes)_mm512_add_pd(_mm512_mask_blend_pd(0xcc, quarter[0], quarter[1]),
                                _mm512_permutex2var_pd(quarter[0], other, quarter[1]));
}
#endif

/* The lane sums of CT_HEIGHT rows of four vectors. */
static inline void ct_lane_sums(const lanes v[CT_HEIGHT * 4], double *sum)
{
#if CT_VL == 8
    for (int i = 0; i < CT_HEIGHT * 4; i += 8)
        *(loose_lanes *)(sum + i) = ct_eight_sums(v + i);
#elif defined(__FMA__)
    for (int i = 0; i < CT_HEIGHT * 4; i += 4) {
        const __m256d low = _mm256_hadd_pd((__m256d)v[i], (__m256d)v[i + 1]),
                      high = _mm256_hadd_pd((__m256d)v[i + 2], (__m256d)v[i + 3]);
        _mm256_storeu_pd(sum + i, _mm256_add_pd(_mm256_permute2f128_pd(low, high, 0x21),
                                                _mm256_blend_pd(low, high, 0xc)));
    }
#else
    for (int i = 0; i < CT_HEIGHT * 4; i++)
        sum[i] = v[i][0] + v[i][1];
#endif
}

/* sum[4 r + j] = products of row r of a with row j of four rows of b, CT_STRETCH apart, over `size` numbers, a multiple of
 * CT_VL. Not inlined: only its own sums compete for the registers. */
static __attribute__((noinline)) void ct_row_products(int64_t size,
                                                      const double *const a[CT_HEIGHT],
                                                      const double *b, double sum[CT_HEIGHT * 4])
{
    const int64_t chunk = CT_CHUNK * CT_VL;
    lanes total[CT_HEIGHT * 4] = {0};
    const double *row[CT_HEIGHT];
#pragma GCC unroll 8
    for (int r = 0; r < CT_HEIGHT; r++)
        row[r] = a[r];
    for (int64_t at = 0; at < size; at += chunk) {
        const int64_t end = size - at < chunk ? size : at + chunk;
        lanes s[CT_HEIGHT * 4];
#pragma GCC unroll 16
        for (int i = 0; i < CT_HEIGHT * 4; i++)
            s[i] = (lanes){0};
        for (int64_t k = at; k < end; k += CT_VL) {
            lanes x[CT_HEIGHT];
#pragma GCC unroll 8
            for (int r = 0; r < CT_HEIGHT; r++)
                x[r] = *(const loose_lanes *)(row[r] + k);
#pragma GCC unroll 4
            for (int j = 0; j < 4; j++) {
                const lanes y = *(const lanes *)(b + j * CT_STRETCH + k);
#pragma GCC unroll 8
                for (int r = 0; r < CT_HEIGHT; r++)
                    s[4 * r + j] = CT_FMA(x[r], y, s[4 * r + j]);
            }
        }
#pragma GCC unroll 16
        for (int i = 0; i < CT_HEIGHT * 4; i++)
            s[i] += total[i];
        if (end == size) {
            ct_lane_sums(s, sum);
            return;
        }
#pragma GCC unroll 16
        for (int i = 0; i < CT_HEIGHT * 4; i++)
            total[i] = s[i];
    }
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

/* Units of rows side by side, unit and together constants, rows `step` doubles apart afterwards. */
static inline __attribute__((always_inline)) void ct_copy_units(int unit, int together,
                                                                int64_t units, const int64_t *at,
                                                                const double *from, double *to,
                                                                int64_t step)
{
    for (int64_t u = 0; u < units; u++)
        for (int r = 0; r < together; r++)
            memcpy(to + r * step + u * unit, from + at[u] + r * unit, (size_t)unit * sizeof *to);
}

static void ct_copy_cut(const ct_cut_view *cut, int64_t size, const double *from, double *to,
                        int64_t step)
{
    const int64_t units = size / cut->unit;
#define CT_COPY(UNIT, TOGETHER)                                                                    \
    if (cut->unit == (UNIT) && cut->together == (TOGETHER))                                        \
    ct_copy_units(UNIT, TOGETHER, units, cut->unit_at, from, to, step)
    CT_COPY(8, 1);
    CT_COPY(4, 1);
    CT_COPY(2, 1);
    CT_COPY(2, 2);
    CT_COPY(1, 2);
    CT_COPY(1, 4);
#undef CT_COPY
}

/* Numbers k .. k + size - 1 of `count` rows from row i on, zeros up to `padded`, every `parts`th stretch of the panel. */
static void ct_fetch_rows(const ct_row_view *x, int parts, int64_t i, int64_t count, int64_t k,
                          int64_t size, int64_t padded, int64_t step, double *panel)
{
    const int together = x->cut ? x->cut->together : 1;
    if (x->cut)
        k = (int64_t)ct_deposit((uint64_t)(k / parts), x->cut->rest) * parts;
    for (int64_t r = 0; r < count; r += together) {
        if (x->cut)
            ct_copy_cut(x->cut, size, x->at + x->row[i + r] + k, panel + r * step, step);
        else
            memcpy(panel + r * step, x->at + (i + r) * x->ld + k, (size_t)size * sizeof *panel);
    }
    for (int64_t r = 0; r < count && padded > size; r++)
        memset(panel + r * step + size, 0, (size_t)(padded - size) * sizeof *panel);
}

/* The imaginary part of x conj(y) is that of x times i y, which follows each row. */
static void ct_turn_rows(int64_t count, int64_t padded, double *panel)
{
    for (int64_t i = 0; i < count; i++, panel += 2 * CT_STRETCH)
        for (int64_t k = 0; k < padded; k += 2) {
            panel[CT_STRETCH + k] = -panel[k + 1];
            panel[CT_STRETCH + k + 1] = panel[k];
        }
}

/* Zeros up to a multiple of 4 rows. */
static void ct_fill_rows(int64_t count, int64_t padded, double *panel)
{
    for (int64_t i = count; i % 4; i++)
        memset(panel + i * CT_STRETCH, 0, (size_t)padded * sizeof *panel);
}

/* The rows of `left` with all rows of the panel, added to c (start: put there). */
static void ct_row_group(bool start, int64_t height, int64_t width, int64_t skip, int64_t padded,
                         const double *left, const double *panel, double *c, int64_t ldc)
{
    const double *row[CT_HEIGHT];
    for (int r = 0; r < CT_HEIGHT; r++)
        row[r] = r < height ? left + r * CT_STRETCH : left;
    for (int64_t j = skip; j < width; j += 4) {
        double sum[CT_HEIGHT * 4];
        ct_row_products(padded, row, panel + j * CT_STRETCH, sum);
        for (int64_t r = 0; r < height; r++)
            ct_put_sums(start, width - j < 4 ? width - j : 4, sum + 4 * r, c + r * ldc + j);
    }
}

/* Rows of a with rows of b, a stretch of both at a time. */
typedef struct ct_rows {
    int parts;
    bool upper;
    int64_t rows, columns;
    ct_row_view a, b;
    double *left; /* the stretch of a: it stays in the second cache while all rows of b pass by */
} ct_rows;

/* The first number of c that row i needs of the strip that begins with row j of b: a multiple of 4, the same for rows
 * taken together. */
static inline int64_t ct_first_needed(const ct_rows *x, int64_t i, int64_t j)
{
    const int64_t row = i - i % CT_HEIGHT;
    return x->upper && row > j ? (row - j) * x->parts / 4 * 4 : 0;
}

/* Rows of a that need something of the strip of `count` rows of b. */
static inline int64_t ct_rows_needed(const ct_rows *x, int64_t j, int64_t count)
{
    return x->upper && j + count < x->rows ? j + count : x->rows;
}

/* The products of numbers k .. k + size - 1, added to c (start: put there). */
static void ct_stretch_products(const ct_rows *x, bool start, int64_t k, int64_t size, double *c,
                                int64_t ldc)
{
    const int64_t together = CT_TOGETHER / x->parts, padded = (size + CT_VL - 1) / CT_VL * CT_VL,
                  step = x->parts * CT_STRETCH;
    const ct_row_view fetched = {.at = x->left, .ld = CT_STRETCH};
    const bool same = x->a.at == x->b.at && x->a.row == x->b.row;
    double panel[CT_TOGETHER * CT_STRETCH] __attribute__((aligned(64)));
    ct_fetch_rows(&x->a, x->parts, 0, x->rows, k, size, padded, CT_STRETCH, x->left);
    ct_fill_rows(x->rows, padded, x->left);
    for (int64_t j = 0; j < x->columns; j += together) {
        const int64_t count = x->columns - j < together ? x->columns - j : together,
                      rows = ct_rows_needed(x, j, count);
        ct_fetch_rows(same ? &fetched : &x->b, x->parts, j, count, same ? 0 : k, size, padded, step,
                      panel);
        if (x->parts == 2)
            ct_turn_rows(count, padded, panel);
        ct_fill_rows(count * x->parts, padded, panel);
        for (int64_t i = 0; i < rows; i += CT_HEIGHT)
            ct_row_group(start, rows - i < CT_HEIGHT ? rows - i : CT_HEIGHT, count * x->parts,
                         ct_first_needed(x, i, j), padded, x->left + i * CT_STRETCH, panel,
                         c + i * ldc + j * x->parts, ldc);
    }
}

/* The products of numbers first .. last - 1. */
static void ct_group_products(const ct_rows *x, int64_t first, int64_t last, double *c, int64_t ldc)
{
    for (int64_t k = first; k < last; k += CT_STRETCH)
        ct_stretch_products(x, k == first, k, last - k < CT_STRETCH ? last - k : CT_STRETCH, c,
                            ldc);
}

/* c += the sums of a group. */
static void ct_add_group(const ct_rows *x, const double *group, int64_t ld, double *c, int64_t ldc)
{
    const int64_t together = CT_TOGETHER / x->parts;
    for (int64_t j = 0; j < x->columns; j += together) {
        const int64_t count = x->columns - j < together ? x->columns - j : together;
        for (int64_t i = 0; i < ct_rows_needed(x, j, count); i++)
            for (int64_t n = ct_first_needed(x, i, j); n < count * x->parts; n++)
                c[i * ldc + j * x->parts + n] += group[i * ld + j * x->parts + n];
    }
}

/* ct_isa.products_of_rows */
static void CT_ISA(products_of_rows)(int parts, bool upper, int64_t rows, const ct_row_view *a,
                                     int64_t columns, const ct_row_view *b, int64_t length,
                                     double *c, int64_t ldc, double *room)
{
    const ct_rows x = {parts, upper, rows, columns, *a, *b, room};
    double *group = room + ct_stretch_room(rows);
    ct_group_products(&x, 0, length < CT_GROUP ? length : CT_GROUP, c, ldc);
    for (int64_t k = CT_GROUP; k < length; k += CT_GROUP) {
        ct_group_products(&x, k, length - k < CT_GROUP ? length : k + CT_GROUP, group,
                          columns * parts);
        ct_add_group(&x, group, columns * parts, c, ldc);
    }
}

#undef CT_VL
#undef CT_HEIGHT
#undef CT_FMA
#undef CT_TOGETHER
