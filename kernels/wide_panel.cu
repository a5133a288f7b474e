/* SPDX-License-Identifier: Apache-2.0 */
/* Large symmetric and Hermitian matrices to band matrices, all blocks of a device on one matrix (or on several of one dimension side by
 * side). Panel by panel:
 *
 *   factor    a launch a column: a thread a row applies the last reflection and multiplies its entry of this column by those of
 *             all that follow; what the blocks summed up is summed by all blocks of the next launch
 *   product   Y = A U                                                                  (this and the next but one: wide_tiles.cu)
 *   sums      U^H U, of which T is made (LAPACK's zlarft), and U^H Y
 *   mix       M = U P - Y T, P = T^H (U^H Y T) / 2: Q^H A Q = A + U M^H + M U^H            (Dongarra, Sorensen, Hammarling)
 *   update    that
 *
 * Launches order everything: no block waits for another one. Every sum has one order, whatever the device. */
#include "wide.cuh"

#define ROWS CT_WIDE_ROWS
#define LARGEST_BLOCKS 256

/* ---- scales ---- */

/* Not static, as the template of columns below: the emulation puts shared variables into one section, which gcc 14 wants to be all of templates,
 * or all of other functions. */
template <int WARPS> __device__ uint64_t largest_of_rows(uint64_t largest)
{
    __shared__ uint64_t of_warp[WARPS];
    return largest_of_block<WARPS>(of_warp, largest);
}

/* The largest number of the block's columns; `part`: LARGEST_BLOCKS. */
__global__ void wide_largest_kernel(wide_panel w, int blocks)
{
    const int64_t n = w.n, lead = n * w.parts;
    const double *a = w.a + blockIdx.y * n * lead;
    uint64_t *part = reinterpret_cast<uint64_t *>(w.room + blockIdx.y * w.each), largest = 0;
    for (int64_t c = blockIdx.x; c < n; c += blocks)
        for (int64_t r = c * w.parts + threadIdx.x; r < lead; r += ROWS)
            largest = max(largest, r == 2 * c + 1 && w.parts == 2 ? 0 : magnitude(a[c * lead + r]));
    largest = largest_of_rows<ROWS / 32>(largest);
    if (threadIdx.x == 0)
        part[blockIdx.x] = largest;
}

/* Divides by the power of two that makes the largest part of a number 1 to 2, or by NaN where one is not finite. Imaginary parts on the diagonal
 * become zero, whatever they are. */
__global__ void wide_scale_kernel(wide_panel w, int blocks, double *scales)
{
    const int64_t n = w.n, lead = n * w.parts;
    double *a = w.a + blockIdx.y * n * lead;
    const uint64_t *part = reinterpret_cast<uint64_t *>(w.room + blockIdx.y * w.each);
    uint64_t largest = 0;
    for (int k = (int)threadIdx.x; k < blocks; k += ROWS)
        largest = max(largest, part[k]);
    largest = largest_of_rows<ROWS / 32>(largest);
    const double scale = largest < INFINITE ? ldexp(1.0, exponent(largest)) : no_number();
    if (blockIdx.x == 0 && threadIdx.x == 0)
        scales[blockIdx.y] = scale;
    for (int64_t c = blockIdx.x; c < n; c += blocks)
        for (int64_t r = c * w.parts + threadIdx.x; r < lead; r += ROWS)
            a[c * lead + r] = r == 2 * c + 1 && w.parts == 2 ? 0 : a[c * lead + r] * (1 / scale);
}

/* ---- factor ---- */

template <class T, int WIDTH> struct column_shared {
    static constexpr int DOUBLES = WIDTH * ct_parts_of<T>;
    double slice[ROWS / DOUBLES][DOUBLES], part[ROWS / 32][DOUBLES];
    T times[WIDTH];
};

/* The reflection of column j - 1, and into `times` what its multiple is that columns j and later get. */
template <class T, int WIDTH>
static __device__ reflection<T> last_reflection(column_shared<T, WIDTH> *b, const wide_panel &w,
                                                double *room, int j)
{
    constexpr int PARTS = ct_parts_of<T>, DOUBLES = WIDTH * PARTS, SLICES = ROWS / DOUBLES;
    const int t = (int)threadIdx.x, k = t % DOUBLES, odd = (j - 1) % 2,
              chunks = wide_chunks(w.rows);
    const double *part = room + w.part + (int64_t)odd * wide_chunks(w.n) * DOUBLES;
    const T *head = reinterpret_cast<const T *>(room + w.head) + odd * WIDTH;
    double sum = 0;
    for (int c = t / DOUBLES; c < chunks; c += SLICES)
        sum += k >= PARTS * (j - 1) ? part[c * DOUBLES + k] : 0; /* the others were not written */
    b->slice[t / DOUBLES][k] = sum;
    __syncthreads();
    double norm = 0;
    for (int s = 0; s < SLICES; s++)
        norm += b->slice[s][PARTS * (j - 1)];
    const reflection<T> h = reflection_of(head[j - 1], norm);
    if (t < WIDTH && t >= j) {
        T total = 0;
        for (int s = 0; s < SLICES; s++) {
            T some;
            take_parts(&some, b->slice[s] + PARTS * t);
            total = total + some;
        }
        b->times[t] = -h.tau * fma(conjugate(h.by), total, head[t]);
    }
    if (blockIdx.x == 0 && t == 0)
        room[w.tau + j - 1] = h.tau;
    __syncthreads();
    return h;
}

/* Column j = 0 .. WIDTH; the last launch only has the reflection of the one before. Sums and the panel's row j go to the next. */
template <class T, int WIDTH>
__global__ void __launch_bounds__(ROWS) wide_column_kernel(wide_panel w, int j)
{
    constexpr int PARTS = ct_parts_of<T>, DOUBLES = WIDTH * PARTS, TOGETHER = 16 / PARTS;
    static_assert(ROWS >= DOUBLES && WIDTH % 16 == 0, "block 0 has all rows of the triangle");
    __shared__ column_shared<T, WIDTH> b;
    const int t = (int)threadIdx.x, lane = t % 32, warp = t / 32, r = (int)blockIdx.x * ROWS + t;
    const int64_t n = w.n;
    const bool there = r < w.rows;
    double *room = w.room + blockIdx.y * w.each;
    T *x = reinterpret_cast<T *>(w.a) + blockIdx.y * n * n + (w.first - WIDTH) * n + w.first + r,
      v = 0;
    if (j > 0) {
        const reflection<T> h = last_reflection<T, WIDTH>(&b, w, room, j);
        if (there && r >= j - 1) {
            v = r > j - 1 ? h.by * x[(j - 1) * n] : 1;
            x[(j - 1) * n] = r > j - 1 ? v : h.beta;
        }
        if (j == WIDTH)
            return;
    }
    T *head = reinterpret_cast<T *>(room + w.head) + j % 2 * WIDTH, mine = there ? x[j * n] : 0;
    if (j > 0 && there)
        mine = fma(b.times[j], v, mine);
    const T below = r > j ? conjugate(mine) : 0;
    for (int c = j / TOGETHER * TOGETHER; c < WIDTH; c += TOGETHER) {
        T here[TOGETHER];
        double product[16];
#pragma unroll
        for (int k = 0; k < TOGETHER; k++)
            here[k] = there && c + k >= j ? x[(c + k) * n] : 0;
#pragma unroll
        for (int k = 0; k < TOGETHER; k++) {
            if (j > 0 && there && c + k >= j) {
                here[k] = fma(b.times[c + k], v, here[k]);
                x[(c + k) * n] = here[k];
            }
            if (r == j && c + k >= j)
                head[c + k] = here[k];
            give_parts(product + PARTS * k, below * here[k]);
        }
        const double part = fold<16>(product);
        if (lane % 2 == 0)
            b.part[warp][PARTS * c + lane / 2] = part;
    }
    __syncthreads();
    if (t >= PARTS * j && t < DOUBLES) {
        double sum = 0;
        for (int k = 0; k < ROWS / 32; k++)
            sum += b.part[k][t];
        room[w.part + ((int64_t)(j % 2) * wide_chunks(w.n) + blockIdx.x) * DOUBLES + t] = sum;
    }
}

static __device__ inline void give_planes(double *u, int64_t, double x)
{
    *u = x;
}

static __device__ inline void give_planes(double *u, int64_t plane, ct_complex x)
{
    u[-plane] = -x.im;
    u[0] = x.re;
    u[plane] = x.im;
    u[2 * plane] = -x.re;
}

/* U: ones on its diagonal, zeros above and behind the last row. */
template <class T, int WIDTH> __global__ void wide_take_kernel(wide_panel w)
{
    const int64_t n = w.n, padded = wide_tiles(w.rows) * CT_WIDE_TILE;
    const T *a =
        reinterpret_cast<const T *>(w.a) + blockIdx.y * n * n + (w.first - WIDTH) * n + w.first;
    double *u = w.room + blockIdx.y * w.each + w.u;
    for (int64_t e = ct_thread(); e < padded * WIDTH; e += ct_stride()) {
        const int64_t r = e % padded, k = e / padded;
        give_planes(u + k * w.lead + r, (int64_t)WIDTH * w.lead,
                    r >= w.rows || r < k ? T(0)
                    : r == k             ? T(1)
                                         : a[k * n + r]);
    }
}

template <class T, int WIDTH>
static cudaError_t factor(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    const dim3 grid((unsigned)wide_chunks(w->rows), (unsigned)count);
    for (int j = 0; j <= WIDTH; j++) {
        const cudaError_t error =
            CT_LAUNCH((wide_column_kernel<T, WIDTH>), grid, dim3(ROWS), 0, stream, *w, j);
        if (error != cudaSuccess)
            return error;
    }
    const dim3 all(ct_grid((int64_t)w->rows * WIDTH).x, (unsigned)count);
    return CT_LAUNCH((wide_take_kernel<T, WIDTH>), all, dim3(CT_THREADS), 0, stream, *w);
}

cudaError_t ct_wide_factor(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    return w->parts == 2 ? factor<ct_complex, CT_WIDE_BAND>(w, count, stream)
           : wide_band(w->n, 1) == CT_WIDE_BAND
               ? factor<double, CT_WIDE_BAND>(w, count, stream)
               : factor<double, 2 * CT_WIDE_BAND>(w, count, stream);
}

/* ---- mix ---- */

/* Number (row, column) of a product X^H Y of WIDTH columns each, from that of their planes. */
template <int WIDTH>
static __device__ inline void take_product(double *x, const double *of_planes, int row, int column)
{
    *x = of_planes[row * WIDTH + column];
}

template <int WIDTH>
static __device__ inline void take_product(ct_complex *x, const double *of_planes, int row,
                                           int column)
{
    const double *re = of_planes + row * 2 * WIDTH + column, *im = re + 2 * WIDTH * WIDTH;
    *x = {re[0] + im[WIDTH], re[WIDTH] - im[0]};
}

/* Number (row, column) of a factor on the right of planes. */
template <int WIDTH>
static __device__ inline void give_factor(double *mix, int row, int column, double x)
{
    mix[row * WIDTH + column] = x;
}

template <int WIDTH>
static __device__ inline void give_factor(double *mix, int row, int column, ct_complex x)
{
    double *re = mix + row * 2 * WIDTH + column, *im = re + 2 * WIDTH * WIDTH;
    re[0] = im[WIDTH] = x.re;
    re[WIDTH] = x.im;
    im[0] = -x.im;
}

/* A block a matrix. T stands transposed below Z = U^H U, of which only what is above the diagonal counts. */
template <class N, int WIDTH> __global__ void __launch_bounds__(ROWS) wide_mix_kernel(wide_panel w)
{
    constexpr int DOUBLES = WIDTH * ct_parts_of<N>;
    __shared__ N z[WIDTH][WIDTH + 1];
    double *room = w.room + blockIdx.x * w.each, *mix = room + w.mix;
    N *g = reinterpret_cast<N *>(mix + 2 * DOUBLES * DOUBLES);
    const double *total = room + w.total, *f = total + DOUBLES * DOUBLES, *tau = room + w.tau;
    const int t = (int)threadIdx.x;
    for (int e = t; e < WIDTH * WIDTH; e += ROWS)
        if (e / WIDTH < e % WIDTH)
            take_product<WIDTH>(&z[e / WIDTH][e % WIDTH], total, e / WIDTH, e % WIDTH);
    __syncthreads();
    if (t < WIDTH)
        for (int j = t; j < WIDTH; j++) { /* row t of T */
            N sum = 0;
            for (int k = t; k < j; k++)
                sum = fma(z[k][t], z[k][j], sum);
            z[j][t] = j == t ? N(tau[j]) : -tau[j] * sum;
        }
    __syncthreads();
    for (int e = t; e < WIDTH * WIDTH; e += ROWS) { /* G = F T, and -T */
        const int row = e / WIDTH, column = e % WIDTH;
        N sum = 0;
        for (int k = 0; k <= column; k++) {
            N x;
            take_product<WIDTH>(&x, f, row, k);
            sum = fma(x, z[column][k], sum);
        }
        g[e] = sum;
        give_factor<WIDTH>(mix + DOUBLES * DOUBLES, row, column,
                           row <= column ? -z[column][row] : N(0));
    }
    __syncthreads();
    for (int e = t; e < WIDTH * WIDTH; e += ROWS) { /* P = T^H G / 2 */
        const int row = e / WIDTH, column = e % WIDTH;
        N sum = 0;
        for (int k = 0; k <= row; k++)
            sum = fma(conjugate(z[row][k]), g[k * WIDTH + column], sum);
        give_factor<WIDTH>(mix, row, column, 0.5 * sum);
    }
}

cudaError_t ct_wide_mix(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    const dim3 grid((unsigned)count);
    return w->parts == 2 ? CT_LAUNCH((wide_mix_kernel<ct_complex, CT_WIDE_BAND>), grid, dim3(ROWS),
                                     0, stream, *w)
           : wide_band(w->n, 1) == CT_WIDE_BAND
               ? CT_LAUNCH((wide_mix_kernel<double, CT_WIDE_BAND>), grid, dim3(ROWS), 0, stream, *w)
               : CT_LAUNCH((wide_mix_kernel<double, 2 * CT_WIDE_BAND>), grid, dim3(ROWS), 0, stream,
                           *w);
}

/* ---- all of it ---- */

size_t ct_wide_band_bytes(int64_t count, int n, int parts)
{
    const int64_t each = wide_place(n, parts).each;
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

cudaError_t ct_launch_wide_band(double *a, int64_t count, int n, int parts, double *scales,
                                void *room, cudaStream_t stream)
{
    typedef cudaError_t step(const wide_panel *, int64_t, cudaStream_t);
    static step *const steps[] = {ct_wide_factor, ct_wide_product, ct_wide_sums, ct_wide_mix,
                                  ct_wide_update};
    if (n < 1 || n > CT_EIGEN_WIDE || count < 1 || count > CT_WIDE_COUNT)
        return cudaErrorInvalidValue;
    const int band = wide_band(n, parts);
    wide_panel w = wide_place(n, parts);
    w.a = a;
    w.room = static_cast<double *>(room);
    w.each = (int64_t)(ct_wide_band_bytes(1, n, parts) / sizeof(double));
    cudaError_t error = divide(&w, count, scales, stream);
    for (w.first = band; w.first < n - 1; w.first += band) {
        w.rows = n - w.first;
        for (step *const &next : steps)
            error = error == cudaSuccess ? next(&w, count, stream) : error;
    }
    return error;
}
