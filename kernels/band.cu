/* SPDX-License-Identifier: Apache-2.0 */
/* Real symmetric matrices of dimension n <= 1024 to band matrices with 16 diagonals below the main one: a thread block a
 * matrix, which lies in device memory; tensor cores. Panel p, the columns 16 p .. 16 p + 15 of what is left:
 *
 *   column    the tiles of these columns with the update of the last panel
 *   factor    reflections that take the panel's rows from 16 (p + 1) on to a triangle: Q = 1 - U T U^T, the rows in
 *             registers, one barrier a column (LAPACK's dgeqr2, dlarft)
 *   pass      once over the other tiles of the lower triangle: the update of the last panel, and Y = A U
 *   finish    W = X - U (T^T U^T X) / 2, X = Y T, so that Q^T A Q = A - U W^T - W U^T      (Dongarra, Sorensen, Hammarling)
 *
 * A tile has 16 x 16 entries, a warp takes a tile. In step t of the pass the warps take the tiles {i, i + t}: no two of them
 * add to the same rows of Y, so that sums have one order. All matrices are divided by a power of two. */
#include "mma.cuh"
#include "spectrum.cuh"

#define EDGE CT_BAND
#define STRIDE 18 /* of the panels' rows: columns of tiles meet no bank of shared memory twice */

#ifndef CT_BAND_THREADS /* tests lower it */
#define CT_BAND_THREADS 256
#endif

/* The update of the last panel is v m^T + m v^T, m = -W; u is the new one; A U is y and what is so many numbers behind it. Rows
 * from 16 on. */
struct panels {
    double *v, *m, *u, *y;
    int64_t half;
};
#define PANELS 5 /* three, and two halves of y */

template <int THREADS> struct band_shared {
    double part[2][THREADS / 32][EDGE], row[2][EDGE]; /* of even and odd columns */
    double z[EDGE][EDGE];                             /* U^T U above the diagonal, and tau on it */
    double t[EDGE][EDGE], g[EDGE][EDGE], product[EDGE][EDGE];
    uint64_t largest[THREADS / 32];
};

/* A tile as four results of ct_mma_doubles: x[a][b][e] of lane 4 g + q is row 8 a + g, column 8 b + 2 q + e. */
typedef double tile[2][2][2];

struct lane_place {
    int g, q;
};

static __device__ inline lane_place place_of_lane()
{
    return {(int)threadIdx.x % 32 / 4, (int)threadIdx.x % 4};
}

static __device__ inline double *rows_of(double *panel, int tile)
{
    return panel + (tile - 1) * EDGE * STRIDE;
}

/* Tile (i, j), i >= j, transposed: its columns are rows here, as they are in memory. */
static __device__ inline void load(tile &s, const double *a, int n, int i, int j, double by)
{
    const lane_place p = place_of_lane();
#pragma unroll
    for (int k = 0; k < 8; k++) {
        const int c = EDGE * j + k / 4 * 8 + p.g, r = EDGE * i + k / 2 % 2 * 8 + 2 * p.q + k % 2;
        const int low = r < c ? r : c, high = r < c ? c : r;
        s[k / 4][k / 2 % 2][k % 2] = high < n ? by * a[low * n + high] : 0;
    }
}

static __device__ inline void store(const tile &s, double *a, int n, int i, int j)
{
    const lane_place p = place_of_lane();
    __syncwarp(); /* on the diagonal a lane has what another one stores */
#pragma unroll
    for (int k = 0; k < 8; k++) {
        const int c = EDGE * j + k / 4 * 8 + p.g, r = EDGE * i + k / 2 % 2 * 8 + 2 * p.q + k % 2;
        if (r >= c && r < n)
            a[c * n + r] = s[k / 4][k / 2 % 2][k % 2];
    }
}

/* s += left right^T of sixteen rows each */
static __device__ inline void add_product(tile &s, const double *left, const double *right)
{
    const lane_place p = place_of_lane();
#pragma unroll
    for (int k = 0; k < EDGE; k += 4) {
        double a[2], b[2];
#pragma unroll
        for (int x = 0; x < 2; x++) {
            a[x] = left[(8 * x + p.g) * STRIDE + k + p.q];
            b[x] = right[(8 * x + p.g) * STRIDE + k + p.q];
        }
#pragma unroll
        for (int x = 0; x < 4; x++)
            ct_mma_doubles(s[x / 2][x % 2], a[x / 2], b[x % 2]);
    }
}

static __device__ inline void update(tile &s, const panels &w, int i, int j)
{
    add_product(s, rows_of(w.m, j), rows_of(w.v, i));
    add_product(s, rows_of(w.v, j), rows_of(w.m, i));
}

/* y += s u of sixteen rows each. A result is an operand as it is, if the columns of s go in the order of its lanes. */
static __device__ inline void add_to_rows(double *y, const tile &s, const double *u)
{
    const lane_place p = place_of_lane();
    tile sum;
#pragma unroll
    for (int k = 0; k < 8; k++)
        sum[k / 4][k / 2 % 2][k % 2] =
            y[(k / 4 * 8 + p.g) * STRIDE + k / 2 % 2 * 8 + 2 * p.q + k % 2];
#pragma unroll
    for (int k = 0; k < 4; k++) {
        const double *row = u + (k / 2 * 8 + 2 * p.q + k % 2) * STRIDE + p.g;
#pragma unroll
        for (int x = 0; x < 4; x++)
            ct_mma_doubles(sum[x / 2][x % 2], s[x / 2][k / 2][k % 2], row[x % 2 * 8]);
    }
#pragma unroll
    for (int k = 0; k < 8; k++)
        y[(k / 4 * 8 + p.g) * STRIDE + k / 2 % 2 * 8 + 2 * p.q + k % 2] =
            sum[k / 4][k / 2 % 2][k % 2];
}

/* In two rounds: rows of one parity send their even columns, those of the other the odd ones. */
static __device__ inline void transpose(tile &out, const tile &in)
{
    const lane_place p = place_of_lane();
    const bool odd = p.g % 2 != 0;
    const int from = 8 * p.q + p.g / 2;
#pragma unroll
    for (int x = 0; x < 4; x++) {
        const double(&s)[2] = in[x / 2][x % 2];
        const double one = __shfl_sync(ALL_LANES, odd ? s[1] : s[0], from + (odd ? 4 : 0)),
                     other = __shfl_sync(ALL_LANES, odd ? s[0] : s[1], from + (odd ? 0 : 4));
        out[x % 2][x / 2][0] = odd ? other : one;
        out[x % 2][x / 2][1] = odd ? one : other;
    }
}

/* The power of two that makes the largest number of the matrix 1 to 2; NaN where one is not finite. */
template <int THREADS>
static __device__ double scale_of(band_shared<THREADS> *b, const double *a, int n)
{
    uint64_t largest = 0;
    for (int c = (int)threadIdx.x / 32; c < n; c += THREADS / 32)
        for (int r = c + (int)threadIdx.x % 32; r < n; r += 32)
            largest = max(largest, magnitude(a[c * n + r]));
    largest = largest_of_block<THREADS / 32>(b->largest, largest);
    return largest < INFINITE ? ldexp(1.0, exponent(largest)) : no_number();
}

/* The panel's triangle back into a, u, and z. A thread has ROWS rows; x[.][0] is the column that is next, what is finished
 * goes round to the end. A column needs the sums of its products with all others below its row, those that hold
 * reflections included. */
template <int THREADS, int ROWS>
static __device__ void factor(band_shared<THREADS> *b, double *a, int n, int panel, double *u)
{
    const int t = (int)threadIdx.x, lane = t % 32, warp = t / 32, first = EDGE * (panel + 1),
              end = (n + EDGE - 1) / EDGE * EDGE;
    const bool rows = first + 32 * warp < end; /* the warp has some */
    double x[ROWS][EDGE];
#pragma unroll
    for (int i = 0; i < ROWS; i++)
#pragma unroll
        for (int k = 0; k < EDGE; k++) {
            const int r = first + t + THREADS * i;
            x[i][k] = r < n ? a[(EDGE * panel + k) * n + r] : 0;
        }
#pragma unroll 1
    for (int j = 0; j < EDGE; j++) {
        double v[ROWS], sum[EDGE];
        if (rows) {
            v[0] = t > j ? x[0][0] : 0;
#pragma unroll
            for (int i = 1; i < ROWS; i++)
                v[i] = x[i][0];
#pragma unroll
            for (int k = 0; k < EDGE; k++) {
                sum[k] = v[0] * x[0][k];
#pragma unroll
                for (int i = 1; i < ROWS; i++)
                    sum[k] = fma(v[i], x[i][k], sum[k]);
                if (t == j)
                    b->row[j % 2][k] = x[0][k];
            }
            const double part = fold<EDGE>(sum);
            if (lane % 2 == 0)
                b->part[j % 2][warp][lane / 2] = part;
        }
        __syncthreads();
        if (!rows)
            continue;
        double total = 0; /* lanes 2 k and 2 k + 1: of column k */
        for (int w = lane % 2; w < THREADS / 32 && first + 32 * w < end; w += 2)
            total += b->part[j % 2][w][lane / 2];
        total += __shfl_xor_sync(ALL_LANES, total, 1);
        const reflection h = reflection_of(b->row[j % 2][0], __shfl_sync(ALL_LANES, total, 0));
        const double dot = fma(h.by, total, b->row[j % 2][lane / 2]), by = -h.tau * dot;
        if (warp == 0 && lane % 2 == 0 && lane / 2 >= EDGE - j)
            b->z[j + lane / 2 - EDGE][j] = dot;
#pragma unroll
        for (int i = 0; i < ROWS; i++)
            v[i] = t == j && i == 0 ? 1 : h.by * v[i];
#pragma unroll
        for (int k = 1; k < EDGE; k++) {
            if (k >= EDGE - j) /* what is finished */
                continue;
            const double times = __shfl_sync(ALL_LANES, by, 2 * k);
#pragma unroll
            for (int i = 0; i < ROWS; i++)
                x[i][k] = fma(times, v[i], x[i][k]);
        }
#pragma unroll
        for (int i = 0; i < ROWS; i++)
            x[i][0] = i > 0 || t > j ? v[i] : t == j ? h.beta : x[i][0];
        if (t == 0)
            b->z[j][j] = h.tau;
#pragma unroll
        for (int i = 0; i < ROWS; i++) {
            const double done = x[i][0];
#pragma unroll
            for (int k = 0; k + 1 < EDGE; k++)
                x[i][k] = x[i][k + 1];
            x[i][EDGE - 1] = done;
        }
    }
#pragma unroll
    for (int i = 0; i < ROWS; i++)
#pragma unroll
        for (int k = 0; k < EDGE; k++) {
            const int row = t + THREADS * i, r = first + row;
            if (r < end)
                u[(r - EDGE) * STRIDE + k] = r >= n || row < k ? 0 : row == k ? 1 : x[i][k];
            if (r < n && row <= k)
                a[(EDGE * panel + k) * n + r] = x[i][k];
        }
}

/* T of the panel, a thread a row (LAPACK's dlarft). */
template <int THREADS> static __device__ void triangle(band_shared<THREADS> *b, int i)
{
    double *t = b->t[i];
    for (int j = 0; j < EDGE; j++) {
        double sum = 0;
        for (int k = i; k < j; k++)
            sum = fma(t[k], b->z[k][j], sum);
        t[j] = j < i ? 0 : j == i ? b->z[j][j] : -b->z[j][j] * sum;
    }
}

/* The tiles from `first` on: the update, where there is one, and Y = A U. */
template <int THREADS>
static __device__ void pass(double *a, int n, const panels &w, int first, double by, bool updates)
{
    const int tiles = (n + EDGE - 1) / EDGE - first;
    for (int step = 0; 2 * step <= tiles; step++) {
        const int pairs = step > 0 && 2 * step == tiles ? step : tiles;
        for (int k = (int)threadIdx.x / 32; k < pairs; k += THREADS / 32) {
            const int one = first + k, other = first + (k + step) % tiles,
                      i = one > other ? one : other, j = one > other ? other : one;
            tile s, rows;
            load(s, a, n, i, j, by);
            if (updates)
                update(s, w, i, j);
            store(s, a, n, i, j);
            add_to_rows(rows_of(w.y + (j == one ? 0 : w.half), j), s, rows_of(w.u, i));
            if (step == 0)
                continue;
            transpose(rows, s);
            add_to_rows(rows_of(w.y + (i == one ? 0 : w.half), i), rows, rows_of(w.u, j));
        }
        __syncthreads();
    }
}

/* m = U (T^T U^T X) / 2 - X, X = Y T; rows first .. end - 1. */
template <int THREADS>
static __device__ void finish(band_shared<THREADS> *b, const panels &w, int first, int end)
{
    for (int r = first + (int)threadIdx.x; r < end; r += THREADS) {
        double *y = w.y + (r - EDGE) * STRIDE;
        double sum[EDGE];
#pragma unroll
        for (int k = 0; k < EDGE; k++)
            sum[k] = y[k] + y[w.half + k];
#pragma unroll 1 /* else all of t goes into registers */
        for (int c = 0; c < EDGE; c++) {
            double x = 0;
#pragma unroll
            for (int k = 0; k < EDGE; k++)
                x = fma(sum[k], b->t[k][c], x);
            y[c] = x;
        }
    }
    __syncthreads();
    for (int t = (int)threadIdx.x; t < EDGE * EDGE; t += THREADS) {
        const double *u = w.u + (first - EDGE) * STRIDE + t / EDGE,
                     *x = w.y + (first - EDGE) * STRIDE + t % EDGE;
        double sum = 0;
        for (int r = 0; r < end - first; r++)
            sum = fma(u[r * STRIDE], x[r * STRIDE], sum);
        b->g[t / EDGE][t % EDGE] = sum;
    }
    __syncthreads();
    for (int t = (int)threadIdx.x; t < EDGE * EDGE; t += THREADS) {
        double sum = 0;
        for (int k = 0; k < EDGE; k++)
            sum = fma(b->t[k][t / EDGE], b->g[k][t % EDGE], sum);
        b->product[t / EDGE][t % EDGE] = sum / 2;
    }
    __syncthreads();
    for (int r = first + (int)threadIdx.x; r < end; r += THREADS) {
        const double *u = w.u + (r - EDGE) * STRIDE, *x = w.y + (r - EDGE) * STRIDE;
        double *m = w.m + (r - EDGE) * STRIDE, row[EDGE];
#pragma unroll
        for (int k = 0; k < EDGE; k++)
            row[k] = u[k];
#pragma unroll 1
        for (int c = 0; c < EDGE; c++) {
            double sum = -x[c];
#pragma unroll
            for (int k = 0; k < EDGE; k++)
                sum = fma(row[k], b->product[k][c], sum);
            m[c] = sum;
        }
    }
}

template <int THREADS, int ROWS>
static __device__ void reduce(band_shared<THREADS> *b, double *a, int n, panels w, double by)
{
    const int warp = (int)threadIdx.x / 32, tiles = (n + EDGE - 1) / EDGE;
    for (int p = 0; p < tiles; p++) {
        const int first = EDGE * (p + 1);
        for (int i = p + warp; i < tiles; i += THREADS / 32) { /* the panel's column of tiles */
            tile s;
            load(s, a, n, i, p, by);
            if (p > 0)
                update(s, w, i, p);
            store(s, a, n, i, p);
        }
        __syncthreads();
        if (first >= n)
            break;
        factor<THREADS, ROWS>(b, a, n, p, w.u);
        for (int k = (int)threadIdx.x; k < (tiles - p - 1) * EDGE * STRIDE; k += THREADS)
            rows_of(w.y, p + 1)[k] = rows_of(w.y, p + 1)[w.half + k] = 0;
        __syncthreads();
        if (threadIdx.x < EDGE)
            triangle(b, (int)threadIdx.x);
        pass<THREADS>(a, n, w, p + 1, by, p > 0);
        finish(b, w, first, EDGE * tiles);
        __syncthreads();
        by = 1;
        double *last = w.v;
        w.v = w.u;
        w.u = last;
    }
}

/* Numbers of one of the panels. */
static __host__ __device__ inline int64_t panel_numbers(int n)
{
    return (int64_t)((n - 1) / EDGE) * EDGE * STRIDE;
}

/* Three panels in shared memory, or all of them in device memory. */
template <int THREADS, int ROWS, bool SHARED>
__global__ void __launch_bounds__(THREADS, 2 * CT_BAND_THREADS / THREADS)
    band_kernel(double *matrices, int64_t count, int n, double *scales, double *room)
{
    CT_DYNAMIC_SHARED(double, memory);
    __shared__ band_shared<THREADS> b;
    const int64_t size = panel_numbers(n);
    for (int64_t k = blockIdx.x; k < count; k += gridDim.x) {
        double *a = matrices + k * n * n, *y = room + k * size * PANELS,
               *own = SHARED ? memory : y + 2 * size;
        const double scale = scale_of<THREADS>(&b, a, n);
        if (threadIdx.x == 0)
            scales[k] = scale;
        if (scale == scale) /* the same for all */
            reduce<THREADS, ROWS>(&b, a, n, {own, own + size, own + 2 * size, y, size}, 1 / scale);
        __syncthreads();
    }
}

size_t ct_band_bytes(int64_t count, int n)
{
    return sizeof(double) * (size_t)(count * PANELS * panel_numbers(n));
}

cudaError_t ct_launch_band(double *a, int64_t count, int n, double *scales, void *room,
                           cudaStream_t stream)
{
    const int threads = CT_BAND_THREADS;
    const dim3 grid = ct_job_grid(count);
    double *panels = static_cast<double *>(room);
    if (n < 1 || n > CT_EIGEN_LARGE || n > EDGE + 4 * threads)
        return cudaErrorInvalidValue;
    if (n <= EDGE + threads) {
        const size_t bytes = 3 * sizeof(double) * (size_t)panel_numbers(n);
        bool fits;
        const cudaError_t error = ct_shared_fits(band_kernel<threads, 1, true>,
                                                 sizeof(band_shared<threads>), bytes, &fits);
        if (error != cudaSuccess)
            return error;
        if (fits)
            return CT_LAUNCH((band_kernel<threads, 1, true>), grid, dim3(threads), bytes, stream, a,
                             count, n, scales, panels);
    }
    return n <= EDGE + 2 * threads
               ? CT_LAUNCH((band_kernel<2 * threads, 1, false>), grid, dim3(2 * threads), 0, stream,
                           a, count, n, scales, panels)
               : CT_LAUNCH((band_kernel<2 * threads, 2, false>), grid, dim3(2 * threads), 0, stream,
                           a, count, n, scales, panels);
}
