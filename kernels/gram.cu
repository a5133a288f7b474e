/* Gram matrices of blocks: exact integers, their sum of squares, and the scaled matrix. */
#include "device.cuh"

#define TILE 16 /* entries of a tile each way: one a thread */

typedef unsigned __int128 wide;

static __device__ inline int64_t class_at(const ct_gram_batch &g, const ct_gram_job &job, int side,
                                          int64_t i)
{
    const int64_t base = job.cut * g.blocks.side[side].rows_per_cut;
    return base + g.blocks.member[side][base + (side == job.side ? job.member : job.other) + i];
}

static __device__ inline const uint64_t *row_at(const ct_gram_batch &g, const ct_gram_job &job,
                                                int64_t i)
{
    const ct_device_classes &d = g.blocks.side[job.side];
    const int64_t row = d.first[class_at(g, job, job.side, i)];
    return d.rows + (job.cut * d.rows_per_cut + row) * d.words;
}

static __device__ inline uint64_t weight_at(const ct_gram_batch &g, const ct_gram_job &job,
                                            int side, int64_t i)
{
    return g.blocks.side[side].weight[class_at(g, job, side, i)];
}

/* The column that stands for class c of the other side. */
static __device__ inline int64_t column_at(const ct_gram_batch &g, const ct_gram_job &job,
                                           int64_t c)
{
    return g.blocks.side[1 - job.side].first[class_at(g, job, 1 - job.side, c)];
}

struct product_of_bits {
    static __device__ int64_t of(const ct_gram_batch &g, const ct_gram_job &job, int64_t i,
                                 int64_t j)
    {
        const uint64_t *x = row_at(g, job, i), *y = row_at(g, job, j);
        const int64_t v0 = g.value[0], v1 = g.value[1];
        int64_t both = 0, ones = 0;
        for (int64_t w = 0; w < g.blocks.side[job.side].words; w++) {
            both += __popcll(x[w] & y[w]);
            ones += v0 ? __popcll(x[w]) + __popcll(y[w]) : 0;
        }
        const int64_t either = ones - both;
        return v0 ? v1 * v1 * both + v0 * v1 * (either - both) +
                        v0 * v0 * (g.columns[job.side] - either)
                  : v1 * v1 * both;
    }
};

struct product_of_integers {
    static __device__ int64_t of(const ct_gram_batch &g, const ct_gram_job &job, int64_t i,
                                 int64_t j)
    {
        const int64_t *x = (const int64_t *)row_at(g, job, i),
                      *y = (const int64_t *)row_at(g, job, j);
        int64_t sum = 0;
        for (int64_t c = 0; c < job.k; c++) {
            const int64_t column = column_at(g, job, c);
            sum += (int64_t)weight_at(g, job, 1 - job.side, c) * x[column] * y[column];
        }
        return sum;
    }
};

__global__ void clear_sums_kernel(ct_gram_batch g)
{
    for (int64_t i = ct_thread(); i < g.jobs; i += ct_stride()) {
        const ct_gram_job job = g.job[i];
        uint64_t *sums = g.sums + job.sums;
        sums[0] = sums[1] = 0;
        sums[2] = weight_at(g, job, job.side, 0);
        sums[3] = job.n > 1 ? weight_at(g, job, job.side, 1) : 0;
    }
}

/* Adds the block's 128-bit sum to two words: exact, in any order. */
static __device__ void add_wide(uint64_t *sums, wide mine, wide *partial)
{
    const int t = (int)threadIdx.x;
    partial[t] = mine;
    __syncthreads();
    for (int half = TILE * TILE / 2; half > 0; half /= 2) {
        if (t < half)
            partial[t] += partial[t + half];
        __syncthreads();
    }
    if (t == 0) {
        const unsigned long long low = (unsigned long long)partial[0],
                                 high = (unsigned long long)(partial[0] >> 64);
        const unsigned long long old = atomicAdd((unsigned long long *)sums, low);
        atomicAdd((unsigned long long *)(sums + 1), high + (old + low < old));
    }
    __syncthreads();
}

/* A thread block a tile of a job's matrix, padding included; largest tiles of a matrix each way. */
template <class PRODUCT> __global__ void gram_kernel(ct_gram_batch g, int64_t tiles)
{
    __shared__ wide partial[TILE * TILE];
    for (int64_t b = blockIdx.x; b < g.jobs * tiles * tiles; b += gridDim.x) {
        const ct_gram_job job = g.job[b / (tiles * tiles)];
        const int64_t i = b / tiles % tiles * TILE + threadIdx.x / TILE,
                      j = b % tiles * TILE + threadIdx.x % TILE;
        wide square = 0;
        if (i < job.n && j < job.n) {
            const int64_t exact = PRODUCT::of(g, job, i, j);
            const uint64_t mi = weight_at(g, job, job.side, i), mj = weight_at(g, job, job.side, j);
            const int64_t place = job.matrix + i * job.ld + j;
            if (g.exact)
                g.exact[place] = exact;
            g.scaled[place] = sqrt((double)mi) * sqrt((double)mj) * (double)exact;
            square = (wide)((__int128)exact * exact) * mi * mj;
        } else if (i < job.ld && j < job.ld) {
            g.scaled[job.matrix + i * job.ld + j] = 0;
        }
        add_wide(g.sums + job.sums, square, partial);
    }
}

/* A thread block a job: minus the largest diagonal entry on the diagonal of the padding. */
__global__ void pad_kernel(ct_gram_batch g)
{
    __shared__ double largest[CT_THREADS];
    const int t = (int)threadIdx.x;
    for (int64_t b = blockIdx.x; b < g.jobs; b += gridDim.x) {
        const ct_gram_job job = g.job[b];
        double *a = g.scaled + job.matrix;
        largest[t] = 0;
        for (int64_t i = t; i < job.n; i += CT_THREADS)
            largest[t] = fmax(largest[t], a[i * job.ld + i]);
        __syncthreads();
        for (int half = CT_THREADS / 2; half > 0; half /= 2) {
            if (t < half)
                largest[t] = fmax(largest[t], largest[t + half]);
            __syncthreads();
        }
        for (int64_t i = job.n + t; i < job.ld; i += CT_THREADS)
            a[i * job.ld + i] = -largest[0];
        __syncthreads();
    }
}

template <class PRODUCT>
static cudaError_t launch_gram(const ct_gram_batch *batch, cudaStream_t stream)
{
    const ct_gram_batch g = *batch;
    const int64_t tiles = (g.largest_ld + TILE - 1) / TILE;
    cudaError_t error =
        CT_LAUNCH(clear_sums_kernel, ct_grid(g.jobs), dim3(CT_THREADS), 0, stream, g);
    if (error == cudaSuccess)
        error = CT_LAUNCH((gram_kernel<PRODUCT>), ct_job_grid(g.jobs * tiles * tiles),
                          dim3(TILE * TILE), 0, stream, g, tiles);
    if (error == cudaSuccess)
        error = CT_LAUNCH(pad_kernel, ct_job_grid(g.jobs), dim3(CT_THREADS), 0, stream, g);
    return error;
}

cudaError_t ct_launch_gram_bits(const ct_gram_batch *batch, cudaStream_t stream)
{
    return launch_gram<product_of_bits>(batch, stream);
}

cudaError_t ct_launch_gram_integers(const ct_gram_batch *batch, cudaStream_t stream)
{
    return launch_gram<product_of_integers>(batch, stream);
}

/* Population counts of the ordinary cores on every device: there is no tensor-core version yet. */
cudaError_t ct_launch_gram_bits_mma(const ct_gram_batch *batch, int, cudaStream_t stream)
{
    return ct_launch_gram_bits(batch, stream);
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
        const double *row = (const double *)row_at(g, job, i);
        const double mine = (double)weight_at(g, job, job.side, i);
        for (int64_t c = threadIdx.x; c < job.k; c += CT_THREADS) {
            const double root = sqrt(mine * (double)weight_at(g, job, 1 - job.side, c));
            const int64_t column = column_at(g, job, c);
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
