/* SPDX-License-Identifier: Apache-2.0 */
/* Elementwise products of small Gram matrices: after rows_isa.h, whose vectors it uses. Every entry takes d multiplications
 * and additions a site, and one multiplication more. */

#define CT_LANES ((int)(sizeof(lanes) / sizeof(double)))

/* out *= overlaps of d numbers a term, CT_OVERLAP_ROWS x CT_OVERLAP_COLUMNS: a and b hold number k of all rows and columns,
 * CT_OVERLAP_COLUMNS apart. */
static inline __attribute__((always_inline)) void
ct_overlap_real(int d, const double *restrict a, const double *restrict b, double *restrict out)
{
    for (int i = 0; i < CT_OVERLAP_ROWS; i++)
        for (int j = 0; j < CT_OVERLAP_COLUMNS; j += CT_LANES) {
            lanes s = *(const lanes *)(b + j) * a[i];
            for (int k = 1; k < d; k++) {
                s += *(const lanes *)(b + k * CT_OVERLAP_COLUMNS + j) *
                     a[k * CT_OVERLAP_COLUMNS + i];
            }
            *(lanes *)(out + i * CT_OVERLAP_COLUMNS + j) *= s;
        }
}

/* The same with conj(a) b; real and imaginary parts stand apart: of number k first the real ones, of out all the real ones. */
static void ct_overlap_complex(int d, const double *restrict a, const double *restrict b,
                               double *restrict out)
{
    double *imaginary = out + CT_OVERLAP_ROWS * CT_OVERLAP_COLUMNS;
    for (int i = 0; i < CT_OVERLAP_ROWS; i++)
        for (int j = 0; j < CT_OVERLAP_COLUMNS; j += CT_LANES) {
            lanes re = {0}, im = {0};
            for (int k = 0; k < d; k++) {
                const double *x = a + 2 * k * CT_OVERLAP_COLUMNS + i;
                const double *y = b + 2 * k * CT_OVERLAP_COLUMNS + j;
                const lanes yr = *(const lanes *)y, yi = *(const lanes *)(y + CT_OVERLAP_COLUMNS);
                re += yr * x[0] + yi * x[CT_OVERLAP_COLUMNS];
                im += yi * x[0] - yr * x[CT_OVERLAP_COLUMNS];
            }
            lanes *r = (lanes *)(out + i * CT_OVERLAP_COLUMNS + j);
            lanes *m = (lanes *)(imaginary + i * CT_OVERLAP_COLUMNS + j);
            const lanes next = *r * re - *m * im;
            *m = *r * im + *m * re;
            *r = next;
        }
}

/* ct_isa.overlap_tile */
static void CT_ISA(overlap_tile)(int d, bool is_complex, const double *a, const double *b,
                                 double *out)
{
    if (is_complex)
        ct_overlap_complex(d, a, b, out);
    else if (d == 2)
        ct_overlap_real(2, a, b, out);
    else
        ct_overlap_real(d, a, b, out);
}

#undef CT_LANES
