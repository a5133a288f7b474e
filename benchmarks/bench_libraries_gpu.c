/* SPDX-License-Identifier: Apache-2.0 */
/* What a device and its libraries can do, the floor under the driver: copies, then eigenvalues of many
 * real symmetric and Hermitian matrices by src/backend/cuda/libraries.c. One JSON line each. Has never run on a GPU.
 *
 *   bench_libraries_gpu [MEBIBYTES]    of a copy and of the matrices of a call, default 1024
 *
 * A time is between two events, median and best of several calls after one that does not count. The
 * matrices are new before every call, and the sums of their eigenvalues are compared with the traces. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cutropy/status.h>

#define BENCH "bench_libraries_gpu"
#include "bench_gpu.h"
#include "backend/cuda/libraries.h"

#define REPEATS 5
#define CALL_SECONDS 2 /* a size whose first call takes longer is not repeated */

static void must_work(cutropy_status status)
{
    if (status == CUTROPY_OK)
        return;
    fprintf(stderr, "bench_libraries_gpu: %s\n", cutropy_error());
    exit(1);
}

/* ---- copies ---- */

static void bench_copy(const char *name, void *to, const void *from, size_t bytes, int passes,
                       cudaEvent_t start, cudaEvent_t end)
{
    float ms[REPEATS];
    for (int repeat = -1; repeat < REPEATS; repeat++) {
        float time = 0;
        must(cudaEventRecord(start, NULL), "cudaEventRecord");
        must(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, NULL), "cudaMemcpyAsync");
        must(cudaEventRecord(end, NULL), "cudaEventRecord");
        must(cudaEventSynchronize(end), "a copy");
        must(cudaEventElapsedTime(&time, start, end), "cudaEventElapsedTime");
        if (repeat >= 0)
            ms[repeat] = time;
    }
    qsort(ms, REPEATS, sizeof *ms, ascending);
    printf("{\"copy\": \"%s\", \"bytes\": %zu, \"median_ms\": %.4f, \"gigabytes_per_s\": %.1f}\n",
           name, bytes, (double)ms[REPEATS / 2],
           (double)passes * (double)bytes / (1e6 * (double)ms[REPEATS / 2]));
    fflush(stdout);
}

/* Read and written once on the device; once through the bus. */
static void bench_copies(size_t bytes, cudaEvent_t start, cudaEvent_t end)
{
    void *a = device_new(NULL, bytes), *b = device_new(NULL, bytes), *pinned = NULL;
    must(cudaMallocHost(&pinned, bytes), "cudaMallocHost");
    bench_copy("device to device", b, a, bytes, 2, start, end);
    bench_copy("host to device", a, pinned, bytes, 1, start, end);
    bench_copy("device to host", pinned, a, bytes, 1, start, end);
    must(cudaFreeHost(pinned), "cudaFreeHost");
    must(cudaFree(a), "cudaFree");
    must(cudaFree(b), "cudaFree");
}

/* ---- eigenvalues ---- */

typedef struct bench {
    ct_libraries *libraries;
    cudaStream_t stream;
    cudaEvent_t start, end;
} bench;

/* Random symmetric (parts = 1) and Hermitian matrices. */
static double *draw(int parts, int64_t n, int64_t count, double *trace)
{
    double *a = host_new((size_t)(count * n * n * parts) * sizeof *a);
    for (int64_t m = 0; m < count; m++) {
        trace[m] = 0;
        for (int64_t column = 0; column < n; column++)
            for (int64_t row = column; row < n; row++) {
                double *low = a + (m * n * n + column * n + row) * parts,
                       *high = a + (m * n * n + row * n + column) * parts;
                low[0] = high[0] = number();
                if (parts == 2) {
                    low[1] = row > column ? number() : 0;
                    high[1] = -low[1];
                }
                trace[m] += row == column ? low[0] : 0;
            }
    }
    return a;
}

static void check(int64_t n, int64_t count, const double *values, const int32_t *info,
                  const double *trace)
{
    for (int64_t m = 0; m < count; m++) {
        double sum = 0, scale = 1;
        for (int64_t k = 0; k < n; k++) {
            sum += values[m * n + k];
            scale += fabs(values[m * n + k]);
        }
        if (info[m] || !(fabs(sum - trace[m]) <= 1e-13 * (double)n * scale)) {
            fprintf(
                stderr,
                "bench_libraries_gpu: n = %lld, %lld together: matrix %lld has info %d, trace %.17g "
                "instead of %.17g\n",
                (long long)n, (long long)count, (long long)m, info[m], sum, trace[m]);
            exit(1);
        }
    }
}

static void bench_eigenvalues(const bench *b, int parts, int64_t n, int64_t count)
{
    const size_t all = (size_t)(count * n * n * parts) * sizeof(double);
    double *trace = host_new((size_t)count * sizeof *trace), *a = draw(parts, n, count, trace),
           *values = host_new((size_t)(count * n) * sizeof *values),
           *on_device = device_new(NULL, all),
           *device_values = device_new(NULL, (size_t)(count * n) * sizeof *values);
    int32_t *info = host_new((size_t)count * sizeof *info),
            *device_info = device_new(NULL, (size_t)count * sizeof *info);
    ct_eigen_space space;
    float ms[REPEATS] = {0};
    int done = 0;
    must_work(ct_libraries_eigen_space(b->libraries, n, count, parts, &space));
    void *work = device_new(NULL, space.device_bytes);
    for (int repeat = -1; repeat < REPEATS; repeat++) {
        float time = 0;
        must(cudaMemcpyAsync(on_device, a, all, cudaMemcpyHostToDevice, b->stream),
             "cudaMemcpyAsync");
        must(cudaEventRecord(b->start, b->stream), "cudaEventRecord");
        must_work(ct_libraries_eigenvalues(b->libraries, n, count, parts, on_device, device_values,
                                           device_info, work, &space));
        must(cudaEventRecord(b->end, b->stream), "cudaEventRecord");
        must(cudaEventSynchronize(b->end), "eigenvalues");
        must(cudaEventElapsedTime(&time, b->start, b->end), "cudaEventElapsedTime");
        must(cudaMemcpy(values, device_values, (size_t)(count * n) * sizeof *values,
                        cudaMemcpyDeviceToHost),
             "cudaMemcpy");
        must(cudaMemcpy(info, device_info, (size_t)count * sizeof *info, cudaMemcpyDeviceToHost),
             "cudaMemcpy");
        check(n, count, values, info, trace);
        if (repeat >= 0 || time > 1000 * CALL_SECONDS)
            ms[done++] = time;
        if (time > 1000 * CALL_SECONDS)
            break;
    }
    qsort(ms, (size_t)done, sizeof *ms, ascending);
    printf(
        "{\"eigenvalues\": \"libraries\", \"parts\": %d, \"n\": %lld, \"count\": %lld, \"calls\": %d, \"median_ms\": "
        "%.4f, \"best_ms\": %.4f, \"median_us_each\": %.3f, \"work_bytes\": %llu}\n",
        parts, (long long)n, (long long)count, done, (double)ms[done / 2], (double)ms[0],
        1e3 * (double)ms[done / 2] / (double)count, (unsigned long long)space.device_bytes);
    fflush(stdout);
    must(cudaFree(work), "cudaFree");
    must(cudaFree(on_device), "cudaFree");
    must(cudaFree(device_values), "cudaFree");
    must(cudaFree(device_info), "cudaFree");
    free(a);
    free(trace);
    free(values);
    free(info);
}

int main(int argc, char **argv)
{
    static const int64_t sizes[] = {32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096},
                         hermitian[] = {32, 64, 96, 128, 256, 512, 1024, 2048, 4096, 8192};
    char *end = NULL;
    const double mebibytes = argc > 1 ? strtod(argv[1], &end) : 1024;
    bench b = {0};
    if (argc > 2 || (end && *end) || !(mebibytes >= 1 && mebibytes <= 16384)) {
        fprintf(stderr, "usage: bench_libraries_gpu [MEBIBYTES], 1 to 16384\n");
        return 2;
    }
    must(cudaStreamCreateWithFlags(&b.stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    must(cudaEventCreate(&b.start), "cudaEventCreate");
    must(cudaEventCreate(&b.end), "cudaEventCreate");
    bench_copies((size_t)(mebibytes * 1048576), b.start, b.end);
    must_work(ct_libraries_open(0, b.stream, &b.libraries));
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        const int64_t n = sizes[k], most = (int64_t)(mebibytes * 1048576) / (8 * n * n);
        for (int64_t count = 1; count <= most && count <= 4096; count *= 16)
            bench_eigenvalues(&b, 1, n, count);
    }
    for (size_t k = 0; k < sizeof hermitian / sizeof *hermitian; k++) { /* likewise */
        const int64_t n = hermitian[k], most = 1 + (int64_t)(mebibytes * 262144) / (16 * n * n);
        bench_eigenvalues(&b, 2, n, most < 4096 ? most : 4096);
    }
    for (int64_t n = 8192; n <= 32768 && (double)n * (double)n <= mebibytes * 1048576; n *= 2)
        bench_eigenvalues(&b, 1, n, 1); /* what bench_eigen_gpu does with kernels of our own */
    ct_libraries_close(b.libraries);
    must(cudaEventDestroy(b.start), "cudaEventDestroy");
    must(cudaEventDestroy(b.end), "cudaEventDestroy");
    must(cudaStreamDestroy(b.stream), "cudaStreamDestroy");
    return 0;
}
