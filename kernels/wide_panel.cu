/* SPDX-License-Identifier: Apache-2.0 */
/* Large real symmetric matrices to band matrices, all blocks of a device on one matrix (or on several of one dimension side by
 * side). Panel by panel:
 *
 *   factor    a launch a column: a thread a row applies the last reflection and multiplies its entry of this column by those of
 *             all that follow; what the blocks summed up is summed by all blocks of the next launch
 *   product   Y = A U                                                                  (this and the next but one: wide_tiles.cu)
 *   sums      U^T U, of which T is made (LAPACK's dlarft), and U^T Y
 *   mix       M = U P - Y T, P = T^T (U^T Y T) / 2: Q^T A Q = A + U M^T + M U^T            (Dongarra, Sorensen, Hammarling)
 *   update    that
 *
 * Launches order everything: no block waits for another one. Every sum has one order, whatever the device. */
#include "wide.cuh"

#define ROWS CT_WIDE_ROWS
#define LARGEST_BLOCKS 256

/* ---- scales ---- */

/* The largest number of the block's columns; `part`: LARGEST_BLOCKS. */
__global__ void wide_largest_kernel(wide_panel w, int blocks)
{
    __shared__ uint64_t of_warp[ROWS / 32];
    const double *a = w.a + (int64_t)blockIdx.y * w.n * w.n;
    uint64_t *part = reinterpret_cast<uint64_t *>(w.room + blockIdx.y * w.each), largest = 0;
    for (int64_t c = blockIdx.x; c < w.n; c += blocks)
        for (int64_t r = c + threadIdx.x; r < w.n; r += ROWS)
            largest = max(largest, magnitude(a[c * w.n + r]));
    largest = largest_of_block<ROWS / 32>(of_warp, largest);
    if (threadIdx.x == 0)
        part[blockIdx.x] = largest;
}

/* Divides by the power of two that makes the largest number 1 to 2, or by NaN where one is not finite. */
__global__ void wide_scale_kernel(wide_panel w, int blocks, double *scales)
{
    __shared__ uint64_t of_warp[ROWS / 32];
    double *a = w.a + (int64_t)blockIdx.y * w.n * w.n;
    const uint64_t *part = reinterpret_cast<uint64_t *>(w.room + blockIdx.y * w.each);
    uint64_t largest = 0;
    for (int k = (int)threadIdx.x; k < blocks; k += ROWS)
        largest = max(largest, part[k]);
    largest = largest_of_block<ROWS / 32>(of_warp, largest);
    const double scale = largest < INFINITE ? ldexp(1.0, exponent(largest)) : no_number();
    if (blockIdx.x == 0 && threadIdx.x == 0)
        scales[blockIdx.y] = scale;
    for (int64_t c = blockIdx.x; c < w.n; c += blocks)
        for (int64_t r = c + threadIdx.x; r < w.n; r += ROWS)
            a[c * w.n + r] *= 1 / scale;
}

/* ---- factor ---- */

template <int WIDTH> struct column_shared {
    double slice[ROWS / WIDTH][WIDTH], times[WIDTH], part[ROWS / 32][WIDTH];
};

/* The reflection of column j - 1, and into `times` what its multiple is that columns j and later get. */
template <int WIDTH>
static __device__ reflection last_reflection(column_shared<WIDTH> *b, const wide_panel &w,
                                             double *room, int j)
{
    const int t = (int)threadIdx.x, k = t % WIDTH, odd = (j - 1) % 2, chunks = wide_chunks(w.rows);
    const double *part = room + w.part + (int64_t)odd * wide_chunks(w.n) * WIDTH,
                 *head = room + w.head + odd * WIDTH;
    double sum = 0;
    for (int c = t / WIDTH; c < chunks; c += ROWS / WIDTH)
        sum += k >= j - 1 ? part[c * WIDTH + k] : 0; /* the others were not written */
    b->slice[t / WIDTH][k] = sum;
    __syncthreads();
    double norm = 0;
    for (int s = 0; s < ROWS / WIDTH; s++)
        norm += b->slice[s][j - 1];
    const reflection h = reflection_of(head[j - 1], norm);
    if (t < WIDTH && t >= j) {
        double total = 0;
        for (int s = 0; s < ROWS / WIDTH; s++)
            total += b->slice[s][t];
        b->times[t] = -h.tau * fma(h.by, total, head[t]);
    }
    if (blockIdx.x == 0 && t == 0)
        room[w.tau + j - 1] = h.tau;
    __syncthreads();
    return h;
}

/* Column j = 0 .. WIDTH; the last launch only has the reflection of the one before. Sums and the panel's row j go to the next. */
template <int WIDTH> __global__ void __launch_bounds__(ROWS) wide_column_kernel(wide_panel w, int j)
{
    static_assert(ROWS >= WIDTH && WIDTH % 16 == 0, "block 0 has all rows of the triangle");
    __shared__ column_shared<WIDTH> b;
    const int t = (int)threadIdx.x, lane = t % 32, warp = t / 32, r = (int)blockIdx.x * ROWS + t;
    const int64_t n = w.n;
    const bool there = r < w.rows;
    double *room = w.room + blockIdx.y * w.each,
           *x = w.a + blockIdx.y * n * n + (w.first - WIDTH) * n + w.first + r, v = 0;
    if (j > 0) {
        const reflection h = last_reflection<WIDTH>(&b, w, room, j);
        if (there && r >= j - 1) {
            v = r > j - 1 ? h.by * x[(j - 1) * n] : 1;
            x[(j - 1) * n] = r > j - 1 ? v : h.beta;
        }
        if (j == WIDTH)
            return;
    }
    double *head = room + w.head + j % 2 * WIDTH, mine = there ? x[j * n] : 0;
    if (j > 0 && there)
        mine = fma(b.times[j], v, mine);
    const double below = r > j ? mine : 0;
    for (int c = j / 16 * 16; c < WIDTH; c += 16) {
        double sum[16];
#pragma unroll
        for (int k = 0; k < 16; k++)
            sum[k] = there && c + k >= j ? x[(c + k) * n] : 0;
#pragma unroll
        for (int k = 0; k < 16; k++) {
            if (j > 0 && there && c + k >= j) {
                sum[k] = fma(b.times[c + k], v, sum[k]);
                x[(c + k) * n] = sum[k];
            }
            if (r == j && c + k >= j)
                head[c + k] = sum[k];
            sum[k] *= below;
        }
        const double part = fold<16>(sum);
        if (lane % 2 == 0)
            b.part[warp][c + lane / 2] = part;
    }
    __syncthreads();
    if (t >= j && t < WIDTH) {
        double sum = 0;
        for (int k = 0; k < ROWS / 32; k++)
            sum += b.part[k][t];
        room[w.part + ((int64_t)(j % 2) * wide_chunks(w.n) + blockIdx.x) * WIDTH + t] = sum;
    }
}

/* U: ones on its diagonal, zeros above and behind the last row. */
template <int WIDTH> __global__ void wide_take_kernel(wide_panel w)
{
    const int64_t n = w.n, padded = wide_tiles(w.rows) * CT_WIDE_TILE;
    const double *a = w.a + blockIdx.y * n * n + (w.first - WIDTH) * n + w.first;
    double *u = w.room + blockIdx.y * w.each + w.u;
    for (int64_t e = ct_thread(); e < padded * WIDTH; e += ct_stride()) {
        const int64_t r = e % padded, k = e / padded;
        u[k * w.lead + r] = r >= w.rows || r < k ? 0 : r == k ? 1 : a[k * n + r];
    }
}

template <int WIDTH>
static cudaError_t factor(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    const dim3 grid((unsigned)wide_chunks(w->rows), (unsigned)count);
    for (int j = 0; j <= WIDTH; j++) {
        const cudaError_t error =
            CT_LAUNCH(wide_column_kernel<WIDTH>, grid, dim3(ROWS), 0, stream, *w, j);
        if (error != cudaSuccess)
            return error;
    }
    const dim3 all(ct_grid((int64_t)w->rows * WIDTH).x, (unsigned)count);
    return CT_LAUNCH(wide_take_kernel<WIDTH>, all, dim3(CT_THREADS), 0, stream, *w);
}

cudaError_t ct_wide_factor(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    return wide_band(w->n) == CT_WIDE_BAND ? factor<CT_WIDE_BAND>(w, count, stream)
                                           : factor<2 * CT_WIDE_BAND>(w, count, stream);
}

/* ---- mix ---- */

/* A block a matrix. T stands transposed below Z = U^T U, of which only what is above the diagonal counts. */
template <int WIDTH> __global__ void __launch_bounds__(ROWS) wide_mix_kernel(wide_panel w)
{
    __shared__ double z[WIDTH][WIDTH + 1];
    double *room = w.room + blockIdx.x * w.each, *mix = room + w.mix, *g = mix + 2 * WIDTH * WIDTH;
    const double *total = room + w.total, *f = total + WIDTH * WIDTH, *tau = room + w.tau;
    const int t = (int)threadIdx.x;
    for (int e = t; e < WIDTH * WIDTH; e += ROWS)
        if (e / WIDTH < e % WIDTH)
            z[e / WIDTH][e % WIDTH] = total[e];
    __syncthreads();
    if (t < WIDTH)
        for (int j = t; j < WIDTH; j++) { /* row t of T */
            double sum = 0;
            for (int k = t; k < j; k++)
                sum = fma(z[k][t], z[k][j], sum);
            z[j][t] = j == t ? tau[j] : -tau[j] * sum;
        }
    __syncthreads();
    for (int e = t; e < WIDTH * WIDTH; e += ROWS) { /* G = F T, and -T */
        const int row = e / WIDTH, column = e % WIDTH;
        double sum = 0;
        for (int k = 0; k <= column; k++)
            sum = fma(f[row * WIDTH + k], z[column][k], sum);
        g[e] = sum;
        mix[WIDTH * WIDTH + e] = row <= column ? -z[column][row] : 0;
    }
    __syncthreads();
    for (int e = t; e < WIDTH * WIDTH; e += ROWS) { /* P = T^T G / 2 */
        const int row = e / WIDTH, column = e % WIDTH;
        double sum = 0;
        for (int k = 0; k <= row; k++)
            sum = fma(z[row][k], g[k * WIDTH + column], sum);
        mix[e] = sum / 2;
    }
}

cudaError_t ct_wide_mix(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    const dim3 grid((unsigned)count);
    return wide_band(w->n) == CT_WIDE_BAND
               ? CT_LAUNCH(wide_mix_kernel<CT_WIDE_BAND>, grid, dim3(ROWS), 0, stream, *w)
               : CT_LAUNCH(wide_mix_kernel<2 * CT_WIDE_BAND>, grid, dim3(ROWS), 0, stream, *w);
}

/* ---- all of it ---- */

size_t ct_wide_band_bytes(int64_t count, int n)
{
    const int64_t each = wide_place(n).each;
    return sizeof(double) * (size_t)(count * (each < LARGEST_BLOCKS ? LARGEST_BLOCKS : each));
}

static cudaError_t divide(const wide_panel *w, int64_t count, double *scales, cudaStream_t stream)
{
    const int blocks = w->n < LARGEST_BLOCKS ? w->n : LARGEST_BLOCKS;
    const dim3 grid((unsigned)blocks, (unsigned)count);
    const cudaError_t error =
        CT_LAUNCH(wide_largest_kernel, grid, dim3(ROWS), 0, stream, *w, blocks);
    return error == cudaSuccess
               ? CT_LAUNCH(wide_scale_kernel, grid, dim3(ROWS), 0, stream, *w, blocks, scales)
               : error;
}

cudaError_t ct_launch_wide_band(double *a, int64_t count, int n, double *scales, void *room,
                                cudaStream_t stream)
{
    typedef cudaError_t step(const wide_panel *, int64_t, cudaStream_t);
    static step *const steps[] = {ct_wide_factor, ct_wide_product, ct_wide_sums, ct_wide_mix,
                                  ct_wide_update};
    if (n < 1 || n > CT_EIGEN_WIDE || count < 1 || count > CT_WIDE_COUNT)
        return cudaErrorInvalidValue;
    wide_panel w = wide_place(n);
    w.a = a;
    w.room = static_cast<double *>(room);
    w.each = (int64_t)(ct_wide_band_bytes(1, n) / sizeof(double));
    cudaError_t error = divide(&w, count, scales, stream);
    for (w.first = wide_band(n); w.first < n - 1; w.first += wide_band(n)) {
        w.rows = n - w.first;
        for (step *const &next : steps)
            error = error == cudaSuccess ? next(&w, count, stream) : error;
    }
    return error;
}
