/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues: own kernels against LAPACK, stage by stage, in one run.
 *
 *   bench_eigen [N...]          many small matrices, one thread, microseconds a matrix
 *   bench_eigen --large N [T]   one matrix of size N on T threads (default 2), seconds
 *   bench_eigen --hermitian [N...]  complex matrices on one thread: one stage against two
 *
 * Matrices are Gram matrices of random 0/1 rows (like those of a random function). Each time is the
 * best of several. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cblas.h>
#include <lapacke.h>

#include "backend/cpu/eigen/band.h"
#include "backend/cpu/eigen/eigen.h"

#define COUNT CT_EIGEN_LANES

/* One-thread cases are timed by the clock of the thread, which other programs on the machine
 * disturb less. */
static int cpu_clock = 1;

static double now(void)
{
    struct timespec t;
    clock_gettime(cpu_clock ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Common bits of random rows of 2n bits, packed. */
static void fill_gram(int64_t n, uint64_t seed, double *a)
{
    const int64_t words = (2 * n + 63) / 64;
    uint64_t *rows = ct_alloc((size_t)(n * words), sizeof *rows);
    for (int64_t i = 0; rows && i < n * words; i++)
        rows[i] = ct_random(seed, (uint64_t)i);
    for (int64_t i = 0; rows && i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            int common = 0;
            for (int64_t w = 0; w < words; w++)
                common += __builtin_popcountll(rows[i * words + w] & rows[j * words + w]);
            a[i + j * n] = a[j + i * n] = common;
        }
    ct_free(rows);
}

/* ---- many small ones
 * --------------------------------------------------------------------------------------------- */

typedef struct small {
    int64_t n, sizes[COUNT];
    double *source[COUNT], *a[COUNT], *values[COUNT], *work, *lapack_work, *d, *e, *tau;
} small;

static double lapack_time(small *s, double *reduction)
{
    const int n = (int)s->n;
    double best = INFINITY;
    *reduction = INFINITY;
    for (int repeat = 0; repeat < 10; repeat++) {
        double first = 0.0, second = 0.0;
        for (int k = 0; k < COUNT; k++) {
            const double t0 = now();
            LAPACKE_dsytrd_work(LAPACK_COL_MAJOR, 'L', n, s->a[k], n, s->d, s->e, s->tau,
                                s->lapack_work, 64 * n);
            const double t1 = now();
            LAPACKE_dsterf_work(n, s->d, s->e);
            first += t1 - t0;
            second += now() - t1;
            memcpy(s->a[k], s->source[k], (size_t)(s->n * s->n) * sizeof(double));
        }
        best = fmin(best, first + second);
        *reduction = fmin(*reduction, first);
    }
    return best;
}

static double own_time(small *s, const ct_eigen_kernels *kernels, int lanes)
{
    double best = INFINITY;
    for (int repeat = 0; repeat < 10; repeat++) {
        const double t0 = now();
        for (int k = 0; k < COUNT; k += lanes)
            ct_eigen_batch_with(kernels, 1, lanes, s->sizes, s->a + k, s->values + k, s->work);
        best = fmin(best, now() - t0);
        for (int k = 0; k < COUNT; k++)
            memcpy(s->a[k], s->source[k], (size_t)(s->n * s->n) * sizeof(double));
    }
    return best;
}

static double two_stage_time(small *s, const ct_eigen_kernels *kernels)
{
    double best = INFINITY;
    for (int repeat = 0; repeat < 5; repeat++) {
        const double t0 = now();
        ct_eigen_large_with(kernels, 1, s->n, s->a[0], s->values[0], NULL, 1);
        best = fmin(best, now() - t0);
        memcpy(s->a[0], s->source[0], (size_t)(s->n * s->n) * sizeof(double));
    }
    return best;
}

static void bench_size(int64_t n)
{
    const double unit = 1e6 / COUNT;
    const size_t order = (size_t)n;
    small s = {.n = n};
    s.work = ct_alloc(ct_eigen_work_bytes(1, n), 1);
    s.lapack_work = ct_alloc(64 * order, sizeof(double));
    s.d = ct_alloc(order, sizeof(double));
    s.e = ct_alloc(order, sizeof(double));
    s.tau = ct_alloc(order, sizeof(double));
    for (int k = 0; k < COUNT; k++) {
        s.sizes[k] = n;
        s.source[k] = ct_alloc(order * order, sizeof(double));
        s.a[k] = ct_alloc(order * order, sizeof(double));
        s.values[k] = ct_alloc(order, sizeof(double));
        fill_gram(n, (uint64_t)k, s.source[k]);
        memcpy(s.a[k], s.source[k], order * order * sizeof(double));
    }
    double reduction;
    const double lapack = lapack_time(&s, &reduction);
    printf("%5lld  %9.2f %9.2f %9.2f ", (long long)n, lapack * unit, reduction * unit,
           (lapack - reduction) * unit);
    for (int k = 0; ct_eigen_kernels_number(k); k++) {
        const double batch = own_time(&s, ct_eigen_kernels_number(k), COUNT);
        printf("  %9.2f %6.2f", batch * unit, lapack / batch);
    }
    const ct_eigen_kernels *best = ct_eigen_kernels_best();
    printf("  %9.2f", own_time(&s, best, 1) * unit);
    printf("  %9.2f\n", n > 2 ? two_stage_time(&s, best) * 1e6 : 0.0);
    for (int k = 0; k < COUNT; k++) {
        ct_free(s.source[k]);
        ct_free(s.a[k]);
        ct_free(s.values[k]);
    }
    ct_free(s.work);
    ct_free(s.lapack_work);
    ct_free(s.d);
    ct_free(s.e);
    ct_free(s.tau);
}

static void bench_small(int count, char **sizes)
{
    static const int64_t usual[] = {3,  4,   8,   12,  16,  24,  32,  48,  64,
                                    96, 128, 192, 256, 384, 512, 640, 768, 1024};
    printf("microseconds a matrix, one thread; ratio = LAPACK / own\n");
    printf("    n  dsytrd+dsterf  (dsytrd) (dsterf)");
    for (int k = 0; ct_eigen_kernels_number(k); k++)
        printf("  %9s  ratio", ct_eigen_kernels_number(k)->name);
    printf("  one by one  two-stage\n");
    for (int i = 0; i < count; i++)
        bench_size(atoll(sizes[i]));
    for (size_t i = 0; count == 0 && i < sizeof usual / sizeof usual[0]; i++)
        bench_size(usual[i]);
}

/* ---- one large one
 * -----------------------------------------------------------------------------------------------
 */

static void bench_stages(int64_t n, double *a, int threads)
{
    const ct_eigen_kernels *kernels = ct_eigen_kernels_best();
    double *band = ct_alloc(ct_band_count(n), sizeof *band);
    if (!band)
        return;
    const double t0 = now();
    ct_band_reduce(kernels, 1, n, a, 0, band, NULL, threads);
    const double t1 = now();
    ct_band_chase(kernels, 1, n, band, threads);
    const double t2 = now();
    printf("own stages         reduce %.3f s (%.0f Gflop/s), chase %.3f s\n", t1 - t0,
           4.0 / 3.0 * (double)n * (double)n * (double)n / (t1 - t0) * 1e-9, t2 - t1);
    ct_free(band);
}

static void bench_large(int64_t n, int threads)
{
    cpu_clock = threads == 1;
    const size_t bytes = (size_t)(n * n) * sizeof(double);
    double *source = ct_alloc(bytes, 1), *a = ct_alloc(bytes, 1), *values = ct_alloc((size_t)n, 8),
           *other = ct_alloc((size_t)n, 8);
    if (!source || !a || !values || !other) {
        printf("not enough memory for n = %lld\n", (long long)n);
        return;
    }
    fill_gram(n, 1, source);
    memcpy(a, source, bytes);
    bench_stages(n, a, threads);
    memcpy(a, source, bytes);
    double t = now();
    ct_eigen_symmetric_large(n, a, values, NULL, threads);
    printf("own                %.3f s on %d threads\n", now() - t, threads);
    openblas_set_num_threads(threads);
    memcpy(a, source, bytes);
    t = now();
    LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'N', 'L', (int)n, a, (int)n, other);
    printf("dsyevd             %.3f s\n", now() - t);
    memcpy(a, source, bytes);
    t = now();
    LAPACKE_dsyevd_2stage(LAPACK_COL_MAJOR, 'N', 'L', (int)n, a, (int)n, other);
    printf("dsyevd_2stage      %.3f s\n", now() - t);
    double error = 0.0;
    for (int64_t i = 0; i < n; i++)
        error = fmax(error, fabs(values[i] - other[i]));
    printf("largest difference %.1f u |A|, sqrt(n) = %.1f\n", error / other[n - 1] * 0x1p53,
           sqrt((double)n));
    ct_free(source);
    ct_free(a);
    ct_free(values);
    ct_free(other);
}

/* ---- complex ones ---- */

static void bench_hermitian(int64_t n)
{
    const size_t count = (size_t)(2 * n * n), order = (size_t)n;
    double *source = ct_alloc(count, sizeof *source), *a = ct_alloc(count, sizeof *a),
           *values = ct_alloc(order, sizeof *values), *other = ct_alloc(order, sizeof *other);
    void *work = ct_alloc(ct_eigen_work_bytes(2, n), 1);
    double one = INFINITY, two = INFINITY, error = 0.0;
    for (size_t i = 0; source && i < count; i++)
        source[i] = ct_random_normal(1, i);
    for (int repeat = 0; source && a && values && other && work && repeat < (n > 600 ? 2 : 5);
         repeat++) {
        memcpy(a, source, count * sizeof *a);
        double t = now();
        ct_eigen_one(2, n, a, other, work);
        one = fmin(one, now() - t);
        memcpy(a, source, count * sizeof *a);
        t = now();
        ct_eigen_hermitian_large(n, a, values, NULL, 1);
        two = fmin(two, now() - t);
    }
    for (int64_t i = 0; i < n; i++)
        error = fmax(error, fabs(values[i] - other[i]));
    printf("%5lld  %10.0f  %10.0f  %5.2f  %6.2f\n", (long long)n, one * 1e6, two * 1e6, one / two,
           error / fmax(-other[0], other[n - 1]) * 0x1p53 / sqrt((double)n));
    ct_free(source);
    ct_free(a);
    ct_free(values);
    ct_free(other);
    ct_free(work);
}

static void bench_hermitians(int count, char **sizes)
{
    static const int64_t usual[] = {32, 64, 96, 128, 192, 256, 384, 512, 768, 1024};
    printf("microseconds a complex matrix, one thread\n");
    printf("    n   one stage  two stages  ratio  largest difference in sqrt(n) u |A|\n");
    for (int i = 0; i < count; i++)
        bench_hermitian(atoll(sizes[i]));
    for (size_t i = 0; count == 0 && i < sizeof usual / sizeof usual[0]; i++)
        bench_hermitian(usual[i]);
}

int main(int argc, char **argv)
{
    openblas_set_num_threads(1);
    if (argc >= 3 && !strcmp(argv[1], "--large"))
        bench_large(atoll(argv[2]), argc > 3 ? atoi(argv[3]) : 2);
    else if (argc >= 2 && !strcmp(argv[1], "--hermitian"))
        bench_hermitians(argc - 2, argv + 2);
    else
        bench_small(argc - 1, argv + 1);
    return 0;
}
