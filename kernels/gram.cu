/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices of blocks: exact integers, their sum of squares, and the scaled matrix. A thread
 * block a tile: chunks of its rows go through shared memory, every thread keeps a few entries. */
#include "gram.cuh"

#define LARGEST 64  /* rows of the largest tile */
#define STAGED 1024 /* words of a chunk, all rows of one side of the tile */
#define LONGEST 256 /* words of a row in a chunk */

/* A tile of EDGE x EDGE entries, EACH x EACH of them a thread. Where that leaves threads over, they
 * share the words of a chunk: SLICES threads for the same entries. */
template <int EDGE_, int EACH_> struct tile_shape {
    static constexpr int EDGE = EDGE_, EACH = EACH_;
    static constexpr int SIDE = EDGE / EACH; /* threads each way */
    static constexpr int PLACES = SIDE * SIDE, SLICES = CT_THREADS / PLACES;
    static constexpr int COUNTERS = CT_THREADS / (2 * EDGE); /* threads that count a row's ones */
    static constexpr int WIDTH = STAGED / EDGE;              /* words of a row in a chunk */
    static constexpr int STRIDE = WIDTH + 1; /* odd: rows start in different banks */
    static_assert(EDGE <= LARGEST && WIDTH <= LONGEST && PLACES * SLICES == CT_THREADS, "a shape");
};

/* ---- what is multiplied ---- */

/* Whole rows of bits: columns that both have. */
struct product_of_bits {
    typedef int32_t sum;
    static constexpr bool same_both_ways = true; /* a tile on the diagonal needs one side only */
    struct chunk {
    };
    static __device__ int64_t length(const ct_gram_batch &g, const ct_gram_job &job)
    {
        return g.blocks.side[job.side].words;
    }
    static __device__ ct_labels labels(const ct_gram_batch &g, const ct_gram_job &job)
    {
        return ct_labels{g.value[0], g.value[1], g.columns[job.side]};
    }
    static __device__ void begin(const ct_gram_batch &, const ct_gram_job &, chunk &, int64_t, int)
    {
    }
    static __device__ uint64_t fetch(const chunk &, const uint64_t *row, int64_t first, int w, int)
    {
        return __ldg(row + first + w);
    }
    static __device__ sum product(uint64_t x, uint64_t y)
    {
        return __popcll(x & y);
    }
};

/* The columns that stand for the classes of the other side, the rows down weighted. Modulo 2^64:
 * only the result has to fit. */
struct product_of_integers {
    typedef uint64_t sum;
    static constexpr bool same_both_ways = false;
    struct chunk {
        int64_t column[LONGEST];
        uint64_t weight[LONGEST];
    };
    static __device__ int64_t length(const ct_gram_batch &, const ct_gram_job &job)
    {
        return job.k;
    }
    static __device__ ct_labels labels(const ct_gram_batch &, const ct_gram_job &)
    {
        return ct_labels{0, 1, 0};
    }
    static __device__ void begin(const ct_gram_batch &g, const ct_gram_job &job, chunk &c,
                                 int64_t first, int width)
    {
        for (int w = (int)threadIdx.x; w < width; w += CT_THREADS) {
            c.column[w] = ct_gram_column(g, job, first + w);
            c.weight[w] = ct_gram_weight(g, job, 1 - job.side, first + w);
        }
        __syncthreads();
    }
    static __device__ uint64_t fetch(const chunk &c, const uint64_t *row, int64_t, int w, int side)
    {
        return __ldg(row + c.column[w]) * (side ? 1 : c.weight[w]);
    }
    static __device__ sum product(uint64_t x, uint64_t y)
    {
        return x * y;
    }
};

/* ---- one tile ---- */

template <class PRODUCT> struct gram_shared {
    union {
        uint64_t word[2][STAGED + LARGEST];
        int64_t count[LARGEST * (LARGEST + 1)];
    };
    ct_tile_rows<LARGEST> rows[2]; /* down, across */
    ct_gram_job job;
    typename PRODUCT::chunk chunk;
};

/* Words first .. first + width - 1 of one side's rows into shared memory. */
template <class PRODUCT, class SHAPE>
static __device__ inline void stage(gram_shared<PRODUCT> &s, int side, int64_t first, int width)
{
    constexpr int LOADS = STAGED / CT_THREADS;
    const int r = (int)(threadIdx.x / SHAPE::WIDTH), w = (int)(threadIdx.x % SHAPE::WIDTH);
    uint64_t word[LOADS] = {};
    if (w >= width)
        return;
#pragma unroll
    for (int k = 0; k < LOADS; k++) {
        const uint64_t *row = s.rows[side].row[r + k * SHAPE::EDGE / LOADS];
        if (row)
            word[k] = PRODUCT::fetch(s.chunk, row, first, w, side);
    }
#pragma unroll
    for (int k = 0; k < LOADS; k++)
        s.word[side][(r + k * SHAPE::EDGE / LOADS) * SHAPE::STRIDE + w] = word[k];
}

/* Bits set in the thread's share of a row's words in the chunk: row t / COUNTERS of both sides
 * together. */
template <class PRODUCT, class SHAPE>
static __device__ inline int32_t ones_of(const gram_shared<PRODUCT> &s, int width)
{
    const unsigned line = threadIdx.x / SHAPE::COUNTERS;
    const uint64_t *word = s.word[line / SHAPE::EDGE] + line % SHAPE::EDGE * SHAPE::STRIDE;
    int32_t ones = 0;
    for (int w = (int)(threadIdx.x % SHAPE::COUNTERS); w < width; w += SHAPE::COUNTERS)
        ones += __popcll(word[w]);
    return ones;
}

/* The thread's entries to their places in the tile. */
template <class PRODUCT, class SHAPE>
static __device__ inline void collect(gram_shared<PRODUCT> &s,
                                      typename PRODUCT::sum (&sum)[SHAPE::EACH][SHAPE::EACH])
{
    const int t = (int)threadIdx.x, y = t / SHAPE::SIDE % SHAPE::SIDE, x = t % SHAPE::SIDE;
    if (SHAPE::SLICES > 1) {
        for (int e = t; e < SHAPE::EDGE * (SHAPE::EDGE + 1); e += CT_THREADS)
            s.count[e] = 0;
        __syncthreads();
    }
#pragma unroll
    for (int a = 0; a < SHAPE::EACH; a++)
#pragma unroll
        for (int b = 0; b < SHAPE::EACH; b++) {
            typename PRODUCT::sum all = sum[a][b];
            int64_t *to = s.count + (y + a * SHAPE::SIDE) * (SHAPE::EDGE + 1) + x + b * SHAPE::SIDE;
            for (int lanes = SHAPE::PLACES; lanes < 32; lanes *= 2)
                all += __shfl_xor_sync(0xffffffffu, all, lanes);
            if (SHAPE::SLICES == 1)
                *to = (int64_t)all;
            else if (t % 32 < SHAPE::PLACES)
                atomicAdd((unsigned long long *)to, (unsigned long long)all);
        }
}

/* The tile at (i, j): its part of the sum of squares. */
template <class PRODUCT, class SHAPE>
static __device__ inline ct_wide gram_tile(const ct_gram_batch &g, const ct_gram_job &job,
                                           gram_shared<PRODUCT> &s, int64_t i, int64_t j)
{
    const unsigned t = threadIdx.x, y = t / SHAPE::SIDE % SHAPE::SIDE, x = t % SHAPE::SIDE,
                   line = t / SHAPE::COUNTERS;
    const int across = PRODUCT::same_both_ways && i == j ? 0 : 1;
    const ct_labels labels = PRODUCT::labels(g, job);
    const bool counts = labels.zero != 0 && (int)(line / SHAPE::EDGE) <= across;
    const int64_t length = j < job.n ? PRODUCT::length(g, job) : 0;
    typename PRODUCT::sum sum[SHAPE::EACH][SHAPE::EACH] = {};
    int32_t ones = 0;
    ct_tile_look_up(s.rows, g, job, i, j);
    __syncthreads();
    for (int64_t first = 0; first < length; first += SHAPE::WIDTH) {
        const int width = (int)min((int64_t)SHAPE::WIDTH, length - first);
        PRODUCT::begin(g, job, s.chunk, first, width);
        stage<PRODUCT, SHAPE>(s, 0, first, width);
        if (across)
            stage<PRODUCT, SHAPE>(s, 1, first, width);
        __syncthreads();
        if (counts)
            ones += ones_of<PRODUCT, SHAPE>(s, width);
        for (int w = (int)(t / SHAPE::PLACES); w < width; w += SHAPE::SLICES) {
            uint64_t down[SHAPE::EACH], right[SHAPE::EACH];
#pragma unroll
            for (int a = 0; a < SHAPE::EACH; a++) {
                down[a] = s.word[0][(y + a * SHAPE::SIDE) * SHAPE::STRIDE + w];
                right[a] = s.word[across][(x + a * SHAPE::SIDE) * SHAPE::STRIDE + w];
            }
#pragma unroll
            for (int a = 0; a < SHAPE::EACH; a++)
#pragma unroll
                for (int b = 0; b < SHAPE::EACH; b++)
                    sum[a][b] += PRODUCT::product(down[a], right[b]);
        }
        __syncthreads();
    }
    collect<PRODUCT, SHAPE>(s, sum);
    if (counts)
        atomicAdd(&s.rows[line / SHAPE::EDGE].ones[line % SHAPE::EDGE], ones);
    __syncthreads();
    const ct_wide square = ct_tile_write<SHAPE::EDGE>(
        g, job, labels, ct_tile_of(i, j, s.count, s.rows[0], 0, s.rows[across], 0));
    __syncthreads();
    return square;
}

template <class PRODUCT, class SHAPE>
static __device__ inline void gram_tiles(const ct_gram_batch &g, const ct_gram_job &job,
                                         gram_shared<PRODUCT> &s)
{
    const int64_t tiles = ct_tiles(job.ld, SHAPE::EDGE);
    for (int64_t k = blockIdx.y; k < tiles; k += gridDim.y) {
        int64_t down, across;
        ct_tile_place(k, &down, &across);
        ct_add_wide(g.sums + job.sums,
                    gram_tile<PRODUCT, SHAPE>(g, job, s, down * SHAPE::EDGE, across * SHAPE::EDGE));
    }
}

/* Small jobs take small tiles, whatever else is in the batch. */
template <class PRODUCT>
static __device__ inline void gram_jobs(const ct_gram_batch &g, gram_shared<PRODUCT> &s)
{
    for (int64_t b = blockIdx.x; b < g.jobs; b += gridDim.x) {
        const ct_gram_job &job = ct_job_load(&s.job, g, b);
        if (job.ld <= 4)
            gram_tiles<PRODUCT, tile_shape<4, 2>>(g, job, s);
        else if (job.ld <= 16)
            gram_tiles<PRODUCT, tile_shape<16, 4>>(g, job, s);
        else if (job.ld <= 32)
            gram_tiles<PRODUCT, tile_shape<32, 4>>(g, job, s);
        else
            gram_tiles<PRODUCT, tile_shape<64, 4>>(g, job, s);
    }
}

/* (Two kernels, no template: so the emulation finds their shared memory.) */
__global__ void __launch_bounds__(CT_THREADS, 2) gram_bits_kernel(ct_gram_batch g)
{
    __shared__ gram_shared<product_of_bits> shared;
    gram_jobs(g, shared);
}

__global__ void __launch_bounds__(CT_THREADS, 2) gram_integers_kernel(ct_gram_batch g)
{
    __shared__ gram_shared<product_of_integers> shared;
    gram_jobs(g, shared);
}

cudaError_t ct_launch_gram_bits(const ct_gram_batch *batch, cudaStream_t stream)
{
    const dim3 grid = ct_tile_grid(*batch, ct_tiles(batch->largest_ld, LARGEST));
    cudaError_t error = ct_gram_begin(batch, stream);
    if (error == cudaSuccess)
        error = CT_LAUNCH(gram_bits_kernel, grid, dim3(CT_THREADS), 0, stream, *batch);
    return error == cudaSuccess ? ct_gram_end(batch, stream) : error;
}

cudaError_t ct_launch_gram_integers(const ct_gram_batch *batch, cudaStream_t stream)
{
    const dim3 grid = ct_tile_grid(*batch, ct_tiles(batch->largest_ld, LARGEST));
    cudaError_t error = ct_gram_begin(batch, stream);
    if (error == cudaSuccess)
        error = CT_LAUNCH(gram_integers_kernel, grid, dim3(CT_THREADS), 0, stream, *batch);
    return error == cudaSuccess ? ct_gram_end(batch, stream) : error;
}

/* ---- before and after the tiles ---- */

__global__ void clear_sums_kernel(ct_gram_batch g)
{
    for (int64_t i = ct_thread(); i < g.jobs; i += ct_stride()) {
        const ct_gram_job job = g.job[i];
        uint64_t *sums = g.sums + job.sums;
        sums[0] = sums[1] = 0;
        sums[2] = ct_gram_weight(g, job, job.side, 0);
        sums[3] = job.n > 1 ? ct_gram_weight(g, job, job.side, 1) : 0;
    }
}

/* A warp a job. */
__global__ void pad_kernel(ct_gram_batch g)
{
    const int lane = (int)threadIdx.x % 32;
    for (int64_t b = ct_thread() / 32; b < g.jobs; b += ct_stride() / 32) {
        const ct_gram_job job = g.job[b];
        double *a = g.scaled + job.matrix, largest = 0;
        if (job.n == job.ld)
            continue;
        for (int64_t i = lane; i < job.n; i += 32)
            largest = fmax(largest, a[i * job.ld + i]);
        for (int half = 16; half > 0; half /= 2)
            largest = fmax(largest, __shfl_xor_sync(0xffffffffu, largest, half));
        for (int64_t i = job.n + lane; i < job.ld; i += 32)
            a[i * job.ld + i] = -largest;
    }
}

cudaError_t ct_gram_begin(const ct_gram_batch *batch, cudaStream_t stream)
{
    for (int side = 0; side < 2; side++)
        if (batch->columns[side] > CT_GRAM_COLUMNS)
            return cudaErrorInvalidValue;
    return CT_LAUNCH(clear_sums_kernel, ct_grid(batch->jobs), dim3(CT_THREADS), 0, stream, *batch);
}

cudaError_t ct_gram_end(const ct_gram_batch *batch, cudaStream_t stream)
{
    return CT_LAUNCH(pad_kernel, ct_grid(32 * batch->jobs), dim3(CT_THREADS), 0, stream, *batch);
}

/* ---- real and complex ---- */

/* A thread block a row of a job at a time. */
__global__ void scale_kernel(ct_gram_batch g, int64_t rows, double *out)
{
    const int parts = g.blocks.entry_words;
    for (int64_t b = blockIdx.x; b < g.jobs * rows; b += gridDim.x) {
        const ct_gram_job job = g.job[b / rows];
        const int64_t i = b % rows;
        if (i >= job.n)
            continue;
        const double *row = (const double *)ct_gram_row(g, job, i);
        const double mine = (double)ct_gram_weight(g, job, job.side, i);
        for (int64_t c = threadIdx.x; c < job.k; c += CT_THREADS) {
            const double root = sqrt(mine * (double)ct_gram_weight(g, job, 1 - job.side, c));
            const int64_t column = ct_gram_column(g, job, c);
            for (int p = 0; p < parts; p++)
                out[(job.matrix + i * job.k + c) * parts + p] = root * row[column * parts + p];
        }
    }
}

cudaError_t ct_launch_scale_values(const ct_gram_batch *batch, double *scaled, cudaStream_t stream)
{
    return CT_LAUNCH(scale_kernel, ct_job_grid(batch->jobs * batch->largest_n), dim3(CT_THREADS), 0,
                     stream, *batch, batch->largest_n, scaled);
}
