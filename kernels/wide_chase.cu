/* SPDX-License-Identifier: Apache-2.0 */
/* The band matrices of wide_panel.cu to tridiagonal ones, in device memory (which the second cache holds): the rounds and tasks
 * of chase.cu, with wider bands: a launch a round, a thread block a task, so that launches order what the barrier of one block
 * orders there. Rows start = s + 1 + WIDTH k .. start + WIDTH - 1 of task k of sweep s:
 *
 *     start-WIDTH  start   start+WIDTH
 *          v         D              D <- H D H, H the reflection of the column that v stands in (k = 0: column s)
 *                    B              B <- H' B H, H' the reflection of the first column of B H, whose v stays there */
#include "wide.cuh"

#define PARTS 4 /* of the columns of D and B: a thread has a row of one */

/* Numbers that a band needs: rows r - c = 0 .. 2 width - 1 of column c, zeros behind the last row, columns for the last task; doubles
 * of all parts, and tau of every task. */
static __host__ __device__ inline int64_t band_numbers(int n, int width)
{
    return (int64_t)(n + width - 1) * 2 * width;
}

static inline int64_t chase_doubles(int n, int parts)
{
    const int width = wide_band(n, parts);
    return (parts * band_numbers(n, width) + n / width + 3) / 2 * 2;
}

template <class T, int WIDTH> struct wide_chase_shared {
    T d[WIDTH][WIDTH + 1];   /* D, then B: column, row */
    T part[2][PARTS][WIDTH]; /* sums over the columns of a part */
    T x[WIDTH], v[WIDTH], w[WIDTH];
};

/* Of the shared column x; every warp finds the same. */
template <class T, int WIDTH> static __device__ inline reflection<T> reflect(const T (&x)[WIDTH])
{
    double norm = 0;
    for (int i = (int)threadIdx.x % 32; i < WIDTH; i += 32)
        norm += i > 0 ? add_dot(x[i], x[i], 0) : 0;
    return reflection_of(x[0], sum_of<32>(norm));
}

template <class T, int WIDTH> static __device__ inline T total(const T (&part)[PARTS][WIDTH], int i)
{
    T sum = 0;
#pragma unroll
    for (int p = 0; p < PARTS; p++)
        sum = sum + part[p][i];
    return sum;
}

template <class T, int WIDTH>
__global__ void __launch_bounds__(PARTS *WIDTH)
    wide_round_kernel(double *room, int64_t each, int n, int round)
{
    constexpr int LEAD = 2 * WIDTH - 1, OWN = WIDTH / PARTS; /* columns of a part */
    __shared__ wide_chase_shared<T, WIDTH> b;
    T *band = reinterpret_cast<T *>(room + blockIdx.y * each);
    double *taus = room + blockIdx.y * each + ct_parts_of<T> * band_numbers(n, WIDTH);
    const int t = (int)threadIdx.x, i = t % WIDTH, part = t / WIDTH, own = part * OWN,
              k = round % 2 + 2 * (int)blockIdx.x, s = (round - k) / 2, start = s + 1 + WIDTH * k;
    const bool more = start + WIDTH < n; /* else B is empty */
    T *column = band + LEAD * (int64_t)(k > 0 ? start - WIDTH : s) + start,
      *diagonal = band + (LEAD + 1) * (int64_t)start, *below = diagonal + WIDTH + i + LEAD * own,
      d[OWN], x[OWN], y = 0;
#pragma unroll
    for (int j = 0; j < OWN; j++) {
        d[j] = i >= own + j ? diagonal[LEAD * (own + j) + i] : 0;
        x[j] = more ? below[LEAD * j] : 0;
    }
    T v = i > 0 || k == 0 ? column[i] : 1, beta = 0; /* else another task has the first */
    double tau;
    if (part == 0)
        b.x[i] = v;
#pragma unroll
    for (int j = 0; j < OWN; j++)
        if (i >= own + j) {
            b.d[i][own + j] = conjugate(d[j]);
            b.d[own + j][i] = i > own + j ? d[j] : real_of(d[j]);
        }
    __syncthreads();
    if (k == 0) {
        const reflection<T> h = reflect(b.x);
        tau = h.tau;
        beta = h.beta;
        v = i > 0 ? v * h.by : 1;
    } else {
        tau = taus[k];
    }
    if (part == 0) {
        b.v[i] = v;
        if (i > 0 || k == 0)
            column[i] = i > 0 ? 0 : beta;
    }
    __syncthreads();

    /* D - v w^H - w v^H */
#pragma unroll
    for (int j = 0; j < OWN; j++)
        y = fma(b.d[own + j][i], b.v[own + j], y);
    b.part[0][part][i] = y;
    __syncthreads();
    double dot = 0;
    for (int r = t % 32; r < WIDTH; r += 32)
        dot = add_dot(total(b.part[0], r), b.v[r], dot);
    const T w = tau * fma(-tau / 2 * sum_of<32>(dot), v, total(b.part[0], i));
    if (part == 0)
        b.w[i] = w;
    __syncthreads();
#pragma unroll
    for (int j = 0; j < OWN; j++)
        if (i >= own + j)
            diagonal[LEAD * (own + j) + i] =
                fma(-w, conjugate(b.v[own + j]), fma(-v, conjugate(b.w[own + j]), d[j]));
    if (!more)
        return;

    y = 0;
#pragma unroll
    for (int j = 0; j < OWN; j++)
        y = fma(x[j], b.v[own + j], y);
    b.part[1][part][i] = y;
    __syncthreads();
    y = tau * total(b.part[1], i);
#pragma unroll
    for (int j = 0; j < OWN; j++) {
        x[j] = fma(-y, conjugate(b.v[own + j]), x[j]);
        b.d[own + j][i] = x[j];
    }
    if (part == 0)
        b.x[i] = x[0];
    __syncthreads();
    const reflection<T> h = reflect(b.x);
    y = 0; /* v'^H times column i, rows of a part */
#pragma unroll
    for (int j = 0; j < OWN; j++)
        y = fma(own + j > 0 ? conjugate(h.by * b.x[own + j]) : 1, b.d[i][own + j], y);
    b.part[0][part][i] = y;
    __syncthreads();
    v = i > 0 ? h.by * b.x[i] : 1;
#pragma unroll
    for (int j = 0; j < OWN; j++)
        below[LEAD * j] =
            own + j == 0 ? (i > 0 ? v : h.beta) : fma(-v, h.tau * total(b.part[0], own + j), x[j]);
    if (t == 0)
        taus[k + 1] = h.tau;
}

__global__ void wide_take_band_kernel(const double *matrices, int n, int parts, int width,
                                      double *room, int64_t each)
{
    const double *a = matrices + blockIdx.y * (int64_t)n * n * parts;
    double *band = room + blockIdx.y * each;
    for (int64_t k = ct_thread(); k < parts * band_numbers(n, width); k += ct_stride()) {
        const int64_t number = k / parts, c = number / (2 * width), below = number % (2 * width);
        band[k] = below <= width && c + below < n ? a[(c * n + c + below) * parts + k % parts] : 0;
    }
}

/* From the ends, as tridiagonal.cu stores them. */
template <class T>
__global__ void wide_give_kernel(int n, int width, const double *room, int64_t each,
                                 const double *scales, int64_t count, double *d, double *e)
{
    const int64_t m = blockIdx.y;
    const T *band = reinterpret_cast<const T *>(room + m * each);
    const double scale = scales[m];
    for (int64_t i = ct_thread(); i < n; i += ct_stride()) {
        d[(n - 1 - i) * count + m] = scale * real_of(band[2 * width * i]);
        if (i + 1 < n)
            e[(n - 2 - i) * count + m] = scale * beside(band[2 * width * i + 1]);
    }
}

size_t ct_wide_chase_bytes(int64_t count, int n, int parts)
{
    return sizeof(double) * (size_t)(count * chase_doubles(n, parts));
}

/* The largest k of a round: its sweep has begun, and its rows are there. */
static int last_task(int n, int width, int round)
{
    const int most = (2 * (n - 1) - round - 1) / (2 * width - 1),
              last = most < round ? most : round;
    return last - (round - last) % 2;
}

template <class T, int WIDTH>
static cudaError_t chase(double *room, int64_t count, int n, cudaStream_t stream)
{
    for (int round = 0; round <= 2 * (n - 3); round++) {
        const int tasks = (last_task(n, WIDTH, round) - round % 2) / 2 + 1;
        if (last_task(n, WIDTH, round) < round % 2)
            continue;
        const cudaError_t error = CT_LAUNCH(
            (wide_round_kernel<T, WIDTH>), dim3((unsigned)tasks, (unsigned)count),
            dim3(PARTS * WIDTH), 0, stream, room, chase_doubles(n, ct_parts_of<T>), n, round);
        if (error != cudaSuccess)
            return error;
    }
    return cudaSuccess;
}

cudaError_t ct_launch_wide_chase(const double *a, int64_t count, int n, int parts,
                                 const double *scales, void *room, double *d, double *e,
                                 cudaStream_t stream)
{
    if (n < 1 || n > CT_EIGEN_WIDE || count < 1 || count > CT_WIDE_COUNT)
        return cudaErrorInvalidValue;
    const int width = wide_band(n, parts);
    const int64_t each = chase_doubles(n, parts);
    const dim3 all(ct_grid(parts * band_numbers(n, width)).x, (unsigned)count),
        ends(ct_grid(n).x, (unsigned)count), block(CT_THREADS);
    double *bands = static_cast<double *>(room);
    cudaError_t error =
        CT_LAUNCH(wide_take_band_kernel, all, block, 0, stream, a, n, parts, width, bands, each);
    if (error == cudaSuccess)
        error = parts == 2              ? chase<ct_complex, CT_WIDE_BAND>(bands, count, n, stream)
                : width == CT_WIDE_BAND ? chase<double, CT_WIDE_BAND>(bands, count, n, stream)
                                        : chase<double, 2 * CT_WIDE_BAND>(bands, count, n, stream);
    if (error != cudaSuccess)
        return error;
    return parts == 2 ? CT_LAUNCH(wide_give_kernel<ct_complex>, ends, block, 0, stream, n, width,
                                  bands, each, scales, count, d, e)
                      : CT_LAUNCH(wide_give_kernel<double>, ends, block, 0, stream, n, width, bands,
                                  each, scales, count, d, e);
}
