/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues against known spectra, against LAPACK's own drivers, and against themselves: same
 * bits in every batch and for any number of threads. Every table of kernels that this processor can
 * run is tested. */
#include <complex.h>
#include <math.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

#include "backend/cpu/eigen/eigen.h"
#include "backend/cpu/eigen/kernels.h"
#include "check_main.h"
#include "failing_allocator.h"

#define UNIT 0x1p-53
#define MAX_N 260

typedef struct matrix {
    int64_t n;
    double *a, *values, *copy;
} matrix;

static matrix new_matrix(int64_t n)
{
    matrix m = {.n = n,
                .a = ct_calloc((size_t)(n * n), 8),
                .values = ct_calloc((size_t)n, 8),
                .copy = ct_calloc((size_t)(n * n), 8)};
    ck_assert(m.a && m.values && m.copy);
    return m;
}

static void free_matrix(matrix *m)
{
    ct_free(m->a);
    ct_free(m->values);
    ct_free(m->copy);
}

static void set(matrix *m, int64_t i, int64_t j, double x)
{
    m->a[i + j * m->n] = m->a[j + i * m->n] = x;
}

/* NaN above the diagonal shows that only the lower triangle is read. */
static double *fresh_copy(matrix *m)
{
    for (int64_t j = 0; j < m->n; j++)
        for (int64_t i = 0; i < m->n; i++)
            m->copy[i + j * m->n] = i >= j ? m->a[i + j * m->n] : (double)NAN;
    return m->copy;
}

static void solve(const ct_eigen_kernels *kernels, matrix *m)
{
    void *work = ct_alloc(ct_eigen_work_bytes(1, m->n), 1);
    double *copy = fresh_copy(m);
    ck_assert_int_eq(ct_eigen_batch_with(kernels, 1, 1, &m->n, &copy, &m->values, work),
                     CUTROPY_OK);
    ct_free(work);
}

static void solve_large(const ct_eigen_kernels *kernels, matrix *m, int threads)
{
    ck_assert_int_eq(ct_eigen_large_with(kernels, 1, m->n, fresh_copy(m), m->values, NULL, threads),
                     CUTROPY_OK);
}

static double largest_modulus(int64_t n, const double *x)
{
    double largest = 0.0;
    for (int64_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(x[i]));
    return largest;
}

/* The bound of one solver. */
static double tolerance(int64_t n, const double *expected)
{
    return 8.0 * sqrt((double)n) * UNIT * largest_modulus(n, expected);
}

static void check_within(int64_t n, const double *values, const double *expected, double bound,
                         const char *what, const char *table)
{
    for (int64_t i = 0; i < n; i++) {
        ck_assert_msg(fabs(values[i] - expected[i]) <= bound,
                      "%s (%s), n = %d: value %d is %.17g, not %.17g", what, table, (int)n, (int)i,
                      values[i], expected[i]);
        ck_assert(i == 0 || values[i - 1] <= values[i]);
    }
}

static void check_values(int64_t n, const double *values, const double *expected, const char *what,
                         const char *table)
{
    check_within(n, values, expected, tolerance(n, expected), what, table);
}

/* A = H D H for a few reflections H, in long double, rounded once at the end. */
static void rotate(matrix *m, const double *diagonal, uint64_t seed)
{
    const int64_t n = m->n;
    long double *a = ct_calloc((size_t)(n * n), sizeof *a), *v = ct_calloc((size_t)n, sizeof *v),
                *p = ct_calloc((size_t)n, sizeof *p);
    for (int64_t i = 0; i < n; i++)
        a[i * n + i] = diagonal[i];
    for (uint64_t round = 0; round < 3; round++) {
        long double norm = 0, dot = 0;
        for (int64_t i = 0; i < n; i++) {
            v[i] = (long double)ct_random_unit(seed + round, (uint64_t)i) - 0.5L;
            norm += v[i] * v[i];
        }
        for (int64_t i = 0; i < n; i++) {
            p[i] = 0;
            for (int64_t j = 0; j < n; j++)
                p[i] += a[i * n + j] * v[j];
            p[i] *= 2 / norm;
            dot += p[i] * v[i];
        }
        for (int64_t i = 0; i < n; i++)
            p[i] -= dot / norm * v[i];
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++)
                a[i * n + j] -= v[i] * p[j] + p[i] * v[j];
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++)
            set(m, i, j, (double)a[i * n + j]);
    ct_free(a);
    ct_free(v);
    ct_free(p);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- matrices by kind ---- */

static const char *const kinds[] = {
    "random", "gram",      "rank deficient", "zero",        "diagonal",  "ones",
    "graded", "reversed",  "blocks",         "tridiagonal", "tiny",      "huge",
    "sparse", "clustered", "denormal",       "identity",    "one entry", "two blocks"};
#define KINDS (int)(sizeof kinds / sizeof kinds[0])

static double entry(int kind, int64_t n, int64_t i, int64_t j)
{
    const double u = ct_random_unit((uint64_t)kind, (uint64_t)(i * 1000 + j)) - 0.5;
    switch (kind) {
    case 0:
        return u;
    case 3:
        return 0.0;
    case 4:
        return i == j ? u : 0.0;
    case 5:
        return 1.0;
    case 6:
        return u * pow(10.0, -20.0 * (double)(i + j) / (double)n);
    case 7:
        return u * pow(10.0, -20.0 * (double)(2 * n - i - j) / (double)n);
    case 8:
        return i / 5 == j / 5 ? u : 0.0;
    case 9:
        return i - j <= 1 ? u : 0.0;
    case 10:
        return u * 1e-150;
    case 11:
        return u * 1e150;
    case 12:
        return u > 0.4 ? 1.0 : 0.0;
    case 13:
        return (i == j) + 1e-13 * u;
    case 14:
        return u * 0x1p-1040;
    case 15:
        return i == j;
    case 16:
        return i == n - 1 && j == 0 ? 1.0 : 0.0;
    default:
        return (i < n / 2) == (j < n / 2) ? u + 1.0 : 0.0;
    }
}

/* Integer Gram matrices: entry (i, j) = number of common bits of two random rows; rank at most
 * `bits`. */
static double gram_entry(int64_t i, int64_t j, int64_t bits)
{
    double common = 0.0;
    for (int64_t k = 0; k < bits; k++)
        common +=
            (double)(ct_random((uint64_t)k, (uint64_t)i) & ct_random((uint64_t)k, (uint64_t)j) & 1);
    return common;
}

static void fill(matrix *m, int kind)
{
    for (int64_t i = 0; i < m->n; i++)
        for (int64_t j = 0; j <= i; j++)
            set(m, i, j,
                kind == 1   ? gram_entry(i, j, 2 * m->n)
                : kind == 2 ? gram_entry(i, j, m->n / 3 + 1)
                            : entry(kind, m->n, i, j));
}

/* Denormal entries are compared at 2^DENORMAL_SCALE times their size, where LAPACK works. */
#define DENORMAL 14
#define DENORMAL_SCALE 1040

static void reference(matrix *m, int kind, double *expected)
{
    for (int64_t i = 0; i < m->n * m->n; i++)
        m->copy[i] = kind == DENORMAL ? ldexp(m->a[i], DENORMAL_SCALE) : m->a[i];
    ck_assert_int_eq(
        LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'N', 'L', (int)m->n, m->copy, (int)m->n, expected), 0);
}

static void check_identities(const matrix *m)
{
    double trace = 0.0, frobenius = 0.0, sum = 0.0, squares = 0.0,
           scale = largest_modulus(m->n * m->n, m->a);
    if (scale == 0.0)
        return;
    for (int64_t i = 0; i < m->n; i++) {
        trace += m->a[i + i * m->n] / scale;
        sum += m->values[i] / scale;
        squares += m->values[i] / scale * (m->values[i] / scale);
    }
    for (int64_t i = 0; i < m->n * m->n; i++)
        frobenius += m->a[i] / scale * (m->a[i] / scale);
    const double bound = 16.0 * (double)m->n * UNIT;
    ck_assert_double_le(fabs(trace - sum), bound * sqrt((double)m->n * frobenius));
    ck_assert_double_le(fabs(frobenius - squares), bound * frobenius);
}

/* Both solvers may be off by their bound; denormal results are rounded to multiples of 2^-1074. */
static void check_kind(matrix *m, int kind, const double *expected, const char *table)
{
    double bound = 2.0 * tolerance(m->n, expected);
    if (kind == DENORMAL) {
        for (int64_t i = 0; i < m->n; i++)
            m->values[i] = ldexp(m->values[i], DENORMAL_SCALE);
        bound += 0x1p-34;
    } else {
        check_identities(m);
    }
    check_within(m->n, m->values, expected, bound, kinds[kind], table);
}

/* ---- tests ---- */

START_TEST(test_laplacian)
{
    for (int k = 0; ct_eigen_kernels_number(k); k++)
        for (int64_t n = 1; n <= 70; n++) {
            matrix m = new_matrix(n);
            double expected[70];
            for (int64_t i = 0; i < n; i++) {
                set(&m, i, i, 2.0);
                if (i)
                    set(&m, i, i - 1, -1.0);
                const double s = sin((double)(i + 1) * M_PI / (double)(2 * (n + 1)));
                expected[i] = 4.0 * s * s;
            }
            solve(ct_eigen_kernels_number(k), &m);
            check_values(n, m.values, expected, "Laplacian", ct_eigen_kernels_number(k)->name);
            if (n > 1)
                rotate(&m, expected, (uint64_t)n);
            solve(ct_eigen_kernels_number(k), &m);
            check_values(n, m.values, expected, "rotated Laplacian",
                         ct_eigen_kernels_number(k)->name);
            free_matrix(&m);
        }
}
END_TEST

START_TEST(test_wilkinson)
{
    /* J. H. Wilkinson, The Algebraic Eigenvalue Problem (1965), p. 309: W21+. */
    const double expected[21] = {-1.1254415221199840, 0.25380581709667804, 0.94753436752929306,
                                 1.7893213526950809,  2.1302092193625057,  2.9610588841857272,
                                 3.0430992925788238,  3.9960482013836244,  4.0043540234408573,
                                 4.9997824777429010,  5.0002444250019130,  6.0002175222570981,
                                 6.0002340315841669,  7.0039517986163749,  7.0039522095286756,
                                 8.0389411158142735,  8.0389411228290234,  9.2106786473049191,
                                 9.2106786473613319,  10.746194182903322,  10.746194182903393};
    for (int k = 0; ct_eigen_kernels_number(k); k++) {
        matrix m = new_matrix(21);
        for (int64_t i = 0; i < 21; i++) {
            set(&m, i, i, fabs(10.0 - (double)i));
            if (i)
                set(&m, i, i - 1, 1.0);
        }
        solve(ct_eigen_kernels_number(k), &m);
        check_values(21, m.values, expected, "W21+", ct_eigen_kernels_number(k)->name);
        solve_large(ct_eigen_kernels_number(k), &m, 2);
        check_values(21, m.values, expected, "W21+ two-stage", ct_eigen_kernels_number(k)->name);
        free_matrix(&m);
    }
}
END_TEST

/* In ascending order. */
static void prescribe(int kind, int64_t n, double *level)
{
    for (int64_t i = 0; i < n; i++) {
        const double x = (double)i / (double)n;
        level[i] = kind == 0   ? pow(10.0, -20.0 * x)
                   : kind == 1 ? 1.0 + 1e-12 * x
                   : kind == 2 ? (double)(i % 3) - 1.0
                   : kind == 3 ? (i < n / 2 ? 0.0 : x)
                               : (i == 0 ? 1e6 : ct_random_unit(5, (uint64_t)i));
    }
    qsort(level, (size_t)n, sizeof *level, compare);
}

START_TEST(test_prescribed_spectra)
{
    const int64_t sizes[] = {3, 7, 8, 9, 33, 100};
    for (int k = 0; ct_eigen_kernels_number(k); k++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
            for (int kind = 0; kind < 5; kind++) {
                const int64_t n = sizes[s];
                matrix m = new_matrix(n);
                double expected[100];
                prescribe(kind, n, expected);
                rotate(&m, expected, (uint64_t)(n + kind));
                solve(ct_eigen_kernels_number(k), &m);
                check_values(n, m.values, expected, "prescribed", ct_eigen_kernels_number(k)->name);
                solve_large(ct_eigen_kernels_number(k), &m, 1);
                check_values(n, m.values, expected, "prescribed, two-stage",
                             ct_eigen_kernels_number(k)->name);
                free_matrix(&m);
            }
}
END_TEST

START_TEST(test_against_lapack)
{
    const int64_t sizes[] = {1, 2, 3, 4, 5, 8, 11, 16, 17, 24, 31, 47, 64, 95, 130};
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            matrix m = new_matrix(sizes[s]);
            double expected[130];
            fill(&m, kind);
            reference(&m, kind, expected);
            for (int k = 0; ct_eigen_kernels_number(k); k++) {
                solve(ct_eigen_kernels_number(k), &m);
                check_kind(&m, kind, expected, ct_eigen_kernels_number(k)->name);
            }
            free_matrix(&m);
        }
}
END_TEST

START_TEST(test_large_against_lapack)
{
    const int64_t sizes[] = {1, 2, 3, 47, 48, 49, 50, 96, 97, 143, 145, 250};
    const int count = getenv("CUTROPY_TEST_SMALL") ? 11 : 12;
    for (int kind = 0; kind < KINDS; kind++)
        for (int s = 0; s < count; s++) {
            matrix m = new_matrix(sizes[s]);
            double expected[MAX_N];
            fill(&m, kind);
            reference(&m, kind, expected);
            for (int k = 0; ct_eigen_kernels_number(k); k++) {
                solve_large(ct_eigen_kernels_number(k), &m, 1);
                check_kind(&m, kind, expected, ct_eigen_kernels_number(k)->name);
            }
            free_matrix(&m);
        }
}
END_TEST

START_TEST(test_large_threads)
{
    const int64_t sizes[] = {60, 200, 530};
    for (int k = 0; ct_eigen_kernels_number(k); k++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            matrix m = new_matrix(sizes[s]);
            double first[530];
            fill(&m, (int)s);
            solve_large(ct_eigen_kernels_number(k), &m, 1);
            memcpy(first, m.values, (size_t)m.n * sizeof *first);
            for (int threads = 2; threads <= 3; threads++) {
                solve_large(ct_eigen_kernels_number(k), &m, threads);
                ck_assert_mem_eq(m.values, first, (size_t)m.n * sizeof *first);
            }
            free_matrix(&m);
        }
}
END_TEST

START_TEST(test_batch_composition)
{
    enum { COUNT = 21 };
    matrix m[COUNT];
    double *alone[COUNT], *a[COUNT], *values[COUNT];
    int64_t n[COUNT];
    void *work = ct_alloc(ct_eigen_work_bytes(1, MAX_N), 1);
    for (int k = 0; ct_eigen_kernels_number(k); k++) {
        const ct_eigen_kernels *kernels = ct_eigen_kernels_number(k);
        for (int i = 0; i < COUNT; i++) {
            m[i] = new_matrix(i == 20 ? 120 : i % 5 == 4 ? 1 + i : 40 + i % 3);
            fill(&m[i], i % KINDS);
            solve(kernels, &m[i]);
            alone[i] = ct_alloc((size_t)m[i].n, 8);
            memcpy(alone[i], m[i].values, (size_t)m[i].n * 8);
        }
        for (int count = 1; count <= COUNT; count++)
            for (int shift = 0; shift < COUNT; shift += 3) {
                for (int i = 0; i < count; i++) {
                    matrix *one = &m[(i + shift) % COUNT];
                    n[i] = one->n;
                    a[i] = fresh_copy(one);
                    values[i] = one->values;
                    memset(one->values, 0, (size_t)one->n * 8);
                }
                ck_assert_int_eq(ct_eigen_batch_with(kernels, 1, count, n, a, values, work),
                                 CUTROPY_OK);
                for (int i = 0; i < count; i++)
                    ck_assert_mem_eq(values[i], alone[(i + shift) % COUNT], (size_t)n[i] * 8);
            }
        for (int i = 0; i < COUNT; i++) {
            ct_free(alone[i]);
            free_matrix(&m[i]);
        }
    }
    ct_free(work);
}
END_TEST

START_TEST(test_one_and_two)
{
    const double cases[][3] = {{1, 1e-9, 1 + 1e-15},
                               {1, 1, 1},
                               {1e150, 3, -1e150},
                               {0, 0, 0},
                               {0, 5, 0},
                               {1e-300, 1e-301, 2e-300},
                               {3, 1e-160, 3},
                               {1, 1e8, 2},
                               {-7, 2, 4},
                               {1, 1, -1},
                               {4, 6, 9}};
    double one = -3.5, value;
    void *room = ct_alloc(ct_eigen_work_bytes(2, 2), 1);
    ck_assert_int_eq(ct_eigen_one(1, 1, &one, &value, room), CUTROPY_OK);
    ck_assert_double_eq(value, -3.5);
    ck_assert_int_eq(ct_eigen_one(1, 0, NULL, NULL, room), CUTROPY_OK);
    ck_assert_int_eq(ct_eigen_symmetric_large(0, NULL, NULL, NULL, 1), CUTROPY_OK);
    ck_assert_int_eq(ct_eigen_one(2, 0, NULL, NULL, room), CUTROPY_OK);
    ck_assert_int_eq(ct_eigen_hermitian_large(0, NULL, NULL, NULL, 1), CUTROPY_OK);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const long double p = cases[c][0], b = cases[c][1], q = cases[c][2];
        const long double root = sqrtl((p - q) * (p - q) + 4 * b * b);
        double a[4] = {(double)p, (double)b, NAN, (double)q}, values[2];
        ck_assert_int_eq(ct_eigen_one(1, 2, a, values, room), CUTROPY_OK);
        const double norm = (double)((fabsl(p + q) + root) / 2);
        ck_assert_double_le(fabs(values[0] - (double)((p + q - root) / 2)), 4 * UNIT * norm);
        ck_assert_double_le(fabs(values[1] - (double)((p + q + root) / 2)), 4 * UNIT * norm);
    }
    /* [4 6; 6 9] is singular: the determinant form gives exactly zero. */
    double a[4] = {4, 6, 6, 9}, values[2];
    ck_assert_int_eq(ct_eigen_one(1, 2, a, values, room), CUTROPY_OK);
    ck_assert_double_eq(values[0], 0.0);
    ck_assert_double_eq(values[1], 13.0);
    ct_free(room);
}
END_TEST

START_TEST(test_not_finite)
{
    const double bad[] = {(double)NAN, (double)INFINITY, (double)-INFINITY};
    const int64_t sizes[] = {1, 2, 3, 40, 100};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (size_t b = 0; b < 3; b++) {
            matrix m = new_matrix(sizes[s]);
            void *work = ct_alloc(ct_eigen_work_bytes(2, m.n), 1);
            fill(&m, 0);
            set(&m, m.n - 1, m.n / 2, bad[b]);
            ck_assert_int_eq(ct_eigen_one(1, m.n, fresh_copy(&m), m.values, work),
                             CUTROPY_ENUMERIC);
            ck_assert(strstr(cutropy_error(), "NaN or infinity"));
            ck_assert_int_eq(ct_eigen_symmetric_large(m.n, fresh_copy(&m), m.values, NULL, 2),
                             CUTROPY_ENUMERIC);
            double *z = ct_calloc((size_t)(2 * m.n * m.n), 8);
            z[2 * (m.n - 1) + 1] = bad[b];
            ck_assert_int_eq(ct_eigen_one(2, m.n, z, m.values, work), CUTROPY_ENUMERIC);
            ck_assert_int_eq(ct_eigen_hermitian_large(m.n, z, m.values, NULL, 2), CUTROPY_ENUMERIC);
            ct_free(z);
            ct_free(work);
            free_matrix(&m);
        }
}
END_TEST

START_TEST(test_hermitian)
{
    const int64_t sizes[] = {1, 2, 3, 10, 33, 70};
    const double scales[] = {1.0, 1e-150, 1e150};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (size_t q = 0; q < 3; q++) {
            const int64_t n = sizes[s];
            double *a = ct_calloc((size_t)(2 * n * n), 8), *b = ct_calloc((size_t)(2 * n * n), 8),
                   values[70], expected[70];
            void *work = ct_alloc(ct_eigen_work_bytes(2, n), 1);
            for (int64_t j = 0; j < n; j++)
                for (int64_t i = j; i < n; i++) {
                    a[2 * (i + j * n)] = scales[q] * ct_random_normal(1, (uint64_t)(i * n + j));
                    a[2 * (i + j * n) + 1] =
                        i == j ? 0.0 : scales[q] * ct_random_normal(2, (uint64_t)(i * n + j));
                }
            memcpy(b, a, (size_t)(2 * n * n) * 8);
            ck_assert_int_eq(LAPACKE_zheevd(LAPACK_COL_MAJOR, 'N', 'L', (int)n,
                                            (lapack_complex_double *)(void *)b, (int)n, expected),
                             0);
            ck_assert_int_eq(ct_eigen_one(2, n, a, values, work), CUTROPY_OK);
            check_values(n, values, expected, "Hermitian", "one stage");
            ct_free(a);
            ct_free(b);
            ct_free(work);
        }
}
END_TEST

/* ---- complex matrices ---- */

/* (clang 14 knows no CMPLX of glibc's.) */
static double complex pair(double re, double im)
{
    const double parts[2] = {re, im};
    double complex z;
    memcpy(&z, parts, sizeof z);
    return z;
}

static long double complex pair_of_long(long double re, long double im)
{
    const long double parts[2] = {re, im};
    long double complex z;
    memcpy(&z, parts, sizeof z);
    return z;
}

typedef struct hermitian {
    int64_t n;
    double complex *a, *copy; /* the lower triangle; NaN above it */
    double *values;
} hermitian;

static hermitian new_hermitian(int64_t n)
{
    hermitian h = {.n = n,
                   .a = ct_calloc((size_t)(n * n), sizeof *h.a),
                   .copy = ct_calloc((size_t)(n * n), sizeof *h.a),
                   .values = ct_calloc((size_t)n, 8)};
    ck_assert(h.a && h.copy && h.values);
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < j; i++)
            h.a[i + j * n] = pair((double)NAN, (double)NAN);
    return h;
}

static void free_hermitian(hermitian *h)
{
    ct_free(h->a);
    ct_free(h->copy);
    ct_free(h->values);
}

/* In two stages; threads = 0: in one. */
static void solve_hermitian(const ct_eigen_kernels *kernels, hermitian *h, int threads)
{
    double *a = (double *)h->copy;
    memcpy(h->copy, h->a, (size_t)(h->n * h->n) * sizeof *h->a);
    if (!threads) {
        void *work = ct_alloc(ct_eigen_work_bytes(2, h->n), 1);
        ck_assert_int_eq(ct_eigen_batch_with(kernels, 2, 1, &h->n, &a, &h->values, work),
                         CUTROPY_OK);
        ct_free(work);
        return;
    }
    ck_assert_int_eq(ct_eigen_large_with(kernels, 2, h->n, a, h->values, NULL, threads),
                     CUTROPY_OK);
}

static void fill_hermitian(hermitian *h, int kind)
{
    for (int64_t j = 0; j < h->n; j++)
        for (int64_t i = j; i < h->n; i++)
            h->a[i + j * h->n] =
                pair(entry(kind, h->n, i, j), i == j ? 0.0 : entry(kind, h->n, j, i));
}

/* U D U^H for a few complex reflections U, in long double, rounded once at the end. */
static void rotate_hermitian(hermitian *h, const double *diagonal, uint64_t seed)
{
    const int64_t n = h->n;
    long double complex *a = ct_calloc((size_t)(n * n), sizeof *a),
                        *v = ct_calloc((size_t)n, sizeof *v), *p = ct_calloc((size_t)n, sizeof *p);
    ck_assert(a && v && p);
    for (int64_t i = 0; i < n; i++)
        a[i * n + i] = diagonal[i];
    for (uint64_t round = 0; round < 3; round++) {
        long double norm = 0, dot = 0;
        for (int64_t i = 0; i < n; i++) {
            v[i] = pair_of_long((long double)ct_random_unit(seed + round, (uint64_t)(2 * i)) - 0.5L,
                                (long double)ct_random_unit(seed + round, (uint64_t)(2 * i + 1)) -
                                    0.5L);
            norm += creall(v[i] * conjl(v[i]));
        }
        for (int64_t i = 0; i < n; i++) {
            p[i] = 0;
            for (int64_t j = 0; j < n; j++)
                p[i] += a[i * n + j] * v[j];
            p[i] *= 2 / norm;
            dot += creall(conjl(v[i]) * p[i]);
        }
        for (int64_t i = 0; i < n; i++)
            p[i] -= dot / norm * v[i];
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++)
                a[i * n + j] -= v[i] * conjl(p[j]) + p[i] * conjl(v[j]);
    }
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = j; i < n; i++)
            h->a[i + j * n] = pair((double)creall(a[i * n + j]), (double)cimagl(a[i * n + j]));
    ct_free(a);
    ct_free(v);
    ct_free(p);
}

START_TEST(test_hermitian_prescribed)
{
    const int64_t sizes[] = {1, 2, 3, 9, 48, 49, 100, 145};
    const int count = getenv("CUTROPY_TEST_SMALL") ? 7 : 8;
    for (int k = 0; ct_eigen_kernels_number(k); k++)
        for (int s = 0; s < count; s++)
            for (int kind = 0; kind < 5; kind++) {
                const int64_t n = sizes[s];
                hermitian h = new_hermitian(n);
                double expected[145];
                prescribe(kind, n, expected);
                rotate_hermitian(&h, expected, (uint64_t)(n + kind));
                for (int threads = 0; threads < 2; threads++) {
                    solve_hermitian(ct_eigen_kernels_number(k), &h, threads);
                    check_values(n, h.values, expected,
                                 threads ? "prescribed Hermitian" : "the same in one stage",
                                 ct_eigen_kernels_number(k)->name);
                }
                free_hermitian(&h);
            }
}
END_TEST

START_TEST(test_hermitian_kinds)
{
    const int64_t sizes[] = {2, 3, 47, 48, 50, 97, 150};
    const int count = getenv("CUTROPY_TEST_SMALL") ? 5 : 7;
    for (int kind = 0; kind < KINDS; kind++)
        for (int s = 0; s < count; s++) {
            const int64_t n = sizes[s];
            hermitian h = new_hermitian(n);
            double expected[150];
            fill_hermitian(&h, kind);
            for (int64_t i = 0; i < n * n; i++) /* powers of two: no rounding */
                h.copy[i] = kind == DENORMAL ? pair(ldexp(creal(h.a[i]), DENORMAL_SCALE),
                                                    ldexp(cimag(h.a[i]), DENORMAL_SCALE))
                                             : h.a[i];
            ck_assert_int_eq(LAPACKE_zheevd_work(LAPACK_COL_MAJOR, 'N', 'L', (int)n, h.copy, (int)n,
                                                 expected, (double complex[151]){0}, 151,
                                                 (double[150]){0}, 150, (lapack_int[1]){0}, 1),
                             0);
            for (int j = 0; ct_eigen_kernels_number(j / 2); j++) {
                const int k = j / 2, threads = j % 2;
                double bound = 2.0 * tolerance(n, expected);
                solve_hermitian(ct_eigen_kernels_number(k), &h, threads);
                for (int64_t i = 0; kind == DENORMAL && i < n; i++)
                    h.values[i] = ldexp(h.values[i], DENORMAL_SCALE);
                bound += kind == DENORMAL ? 0x1p-34 : 0.0;
                check_within(n, h.values, expected, bound, kinds[kind],
                             ct_eigen_kernels_number(k)->name);
            }
            free_hermitian(&h);
        }
}
END_TEST

/* Numbers without a phase of their own: purely imaginary, tiny beside the rest of a column, denormal. */
START_TEST(test_hermitian_phases)
{
    enum { N = 60 };
    const double first[] = {0.0, 0x1p-1074, 0x1p-600, 0x1p-410, 0x1p-400, 0x1p-300, 1.0};
    for (int k = 0; ct_eigen_kernels_number(k); k++)
        for (size_t f = 0; f < sizeof first / sizeof first[0]; f++) {
            hermitian h = new_hermitian(N);
            double expected[N] = {0.0};
            /* one column and its adjoint: plus and minus its norm, and zeros */
            h.a[1] = pair(first[f], first[f]);
            h.a[N / 2] = pair(0.0, first[f]);
            h.a[N - 1] = pair(0.0, 1.0);
            expected[0] = -sqrt(3.0 * first[f] * first[f] + 1.0);
            expected[N - 1] = -expected[0];
            for (int threads = 0; threads < 2; threads++) {
                solve_hermitian(ct_eigen_kernels_number(k), &h, threads);
                check_values(N, h.values, expected, "phases", ct_eigen_kernels_number(k)->name);
            }
            free_hermitian(&h);
        }
}
END_TEST

/* Values do not depend on what else is in the batch. */
START_TEST(test_hermitian_batch)
{
    enum { COUNT = 19 };
    hermitian h[COUNT];
    double alone[COUNT][40], *a[COUNT], *values[COUNT];
    int64_t n[COUNT];
    void *work = ct_alloc(ct_eigen_work_bytes(2, 40), 1);
    for (int k = 0; ct_eigen_kernels_number(k); k++) {
        for (int i = 0; i < COUNT; i++) {
            h[i] = new_hermitian(n[i] = i < 4 ? i + 1 : 26 + (i * 5) % 15);
            fill_hermitian(&h[i], i % KINDS);
            solve_hermitian(ct_eigen_kernels_number(k), &h[i], 0);
            memcpy(alone[i], h[i].values, (size_t)n[i] * sizeof *alone[i]);
            memcpy(h[i].copy, h[i].a, (size_t)(n[i] * n[i]) * sizeof *h[i].a);
            a[i] = (double *)h[i].copy;
            values[i] = h[i].values;
        }
        ck_assert_int_eq(
            ct_eigen_batch_with(ct_eigen_kernels_number(k), 2, COUNT, n, a, values, work),
            CUTROPY_OK);
        for (int i = 0; i < COUNT; i++) {
            ck_assert_mem_eq(values[i], alone[i], (size_t)n[i] * sizeof *alone[i]);
            free_hermitian(&h[i]);
        }
    }
    ct_free(work);
}
END_TEST

START_TEST(test_hermitian_threads)
{
    const int64_t sizes[] = {60, 300};
    for (int k = 0; ct_eigen_kernels_number(k); k++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            hermitian h = new_hermitian(sizes[s]);
            double first[300];
            fill_hermitian(&h, 0);
            solve_hermitian(ct_eigen_kernels_number(k), &h, 1);
            memcpy(first, h.values, (size_t)h.n * sizeof *first);
            for (int threads = 2; threads <= 3; threads++) {
                solve_hermitian(ct_eigen_kernels_number(k), &h, threads);
                ck_assert_mem_eq(h.values, first, (size_t)h.n * sizeof *first);
            }
            free_hermitian(&h);
        }
}
END_TEST

START_TEST(test_allocation_failures)
{
    const int64_t n = 100;
    double *a = aligned_alloc(64, (size_t)(n * n) * 8), values[100];
    bool fired = true;
    for (int limit = 0; fired; limit++) {
        ck_assert_int_lt(limit, 20);
        for (int64_t i = 0; i < n * n; i++)
            a[i] = 1.0;
        failing_allocator_start_all(limit);
        const cutropy_status status = ct_eigen_symmetric_large(n, a, values, NULL, 1);
        fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        ck_assert_int_eq(failing_allocator_live(), 0);
    }
    cutropy_set_allocator(NULL, NULL, NULL);
    free(a);
    for (int64_t size = 1; size < 1100;
         size++) { /* room for the largest of a batch is room for all */
        ck_assert_int_ge(ct_eigen_order(size), ct_eigen_order(size - 1));
        ck_assert(ct_eigen_order(size) >= size && ct_eigen_order(size) % 8 == 0);
    }
    ck_assert_uint_eq(ct_eigen_work_bytes(1, -1), 0);
    ck_assert_uint_eq(ct_eigen_work_bytes(1, INT64_MAX), 0);
    ck_assert_uint_eq(ct_eigen_work_bytes(2, INT64_MAX), 0);
}
END_TEST

START_TEST(test_blas_is_serial)
{
    /* The references run single-threaded, as the program does. */
    openblas_set_num_threads(1);
    ck_assert_int_eq(openblas_get_num_threads(), 1);
}
END_TEST

static int stop_at_third(const char *stage, uint64_t done, uint64_t total, void *user)
{
    ck_assert_str_eq(stage, "eigenvalues");
    ck_assert_uint_lt(done, total);
    return ++*(int *)user == 3;
}

/* The watch is asked once a panel from the calling thread; its first non-zero answer ends the
 * reduction. */
START_TEST(large_matrix_stops)
{
    enum { N = 400 };
    int asked = 0;
    const ct_watch watch = {.report = stop_at_third, .user = &asked};
    double *a = ct_calloc((size_t)N * N, sizeof *a), *values = ct_alloc(N, sizeof *values);
    ck_assert(a && values);
    for (size_t i = 0; i < N; i++)
        a[i * N + i] = (double)i;
    ck_assert_int_eq(ct_eigen_symmetric_large(N, a, values, &watch, 2), CUTROPY_ECANCELLED);
    ck_assert_int_eq(asked, 3);
    ct_free(a);
    ct_free(values);
}
END_TEST

CHECK_MAIN("eigen", large_matrix_stops, test_blas_is_serial, test_laplacian, test_wilkinson,
           test_prescribed_spectra, test_against_lapack, test_large_against_lapack,
           test_large_threads, test_batch_composition, test_one_and_two, test_not_finite,
           test_hermitian, test_hermitian_prescribed, test_hermitian_kinds, test_hermitian_phases,
           test_hermitian_batch, test_hermitian_threads, test_allocation_failures)
