/* SPDX-License-Identifier: Apache-2.0 */
#include "symmetric.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"

#define lapack_complex_float float complex
#define lapack_complex_double double complex
#include <lapacke.h>

#define MOST SYMMETRIC_MOST
#define ULP 0x1p-53

/* ---- the matrices: row-major, full, `parts` doubles a number ---- */

typedef enum kind {
    RANDOM,
    PADDED,   /* a Gram matrix of 0/1 columns, minus its largest diagonal entry behind */
    GONE,     /* the first entry of a column that is reflected is 1e-170 */
    FAINT,    /* one row is 1e-160 times what it was: squares lose their digits */
    GRAM,     /* of few columns: rank deficient, one large eigenvalue */
    GRADED,   /* 30 decades */
    CLUSTERS, /* eigenvalues 1, 1 + 1e-13, .., -2 */
    WILKINSON,
    ALMOST, /* that, and 1e-9 everywhere: reflections of vectors that are almost theirs already */
    DIAGONAL,
    ZERO,
    ONES,
    HUGE_NUMBERS,
    MINUTE
} kind;

static void fill_random(double *a, int n, uint64_t *state)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
            a[i * n + j] = a[j * n + i] = 2 * draw_unit(state) - 1;
}

static void fill_gram(double *a, int n, int rows, int columns, uint64_t *state)
{
    static unsigned char q[MOST][2 * MOST];
    double largest = 0;
    for (int i = 0; i < rows; i++)
        for (int k = 0; k < columns; k++)
            q[i][k] = (unsigned char)draw_below(state, 2);
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int k = 0; k < columns && i < rows; k++)
                sum += q[i][k] & q[j][k];
            a[i * n + j] = a[j * n + i] = sum;
            largest = fmax(largest, sum);
        }
    for (int i = rows; i < n; i++)
        a[i * (n + 1)] = -largest;
}

/* (1 - 2 u u^T) diag (1 - 2 u u^T), u of norm 1 */
static void fill_clusters(double *a, int n, uint64_t *state)
{
    double u[MOST], values[MOST], norm = 0, sum = 0;
    for (int i = 0; i < n; i++) {
        u[i] = 2 * draw_unit(state) - 1;
        norm += u[i] * u[i];
        values[i] = (i % 4 == 0) + 1e-13 * (i % 3) - 2 * (i % 5 == 0);
    }
    for (int i = 0; i < n; i++) {
        u[i] /= sqrt(norm);
        sum += u[i] * u[i] * values[i];
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
            a[i * n + j] = a[j * n + i] = (i == j) * values[i] -
                                          2 * u[i] * u[j] * (values[i] + values[j]) +
                                          4 * u[i] * u[j] * sum;
}

static void fill_real(double *a, int n, kind what, uint64_t *state)
{
    memset(a, 0, (size_t)(n * n) * sizeof *a);
    if (what == GRAM)
        fill_gram(a, n, n, (n + 1) / 2, state);
    else if (what == PADDED)
        fill_gram(a, n, n - n / 3, 2 * n, state);
    else if (what == CLUSTERS)
        fill_clusters(a, n, state);
    else if (what != WILKINSON && what != ALMOST && what != DIAGONAL && what != ZERO &&
             what != ONES)
        fill_random(a, n, state);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double *x = &a[i * n + j];
            *x *= what == GRADED         ? pow(10, -15.0 * (i + j) / n)
                  : what == HUGE_NUMBERS ? 1e160
                  : what == MINUTE       ? 1e-310
                                         : 1;
            if (what == FAINT && (i == 0) != (j == 0))
                *x *= 1e-160;
            if (what == GONE && i + j == 1)
                *x = 1e-170;
            if (what == WILKINSON || what == ALMOST)
                *x = (i == j ? abs(i - n / 2) : abs(i - j) == 1) + (what == ALMOST ? 1e-9 : 0);
            if (what == DIAGONAL)
                *x = i == j ? draw_unit(state) : 0;
            if (what == ONES)
                *x = 1;
        }
}

/* D A D^H with phases on D's diagonal has the eigenvalues of the real A, up to rounding; random ones are random in both parts. */
static void fill(double *a, int parts, int n, kind what, uint64_t *state)
{
    static double real[MOST * MOST];
    double complex phase[MOST];
    if (parts == 1) {
        fill_real(a, n, what, state);
        return;
    }
    fill_real(real, n, what, state);
    for (int i = 0; i < n; i++)
        phase[i] = cexp(2 * I * 3.141592653589793 * draw_unit(state));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) {
            const double complex x = what == RANDOM
                                         ? real[i * n + j] + I * (2 * draw_unit(state) - 1)
                                         : real[i * n + j] * (phase[i] * conj(phase[j]));
            a[2 * (i * n + j)] = a[2 * (j * n + i)] = creal(x);
            a[2 * (i * n + j) + 1] = cimag(x);
            a[2 * (j * n + i) + 1] = -cimag(x);
        }
    for (int i = 0; i < n; i++) {
        a[2 * (i * n + i)] = real[i * n + i];
        a[2 * (i * n + i) + 1] = 0;
    }
}

/* ---- the solvers ---- */

/* The lower triangle, column-major; what lies above it is not to be read, nor imaginary parts on the diagonal. */
static void pack(const double *a, int parts, int n, double *out)
{
    for (int c = 0; c < n; c++)
        for (int r = 0; r < n; r++)
            for (int k = 0; k < parts; k++)
                out[(c * n + r) * parts + k] = r >= c + k ? a[(r * n + c) * parts + k] : NAN;
}

static void solve(symmetric_road *road, const double *a, int count, int parts, int n, int sweeps,
                  double *values, int32_t *info)
{
    const size_t each = (size_t)(n * n * parts), numbers = (size_t)(count * n) * sizeof(double);
    double *packed = malloc((size_t)count * each * sizeof *packed);
    ck_assert_ptr_nonnull(packed);
    for (int m = 0; m < count; m++)
        pack(a + (size_t)m * each, parts, n, packed + (size_t)m * each);
    double *da = device_copy(packed, (size_t)count * each * sizeof *packed),
           *d = device_copy(NULL, numbers),
           *e = device_copy(NULL, n > 1 ? numbers - (size_t)count * sizeof *e : 8),
           *v = device_copy(NULL, numbers);
    int32_t *f = device_copy(NULL, (size_t)count * sizeof *f);
    void *work = device_copy(NULL, ct_ql_bytes(count, n));
    road(da, count, n, parts, d, e);
    ck_assert_int_eq(ct_launch_ql(d, e, count, n, sweeps, work, v, f, NULL), cudaSuccess);
    host_copy(values, v, numbers);
    host_copy(info, f, (size_t)count * sizeof *f);
    device_free(da);
    device_free(d);
    device_free(e);
    device_free(v);
    device_free(f);
    device_free(work);
    free(packed);
}

static double worst; /* in units of u times the norm */

/* Ascending, by bisection: LAPACK's own QL is no more exact than ours. */
static void by_lapack(const double *a, int parts, int n, double *out)
{
    static double copy[2 * MOST * MOST];
    lapack_int found = 0, failed[MOST];
    memcpy(copy, a, (size_t)(n * n * parts) * sizeof *copy);
    ck_assert_int_eq(parts == 2 ? LAPACKE_zheevx(LAPACK_ROW_MAJOR, 'N', 'A', 'U', n,
                                                 (double complex *)copy, n, 0, 0, 0, 0, 2 * DBL_MIN,
                                                 &found, out, NULL, 1, failed)
                                : LAPACKE_dsyevx(LAPACK_ROW_MAJOR, 'N', 'A', 'U', n, copy, n, 0, 0,
                                                 0, 0, 2 * DBL_MIN, &found, out, NULL, 1, failed),
                     0);
    ck_assert_int_eq(found, n);
}

#define MOST_ORACLE 20

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Jacobi's method in long doubles. A complex matrix X + i Y: (X, -Y; Y, X), which has every eigenvalue twice. */
static void by_jacobi(const double *a, int parts, int n, double *out)
{
    static long double s[2 * MOST_ORACLE][2 * MOST_ORACLE];
    const int size = n * parts;
    double all[2 * MOST_ORACLE];
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++) {
            const double *x = a + (i % n * n + j % n) * parts;
            s[i][j] = i / n == j / n ? x[0] : i < n ? -x[1] : x[1];
        }
    for (int sweep = 0; sweep < 16; sweep++)
        for (int p = 0; p < size; p++)
            for (int q = p + 1; q < size; q++) {
                if (fabsl(s[p][q]) < 0x1p-80L)
                    continue;
                const long double theta = (s[q][q] - s[p][p]) / (2 * s[p][q]),
                                  t = (theta < 0 ? -1 : 1) /
                                      (fabsl(theta) + sqrtl(theta * theta + 1)),
                                  c = 1 / sqrtl(t * t + 1);
                for (int side = 0; side < 2; side++)
                    for (int k = 0; k < size; k++) {
                        long double *x = side ? &s[p][k] : &s[k][p],
                                    *y = side ? &s[q][k] : &s[k][q];
                        const long double old = *x;
                        *x = c * (old - t * *y);
                        *y = c * (t * old + *y);
                    }
            }
    for (int i = 0; i < size; i++)
        all[i] = (double)s[i][i];
    qsort(all, (size_t)size, sizeof *all, ascending);
    for (int i = 0; i < n; i++)
        out[i] = all[i * parts];
}

static void compare(const double *a, int parts, int n, kind what, const double *got)
{
    static double copy[2 * MOST * MOST], expected[MOST];
    double largest = 0;
    int power = 0;
    for (int i = 0; i < n * n * parts; i++)
        largest = fmax(largest, fabs(a[i]));
    (void)frexp(largest, &power);
    for (int i = 0; i < n * n * parts; i++)
        copy[i] = ldexp(a[i], -power);
    for (int oracle = 0; oracle < (n <= MOST_ORACLE ? 2 : 1); oracle++) {
        (oracle ? by_jacobi : by_lapack)(copy, parts, n, expected);
        for (int i = 0; i < n; i++)
            expected[i] = ldexp(expected[i], power);
        const double norm = fmax(fabs(expected[0]), fabs(expected[n - 1]));
        for (int i = 0; i < n; i++) {
            const double apart = fabs(got[i] - expected[i]);
            ck_assert_msg(apart <= 8 * sqrt(n) * ULP * norm + 4 * n * 0x1p-1074,
                          "kind %d, parts %d, n %d: eigenvalue %d is %.17g instead of %.17g (%d)",
                          what, parts, n, i, got[i], expected[i], oracle);
            ck_assert(i == 0 || got[i - 1] <= got[i]);
            if (norm > 1e-300)
                worst = fmax(worst, apart / (ULP * norm));
        }
    }
}

double symmetric_check(symmetric_road *road, int parts, int n, int kinds, int sweeps)
{
    static double a[2 * SYMMETRIC_KINDS * MOST * MOST], values[SYMMETRIC_KINDS * MOST],
        other[SYMMETRIC_KINDS * MOST];
    const int each = n * n * parts;
    int32_t info[SYMMETRIC_KINDS];
    uint64_t state = (uint64_t)n;
    for (int k = 0; k < kinds; k++)
        fill(a + k * each, parts, n, (kind)k, &state);
    ct_emulation_order(0);
    solve(road, a, kinds, parts, n, sweeps, values, info);
    for (int k = 0; k < kinds; k++) {
        ck_assert_int_eq(info[k], 0);
        compare(a + k * each, parts, n, (kind)k, values + k * n);
    }
    ct_emulation_order((uint64_t)(1 + n % (CT_EMULATION_ORDERS - 1)));
    const int first = n % kinds % 3,
              count = first + 3 <= kinds ? amount(3, 1) : 1; /* other neighbours, another block */
    solve(road, a + first * each, count, parts, n, sweeps, other, info);
    ck_assert_mem_eq(other, values + first * n, (size_t)(count * n) * sizeof *values);
    return worst;
}

void symmetric_check_scales(symmetric_road *road, int parts, int n)
{
    static const int powers[] = {-530, -1, 1, 530, 1010};
    static double a[2 * 2 * 80 * 80], scaled[2 * 2 * 80 * 80], values[160], other[160];
    const int each = n * n * parts;
    int32_t info[2];
    uint64_t state = 9;
    ck_assert_int_le(n, 80);
    fill(a, parts, n, RANDOM, &state);
    fill(a + each, parts, n, GRAM, &state);
    solve(road, a, 2, parts, n, CT_QL_SWEEPS(n), values, info);
    for (size_t k = 0; k < sizeof powers / sizeof *powers; k++) {
        for (int i = 0; i < 2 * each; i++)
            scaled[i] = ldexp(a[i], powers[k]);
        solve(road, scaled, 2, parts, n, CT_QL_SWEEPS(n), other, info);
        ck_assert_int_eq(info[0] | info[1], 0);
        for (int i = 0; i < 2 * n; i++)
            ck_assert(other[i] == ldexp(values[i], powers[k]));
    }
}

void symmetric_check_refused(symmetric_road *road, int parts, int n)
{
    enum { COUNT = 5 };
    static double a[2 * COUNT * MOST * MOST], values[COUNT * MOST], alone[MOST];
    const int each = n * n * parts;
    int32_t info[COUNT], one;
    uint64_t state = 17;
    for (int m = 0; m < COUNT; m++)
        fill(a + m * each, parts, n, RANDOM, &state);
    a[0] = NAN;
    /* of complex numbers the last part */
    const int part = n > 1 ? parts - 1 : 0;
    a[each + (n - 1) * parts + part] = a[each + (n - 1) * n * parts + part] = -INFINITY;
    for (int i = 0; i < each; i++) /* the largest eigenvalue is n DBL_MAX */
        a[3 * each + i] = i % parts ? 0 : DBL_MAX;
    solve(road, a, COUNT, parts, n, CT_QL_SWEEPS(n), values, info);
    for (int m = 0; m < COUNT; m++) {
        const int wrong = m < 2 || (m == 3 && n > 1);
        ck_assert_int_eq(info[m], wrong);
        for (int i = 0; i < n && wrong; i++)
            ck_assert(isnan(values[m * n + i]));
    }
    solve(road, a + 2 * each, 1, parts, n, CT_QL_SWEEPS(n), alone, &one);
    ck_assert_mem_eq(alone, values + 2 * n, (size_t)n * sizeof *alone);
}
