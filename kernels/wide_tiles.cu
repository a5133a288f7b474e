/* SPDX-License-Identifier: Apache-2.0 */
/* The products of a panel of wide_panel.cu, by tensor cores in double precision: a thread block a tile, four warps a quarter of
 * it each; what they multiply goes through shared memory, CHUNK numbers of the depth at a time. Columns of a shared array are
 * four more numbers apart than they are long, so that the lanes of half a warp meet no bank twice. */
#include "mma.cuh"
#include "wide.cuh"

#define TILE CT_WIDE_TILE
#define CHUNK (TILE / 2)
#define THREADS 128 /* three blocks a multiprocessor leave 168 registers to a thread */

/* WIDTH here and below: of a panel's planes together, but for wide_update_kernel and wide_product_kernel. */
template <int WIDTH> struct tiles_shared {
    static constexpr int SIDE = WIDTH > TILE ? WIDTH : TILE;
    double left[SIDE * (CHUNK + 4)], right[SIDE * (CHUNK + 4)];
};

/* Number (row, k) of a factor, row by row of the result (of its transpose, for the factor on the right). */
struct operand {
    const double *at;
    int row, k;
};

/* sum += left right over CHUNK numbers, rows `row` .. and columns `column` .. of them: results of ct_mma_doubles, [x][y][e] of lane
 * 4 g + q is row 8 x + g, column 8 y + 2 q + e from there on. */
template <int X, int Y>
static __device__ inline void multiply(double (&sum)[X][Y][2], operand left, operand right, int row,
                                       int column)
{
    const int g = (int)threadIdx.x % 32 / 4, q = (int)threadIdx.x % 4;
    const double *l = left.at + (row + g) * left.row + q * left.k,
                 *r = right.at + (column + g) * right.row + q * right.k;
#pragma unroll 4
    for (int k = 0; k < CHUNK; k += 4) {
        double a[X], b[Y];
#pragma unroll
        for (int x = 0; x < X; x++)
            a[x] = l[8 * x * left.row + k * left.k];
#pragma unroll
        for (int y = 0; y < Y; y++)
            b[y] = r[8 * y * right.row + k * right.k];
#pragma unroll
        for (int x = 0; x < X; x++)
#pragma unroll
            for (int y = 0; y < Y; y++)
                ct_mma_doubles(sum[x][y], a[x], b[y]);
    }
}

/* The warp's corner of a result of so many rows and columns. */
template <int ROWS> static __device__ inline int warp_row()
{
    return (int)threadIdx.x / 64 * (ROWS / 2);
}

template <int COLUMNS> static __device__ inline int warp_column()
{
    return (int)threadIdx.x / 32 % 2 * (COLUMNS / 2);
}

/* The warp's part of a result: number (r, c) of it to out[r * row + c * column]. */
template <int X, int Y>
static __device__ inline void give(const double (&sum)[X][Y][2], double *out, int64_t row,
                                   int64_t column)
{
    const int g = (int)threadIdx.x % 32 / 4, q = (int)threadIdx.x % 4;
#pragma unroll
    for (int x = 0; x < X; x++)
#pragma unroll
        for (int y = 0; y < Y; y++)
#pragma unroll
            for (int e = 0; e < 2; e++)
                out[(8 * x + g) * row + (8 * y + 2 * q + e) * column] = sum[x][y][e];
}

/* COLUMNS columns of ROWS numbers, `lead` apart. */
template <int ROWS, int COLUMNS>
static __device__ inline void stage(double *out, const double *from, int64_t lead)
{
    static_assert(ROWS * COLUMNS % THREADS == 0, "all threads together");
#pragma unroll
    for (int k = 0; k < ROWS * COLUMNS / THREADS; k++) {
        const int e = k * THREADS + (int)threadIdx.x;
        out[e / ROWS * (ROWS + 4) + e % ROWS] = from[e / ROWS * lead + e % ROWS];
    }
}

/* ---- Y = A U ---- */

/* Columns TILE j + from .. of rows TILE i .. of A, of which the lower triangle is stored: of complex numbers the real (part = 0) or the
 * imaginary ones, which have the other sign above the diagonal. Zeros behind the last row. */
template <int PARTS>
static __device__ inline operand stage_matrix(double *out, const double *a, const wide_panel &w,
                                              int i, int j, int from, int part)
{
    const int64_t n = w.n;
    static_assert(TILE * CHUNK % THREADS == 0, "all threads together");
    if (i < j) { /* transposed, as it lies there */
#pragma unroll 8 /* more loads on their way would take too many registers */
        for (int s = 0; s < TILE * CHUNK / THREADS; s++) {
            const int e = s * THREADS + (int)threadIdx.x, k = TILE * j + from + e % CHUNK,
                      r = TILE * i + e / CHUNK;
            const double x = k < w.rows ? a[(r * n + k) * PARTS + part] : 0;
            out[e / CHUNK * (CHUNK + 4) + e % CHUNK] = part ? -x : x;
        }
        return {out, CHUNK + 4, 1};
    }
#pragma unroll 8
    for (int s = 0; s < TILE * CHUNK / THREADS; s++) {
        const int e = s * THREADS + (int)threadIdx.x, k = TILE * j + from + e / TILE,
                  r = TILE * i + e % TILE, low = k < r ? k : r, high = k < r ? r : k;
        const double x = high < w.rows ? a[(low * n + high) * PARTS + part] : 0;
        out[e / TILE * (TILE + 4) + e % TILE] = part && r < k ? -x : x;
    }
    return {out, 1, TILE + 4};
}

/* A block a strip of TILE rows and a part of the columns; zeros where that part is empty. A U = Re A U + Im A (i U). */
template <class T, int WIDTH>
__global__ void __launch_bounds__(THREADS, 3) wide_product_kernel(wide_panel w)
{
    constexpr int PARTS = ct_parts_of<T>, DOUBLES = WIDTH * PARTS;
    __shared__ tiles_shared<DOUBLES> b;
    const int tiles = wide_tiles(w.rows), i = (int)blockIdx.x / w.splits,
              split = (int)blockIdx.x % w.splits, end = tiles * (split + 1) / w.splits;
    double *room = w.room + blockIdx.y * w.each;
    const double *a = w.a +
                      (blockIdx.y * (int64_t)w.n * w.n + (int64_t)w.first * w.n + w.first) * PARTS,
                 *u = room + w.u;
    double sum[TILE / 16][DOUBLES / 16][2] = {};
    for (int j = tiles * split / w.splits; j < end; j++)
        for (int from = 0; from < PARTS * TILE; from += CHUNK) {
            const int part = from / CHUNK % PARTS, column = from / PARTS / CHUNK * CHUNK;
            const operand left = stage_matrix<PARTS>(b.left, a, w, i, j, column, part);
            stage<CHUNK, DOUBLES>(b.right, u - part * WIDTH * (int64_t)w.lead + TILE * j + column,
                                  w.lead);
            __syncthreads();
            multiply(sum, left, {b.right, CHUNK + 4, 1}, warp_row<TILE>(), warp_column<DOUBLES>());
            __syncthreads();
        }
    give(sum,
         room + w.y + (int64_t)split * DOUBLES * w.lead + TILE * i + warp_row<TILE>() +
             warp_column<DOUBLES>() * (int64_t)w.lead,
         1, w.lead);
}

/* Columns of `rows` numbers, `lead` apart, at `out`: the sums of those of `parts` such panels, `apart` from each other, from `from`
 * (which may be out) on. */
struct addends {
    int64_t out, from, rows, columns, lead, apart;
    int parts;
};

__global__ void wide_sum_kernel(wide_panel w, addends p)
{
    double *room = w.room + blockIdx.y * w.each;
    for (int64_t e = ct_thread(); e < p.rows * p.columns; e += ct_stride()) {
        const int64_t at = e / p.rows * p.lead + e % p.rows;
        double sum = 0;
        for (int k = 0; k < p.parts; k++)
            sum += room[p.from + k * p.apart + at];
        room[p.out + at] = sum;
    }
}

static cudaError_t add_up(const wide_panel *w, int64_t count, const addends &p, cudaStream_t stream)
{
    const dim3 grid(ct_grid(p.rows * p.columns).x, (unsigned)count);
    return CT_LAUNCH(wide_sum_kernel, grid, dim3(CT_THREADS), 0, stream, *w, p);
}

template <class T, int WIDTH>
static cudaError_t product(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    const dim3 grid((unsigned)(wide_tiles(w->rows) * w->splits), (unsigned)count);
    const int64_t columns = WIDTH * ct_parts_of<T>, panel = columns * w->lead;
    const cudaError_t error =
        CT_LAUNCH((wide_product_kernel<T, WIDTH>), grid, dim3(THREADS), 0, stream, *w);
    return error == cudaSuccess && w->splits > 1 ? add_up(w, count,
                                                          {w->y, w->y, wide_tiles(w->rows) * TILE,
                                                           columns, w->lead, panel, w->splits},
                                                          stream)
                                                 : error;
}

cudaError_t ct_wide_product(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    return w->parts == 2 ? product<ct_complex, CT_WIDE_BAND>(w, count, stream)
           : wide_band(w->n, 1) == CT_WIDE_BAND
               ? product<double, CT_WIDE_BAND>(w, count, stream)
               : product<double, 2 * CT_WIDE_BAND>(w, count, stream);
}

/* ---- U^H U and U^H Y, of all planes with all ---- */

/* A block WIDE_SUMS tiles of rows; z: which of the two. */
template <int WIDTH> __global__ void __launch_bounds__(THREADS, 3) wide_gram_kernel(wide_panel w)
{
    __shared__ tiles_shared<WIDTH> b;
    double *room = w.room + blockIdx.y * w.each;
    const int tiles = wide_tiles(w.rows), first = (int)blockIdx.x * WIDE_SUMS,
              end = first + WIDE_SUMS < tiles ? first + WIDE_SUMS : tiles;
    const double *u = room + w.u, *other = room + (blockIdx.z == 0 ? w.u : w.y);
    double sum[WIDTH / 16][WIDTH / 16][2] = {};
    for (int r = TILE * first; r < TILE * end; r += CHUNK) {
        stage<CHUNK, WIDTH>(b.left, u + r, w.lead);
        stage<CHUNK, WIDTH>(b.right, other + r, w.lead);
        __syncthreads();
        multiply(sum, {b.left, CHUNK + 4, 1}, {b.right, CHUNK + 4, 1}, warp_row<WIDTH>(),
                 warp_column<WIDTH>());
        __syncthreads();
    }
    give(sum,
         room + w.gram + (2 * (int64_t)blockIdx.x + blockIdx.z) * WIDTH * WIDTH +
             warp_row<WIDTH>() * WIDTH + warp_column<WIDTH>(),
         WIDTH, 1);
}

template <int WIDTH>
static cudaError_t sums(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    const int blocks = (wide_tiles(w->rows) + WIDE_SUMS - 1) / WIDE_SUMS;
    const cudaError_t error =
        CT_LAUNCH(wide_gram_kernel<WIDTH>, dim3((unsigned)blocks, (unsigned)count, 2),
                  dim3(THREADS), 0, stream, *w);
    const int64_t both = 2 * WIDTH * WIDTH;
    return error == cudaSuccess
               ? add_up(w, count, {w->total, w->gram, both, 1, both, both, blocks}, stream)
               : error;
}

cudaError_t ct_wide_sums(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    return w->parts * wide_band(w->n, w->parts) == CT_WIDE_BAND
               ? sums<CT_WIDE_BAND>(w, count, stream)
               : sums<2 * CT_WIDE_BAND>(w, count, stream);
}

/* ---- M = U P - Y T, A += U M^H + M U^H ---- */

template <int WIDTH> __global__ void __launch_bounds__(THREADS, 3) wide_finish_kernel(wide_panel w)
{
    __shared__ tiles_shared<WIDTH> b;
    double *room = w.room + blockIdx.y * w.each;
    double sum[TILE / 16][WIDTH / 16][2] = {};
    for (int k = 0; k < 2 * WIDTH; k += CHUNK) {
        const double *left = k < WIDTH ? room + w.u + k * (int64_t)w.lead
                                       : room + w.y + (k - WIDTH) * (int64_t)w.lead;
        stage<TILE, CHUNK>(b.left, left + TILE * (int)blockIdx.x, w.lead);
        stage<WIDTH, CHUNK>(b.right, room + w.mix + k * WIDTH, WIDTH);
        __syncthreads();
        multiply(sum, {b.left, 1, TILE + 4}, {b.right, 1, WIDTH + 4}, warp_row<TILE>(),
                 warp_column<WIDTH>());
        __syncthreads();
    }
    give(sum,
         room + w.m + TILE * (int)blockIdx.x + warp_row<TILE>() +
             warp_column<WIDTH>() * (int64_t)w.lead,
         1, w.lead);
}

/* Tile number t of those on and below the diagonal, row by row. */
static __device__ inline int row_of_tile(int64_t t)
{
    int64_t i = (int64_t)((sqrt(8.0 * (double)t + 1) - 1) / 2);
    while (i * (i + 1) / 2 > t)
        i--;
    while ((i + 1) * (i + 2) / 2 <= t)
        i++;
    return (int)i;
}

/* z: the real or the imaginary parts, which are those of (-i U) M^H + M (i U)^H. */
template <class T, int WIDTH>
__global__ void __launch_bounds__(THREADS, 3) wide_update_kernel(wide_panel w)
{
    constexpr int PARTS = ct_parts_of<T>, DOUBLES = WIDTH * PARTS;
    __shared__ tiles_shared<TILE> b;
    const int part = PARTS == 2 ? (int)blockIdx.z : 0;
    const int64_t n = w.n, tile = blockIdx.x;
    const int i = row_of_tile(tile), j = (int)(tile - (int64_t)i * (i + 1) / 2),
              g = (int)threadIdx.x % 32 / 4, q = (int)threadIdx.x % 4,
              row = TILE * i + warp_row<TILE>() + g,
              column = TILE * j + warp_column<TILE>() + 2 * q;
    double *room = w.room + blockIdx.y * w.each,
           *a = w.a + (blockIdx.y * n * n + (int64_t)w.first * n + w.first) * PARTS + part;
    double sum[TILE / 16][TILE / 16][2];
#pragma unroll
    for (int x = 0; x < TILE / 16; x++)
#pragma unroll
        for (int c = 0; c < TILE / 16; c++)
#pragma unroll
            for (int e = 0; e < 2; e++) {
                const int at = row + 8 * x, of = column + 8 * c + e;
                sum[x][c][e] = at >= of + part && at < w.rows ? a[(of * n + at) * PARTS] : 0;
            }
    for (int k = 0; k < 2 * DOUBLES; k += CHUNK) {
        const bool second = k >= DOUBLES;
        const int64_t from = (k - (second ? DOUBLES : 0)) * (int64_t)w.lead,
                      turned = part * WIDTH * (int64_t)w.lead;
        stage<TILE, CHUNK>(b.left, room + (second ? w.m : w.u + turned) + from + TILE * i, w.lead);
        stage<TILE, CHUNK>(b.right, room + (second ? w.u - turned : w.m) + from + TILE * j, w.lead);
        __syncthreads();
        multiply(sum, {b.left, 1, TILE + 4}, {b.right, 1, TILE + 4}, warp_row<TILE>(),
                 warp_column<TILE>());
        __syncthreads();
    }
#pragma unroll
    for (int x = 0; x < TILE / 16; x++)
#pragma unroll
        for (int c = 0; c < TILE / 16; c++)
#pragma unroll
            for (int e = 0; e < 2; e++) {
                const int at = row + 8 * x, of = column + 8 * c + e;
                if (at >= of + part && at < w.rows)
                    a[(of * n + at) * PARTS] = sum[x][c][e];
            }
}

template <class T, int WIDTH>
static cudaError_t update(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    const int64_t tiles = wide_tiles(w->rows);
    const cudaError_t error =
        CT_LAUNCH(wide_finish_kernel<WIDTH * ct_parts_of<T>>,
                  dim3((unsigned)tiles, (unsigned)count), dim3(THREADS), 0, stream, *w);
    return error == cudaSuccess ? CT_LAUNCH((wide_update_kernel<T, WIDTH>),
                                            dim3((unsigned)(tiles * (tiles + 1) / 2),
                                                 (unsigned)count, ct_parts_of<T>),
                                            dim3(THREADS), 0, stream, *w)
                                : error;
}

cudaError_t ct_wide_update(const wide_panel *w, int64_t count, cudaStream_t stream)
{
    return w->parts == 2 ? update<ct_complex, CT_WIDE_BAND>(w, count, stream)
           : wide_band(w->n, 1) == CT_WIDE_BAND
               ? update<double, CT_WIDE_BAND>(w, count, stream)
               : update<double, 2 * CT_WIDE_BAND>(w, count, stream);
}
