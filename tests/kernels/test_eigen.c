/* SPDX-License-Identifier: Apache-2.0 */
/* eigen.cu against LAPACK: small matrices of many kinds, tridiagonal ones, and what has no answer.
 */
#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"

#define lapack_complex_float float complex
#define lapack_complex_double double complex
#include <lapacke.h>

#define MOST CT_EIGEN_SMALL
#define ULP 0x1p-53

/* A Hermitian matrix; only the lower triangle counts. */
typedef struct matrix {
    int n, parts;
    double complex a[MOST * MOST]; /* entry (i, j) at [j * n + i] */
} matrix;

/* ---- the matrices ---- */

static double symmetric_unit(uint64_t *state)
{
    return 2 * draw_unit(state) - 1;
}

static double complex number(uint64_t *state, int parts)
{
    const double re = symmetric_unit(state);
    return parts == 2 ? re + I * symmetric_unit(state) : re;
}

static void fill_random(matrix *m, uint64_t *state)
{
    for (int j = 0; j < m->n; j++)
        for (int i = j; i < m->n; i++)
            m->a[j * m->n + i] = i == j ? symmetric_unit(state) : number(state, m->parts);
}

/* a_ij |-> weight(i, j) a_ij of a random matrix. */
static void fill_weighted(matrix *m, uint64_t *state, double (*weight)(int, int, int))
{
    fill_random(m, state);
    for (int j = 0; j < m->n; j++)
        for (int i = j; i < m->n; i++)
            m->a[j * m->n + i] *= weight(i, j, m->n);
}

static double graded(int i, int j, int n)
{
    return pow(10, -15.0 * (i + j) / (2 * n));
}

static double many_decades(int i, int j, int n)
{
    return pow(10, -100.0 * ((i * 7 % n) + (j * 7 % n)) / n);
}

static double almost_diagonal(int i, int j, int n)
{
    (void)n;
    return i == j ? 1 : 1e-9;
}

static double diagonal(int i, int j, int n)
{
    (void)n;
    return i == j;
}

static double huge(int i, int j, int n)
{
    (void)n;
    return i == j ? 1e160 : 3e159;
}

static double minute(int i, int j, int n)
{
    return huge(i, j, n) * 1e-320;
}

static double subnormal(int i, int j, int n)
{
    return graded(i, j, n) * 1e-310;
}

/* V diag(values) V^H, V a product of reflections. */
static void fill_spectrum(matrix *m, uint64_t *state, const double *values)
{
    const int n = m->n;
    static double complex v[MOST], w[MOST];
    memset(m->a, 0, sizeof m->a);
    for (int i = 0; i < n; i++)
        m->a[i * n + i] = values[i];
    for (int times = 0; times < 3; times++) {
        double norm = 0;
        for (int i = 0; i < n; i++) {
            v[i] = number(state, m->parts);
            norm += creal(v[i] * conj(v[i]));
        }
        for (int i = 0; i < n; i++) /* the full matrix */
            for (int j = 0; j < i; j++)
                m->a[i * n + j] = conj(m->a[j * n + i]);
        for (int side = 0; side < 2; side++) /* A <- (1 - 2 v v^H / |v|^2) A, and from the right */
            for (int k = 0; k < n; k++) {
                w[k] = 0;
                for (int i = 0; i < n; i++)
                    w[k] += side ? m->a[i * n + k] * v[i] : conj(v[i]) * m->a[k * n + i];
                for (int i = 0; i < n; i++)
                    *(side ? &m->a[i * n + k] : &m->a[k * n + i]) -=
                        2 * w[k] * (side ? conj(v[i]) : v[i]) / norm;
            }
    }
    for (int i = 0; i < n; i++)
        m->a[i * n + i] = creal(m->a[i * n + i]);
}

static void fill_clusters(matrix *m, uint64_t *state)
{
    double values[MOST];
    for (int i = 0; i < m->n; i++)
        values[i] = (i % 4 == 0) + 1e-13 * (i % 3) - 2 * (i % 5 == 0);
    fill_spectrum(m, state, values);
}

static void fill_multiple(matrix *m, uint64_t *state)
{
    double values[MOST];
    for (int i = 0; i < m->n; i++)
        values[i] = i < m->n / 2 ? 1 : 3;
    fill_spectrum(m, state, values);
}

/* A Gram matrix of small integers in the first n - pad rows, minus its largest diagonal entry
 * behind, as gram.cu leaves it. */
static void fill_gram(matrix *m, uint64_t *state, int rows, int columns)
{
    static double complex q[MOST][64];
    const int n = m->n;
    double largest = 0;
    memset(m->a, 0, sizeof m->a);
    for (int i = 0; i < rows; i++)
        for (int k = 0; k < columns; k++)
            q[i][k] = (double)draw_below(state, 5) - 2 +
                      (m->parts == 2 ? I * (double)draw_below(state, 3) : 0);
    for (int j = 0; j < rows; j++)
        for (int i = j; i < rows; i++) {
            for (int k = 0; k < columns; k++)
                m->a[j * n + i] += q[i][k] * conj(q[j][k]);
            if (i == j)
                largest = fmax(largest, creal(m->a[j * n + i]));
        }
    for (int i = rows; i < n; i++)
        m->a[i * n + i] = -largest;
}

enum {
    RANDOM,
    GRADED,
    DECADES,
    ALMOST,
    DIAGONAL,
    CLUSTERS,
    MULTIPLE,
    RANK_ONE,
    PADDED,
    SINGULAR,
    ONES,
    NEAR_ONE, /* identity + 2^-48 ones: 1 and 1 + n 2^-48 */
    ZERO,
    HUGE_NUMBERS,
    MINUTE,
    SUBNORMAL,
    KINDS
};

static void fill(matrix *m, int kind, uint64_t *state)
{
    double (*const weights[KINDS])(int, int, int) = {
        [GRADED] = graded,      [DECADES] = many_decades, [ALMOST] = almost_diagonal,
        [DIAGONAL] = diagonal,  [HUGE_NUMBERS] = huge,    [MINUTE] = minute,
        [SUBNORMAL] = subnormal};
    memset(m->a, 0, sizeof m->a);
    if (weights[kind])
        fill_weighted(m, state, weights[kind]);
    else if (kind == RANDOM)
        fill_random(m, state);
    else if (kind == CLUSTERS)
        fill_clusters(m, state);
    else if (kind == MULTIPLE)
        fill_multiple(m, state);
    else if (kind == RANK_ONE)
        fill_gram(m, state, m->n, 1);
    else if (kind == PADDED)
        fill_gram(m, state, m->n - m->n / 3, 40);
    else if (kind == SINGULAR)
        fill_gram(m, state, m->n, (m->n + 1) / 2);
    for (int i = 0; i < m->n * m->n && (kind == ONES || kind == NEAR_ONE); i++)
        m->a[i] = kind == ONES ? 1 : 0x1p-48 + (i % (m->n + 1) == 0);
}

/* ---- the two solvers ---- */

/* Into the layout of the kernel; what lies above the diagonal is not to be read. */
static void pack(const matrix *m, double *out)
{
    for (int j = 0; j < m->n; j++)
        for (int i = 0; i < m->n; i++) {
            double *entry = out + (size_t)m->parts * (size_t)(j * m->n + i);
            entry[0] = i >= j ? creal(m->a[j * m->n + i]) : NAN;
            if (m->parts == 2)
                entry[1] = i > j ? cimag(m->a[j * m->n + i]) : NAN;
        }
}

static void solve(const matrix *m, int count, double *values, int32_t *info)
{
    const int n = m->n, parts = m->parts;
    const size_t each = (size_t)(n * n * parts), all = (size_t)count * each * sizeof(double);
    double *packed = malloc(all);
    ck_assert(packed != NULL);
    for (int i = 0; i < count; i++)
        pack(&m[i], packed + (size_t)i * each);
    double *a = device_copy(packed, all);
    double *v = device_copy(NULL, (size_t)(count * n) * sizeof *v);
    int32_t *f = device_copy(NULL, (size_t)count * sizeof *f);
    ck_assert_int_eq(ct_launch_eigen_small(a, count, n, parts, v, f, NULL), cudaSuccess);
    host_copy(values, v, (size_t)(count * n) * sizeof *v);
    host_copy(info, f, (size_t)count * sizeof *f);
    device_free(a);
    device_free(v);
    device_free(f);
    free(packed);
}

static void reference(const matrix *m, double *values)
{
    static double complex a[MOST * MOST];
    static double re[MOST * MOST];
    const int n = m->n;
    for (int i = 0; i < n * n; i++)
        re[i] = creal(a[i] = m->a[i]);
    ck_assert_int_eq(m->parts == 2 ? LAPACKE_zheev(LAPACK_COL_MAJOR, 'N', 'L', n, a, n, values)
                                   : LAPACKE_dsyev(LAPACK_COL_MAJOR, 'N', 'L', n, re, n, values),
                     0);
}

/* Both are right to a few n u ||A||; subnormal numbers have an ulp of their own. */
static void compare(const matrix *m, int kind, const double *got)
{
    double expected[MOST], norm = 0;
    reference(m, expected);
    for (int i = 0; i < m->n; i++)
        norm = hypot(norm, expected[i]);
    for (int i = 0; i < m->n; i++) {
        const double apart = fabs(got[i] - expected[i]);
        ck_assert_msg(apart <= (m->n + 8) * ULP * norm + 2 * m->n * 0x1p-1074,
                      "kind %d, n %d, parts %d: eigenvalue %d is %.17g instead of %.17g", kind,
                      m->n, m->parts, i, got[i], expected[i]);
        ck_assert(i == 0 || got[i - 1] <= got[i]);
    }
}

static void same_bits(const double *a, const double *b, int n)
{
    ck_assert(memcmp(a, b, (size_t)n * sizeof *a) == 0);
}

/* ---- small matrices ---- */

static void check_batch(int n, int parts)
{
    static matrix m[KINDS];
    static double values[KINDS * MOST], other[KINDS * MOST];
    int32_t info[KINDS];
    uint64_t state = (uint64_t)(1000 * n + parts);
    for (int kind = 0; kind < KINDS; kind++) {
        m[kind].n = n;
        m[kind].parts = parts;
        fill(&m[kind], kind, &state);
    }
    ct_emulation_order(0);
    solve(m, KINDS, values, info);
    for (int kind = 0; kind < KINDS; kind++) {
        ck_assert_int_eq(info[kind], 0);
        compare(&m[kind], kind, values + kind * n);
        if (kind == ZERO || kind == DIAGONAL) { /* exactly */
            double expected[MOST];
            reference(&m[kind], expected);
            same_bits(values + kind * n, expected, n);
        }
    }
    ct_emulation_order((uint64_t)(1 + n % (CT_EMULATION_ORDERS - 1)));
    solve(m, KINDS, other, info);
    same_bits(other, values, KINDS * n);
    const int alone = n % KINDS; /* no neighbours, another place in the warp */
    solve(m + alone, 1, other, info);
    same_bits(other, values + alone * n, n);
}

START_TEST(small)
{
    for (int parts = 1; parts <= 2; parts++)
        for (int n = 1; n <= MOST; n += 1 + amount(0, n / 3))
            check_batch(n, parts);
}
END_TEST

/* One launch of more matrices than a block has, in every order; the neighbours of a matrix change.
 */
START_TEST(neighbours)
{
    static const int sizes[] = {2, 4, 7, 12, 16};
    enum { MANY = 40 };
    static matrix m[MANY];
    static double first[MANY * MOST], values[MANY * MOST];
    int32_t info[MANY];
    for (int s = 0; s < amount(5, 3); s++) {
        const int n = sizes[s], parts = 1 + s % 2, many = n > 8 ? 12 : MANY;
        uint64_t state = 5;
        for (int i = 0; i < many; i++) {
            m[i].n = n;
            m[i].parts = parts;
            fill(&m[i], i * 4 % KINDS, &state);
        }
        for (EVERY_ORDER(order)) {
            solve(m, many, values, info);
            if (order == 0)
                memcpy(first, values, sizeof first);
            same_bits(first, values, many * n);
        }
        for (int from = 1; from < many; from += 1 + many / 4) {
            solve(m + from, many - from, values, info);
            same_bits(first + from * n, values, (many - from) * n);
        }
    }
}
END_TEST

/* The padded eigenvalues come first, and far below the others. */
START_TEST(padding)
{
    static matrix m;
    double values[MOST];
    int32_t info;
    uint64_t state = 3;
    for (int n = 2; n <= MOST; n += 5)
        for (int pad = 1; pad < n; pad += 3) {
            m = (matrix){.n = n, .parts = 1};
            fill_gram(&m, &state, n - pad, 1 + n / 2);
            solve(&m, 1, values, &info);
            const double g = -creal(m.a[n * n - 1]);
            ck_assert_int_eq(info, 0);
            for (int i = 0; i < n; i++)
                ck_assert(i < pad ? values[i] == -g : values[i] > -1e-13 * g);
        }
}
END_TEST

/* Powers of two change the exponent and nothing else. */
START_TEST(scales)
{
    static const int powers[] = {-1000, -530, -1, 1, 530, 1015};
    static matrix m, scaled;
    double values[MOST], other[MOST];
    int32_t info;
    uint64_t state = 9;
    for (int n = 2; n <= 9; n += 7) {
        m = (matrix){.n = n, .parts = 2};
        fill_random(&m, &state);
        solve(&m, 1, values, &info);
        for (size_t k = 0; k < sizeof powers / sizeof *powers; k++) {
            scaled = m;
            for (int i = 0; i < n * n; i++)
                scaled.a[i] *= ldexp(1, powers[k]);
            solve(&scaled, 1, other, &info);
            ck_assert_int_eq(info, 0);
            for (int i = 0; i < n; i++)
                ck_assert(other[i] == ldexp(values[i], powers[k]));
        }
    }
}
END_TEST

/* What is not a number, or too large for one, is refused; its neighbours are not. */
START_TEST(refused)
{
    enum { COUNT = 9 };
    static matrix m[COUNT];
    double values[COUNT * MOST], alone[MOST];
    int32_t info[COUNT], one;
    uint64_t state = 17;
    static const int sizes[] = {1, 3, 8, 13, 15};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const int n = sizes[s];
        for (int i = 0; i < COUNT; i++) {
            m[i] = (matrix){.n = n, .parts = 1 + (int)(s % 2)};
            fill_random(&m[i], &state);
        }
        m[1].a[0] = NAN;
        m[2].a[n * n - 1] = INFINITY;
        m[4].a[n - 1] = -INFINITY; /* below the diagonal */
        m[5].a[n - 1] = NAN;
        for (int i = 0; i < n * n; i++) /* the largest eigenvalue is n DBL_MAX */
            m[7].a[i] = DBL_MAX;
        solve(m, COUNT, values, info);
        for (int i = 0; i < COUNT; i++) {
            const bool wrong = i == 1 || i == 2 || i == 4 || i == 5 || (i == 7 && n > 1);
            ck_assert_int_eq(info[i], wrong);
            for (int k = 0; k < n && wrong; k++)
                ck_assert(isnan(values[i * n + k]));
        }
        solve(m + 3, 1, alone, &one);
        same_bits(alone, values + 3 * n, n);
    }
    ck_assert_int_eq(ct_launch_eigen_small(NULL, 1, 0, 1, NULL, NULL, NULL), cudaErrorInvalidValue);
    ck_assert_int_eq(ct_launch_eigen_small(NULL, 1, MOST + 1, 1, NULL, NULL, NULL),
                     cudaErrorInvalidValue);
}
END_TEST

/* ---- bisection ---- */

#define LONGEST 300

/* Number `place` of `count` matrices, between others that are as long; its info. */
static int bisect_beside(int n, const double *d, const double *e, int count, int place,
                         double *values)
{
    const size_t bytes = (size_t)(count * n) * sizeof *d;
    double *all_d = malloc(bytes), *all_e = malloc(bytes), *all = malloc(bytes);
    int32_t info[3] = {0};
    ck_assert(all_d && all_e && all && count <= 3);
    for (int i = 0; i < count * n; i++) {
        all_d[i] = i % count == place ? d[i / count] : 3 - i;
        if (i < count * (n - 1))
            all_e[i] = i % count == place ? e[i / count] : i % 5;
    }
    double *dd = device_copy(all_d, bytes), *v = device_copy(NULL, bytes),
           *ee = n > 1 ? device_copy(all_e, bytes - (size_t)count * sizeof *e) : NULL;
    int32_t *f = device_copy(info, (size_t)count * sizeof *f);
    ck_assert_int_eq(ct_launch_bisect(dd, ee, count, n, v, f, NULL), cudaSuccess);
    host_copy(all, v, bytes);
    host_copy(info, f, (size_t)count * sizeof *f);
    memcpy(values, all + place * n, (size_t)n * sizeof *values);
    for (int m = 0; m < count; m++)
        ck_assert(m == place || !info[m]);
    device_free(dd);
    device_free(v);
    device_free(f);
    if (ee)
        device_free(ee);
    free(all_d);
    free(all_e);
    free(all);
    return info[place];
}

static int bisect(int n, const double *d, const double *e, double *values)
{
    return bisect_beside(n, d, e, 1, 0, values);
}

/* Against LAPACK's QL iteration, and its bisection (which does not scale). */
static void check_bisect(const char *name, int n, const double *d, const double *e)
{
    static double values[LONGEST], other[LONGEST], expected[LONGEST], off[LONGEST];
    static lapack_int block[LONGEST], split[LONGEST];
    lapack_int found = 0, splits = 0;
    double size = 0;
    ct_emulation_order(0);
    bisect(n, d, e, values);
    ct_emulation_order((uint64_t)(1 + n % 4));
    ck_assert_int_eq(n <= 21 ? bisect_beside(n, d, e, 3, n % 3, other) : bisect(n, d, e, other), 0);
    same_bits(values, other, n);
    for (int i = 0; i < n; i++)
        size = fmax(size, fabs(d[i]) + (i > 0 ? fabs(e[i - 1]) : 0) + (i + 1 < n ? fabs(e[i]) : 0));
    memcpy(off, e, (size_t)n * sizeof *off);
    if (size > 1e-100 && size < 1e100) {
        ck_assert_int_eq(LAPACKE_dstebz('A', 'E', n, 0, 0, 0, 0, 0, d, off, &found, &splits,
                                        expected, block, split),
                         0);
        ck_assert_int_eq(found, n);
        for (int i = 0; i < n; i++)
            ck_assert_msg(fabs(values[i] - expected[i]) <= 8 * ULP * size,
                          "%s, n %d: eigenvalue %d is %.17g instead of %.17g", name, n, i,
                          values[i], expected[i]);
    }
    memcpy(expected, d, (size_t)n * sizeof *d);
    ck_assert_int_eq(LAPACKE_dsterf(n, expected, off), 0);
    for (int i = 0; i < n; i++) {
        ck_assert_msg(fabs(values[i] - expected[i]) <= (n + 8) * ULP * size + 4 * 0x1p-1074,
                      "%s, n %d: eigenvalue %d is %.17g instead of %.17g", name, n, i, values[i],
                      expected[i]);
        ck_assert(i == 0 || values[i - 1] <= values[i]);
    }
}

/* The same numbers at other scales: exactly, as long as nothing is subnormal. */
static void check_bisect_scaled(int n, const double *d, const double *e)
{
    static const int powers[] = {-1060, -980, -530, -1, 530, 1020};
    static double ds[LONGEST], es[LONGEST], values[LONGEST], other[LONGEST];
    bisect(n, d, e, values);
    for (size_t k = 0; k < sizeof powers / sizeof *powers; k++) {
        for (int i = 0; i < n; i++) {
            ds[i] = ldexp(d[i], powers[k]);
            es[i] = ldexp(e[i], powers[k]);
        }
        check_bisect("scaled", n, ds, es);
        bisect(n, ds, es, other);
        for (int i = 0; i < n && powers[k] >= -530; i++)
            ck_assert(other[i] == ldexp(values[i], powers[k]));
    }
}

START_TEST(tridiagonal)
{
    static const int sizes[] = {1, 2, 3, 10, 21, 64, LONGEST};
    static double d[LONGEST], e[LONGEST];
    uint64_t state = 23;
    for (int s = 0; s < amount(7, 5); s++) {
        const int n = sizes[s];
        for (int i = 0; i < n; i++) {
            d[i] = symmetric_unit(&state);
            e[i] = symmetric_unit(&state);
        }
        check_bisect("random", n, d, e);
        if (n <= 64)
            check_bisect_scaled(n, d, e);
        for (int i = 0; i < n; i += 3)
            e[i] = 0;
        check_bisect("split", n, d, e);
        for (int i = 0; i < n; i++) {
            d[i] *= pow(10, -30.0 * i / n);
            e[i] *= pow(10, -30.0 * i / n);
        }
        check_bisect("graded", n, d, e);
        for (int i = 0; i < n; i++) {
            d[i] = i % 2;
            e[i] = 1e-14 * (i % 3);
        }
        check_bisect("clusters", n, d, e);
        for (int i = 0; i < n; i++) {
            d[i] = -3;
            e[i] = 0;
        }
        check_bisect("constant", n, d, e);
        for (int i = 0; i < n; i++)
            d[i] = 0;
        check_bisect("zero", n, d, e);
        for (int i = 0; i < n; i++) {
            d[i] = abs(i - n / 2);
            e[i] = 1;
        }
        check_bisect("Wilkinson", n, d, e);
    }
}
END_TEST

/* 2 - 2 cos(k pi / (n + 1)). */
START_TEST(laplace)
{
    enum { N = 100 };
    double d[N], e[N], values[N];
    for (int i = 0; i < N; i++) {
        d[i] = 2;
        e[i] = -1;
    }
    bisect(N, d, e, values);
    for (int i = 0; i < N; i++) {
        const double half = sin((i + 1) * acos(-1) / (2 * (N + 1)));
        ck_assert(fabs(values[i] - 4 * half * half) <= 16 * ULP * 4);
    }
}
END_TEST

START_TEST(no_tridiagonal)
{
    double d[3] = {1, 2, 3}, e[2] = {0.5, NAN}, values[3];
    ck_assert_int_eq(bisect(3, d, e, values), 1);
    for (int i = 0; i < 3; i++)
        ck_assert(isnan(values[i]));
    e[1] = 0;
    d[2] = -INFINITY;
    ck_assert_int_eq(bisect(3, d, e, values), 1);
    for (int i = 0; i < 3; i++)
        ck_assert(isnan(values[i]));
    d[2] = DBL_MAX / 2; /* finite: nothing overflows on the way */
    d[0] = -DBL_MAX / 2;
    ck_assert_int_eq(bisect(3, d, e, values), 0);
    ck_assert(fabs(values[0] / d[0] - 1) <= 4 * ULP && fabs(values[2] / d[2] - 1) <= 4 * ULP);
    d[0] = d[2] = e[0] = DBL_MAX; /* larger than any number */
    ck_assert_int_eq(bisect(3, d, e, values), 1);
    ck_assert(isnan(values[0]) && isnan(values[2]));
    ck_assert_int_eq(ct_launch_bisect(NULL, NULL, 0, 3, NULL, NULL, NULL), cudaErrorInvalidValue);
}
END_TEST

CHECK_MAIN("kernel_eigen", small, neighbours, padding, scales, refused, tridiagonal, laplace,
           no_tridiagonal)
