/* SPDX-License-Identifier: Apache-2.0 */
/* A ladder of kernels for Gram matrices of labels: gram_ladder [N [COLUMNS [JOBS [REPEAT]]]]
 *
 *   reference  a thread an entry, rows from global memory
 *   tiled      kernels/gram.cu: tiles in shared memory, population counts
 *   mma        kernels/gram_mma.cu: mma.sync m16n8k256
 *   wgmma      wgmma.mma_async m64n128k256 of sm_90a, in this file only
 *
 * for JOBS random N x COLUMNS matrices of labels 0, 1 and again 1, -1: every rung against the
 * reference, then its median time of REPEAT launches.
 *
 * None of this has ever run: it was written and compiled without a GPU, and the wgmma rung cannot
 * be emulated either, so nothing but the verification below speaks for it. */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "gram.cuh"

#define CHECKED(call)                                                                              \
    do {                                                                                           \
        const cudaError_t error = (call);                                                          \
        if (error != cudaSuccess) {                                                                \
            fprintf(stderr, "gram_ladder: %s: %s\n", #call, cudaGetErrorString(error));            \
            exit(EXIT_FAILURE);                                                                    \
        }                                                                                          \
    } while (0)

/* ---- reference ---- */

__global__ void reference_kernel(ct_gram_batch g)
{
    for (int64_t b = blockIdx.y; b < g.jobs; b += gridDim.y) {
        const ct_gram_job job = g.job[b];
        for (int64_t e = ct_thread(); e < job.n * job.n; e += ct_stride()) {
            const uint64_t *x = ct_gram_row(g, job, e / job.n), *y = ct_gram_row(g, job, e % job.n);
            int64_t both = 0, ones_x = 0, ones_y = 0;
            for (int64_t w = 0; w < g.blocks.side[job.side].words; w++) {
                both += __popcll(x[w] & y[w]);
                ones_x += __popcll(x[w]);
                ones_y += __popcll(y[w]);
            }
            const ct_labels labels = {g.value[0], g.value[1], g.columns[job.side]};
            g.exact[job.matrix + e / job.n * job.ld + e % job.n] =
                ct_label_product(labels, both, ones_x, ones_y);
        }
    }
}

static cudaError_t launch_reference(const ct_gram_batch *batch, cudaStream_t stream)
{
    return CT_LAUNCH(reference_kernel, dim3(1024, (unsigned)std::min<int64_t>(batch->jobs, 65535)),
                     dim3(CT_THREADS), 0, stream, *batch);
}

/* ---- wgmma: a warp group of 4 warps multiplies 64 rows by 128, from shared memory ---- */

#define EDGE 128
#define PART 64
#define WIDTH 16 /* words of a row in a chunk: four steps of 256 bits */
#define LOADS (EDGE * WIDTH / CT_THREADS)
#define SUMS 64 /* counts of a thread */

/* Operands lie as the instruction wants them without swizzling (PTX ISA, "Shared Memory Matrix
 * Layout"): core matrices of 8 rows of 16 bytes, 128 bytes each; those of the same rows one after
 * the other, then the next 8 rows. */
#define CORE 128
#define EIGHT_ROWS (WIDTH / 2 * CORE)

struct wgmma_shared {
    union {
        __align__(128) uint64_t word[2][EDGE * WIDTH];
        int64_t count[PART * (PART + 1)];
    };
    ct_tile_rows<EDGE> rows[2];
    ct_gram_job job;
};

static __device__ inline unsigned place_of_word(unsigned row, unsigned word)
{
    return (row / 8 * EIGHT_ROWS + word / 2 * CORE + row % 8 * 16) / 8 + word % 2;
}

/* Start, distance of core matrices along the row, and of 8 rows: in units of 16 bytes. */
static __device__ inline uint64_t descriptor(const uint64_t *start)
{
    const uint64_t address = __cvta_generic_to_shared(start);
    return (address >> 4 & 0x3fff) | (uint64_t)(CORE >> 4) << 16 |
           (uint64_t)(EIGHT_ROWS >> 4) << 32;
}

/* sum += popcount(a & b) over 256 bits. Lane 4 g + q of warp w of the group holds rows 16 w + g
 * (sums 4 n, 4 n + 1) and 16 w + g + 8 (4 n + 2, 4 n + 3) at columns 8 n + 2 q, 8 n + 2 q + 1. */
static __device__ inline void multiply(int32_t (&d)[SUMS], uint64_t a, uint64_t b)
{
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
#define FOUR(i) "+r"(d[i]), "+r"(d[i + 1]), "+r"(d[i + 2]), "+r"(d[i + 3])
#define SIXTEEN(i) FOUR(i), FOUR(i + 4), FOUR(i + 8), FOUR(i + 12)
    asm volatile("{\n"
                 ".reg .pred accumulate;\n"
                 "setp.ne.b32 accumulate, 1, 0;\n"
                 "wgmma.mma_async.sync.aligned.m64n128k256.s32.b1.b1.and.popc "
                 "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
                 "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
                 "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
                 "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63}, "
                 "%64, %65, accumulate;\n"
                 "}\n"
                 : SIXTEEN(0), SIXTEEN(16), SIXTEEN(32), SIXTEEN(48)
                 : "l"(a), "l"(b));
#endif
}

/* A fence before the first instruction, a group of those since, and its end. */
static __device__ inline void begin_group(int32_t (&d)[SUMS])
{
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
#pragma unroll
    for (int i = 0; i < SUMS; i++)
        asm volatile("" : "+r"(d[i])::"memory");
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#endif
}

static __device__ inline void end_group(int32_t (&d)[SUMS])
{
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
    asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
#pragma unroll
    for (int i = 0; i < SUMS; i++)
        asm volatile("" : "+r"(d[i])::"memory");
#endif
}

/* What was written to shared memory is there for the tensor cores. */
static __device__ inline void publish()
{
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
#endif
}

static __device__ inline void stage(wgmma_shared &s, int side, int64_t first, int64_t words)
{
    const unsigned r = threadIdx.x / WIDTH, w = threadIdx.x % WIDTH;
    const bool inside = first + w < words;
    uint64_t word[LOADS];
#pragma unroll
    for (int k = 0; k < LOADS; k++) {
        const uint64_t *row = s.rows[side].row[r + k * EDGE / LOADS];
        word[k] = inside && row ? __ldg(row + first + w) : 0;
    }
#pragma unroll
    for (int k = 0; k < LOADS; k++)
        s.word[side][place_of_word(r + k * EDGE / LOADS, w)] = word[k];
}

static __device__ inline int32_t ones_of(const wgmma_shared &s)
{
    int32_t ones = 0;
#pragma unroll 1
    for (unsigned w = 0; w < WIDTH; w++)
        ones += __popcll(s.word[threadIdx.x / EDGE][place_of_word(threadIdx.x % EDGE, w)]);
    return ones;
}

static __device__ inline ct_wide wgmma_tile(const ct_gram_batch &g, const ct_gram_job &job,
                                            wgmma_shared &s, int64_t i, int64_t j)
{
    const unsigned t = threadIdx.x, group = t / 128, lane = t % 32;
    const unsigned row = t % 128 / 32 * 16 + lane / 4, column = lane % 4 * 2;
    const int across = i == j ? 0 : 1;
    const ct_labels labels = {g.value[0], g.value[1], g.columns[job.side]};
    const int64_t words = g.blocks.side[job.side].words, length = j < job.n ? words : 0;
    int32_t sum[SUMS] = {}, ones = 0;
    ct_wide square = 0;
    ct_tile_look_up(s.rows, g, job, i, j);
    __syncthreads();
    for (int64_t first = 0; first < length; first += WIDTH) {
        for (int side = 0; side <= across; side++)
            stage(s, side, first, words);
        publish();
        __syncthreads();
        begin_group(sum);
#pragma unroll
        for (int step = 0; step < WIDTH / 4; step++)
            multiply(sum,
                     descriptor(s.word[0] + group * PART / 8 * EIGHT_ROWS / 8) +
                         step * 2 * CORE / 16,
                     descriptor(s.word[across]) + step * 2 * CORE / 16);
        end_group(sum);
        if (labels.zero && (int)(t / EDGE) <= across)
            ones += ones_of(s);
        __syncthreads();
    }
    if ((int)(t / EDGE) <= across)
        s.rows[t / EDGE].ones[t % EDGE] = ones;
#pragma unroll
    for (int x = 0; x < 2; x++)
#pragma unroll 1
        for (unsigned y = 0; y < 2; y++) {
            if (i + y * PART >= job.ld || j + x * PART >= job.ld || (!across && y > x))
                continue;
            if (group == y)
#pragma unroll
                for (int e = 0; e < SUMS / 2; e++)
                    s.count[(row + e / 2 % 2 * 8) * (PART + 1) + e / 4 * 8 + column + e % 2] =
                        (uint32_t)sum[x * SUMS / 2 + e];
            __syncthreads();
            square += ct_tile_write<PART>(g, job, labels,
                                          ct_tile_of(i + y * PART, j + x * PART, s.count, s.rows[0],
                                                     y * PART, s.rows[across], x * PART));
            __syncthreads();
        }
    return square;
}

__global__ void __launch_bounds__(CT_THREADS) gram_wgmma_kernel(ct_gram_batch g)
{
    __shared__ wgmma_shared shared;
    for (int64_t b = blockIdx.x; b < g.jobs; b += gridDim.x) {
        const ct_gram_job &job = ct_job_load(&shared.job, g, b);
        const int64_t tiles = ct_tiles(job.ld, EDGE);
        for (int64_t k = blockIdx.y; k < tiles; k += gridDim.y) {
            int64_t down, across;
            ct_tile_place(k, &down, &across);
            ct_add_wide(g.sums + job.sums, wgmma_tile(g, job, shared, down * EDGE, across * EDGE));
        }
    }
}

static cudaError_t launch_wgmma(const ct_gram_batch *batch, cudaStream_t stream)
{
    cudaError_t error = ct_gram_begin(batch, stream);
    if (error == cudaSuccess)
        error =
            CT_LAUNCH(gram_wgmma_kernel, ct_tile_grid(*batch, ct_tiles(batch->largest_ld, EDGE)),
                      dim3(CT_THREADS), 0, stream, *batch);
    return error == cudaSuccess ? ct_gram_end(batch, stream) : error;
}

/* ---- the ladder ---- */

typedef struct rung {
    const char *name;
    cudaError_t (*launch)(const ct_gram_batch *, cudaStream_t);
    bool hopper; /* needs compute capability 9.0 */
} rung;

static const rung rungs[] = {{"reference", launch_reference, false},
                             {"tiled", ct_launch_gram_bits, false},
                             {"mma", ct_launch_gram_bits_mma, false},
                             {"wgmma", launch_wgmma, true}};

template <class T> static T *upload(const std::vector<T> &from)
{
    T *to = nullptr;
    CHECKED(cudaMalloc(&to, from.size() * sizeof(T)));
    CHECKED(cudaMemcpy(to, from.data(), from.size() * sizeof(T), cudaMemcpyHostToDevice));
    return to;
}

template <class T> static std::vector<T> download(const T *from, size_t count)
{
    std::vector<T> to(count);
    CHECKED(cudaMemcpy(to.data(), from, count * sizeof(T), cudaMemcpyDeviceToHost));
    return to;
}

/* A cut a job, every row a class of weight 1. */
static ct_gram_batch new_batch(int64_t n, int64_t columns, int64_t jobs)
{
    const int64_t words = (columns + 63) / 64;
    std::vector<uint64_t> rows((size_t)(jobs * n * words)), weight((size_t)(jobs * n), 1);
    std::vector<int32_t> number((size_t)(jobs * n));
    std::vector<ct_gram_job> job((size_t)jobs);
    uint64_t state = 1;
    for (size_t i = 0; i < rows.size(); i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        rows[i] = state ^ state >> 29;
        if ((int64_t)(i % (size_t)words) == words - 1 && columns % 64)
            rows[i] &= (UINT64_C(1) << columns % 64) - 1;
    }
    for (size_t i = 0; i < number.size(); i++)
        number[i] = (int32_t)((int64_t)i % n);
    for (int64_t b = 0; b < jobs; b++) {
        ct_gram_job &to = job[(size_t)b];
        to = ct_gram_job{};
        to.cut = b;
        to.n = to.ld = n;
        to.matrix = b * n * n;
        to.sums = 4 * b;
    }
    ct_gram_batch g = {};
    g.job = upload(job);
    g.jobs = jobs;
    g.largest_n = g.largest_ld = n;
    g.columns[0] = columns;
    g.blocks.side[0].cuts = jobs;
    g.blocks.side[0].rows_per_cut = n;
    g.blocks.side[0].words = words;
    g.blocks.side[0].rows = upload(rows);
    g.blocks.side[0].first = upload(number);
    g.blocks.side[0].weight = upload(weight);
    g.blocks.member[0] = upload(number);
    CHECKED(cudaMalloc(&g.exact, (size_t)(jobs * n * n) * sizeof *g.exact));
    CHECKED(cudaMalloc(&g.scaled, (size_t)(jobs * n * n) * sizeof *g.scaled));
    CHECKED(cudaMalloc(&g.sums, (size_t)(4 * jobs) * sizeof *g.sums));
    return g;
}

/* Entries and their sum of squares, the scaled ones too: all weights are 1. */
static bool agrees(const ct_gram_batch &g, const std::vector<int64_t> &expected)
{
    const size_t each = (size_t)(g.largest_n * g.largest_n);
    const std::vector<int64_t> exact = download(g.exact, expected.size());
    const std::vector<double> scaled = download(g.scaled, expected.size());
    const std::vector<uint64_t> sums = download(g.sums, (size_t)(4 * g.jobs));
    for (size_t b = 0; b < (size_t)g.jobs; b++) {
        ct_wide sum = 0;
        for (size_t e = b * each; e < (b + 1) * each; e++) {
            const size_t i = e % each / (size_t)g.largest_n, j = e % (size_t)g.largest_n;
            if (i <= j && (exact[e] != expected[e] || scaled[e] != (double)expected[e]))
                return false;
            sum += (ct_wide)((__int128)expected[e] * expected[e]);
        }
        if (sums[4 * b] != (uint64_t)sum || sums[4 * b + 1] != (uint64_t)(sum >> 64))
            return false;
    }
    return true;
}

static float median_time(const rung &r, const ct_gram_batch &g, int repeat)
{
    std::vector<float> times((size_t)repeat);
    cudaEvent_t start, end;
    CHECKED(cudaEventCreate(&start));
    CHECKED(cudaEventCreate(&end));
    for (float &t : times) {
        CHECKED(cudaEventRecord(start, nullptr));
        CHECKED(r.launch(&g, nullptr));
        CHECKED(cudaEventRecord(end, nullptr));
        CHECKED(cudaEventSynchronize(end));
        CHECKED(cudaEventElapsedTime(&t, start, end));
    }
    CHECKED(cudaEventDestroy(start));
    CHECKED(cudaEventDestroy(end));
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

int main(int argc, char **argv)
{
    const int64_t n = argc > 1 ? atoll(argv[1]) : 1024, columns = argc > 2 ? atoll(argv[2]) : 65536,
                  jobs = argc > 3 ? atoll(argv[3]) : 8;
    const int repeat = argc > 4 ? atoi(argv[4]) : 9;
    cudaDeviceProp properties;
    bool good = true;
    if (n < 1 || columns < 1 || columns > CT_GRAM_COLUMNS || jobs < 1 || repeat < 1) {
        fprintf(stderr, "usage: gram_ladder [N [COLUMNS [JOBS [REPEAT]]]]\n");
        return 2;
    }
    CHECKED(cudaGetDeviceProperties(&properties, 0));
    ct_gram_batch g = new_batch(n, columns, jobs);
    printf("%s: %lld matrices, %lld rows of %lld columns\n", properties.name, (long long)jobs,
           (long long)n, (long long)columns);
    for (int pm = 0; pm < 2; pm++) {
        std::vector<int64_t> expected;
        g.value[0] = pm ? 1 : 0;
        g.value[1] = pm ? -1 : 1;
        for (const rung &r : rungs) {
            if (r.hopper && (properties.major != 9 || properties.minor != 0))
                continue;
            const size_t numbers = (size_t)(jobs * n * n);
            CHECKED(cudaMemset(g.exact, 0x5a, numbers * sizeof *g.exact));
            CHECKED(cudaMemset(g.scaled, 0x5a, numbers * sizeof *g.scaled));
            CHECKED(r.launch(&g, nullptr));
            CHECKED(cudaDeviceSynchronize());
            if (expected.empty())
                expected = download(g.exact, numbers);
            else if (!agrees(g, expected)) {
                printf("%-10s WRONG\n", r.name);
                good = false;
                continue;
            }
            const float ms = median_time(r, g, repeat);
            printf("%-10s labels %s  %10.3f ms  %8.2f T(bit products)/s\n", r.name,
                   pm ? "1, -1" : "0, 1 ", ms,
                   (double)jobs * (double)n * (double)n * (double)columns / ms / 1e9);
        }
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
