/* SPDX-License-Identifier: Apache-2.0 */
/* Cholesky factors with pivots of many positive semidefinite matrices, as LAPACK's xPSTRF: panels of CT_CHOLESKY_PANEL columns, two
 * launches a column (the largest diagonal entry of what is left, and its column), one a panel (the rest less the panel). Where a
 * matrix ends, inside a panel too, what is left has been reduced by all columns that were chosen. Jobs differ in size; blocks of one that has ended return. */
#include "device.cuh"

#ifndef CT_CHOLESKY_PANEL /* tests lower these two */
#define CT_CHOLESKY_PANEL 32
#endif
#ifndef CT_PIVOT_THREADS
#define CT_PIVOT_THREADS 512
#endif

#define SIDE 16 /* threads of a block along each side of its tile */

template <int PARTS> struct ct_term {
    double part[PARTS];
};

template <int PARTS> static __device__ inline ct_term<PARTS> conjugate(ct_term<PARTS> a)
{
    if (PARTS == 2)
        a.part[PARTS - 1] = -a.part[PARTS - 1];
    return a;
}

/* a conj(b) is added to sum. */
static __device__ inline void add(ct_term<1> &sum, const ct_term<1> &a, const ct_term<1> &b)
{
    sum.part[0] = fma(a.part[0], b.part[0], sum.part[0]);
}

static __device__ inline void add(ct_term<2> &sum, const ct_term<2> &a, const ct_term<2> &b)
{
    sum.part[0] = fma(a.part[1], b.part[1], fma(a.part[0], b.part[0], sum.part[0]));
    sum.part[1] = fma(a.part[1], b.part[0], fma(-a.part[0], b.part[1], sum.part[1]));
}

/* Entry (row, column) of the lower triangle. */
template <int PARTS>
static __device__ inline ct_term<PARTS> *at(const ct_cholesky_job &job, int64_t row, int64_t column)
{
    return reinterpret_cast<ct_term<PARTS> *>(job.a) + column * job.ld + row;
}

template <int PARTS>
__global__ void cholesky_start_kernel(const ct_cholesky_job *jobs, int64_t count)
{
    __shared__ double largest[CT_PIVOT_THREADS];
    for (int64_t z = blockIdx.x; z < count; z += gridDim.x) {
        const ct_cholesky_job job = jobs[z];
        double most = 0;
        for (int64_t i = threadIdx.x; i < job.n; i += CT_PIVOT_THREADS) {
            job.order[i] = (int32_t)i;
            most = fmax(most, at<PARTS>(job, i, i)->part[0]);
        }
        largest[threadIdx.x] = most;
        __syncthreads();
        for (int t = 0; t < CT_PIVOT_THREADS && threadIdx.x == 0; t++)
            most = fmax(most, largest[t]);
        if (threadIdx.x == 0)
            *job.state = (ct_cholesky_state){
                .root = 0, .least = (double)job.n * 0x1p-53 * most, .rank = 0, .ended = 0};
        __syncthreads();
    }
}

/* A diagonal entry of what is left: the larger one, of equal ones the first, comes before. */
typedef struct ct_pivot {
    double value;
    int64_t row;
} ct_pivot;

static __device__ inline bool before(const ct_pivot &a, const ct_pivot &b)
{
    return a.value > b.value || (a.value == b.value && a.row < b.row);
}

/* Rows and columns j and p > j change places. */
template <int PARTS> static __device__ void swap(const ct_cholesky_job &job, int64_t j, int64_t p)
{
    for (int64_t i = threadIdx.x; i < job.n; i += CT_PIVOT_THREADS) {
        ct_term<PARTS> *a = i < j ? at<PARTS>(job, j, i) : at<PARTS>(job, i, j),
                       *b = i < p ? at<PARTS>(job, p, i) : at<PARTS>(job, i, p);
        if (i == j) { /* the diagonal */
            b = at<PARTS>(job, p, p);
        } else if (i == p) {
            *a = conjugate(*a);
            continue;
        }
        const ct_term<PARTS> kept = *a;
        const bool across = i > j && i < p;
        *a = across ? conjugate(*b) : *b;
        *b = across ? conjugate(kept) : kept;
    }
}

template <int PARTS>
__global__ void cholesky_pivot_kernel(const ct_cholesky_job *jobs, int64_t count, int64_t panel,
                                      int64_t j)
{
    __shared__ ct_pivot found[CT_PIVOT_THREADS];
    for (int64_t z = blockIdx.x; z < count; z += gridDim.x) {
        const ct_cholesky_job job = jobs[z];
        if (j >= job.n || job.state->ended)
            continue;
        ct_pivot best = {-1, j};
        for (int64_t i = j + threadIdx.x; i < job.n; i += CT_PIVOT_THREADS) {
            if (j == panel)
                job.square[i] = 0;
            const ct_pivot mine = {at<PARTS>(job, i, i)->part[0] - job.square[i], i};
            if (before(mine, best))
                best = mine;
        }
        found[threadIdx.x] = best;
        for (int half = CT_PIVOT_THREADS / 2; half > 0; half /= 2) {
            __syncthreads();
            if ((int)threadIdx.x < half && before(found[threadIdx.x + half], found[threadIdx.x]))
                found[threadIdx.x] = found[threadIdx.x + half];
        }
        __syncthreads();
        best = found[0];
        const bool ends = !(best.value > job.state->least);
        if (!ends && best.row != j)
            swap<PARTS>(job, j, best.row);
        __syncthreads();
        if (threadIdx.x == 0 && ends) {
            job.state->ended = 1;
        } else if (threadIdx.x == 0) {
            const int32_t row = job.order[j];
            const double root = sqrt(best.value);
            job.order[j] = job.order[best.row];
            job.order[best.row] = row;
            job.square[best.row] = job.square[j];
            *at<PARTS>(job, j, j) = ct_term<PARTS>{{root}};
            job.state->root = root;
            job.state->rank = j + 1;
        }
        __syncthreads();
    }
}

/* Column j below its diagonal, a thread a row. */
template <int PARTS>
__global__ void cholesky_column_kernel(const ct_cholesky_job *jobs, int64_t count, int64_t panel,
                                       int64_t j)
{
    __shared__ ct_term<PARTS> row[CT_CHOLESKY_PANEL];
    for (int64_t z = blockIdx.y; z < count; z += gridDim.y) {
        const ct_cholesky_job job = jobs[z];
        const int64_t i = j + 1 + ct_thread();
        if (j >= job.n || job.state->ended)
            continue;
        for (int64_t k = panel + threadIdx.x; k < j; k += blockDim.x)
            row[k - panel] = *at<PARTS>(job, j, k);
        __syncthreads();
        if (i < job.n) {
            ct_term<PARTS> sum = {}, *entry = at<PARTS>(job, i, j);
            double square = 0;
            for (int64_t k = panel; k < j; k++)
                add(sum, *at<PARTS>(job, i, k), row[k - panel]);
            for (int part = 0; part < PARTS; part++) {
                entry->part[part] = (entry->part[part] - sum.part[part]) / job.state->root;
                square += entry->part[part] * entry->part[part];
            }
            job.square[i] += square;
        }
        __syncthreads();
    }
}

/* Rows first .. first + TILE - 1 of the panel's columns; rows that there are not: 0. */
template <int PARTS, int TILE>
static __device__ inline void load(const ct_cholesky_job &job, int64_t panel, int width,
                                   int64_t first, ct_term<PARTS> (*to)[TILE])
{
    for (int i = (int)threadIdx.x; i < width * TILE; i += SIDE * SIDE) {
        const int64_t row = first + i % TILE;
        to[i / TILE][i % TILE] =
            row < job.n ? *at<PARTS>(job, row, panel + i / TILE) : ct_term<PARTS>{};
    }
}

/* What is left, less what the columns chosen since `panel` say of it: tiles from `panel` on. */
template <int PARTS, int EACH>
__global__ void __launch_bounds__(SIDE *SIDE)
    cholesky_reduce_kernel(const ct_cholesky_job *jobs, int64_t count, int64_t panel)
{
    constexpr int TILE = SIDE * EACH;
    __shared__ ct_term<PARTS> a[CT_CHOLESKY_PANEL][TILE], b[CT_CHOLESKY_PANEL][TILE];
    const int x = (int)threadIdx.x % SIDE, y = (int)threadIdx.x / SIDE;
    const int64_t row = panel + (int64_t)blockIdx.x * TILE,
                  column = panel + (int64_t)blockIdx.y * TILE;
    for (int64_t z = blockIdx.z; z < count; z += gridDim.z) {
        const ct_cholesky_job job = jobs[z];
        const int64_t rank = job.state->rank;
        const int width = (int)(rank - panel);
        ct_term<PARTS> sum[EACH][EACH] = {};
        if (width <= 0 || row < column || row >= job.n)
            continue;
        load<PARTS, TILE>(job, panel, width, row, a);
        load<PARTS, TILE>(job, panel, width, column, b);
        __syncthreads();
        for (int k = 0; k < width; k++)
            for (int i = 0; i < EACH; i++)
                for (int j = 0; j < EACH; j++)
                    add(sum[i][j], a[k][x + SIDE * i], b[k][y + SIDE * j]);
        for (int i = 0; i < EACH; i++)
            for (int j = 0; j < EACH; j++) {
                const int64_t r = row + x + SIDE * i, c = column + y + SIDE * j;
                for (int part = 0; part < PARTS && r < job.n && c >= rank && r >= c; part++)
                    at<PARTS>(job, r, c)->part[part] -= sum[i][j].part[part];
            }
        __syncthreads();
    }
}

template <int PARTS>
static cudaError_t factor(const ct_cholesky_job *jobs, int64_t count, int64_t n,
                          cudaStream_t stream)
{
    constexpr int EACH = PARTS == 2 ? 2 : 4, TILE = SIDE * EACH;
    const dim3 block(CT_PIVOT_THREADS);
    const unsigned z = (unsigned)(count < CT_CUT_ROWS ? count : CT_CUT_ROWS);
    cudaError_t error =
        CT_LAUNCH(cholesky_start_kernel<PARTS>, ct_job_grid(count), block, 0, stream, jobs, count);
    for (int64_t panel = 0; panel < n && error == cudaSuccess; panel += CT_CHOLESKY_PANEL) {
        const int64_t end = panel + CT_CHOLESKY_PANEL < n ? panel + CT_CHOLESKY_PANEL : n;
        const unsigned tiles = (unsigned)((n - panel + TILE - 1) / TILE);
        for (int64_t j = panel; j < end && error == cudaSuccess; j++) {
            const int64_t blocks = (n - j - 1 + CT_THREADS - 1) / CT_THREADS;
            error = CT_LAUNCH(cholesky_pivot_kernel<PARTS>, ct_job_grid(count), block, 0, stream,
                              jobs, count, panel, j);
            if (error == cudaSuccess && blocks)
                error = CT_LAUNCH(cholesky_column_kernel<PARTS>, dim3((unsigned)blocks, z),
                                  dim3(CT_THREADS), 0, stream, jobs, count, panel, j);
        }
        if (error == cudaSuccess)
            error = CT_LAUNCH((cholesky_reduce_kernel<PARTS, EACH>), dim3(tiles, tiles, z),
                              dim3(SIDE * SIDE), 0, stream, jobs, count, panel);
    }
    return error;
}

cudaError_t ct_launch_cholesky(const ct_cholesky_job *jobs, int64_t count, int64_t n, int parts,
                               cudaStream_t stream)
{
    if (n > CT_CHOLESKY_ROWS)
        return cudaErrorInvalidValue;
    return parts == 2 ? factor<2>(jobs, count, n, stream) : factor<1>(jobs, count, n, stream);
}
