/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices of large blocks of bits by binary tensor-core instructions. A thread block a tile
 * of 128 x 128 entries in four parts of 64 x 64; a warp 16 x 32 entries of every part, so that its
 * counts go out part after part. */
#include "gram.cuh"
#include "mma.cuh"

#define EDGE 128
#define PART 64
#define WIDTH 16  /* words of a row in a chunk */
#define STRIDE 20 /* 4 modulo 16: the 64-bit loads of half a warp meet no bank twice */
#define LOADS (EDGE * WIDTH / CT_THREADS) /* words of a chunk that a thread loads */
#define EACH 4                            /* instructions of a warp for its 32 columns of a part */

/* Blocks of a multiprocessor. From 10.0 on the compiler makes the instruction out of others, which
 * take more registers. */
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 1000
#define RESIDENT 1
#else
#define RESIDENT 2
#endif

struct mma_shared {
    union {
        uint64_t word[2][EDGE * STRIDE];
        int64_t count[PART * (PART + 1)];
    };
    ct_tile_rows<EDGE> rows[2]; /* down, across */
    ct_gram_job job;
};

/* Where a lane finds its data: rows and columns of a part that its warp begins with, and its place
 * in an instruction's fragments. */
struct mma_place {
    unsigned row, column, group, q;
};

static __device__ inline mma_place place_of_thread()
{
    const unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    return mma_place{warp % 4 * 16, warp / 4 * 32, lane / 4, lane % 4};
}

/* Words first .. of one side's rows into shared memory, zeros where there are none. */
static __device__ inline void stage(mma_shared &s, int side, int64_t first, int64_t words)
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
        s.word[side][(r + k * EDGE / LOADS) * STRIDE + w] = word[k];
}

/* Bits set in the chunk's words of the thread's row: row t of both sides together. */
static __device__ inline int32_t ones_of(const mma_shared &s)
{
    const unsigned side = threadIdx.x / EDGE, r = threadIdx.x % EDGE;
    int32_t ones = 0;
#pragma unroll 1
    for (unsigned w = 0; w < WIDTH; w++) /* every row begins elsewhere: no bank twice */
        ones += __popcll(s.word[side][r * STRIDE + (w + r / 4) % WIDTH]);
    return ones;
}

/* One step of 256 columns: words word .. word + 3 of the chunk. Which column is which bit of the
 * instruction is free as long as both operands agree: word q of the four is bits 32 q .. and
 * 128 + 32 q .., so that a lane's registers are halves of one word. */
static __device__ inline void step(const mma_shared &s, int across, const mma_place &p,
                                   const bool (&needs)[2][2], int word,
                                   int32_t (&sum)[2][2][EACH][4])
{
    uint32_t a[2][4];
#pragma unroll
    for (int y = 0; y < 2; y++) {
        const unsigned row = y * PART + p.row + p.group;
        const uint64_t upper = s.word[0][row * STRIDE + word + p.q],
                       lower = s.word[0][(row + 8) * STRIDE + word + p.q];
        a[y][0] = (uint32_t)upper;
        a[y][1] = (uint32_t)lower;
        a[y][2] = (uint32_t)(upper >> 32);
        a[y][3] = (uint32_t)(lower >> 32);
    }
#pragma unroll
    for (int x = 0; x < 2; x++) {
        uint32_t b[EACH][2];
#pragma unroll
        for (int n = 0; n < EACH; n++) {
            const unsigned row = x * PART + p.column + 8 * n + p.group;
            const uint64_t column = s.word[across][row * STRIDE + word + p.q];
            b[n][0] = (uint32_t)column;
            b[n][1] = (uint32_t)(column >> 32);
        }
#pragma unroll
        for (int y = 0; y < 2; y++)
            if (needs[y][x])
#pragma unroll
                for (int n = 0; n < EACH; n++)
                    ct_mma_bits(sum[y][x][n], a[y], b[n]);
    }
}

/* The warp's counts of a part. */
static __device__ inline void store(mma_shared &s, const mma_place &p,
                                    const int32_t (&sum)[EACH][4])
{
#pragma unroll
    for (int n = 0; n < EACH; n++)
#pragma unroll
        for (int e = 0; e < 4; e++) {
            const unsigned row = p.row + p.group + e / 2 * 8,
                           column = p.column + 8 * n + 2 * p.q + e % 2;
            s.count[row * (PART + 1) + column] = sum[n][e];
        }
}

/* The tile at (i, j): its part of the sum of squares. */
static __device__ inline ct_wide mma_tile(const ct_gram_batch &g, const ct_gram_job &job,
                                          mma_shared &s, int64_t i, int64_t j)
{
    const unsigned t = threadIdx.x;
    const int across = i == j ? 0 : 1; /* on the diagonal one side is both */
    const mma_place place = place_of_thread();
    const ct_labels labels = {g.value[0], g.value[1], g.columns[job.side]};
    const int64_t words = g.blocks.side[job.side].words, length = j < job.n ? words : 0;
    bool needs[2][2];
    int32_t sum[2][2][EACH][4] = {}, ones = 0;
    ct_wide square = 0;
#pragma unroll
    for (int y = 0; y < 2; y++)
#pragma unroll
        for (int x = 0; x < 2; x++)
            needs[y][x] = i + y * PART < job.n && j + x * PART < job.n && (across || y <= x);
    ct_tile_look_up(s.rows, g, job, i, j);
    __syncthreads();
    for (int64_t first = 0; first < length; first += WIDTH) {
        const int width = (int)min((int64_t)WIDTH, length - first);
        for (int side = 0; side <= across; side++)
            stage(s, side, first, words);
        __syncthreads();
        if (labels.zero && (int)(t / EDGE) <= across)
            ones += ones_of(s);
        for (int w = 0; w < width; w += 4)
            step(s, across, place, needs, w, sum);
        __syncthreads();
    }
    if ((int)(t / EDGE) <= across)
        s.rows[t / EDGE].ones[t % EDGE] = ones;
#pragma unroll
    for (int y = 0; y < 2; y++)
#pragma unroll
        for (int x = 0; x < 2; x++) {
            if (i + y * PART >= job.ld || j + x * PART >= job.ld || (!across && y > x))
                continue;
            store(s, place, sum[y][x]);
            __syncthreads();
            square += ct_tile_write<PART>(g, job, labels,
                                          ct_tile_of(i + y * PART, j + x * PART, s.count, s.rows[0],
                                                     y * PART, s.rows[across], x * PART));
            __syncthreads();
        }
    return square;
}

__global__ void __launch_bounds__(CT_THREADS, RESIDENT) gram_mma_kernel(ct_gram_batch g)
{
    __shared__ mma_shared shared;
    for (int64_t b = blockIdx.x; b < g.jobs; b += gridDim.x) {
        const ct_gram_job &job = ct_job_load(&shared.job, g, b);
        const int64_t tiles = ct_tiles(job.ld, EDGE);
        for (int64_t k = blockIdx.y; k < tiles; k += gridDim.y) {
            int64_t down, across;
            ct_tile_place(k, &down, &across);
            ct_add_wide(g.sums + job.sums, mma_tile(g, job, shared, down * EDGE, across * EDGE));
        }
    }
}

cudaError_t ct_launch_gram_bits_mma(const ct_gram_batch *batch, cudaStream_t stream)
{
    cudaError_t error = ct_gram_begin(batch, stream);
    if (error == cudaSuccess)
        error = CT_LAUNCH(gram_mma_kernel, ct_tile_grid(*batch, ct_tiles(batch->largest_ld, EDGE)),
                          dim3(CT_THREADS), 0, stream, *batch);
    return error == cudaSuccess ? ct_gram_end(batch, stream) : error;
}
