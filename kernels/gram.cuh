/* SPDX-License-Identifier: Apache-2.0 */
/* What the Gram kernels share: who is in a block, the tiles of a matrix, and how a finished tile is
 * written. */
#ifndef CT_GRAM_CUH
#define CT_GRAM_CUH

#include "device.cuh"

/* Thread blocks of one launch: enough to fill any device. */
#ifndef CT_GRAM_BLOCKS /* tests lower it */
#define CT_GRAM_BLOCKS (INT64_C(1) << 15)
#endif
/* Columns of a row of bits: counts of 32 bits, signed, hold twice as many. */
#define CT_GRAM_COLUMNS (INT64_C(1) << 30)

typedef unsigned __int128 ct_wide;

/* ---- who is in a block ---- */

/* Place of class i of the block, of that side, in the arrays of classes. */
static __device__ inline int64_t ct_gram_class(const ct_gram_batch &g, const ct_gram_job &job,
                                               int side, int64_t i)
{
    const int64_t base = job.cut * g.blocks.side[side].rows_per_cut;
    return base + g.blocks.member[side][base + (side == job.side ? job.member : job.other) + i];
}

static __device__ inline const uint64_t *ct_gram_row(const ct_gram_batch &g, const ct_gram_job &job,
                                                     int64_t i)
{
    const ct_device_classes &d = g.blocks.side[job.side];
    const int64_t row = d.first[ct_gram_class(g, job, job.side, i)];
    return d.rows + (job.cut * d.rows_per_cut + row) * d.words;
}

static __device__ inline uint64_t ct_gram_weight(const ct_gram_batch &g, const ct_gram_job &job,
                                                 int side, int64_t i)
{
    return g.blocks.side[side].weight[ct_gram_class(g, job, side, i)];
}

/* The column that stands for class c of the other side. */
static __device__ inline int64_t ct_gram_column(const ct_gram_batch &g, const ct_gram_job &job,
                                                int64_t c)
{
    return g.blocks.side[1 - job.side].first[ct_gram_class(g, job, 1 - job.side, c)];
}

/* Job b into shared memory, where it takes no registers; by all threads, which have used the last
 * one. */
static __device__ inline const ct_gram_job &ct_job_load(ct_gram_job *shared, const ct_gram_batch &g,
                                                        int64_t b)
{
    __syncthreads();
    if (threadIdx.x == 0)
        *shared = g.job[b];
    __syncthreads();
    return *shared;
}

/* ---- tiles: squares of the matrix on and above its diagonal ---- */

static inline __host__ __device__ int64_t ct_tiles(int64_t ld, int64_t edge)
{
    const int64_t each_way = (ld + edge - 1) / edge;
    return each_way * (each_way + 1) / 2;
}

/* Tile number k, column after column: down <= across. */
static __device__ inline void ct_tile_place(int64_t k, int64_t *down, int64_t *across)
{
    int64_t j = (int64_t)((sqrt(8.0 * (double)k + 1) - 1) / 2);
    while (j * (j + 1) / 2 > k)
        j--;
    while ((j + 1) * (j + 2) / 2 <= k)
        j++;
    *down = k - j * (j + 1) / 2;
    *across = j;
}

/* x: jobs, y: tiles of a job. What is missing to either is taken by the blocks in turn; what a
 * small job does not need of y costs no more than CT_GRAM_BLOCKS empty blocks. */
static inline dim3 ct_tile_grid(const ct_gram_batch &g, int64_t tiles)
{
    const int64_t jobs = g.jobs < CT_GRAM_BLOCKS ? g.jobs : CT_GRAM_BLOCKS;
    const int64_t most = CT_GRAM_BLOCKS / jobs;
    return dim3((unsigned)jobs, (unsigned)(tiles < most ? tiles : most));
}

/* ---- the rows of a tile, in shared memory ---- */

/* Those beyond the block: NULL and 0. */
template <int ROWS> struct ct_tile_rows {
    const uint64_t *row[ROWS];
    uint64_t weight[ROWS];
    double root[ROWS];  /* of the weight */
    int32_t ones[ROWS]; /* bits that are set, where labels need them */
};

/* Rows down, down + 1, ... and across, across + 1, ... of the block; by all threads, which wait
 * before and after. */
template <int ROWS>
static __device__ inline void ct_tile_look_up(ct_tile_rows<ROWS> (&rows)[2], const ct_gram_batch &g,
                                              const ct_gram_job &job, int64_t down, int64_t across)
{
    for (unsigned t = threadIdx.x; t < 2 * ROWS; t += CT_THREADS) {
        const unsigned side = t / ROWS, r = t % ROWS;
        const int64_t i = (side ? across : down) + r;
        const bool inside = i < job.n;
        const uint64_t weight = inside ? ct_gram_weight(g, job, job.side, i) : 0;
        rows[side].row[r] = inside ? ct_gram_row(g, job, i) : nullptr;
        rows[side].weight[r] = weight;
        rows[side].root[r] = sqrt((double)weight);
        rows[side].ones[r] = 0;
    }
}

/* ---- writing a tile ---- */

/* What the counts of a tile stand for. */
struct ct_labels {
    int64_t zero, one, columns;
};

/* both: columns in which both rows have a 1; ones: of each. (Integers: zero = 0, one = 1.) */
static __device__ inline int64_t ct_label_product(const ct_labels &l, int64_t both, int64_t ones_i,
                                                  int64_t ones_j)
{
    const int64_t either = ones_i + ones_j - both;
    return l.zero ? l.one * l.one * both + l.zero * l.one * (either - both) +
                        l.zero * l.zero * (l.columns - either)
                  : l.one * l.one * both;
}

/* A finished tile of EDGE x EDGE counts in shared memory, its row r at count[r * (EDGE + 1)]: EDGE
 * is even, so that neither rows nor columns meet in one bank. Its rows are i, i + 1, ... of the
 * matrix, its columns j, j + 1, ..., i <= j. */
struct ct_tile {
    int64_t i, j;
    const int64_t *count;
    const uint64_t *weight[2]; /* of rows and columns */
    const double *root[2];
    const int32_t *ones[2];
};

template <int ROWS>
static __device__ inline ct_tile ct_tile_of(int64_t i, int64_t j, const int64_t *count,
                                            const ct_tile_rows<ROWS> &down, int at_down,
                                            const ct_tile_rows<ROWS> &across, int at_across)
{
    return ct_tile{i,
                   j,
                   count,
                   {down.weight + at_down, across.weight + at_across},
                   {down.root + at_down, across.root + at_across},
                   {down.ones + at_down, across.ones + at_across}};
}

/* Writes the tile, neighbouring threads side by side: eigen-solvers read one triangle, so only tiles on
 * the diagonal have entries of both. Returns the thread's part of the sum of m_i m_j G_ij^2 over the
 * whole matrix, the mirror image included. */
template <int EDGE>
static __device__ inline ct_wide ct_tile_write(const ct_gram_batch &g, const ct_gram_job &job,
                                               const ct_labels &labels, const ct_tile &tile)
{
    ct_wide square = 0;
#pragma unroll 1
    for (unsigned e = threadIdx.x; e < EDGE * EDGE; e += CT_THREADS) {
        const unsigned r = e / EDGE, c = e % EDGE;
        const int64_t i = tile.i + r, j = tile.j + c, place = job.matrix + i * job.ld + j;
        if (i >= job.ld || j >= job.ld)
            continue;
        double scaled = 0;
        if (i < job.n && j < job.n) {
            const int64_t exact = ct_label_product(labels, tile.count[r * (EDGE + 1) + c],
                                                   tile.ones[0][r], tile.ones[1][c]);
            scaled = tile.root[0][r] * tile.root[1][c] * (double)exact;
            if (g.exact)
                g.exact[place] = exact;
            square += (ct_wide)((__int128)exact * exact) * tile.weight[0][r] * tile.weight[1][c];
        }
        g.scaled[place] = scaled;
    }
    return square * (tile.i < tile.j ? 2u : 1u);
}

/* Adds the sum over a warp, all lanes of it, to two words: exact, in any order. */
static __device__ inline void ct_add_wide(uint64_t *sums, ct_wide mine)
{
    uint64_t low = (uint64_t)mine, high = (uint64_t)(mine >> 64);
    for (int half = 16; half > 0; half /= 2) {
        const uint64_t other = __shfl_xor_sync(0xffffffffu, low, half);
        high += __shfl_xor_sync(0xffffffffu, high, half);
        low += other;
        high += low < other;
    }
    if (threadIdx.x % 32 == 0) {
        const unsigned long long old = atomicAdd((unsigned long long *)sums, low);
        atomicAdd((unsigned long long *)(sums + 1), high + (old + low < old));
    }
}

/* ---- before and after the tiles (gram.cu) ---- */

/* Words of sums: cleared, and the weights m_0, m_1. Refuses rows of more than CT_GRAM_COLUMNS. */
cudaError_t ct_gram_begin(const ct_gram_batch *batch, cudaStream_t stream);
/* Minus the largest diagonal entry on the diagonal of the padding. */
cudaError_t ct_gram_end(const ct_gram_batch *batch, cudaStream_t stream);

#endif
