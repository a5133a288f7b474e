/* SPDX-License-Identifier: Apache-2.0 */
/* Elementwise products of small Gram matrices in twice the working precision: after product2_isa.h, whose vectors it uses. Numbers are
 * pairs high + low, |low| <= u |high|, u = 2^-53. What an entry, 1 at most, is off by grows at every site by the overlap's own error, with n = d
 * products of sizes that add up to 1 (complex: n = 2 d, and 2^1/2 times that for both parts): slips are (n + 2) u at most in all, so they
 * take (n - 1) (n + 2) + (n + 2) + n u^2, small products and their sums 4 u^2, products of low parts u^2: n^2 + 3 n + 5; and by that of the product,
 * 8 u^2 (complex: 13 u^2 a part). */

/* An exact pair again. */
static inline __attribute__((always_inline)) vec ct_pair_sum(vec a, vec b, vec *low)
{
    const vec sum = a + b, part = sum - a;
    *low = (a - (sum - part)) + (b - part);
    return sum;
}

/* s + c += (a + a_low) (b + b_low) for one number of a row and a vector of columns. */
static inline __attribute__((always_inline)) void ct_pair_add(const double *a, const double *b,
                                                              vec sign, vec *s, vec *c)
{
    const vec x = (a[0] - (vec){0}) * sign, x_low = (a[CT_OVERLAP_COLUMNS] - (vec){0}) * sign,
              y = ct_load(b), y_low = ct_load(b + CT_OVERLAP_COLUMNS), product = x * y;
    vec slip;
    *s = ct_pair_sum(*s, product, &slip);
    *c += (slip + CT_PRODUCT_SLIP(x, y, product)) + (x * y_low + x_low * y);
}

/* (a + a_low) (b + b_low), a pair. */
static inline __attribute__((always_inline)) vec ct_pair_times(vec a, vec a_low, vec b, vec b_low,
                                                               vec *low)
{
    const vec product = a * b, rest = CT_PRODUCT_SLIP(a, b, product) + (a * b_low + a_low * b);
    return ct_pair_sum(product, rest, low);
}

#define CT_TILE (CT_OVERLAP_ROWS * CT_OVERLAP_COLUMNS)
#define CT_STEP (2 * CT_OVERLAP_COLUMNS) /* high and low of a number */

static inline __attribute__((always_inline)) void
ct_overlap2_real(int d, const double *restrict a, const double *restrict b, double *restrict out)
{
    const vec one = (vec){0} + 1;
    for (int i = 0; i < CT_OVERLAP_ROWS; i++)
        for (int j = 0; j < CT_OVERLAP_COLUMNS; j += CT_VL) {
            vec s = {0}, c = {0}, low;
            for (int k = 0; k < d; k++)
                ct_pair_add(a + k * CT_STEP + i, b + k * CT_STEP + j, one, &s, &c);
            s = ct_pair_sum(s, c, &c);
            loose_vec *high = (loose_vec *)(out + i * CT_OVERLAP_COLUMNS + j);
            loose_vec *rest = (loose_vec *)(out + CT_TILE + i * CT_OVERLAP_COLUMNS + j);
            *high = ct_pair_times(*high, *rest, s, c, &low);
            *rest = low;
        }
}

/* With conj(a) b. out: real parts, what they lack, imaginary parts, what those lack. */
static void ct_overlap2_complex(int d, const double *restrict a, const double *restrict b,
                                double *restrict out)
{
    const vec one = (vec){0} + 1;
    for (int i = 0; i < CT_OVERLAP_ROWS; i++)
        for (int j = 0; j < CT_OVERLAP_COLUMNS; j += CT_VL) {
            vec re = {0}, re_low = {0}, im = {0}, im_low = {0}, low[4], p[4];
            for (int k = 0; k < d; k++) {
                const double *x = a + 2 * k * CT_STEP + i, *y = b + 2 * k * CT_STEP + j;
                ct_pair_add(x, y, one, &re, &re_low);
                ct_pair_add(x + CT_STEP, y + CT_STEP, one, &re, &re_low);
                ct_pair_add(x, y + CT_STEP, one, &im, &im_low);
                ct_pair_add(x + CT_STEP, y, -one, &im, &im_low);
            }
            re = ct_pair_sum(re, re_low, &re_low);
            im = ct_pair_sum(im, im_low, &im_low);
            double *at = out + i * CT_OVERLAP_COLUMNS + j;
            const vec r = ct_load(at), r_low = ct_load(at + CT_TILE), m = ct_load(at + 2 * CT_TILE),
                      m_low = ct_load(at + 3 * CT_TILE);
            p[0] = ct_pair_times(r, r_low, re, re_low, &low[0]);
            p[1] = ct_pair_times(m, m_low, -im, -im_low, &low[1]);
            p[2] = ct_pair_times(r, r_low, im, im_low, &low[2]);
            p[3] = ct_pair_times(m, m_low, re, re_low, &low[3]);
            for (int part = 0; part < 4; part += 2) {
                vec slip;
                const vec sum = ct_pair_sum(p[part], p[part + 1], &slip);
                const vec high = ct_pair_sum(sum, slip + (low[part] + low[part + 1]), &slip);
                *(loose_vec *)(at + part * CT_TILE) = high;
                *(loose_vec *)(at + (part + 1) * CT_TILE) = slip;
            }
        }
}

/* ct_isa.overlap2_tile */
static void CT_ISA(overlap2_tile)(int d, bool is_complex, const double *a, const double *b,
                                  double *out)
{
    if (is_complex)
        ct_overlap2_complex(d, a, b, out);
    else if (d == 2)
        ct_overlap2_real(2, a, b, out);
    else
        ct_overlap2_real(d, a, b, out);
}

#undef CT_TILE
#undef CT_STEP
#undef CT_VL
#undef CT_PRODUCT_SLIP
