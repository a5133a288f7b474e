/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues on a GPU: a ladder of kernels/eigen.cu, one JSON line each. Has never run on a GPU.
 *
 *   bench_eigen_gpu [MEBIBYTES]    of matrices a launch, default 256
 *
 * eigen_small: random symmetric and Hermitian matrices; eigen_medium: the same by reflections and QL; eigen_band: symmetric
 * ones over a band; eigen_band_bisect: bisected instead of QL; eigen_wide: large ones by all blocks of the device, Hermitian ones many together too; bisect: one random tridiagonal matrix. What the libraries take
 * for the same sizes says bench_libraries_gpu. A
 * time is between two events, median and best of several launches after one that does not count.
 * Every launch's sums of eigenvalues are compared with the traces; a wrong one ends the program. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define BENCH "bench_eigen_gpu"
#include "bench_gpu.h"
#include "kernels.h"

#define REPEATS 9

static void print_line(const char *kernel, int parts, int64_t n, int64_t count, float *ms,
                       int repeats)
{
    qsort(ms, (size_t)repeats, sizeof *ms, ascending);
    printf("{\"kernel\": \"%s\", \"parts\": %d, \"n\": %lld, \"count\": %lld, \"median_ms\": %.4f, "
           "\"best_ms\": %.4f, \"median_ns_each\": %.2f}\n",
           kernel, parts, (long long)n, (long long)count, (double)ms[repeats / 2], (double)ms[0],
           1e6 * (double)ms[repeats / 2] / (double)count);
    fflush(stdout);
}

static void check_sums(const char *kernel, int64_t n, int64_t count, const double *values,
                       const double *trace)
{
    for (int64_t i = 0; i < count; i++) {
        double sum = 0, scale = 1;
        for (int64_t k = 0; k < n; k++) {
            sum += values[i * n + k];
            scale += fabs(values[i * n + k]);
        }
        if (!(fabs(sum - trace[i]) <= 1e-13 * (double)n * scale)) {
            fprintf(stderr,
                    "bench_eigen_gpu: %s, n = %lld: matrix %lld has trace %.17g, not %.17g\n",
                    kernel, (long long)n, (long long)i, trace[i], sum);
            exit(1);
        }
    }
}

/* Milliseconds of one launch; the first call of a series warms up. */
typedef struct stopwatch {
    cudaEvent_t start, end;
} stopwatch;

static void stopwatch_start(const stopwatch *c)
{
    must(cudaEventRecord(c->start, NULL), "cudaEventRecord");
}

static float stopwatch_stop(const stopwatch *c)
{
    float ms = 0;
    must(cudaEventRecord(c->end, NULL), "cudaEventRecord");
    must(cudaEventSynchronize(c->end), "the kernel");
    must(cudaEventElapsedTime(&ms, c->start, c->end), "cudaEventElapsedTime");
    return ms;
}

typedef struct eigen_arrays {
    double *a, *values;
    int32_t *info;
    double *work; /* of all roads but the first */
} eigen_arrays;

typedef enum road {
    SMALL,
    MEDIUM,
    BAND,
    BAND_BISECT,
    WIDE
} road; /* BAND and BAND_BISECT: real matrices only */

static const char *const road_name[] = {"eigen_small", "eigen_medium", "eigen_band",
                                        "eigen_band_bisect", "eigen_wide"};

static size_t largest(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t work_bytes(road way, int64_t count, int n, int parts)
{
    const size_t most =
        way == WIDE
            ? largest(ct_wide_band_bytes(count, n, parts), ct_wide_chase_bytes(count, n, parts))
            : largest(ct_ql_bytes(count, n),
                      largest(ct_band_bytes(count, n), ct_chase_bytes(count, n)));
    return sizeof(double) * (size_t)(count * (2 * n + 1) + 1) + most;
}

static void launch(road way, const eigen_arrays *p, int64_t count, int n, int parts)
{
    double *d = p->work, *e = d + count * n, *scales = e + count * n,
           *room = d + (count * (2 * n + 1) + 1) / 2 * 2; /* aligned to 16 bytes */
    if (way == SMALL) {
        must(ct_launch_eigen_small(p->a, count, n, parts, p->values, p->info, NULL), "eigen_small");
        return;
    }
    if (way == WIDE) {
        must(cudaMemsetAsync(p->info, 0, (size_t)count * sizeof *p->info, NULL), "cudaMemsetAsync");
        must(ct_launch_wide_band(p->a, count, n, parts, scales, room, NULL), "wide_band");
        must(ct_launch_wide_chase(p->a, count, n, parts, scales, room, d, e, NULL), "wide_chase");
        must(ct_launch_bisect(d, e, count, n, p->values, p->info, NULL), "bisect");
        return;
    }
    if (way == MEDIUM) {
        must(ct_launch_tridiagonal(p->a, count, n, parts, d, e, NULL), "tridiagonal");
    } else {
        must(ct_launch_band(p->a, count, n, scales, room, NULL), "band");
        must(ct_launch_chase(p->a, count, n, scales, room, d, e, NULL), "chase");
    }
    must(ct_launch_ql(d, e, count, n, way == BAND_BISECT ? 0 : CT_QL_SWEEPS(n), room, p->values,
                      p->info, NULL),
         "ql");
}

/* Matrices that have so many bytes together, or one. */
static int64_t count_of(int n, int parts, double mebibytes)
{
    return 1 + (int64_t)(mebibytes * 1048576) / (8 * (int64_t)n * n * parts);
}

static void bench_batch(const stopwatch *c, road way, int n, int parts, int64_t count, int repeats)
{
    const char *name = road_name[way];
    const int64_t each = (int64_t)n * n * parts;
    const size_t values_bytes = (size_t)(count * n) * sizeof(double);
    double *a = host_new((size_t)(count * each) * sizeof *a);
    double *trace = host_new((size_t)count * sizeof *trace), *values = host_new(values_bytes);
    int32_t *info = host_new((size_t)count * sizeof *info);
    for (int64_t i = 0; i < count; i++) {
        for (int64_t e = 0; e < each; e++)
            a[i * each + e] = number();
        trace[i] = 0;
        for (int64_t k = 0; k < n; k++)
            trace[i] += a[i * each + k * (n + 1) * parts];
    }
    double *device_a = device_new(a, (size_t)(count * each) * sizeof *a);
    double *device_values = device_new(NULL, values_bytes);
    int32_t *device_info = device_new(NULL, (size_t)count * sizeof *info);
    const eigen_arrays arrays = {device_a, device_values, device_info,
                                 device_new(NULL, work_bytes(way, count, n, parts))};
    float ms[REPEATS];
    for (int repeat = -1; repeat < repeats; repeat++) {
        if (way >= BAND) /* which destroy them */
            must(
                cudaMemcpy(device_a, a, (size_t)(count * each) * sizeof *a, cudaMemcpyHostToDevice),
                "cudaMemcpy");
        stopwatch_start(c);
        launch(way, &arrays, count, n, parts);
        const float time = stopwatch_stop(c);
        if (repeat >= 0)
            ms[repeat] = time;
        must(cudaMemcpy(values, device_values, values_bytes, cudaMemcpyDeviceToHost), "cudaMemcpy");
        must(cudaMemcpy(info, device_info, (size_t)count * sizeof *info, cudaMemcpyDeviceToHost),
             "cudaMemcpy");
        check_sums(name, n, count, values, trace);
        for (int64_t i = 0; i < count; i++)
            if (info[i])
                must(cudaErrorUnknown, "a matrix did not converge");
    }
    print_line(name, parts, n, count, ms, repeats);
    must(cudaFree(arrays.work), "cudaFree");
    must(cudaFree(device_a), "cudaFree");
    must(cudaFree(device_values), "cudaFree");
    must(cudaFree(device_info), "cudaFree");
    free(a);
    free(trace);
    free(values);
    free(info);
}

static void bench_bisect(const stopwatch *c, int64_t n)
{
    const size_t bytes = (size_t)n * sizeof(double);
    double *d = host_new(bytes), *e = host_new(bytes), *values = host_new(bytes), trace = 0;
    for (int64_t i = 0; i < n; i++) {
        trace += d[i] = number();
        e[i] = number();
    }
    double *device_d = device_new(d, bytes), *device_e = device_new(e, bytes),
           *device_values = device_new(NULL, bytes);
    int32_t info = 0, *device_info = device_new(&info, sizeof info);
    float ms[REPEATS];
    for (int repeat = -1; repeat < REPEATS; repeat++) {
        stopwatch_start(c);
        must(ct_launch_bisect(device_d, device_e, 1, n, device_values, device_info, NULL),
             "bisect");
        const float time = stopwatch_stop(c);
        if (repeat >= 0)
            ms[repeat] = time;
        must(cudaMemcpy(values, device_values, bytes, cudaMemcpyDeviceToHost), "cudaMemcpy");
        check_sums("bisect", n, 1, values, &trace);
    }
    print_line("bisect", 1, n, 1, ms, REPEATS);
    must(cudaFree(device_d), "cudaFree");
    must(cudaFree(device_e), "cudaFree");
    must(cudaFree(device_values), "cudaFree");
    must(cudaFree(device_info), "cudaFree");
    free(d);
    free(e);
    free(values);
}

int main(int argc, char **argv)
{
    static const int sizes[] = {3, 4, 8, 12, 16}, medium[] = {16, 24, 32, 48, 64, 96, 128},
                     wide[] = {768, 1025, 1536, 2048, 4096, 8192, 16384, 32768},
                     hermitian[] = {64, 96, 128, 256, 512, 1024, 2048, 4096, 8192},
                     band[] = {96, 128, 192, 256, 384, 512, 768, 1024};
    char *end = NULL;
    const double mebibytes = argc > 1 ? strtod(argv[1], &end) : 256;
    stopwatch c;
    if (argc > 2 || (end && *end) || !(mebibytes > 0 && mebibytes <= 4096)) {
        fprintf(stderr, "usage: bench_eigen_gpu [MEBIBYTES], at most 4096\n");
        return 2;
    }
    must(cudaEventCreate(&c.start), "cudaEventCreate");
    must(cudaEventCreate(&c.end), "cudaEventCreate");
    for (int parts = 1; parts <= 2; parts++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
            bench_batch(&c, SMALL, sizes[k], parts, count_of(sizes[k], parts, mebibytes), REPEATS);
    for (size_t k = 0; k < sizeof medium / sizeof *medium; k++)
        for (int parts = 1;
             parts <= 2 && medium[k] <= (parts == 2 ? CT_EIGEN_COMPLEX : CT_EIGEN_MEDIUM); parts++)
            bench_batch(&c, MEDIUM, medium[k], parts, count_of(medium[k], parts, mebibytes),
                        REPEATS);
    for (size_t k = 0; k < sizeof band / sizeof *band; k++)
        for (road way = BAND; way <= BAND_BISECT; way++)
            bench_batch(&c, way, band[k], 1, count_of(band[k], 1, mebibytes), REPEATS);
    for (int64_t n = 256; n <= 16384 && (double)n <= mebibytes * 1024; n *= 4)
        bench_bisect(&c, n);
    for (size_t k = 0; k < sizeof wide / sizeof *wide; k++)
        if (8.0 * wide[k] * wide[k] <= mebibytes * 1048576 * 40) /* 10 GiB by default */
            bench_batch(&c, WIDE, wide[k], 1, 1, wide[k] > 4096 ? 2 : REPEATS);
    for (size_t k = 0; k < sizeof hermitian / sizeof *hermitian; k++)
        bench_batch(&c, WIDE, hermitian[k], 2, count_of(hermitian[k], 2, mebibytes),
                    hermitian[k] > 2048 ? 2 : REPEATS);
    if (mebibytes >= 256)
        bench_batch(&c, WIDE, 4096, 1, 13, 2); /* side by side */
    must(cudaEventDestroy(c.start), "cudaEventDestroy");
    must(cudaEventDestroy(c.end), "cudaEventDestroy");
    return 0;
}
