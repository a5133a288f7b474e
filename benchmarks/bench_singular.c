/* SPDX-License-Identifier: Apache-2.0 */
/* Small Schmidt values: which road, and when?
 *
 *   bench_singular [N...]     microseconds a square matrix of size N, one thread
 *
 * The Gram matrix and its eigenvalues cost least and lose every Schmidt value below 1e-8 of the
 * largest. Beside it the routines of LAPACK that work on the matrix itself: dgejsv (QR with
 * pivoting, then one-sided Jacobi rotations; the one that cutropy uses,
 * src/backend/cpu/singular.c), dgesvj (the rotations alone) and dgesdd (bidiagonal, divide and
 * conquer). Graded: B D with D = 1 .. 1e-12, and the largest |sigma - sigma'| / sigma' of the others
 * against dgejsv. Each time is the best of several. Where cutropy takes which road says
 * src/engine/cut/small_values.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cblas.h>
#include <lapacke.h>

#include "backend/operations.h"
#include "base/base.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef enum road { GRAM, GEJSV, GESVJ, GESDD, ROADS } road;

typedef struct bench {
    int64_t n;
    double *source, *a, *h, *work;
    double *values[ROADS], *ascending;
} bench;

/* Uniform entries; graded: column j times 10^(-12 j / n). */
static void fill(bench *b, bool graded)
{
    for (int64_t j = 0; j < b->n; j++)
        for (int64_t i = 0; i < b->n; i++)
            b->source[i + j * b->n] =
                ((double)(ct_random(7, (uint64_t)(i + j * b->n)) >> 11) * 0x1p-53 - 0.4) *
                (graded ? pow(10, -12.0 * (double)j / (double)b->n) : 1);
}

static void run_road(bench *b, road which)
{
    const ct_operations *cpu = ct_operations_cpu();
    const int n = (int)b->n;
    double condition;
    cutropy_status status = CUTROPY_OK;
    if (which == GRAM) {
        status = cpu->gram_real(b->n, b->n, b->a, b->h, 1);
        const ct_eigen_job job = {.n = b->n, .a = b->h, .values = b->ascending};
        if (status == CUTROPY_OK)
            status = cpu->eigenvalues(1, &job, NULL, 1);
    } else if (which == GEJSV) {
        status = cpu->singular_values(b->n, b->n, false, b->a, b->values[GEJSV], &condition);
    } else if (which == GESVJ) {
        status = (cutropy_status)LAPACKE_dgesvj_work(LAPACK_COL_MAJOR, 'G', 'N', 'N', n, n, b->a, n,
                                                     b->values[GESVJ], 0, NULL, 1, b->work, 64 * n);
    } else {
        status = (cutropy_status)LAPACKE_dgesdd(LAPACK_COL_MAJOR, 'N', n, n, b->a, n,
                                                b->values[GESDD], NULL, 1, NULL, 1);
    }
    if (status != CUTROPY_OK)
        fprintf(stderr, "road %d: %s\n", (int)which, cutropy_error());
}

static double road_time(bench *b, road which)
{
    const int repeats = b->n < 128 ? 20 : b->n < 512 ? 5 : 2;
    double best = INFINITY;
    for (int repeat = 0; repeat < repeats; repeat++) {
        memcpy(b->a, b->source, (size_t)(b->n * b->n) * sizeof *b->a);
        const double t0 = now();
        run_road(b, which);
        best = fmin(best, now() - t0);
    }
    return best;
}

/* Largest relative distance from dgejsv's values. */
static double difference(const bench *b, road which)
{
    double worst = 0;
    for (int64_t i = 0; i < b->n; i++) {
        const double here =
            which == GRAM ? sqrt(fmax(b->ascending[b->n - 1 - i], 0)) : b->values[which][i];
        worst = fmax(worst, fabs(here - b->values[GEJSV][i]) / b->values[GEJSV][i]);
    }
    return worst;
}

static void bench_size(int64_t n)
{
    bench b = {.n = n};
    const size_t order = (size_t)n;
    b.source = ct_alloc(order * order, sizeof(double));
    b.a = ct_alloc(order * order, sizeof(double));
    b.h = ct_alloc(order * order, sizeof(double));
    b.work = ct_alloc(64 * order, sizeof(double));
    b.ascending = ct_alloc(order, sizeof(double));
    for (int r = 0; r < ROADS; r++)
        b.values[r] = ct_alloc(order, sizeof(double));
    fill(&b, false);
    double plain[ROADS], graded[ROADS];
    for (int r = 0; r < ROADS; r++)
        plain[r] = road_time(&b, (road)r);
    fill(&b, true);
    for (int r = 0; r < ROADS; r++)
        graded[r] = road_time(&b, (road)r);
    printf("%5lld", (long long)n);
    for (int r = 0; r < ROADS; r++)
        printf("  %10.1f", plain[r] * 1e6);
    printf("  %6.1f", plain[GEJSV] / plain[GRAM]);
    for (int r = 0; r < ROADS; r++)
        printf("  %10.1f", graded[r] * 1e6);
    printf("  %8.1e %8.1e %8.1e\n", difference(&b, GRAM), difference(&b, GESVJ),
           difference(&b, GESDD));
    for (int r = 0; r < ROADS; r++)
        ct_free(b.values[r]);
    ct_free(b.source);
    ct_free(b.a);
    ct_free(b.h);
    ct_free(b.work);
    ct_free(b.ascending);
}

int main(int argc, char **argv)
{
    static const int64_t usual[] = {4, 8, 16, 32, 64, 128, 256, 512, 1024};
    openblas_set_num_threads(1);
    printf(
        "microseconds a matrix, one thread: uniform entries, then graded ones (with the relative "
        "distance from dgejsv)\n"
        "    n        gram      dgejsv      dgesvj      dgesdd   ratio        gram      dgejsv    "
        "  dgesvj      dgesdd     gram   dgesvj   dgesdd\n");
    for (int i = 1; i < argc; i++)
        bench_size(atoll(argv[i]));
    for (size_t i = 0; argc == 1 && i < sizeof usual / sizeof *usual; i++)
        bench_size(usual[i]);
    return 0;
}
