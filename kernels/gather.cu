/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the cut matrices of a batch.
 *
 * A table word holds the 64 values of the six lowest pixels: ka of them are row pixels, kb = 6 - ka
 * column pixels. The 64 columns of an output word are the values of the six lowest column pixels:
 * these kb, and the ka next ones. So 2^ka table words (all values of those ka next pixels) are 2^ka
 * output words (all values of the ka row pixels): a tile, whose bits change places in registers. */
#include "device.cuh"

/* The pixels of rows and of columns of a side. */
static __device__ inline void sides_of(uint64_t mask, int pixels, int side, uint64_t *rows,
                                       uint64_t *columns)
{
    const uint64_t rest = ((UINT64_C(1) << pixels) - 1) & ~mask;
    *rows = side ? rest : mask;
    *columns = side ? mask : rest;
}

/* ---- bits: tiles ---- */

#define TILE_THREADS 128
#define TILE_WORDS 8 /* that a thread takes at least at once: enough loads are under way */

typedef struct tile_plan {
    ct_spreader row, column;  /* over numbers of table words: all but the pixels of a tile */
    int swaps, swap_shift[6]; /* column bits of a word come first, in order */
    uint64_t swap_mask[6];
    uint32_t word[6]; /* bit a of a tile's word: its offset in the table ... */
    int row_bit[6];   /* ... and, when the tile is done, the bit of its row number */
} tile_plan;

/* The bits of a word at which bit k of their number is set. */
static __device__ inline uint64_t numbers_with(int k)
{
    const uint64_t half = UINT64_C(1) << (1 << k);
    return ~UINT64_C(0) / (half + 1) * half;
}

/* Exchanges of bit numbers i < j that bring the columns of a word to the front. */
static __device__ void plan_swaps(tile_plan *p, int ka, uint32_t row_pixels)
{
    int pixel[6] = {0, 1, 2, 3, 4, 5}, i = 0;
    p->swaps = 0;
    for (int j = 0; j < 6; j++) {
        if ((row_pixels >> j) & 1)
            continue;
        if (i < j) {
            p->swap_shift[p->swaps] = (1 << j) - (1 << i);
            p->swap_mask[p->swaps++] = numbers_with(i) & ~numbers_with(j);
            pixel[j] = pixel[i];
            pixel[i] = j;
        }
        i++;
    }
    for (int a = 0; a < ka; a++)
        p->row_bit[a] = __popc(row_pixels & ((1u << pixel[i + a]) - 1));
}

/* By three warps of a block. */
static __device__ void plan_tiles(tile_plan *p, uint64_t rows, uint64_t columns)
{
    const int ka = __popc((uint32_t)rows & 63);
    uint32_t left = (uint32_t)(columns >> 6);
    if (threadIdx.x == 0)
        plan_swaps(p, ka, (uint32_t)rows & 63);
    if (threadIdx.x == 32)
        p->row = ct_spreader_of((uint32_t)(rows >> 6));
    if (threadIdx.x == 64) {
        for (int a = 0; a < ka; a++, left &= left - 1)
            p->word[a] = left & (0 - left);
        p->column = ct_spreader_of(left);
    }
}

/* Where the words of a tile are, as an offset that is linear in their bits. */
template <int BITS> static __device__ inline uint32_t place(const uint32_t *bit, int word)
{
    uint32_t sum = 0;
#pragma unroll
    for (int a = 0; a < BITS; a++)
        sum += (word >> a) & 1 ? bit[a] : 0;
    return sum;
}

/* Bit a of a word's number and bit kb + a of the numbers of its bits change places, for all a. */
template <int BITS> static __device__ inline void transpose(uint64_t *x, int kb)
{
#pragma unroll
    for (int a = 0; a < BITS; a++) {
        const uint64_t stay = ~numbers_with(kb + a);
#pragma unroll
        for (int v = 0; v < 1 << BITS; v++)
            if (!((v >> a) & 1)) {
                uint64_t &low = x[v], &high = x[v | 1 << a];
                const uint64_t change = ((low >> (1 << (kb + a))) ^ high) & stay;
                high ^= change;
                low ^= change << (1 << (kb + a));
            }
    }
}

/* One round of a tile: its words, and their bits in place. KA = 6 takes two rounds over 32 words,
 * each made of halves of two table words. */
template <int KA, int BITS>
static __device__ inline void load_tile(const uint64_t *source, const uint32_t *from, int round,
                                        uint64_t *x)
{
#pragma unroll
    for (int v = 0; v < 1 << BITS; v++) {
        x[v] = source[place<BITS>(from, v)];
        if (KA == 6) /* bit 5 of the words' numbers and of the bits' numbers */
            x[v] = ((x[v] >> (32 * round)) & UINT32_MAX) |
                   (source[from[5] + place<BITS>(from, v)] >> (32 * round)) << 32;
    }
}

template <int BITS> static __device__ inline void turn_tile(const tile_plan &p, int kb, uint64_t *x)
{
    for (int s = 0; s < p.swaps; s++) {
        const int shift = p.swap_shift[s];
        const uint64_t mask = p.swap_mask[s];
#pragma unroll
        for (int v = 0; v < 1 << BITS; v++) {
            const uint64_t change = (x[v] ^ (x[v] >> shift)) & mask;
            x[v] ^= change ^ (change << shift);
        }
    }
    transpose<BITS>(x, kb);
}

/* Every tile of a cut. */
template <int KA>
static __device__ void gather_tiles(const tile_plan &p, const uint64_t *table, int pixels,
                                    int log_words, uint64_t *out)
{
    constexpr int BITS = KA < 6 ? KA : 5, ROUNDS = KA < 6 ? 1 : 2;
    constexpr int TILES = TILE_WORDS >> KA ? TILE_WORDS >> KA : 1;
    const uint32_t tiles = 1u << (pixels - 6 - KA), step = gridDim.x * blockDim.x;
    const uint32_t words = 1u << log_words;
    uint32_t from[6], to[6];
#pragma unroll
    for (int a = 0; a < KA; a++) {
        from[a] = p.word[a];
        to[a] = 1u << (p.row_bit[a] + log_words);
    }
    for (uint32_t first = (uint32_t)ct_thread(); first < tiles; first += step * TILES)
        for (int round = 0; round < ROUNDS; round++) {
            uint64_t x[TILES][1 << BITS];
#pragma unroll
            for (int u = 0; u < TILES; u++) {
                const uint32_t tile = min(first + (uint32_t)u * step, tiles - 1);
                load_tile<KA, BITS>(table + (ct_spread_by(p.column, tile & (words - 1)) |
                                             ct_spread_by(p.row, tile >> log_words)),
                                    from, round, x[u]);
            }
#pragma unroll
            for (int u = 0; u < TILES; u++) {
                const uint32_t tile = first + (uint32_t)u * step;
                uint64_t *target = out + ((int64_t)(tile >> log_words) << (KA + log_words)) +
                                   (tile & (words - 1)) + (round ? to[5] : 0);
                turn_tile<BITS>(p, 6 - KA, x[u]);
#pragma unroll
                for (int v = 0; v < 1 << BITS; v++)
                    if (tile < tiles)
                        target[place<BITS>(to, v)] = x[u][v];
            }
        }
}

__global__ void __launch_bounds__(TILE_THREADS)
    gather_tiles_kernel(const uint64_t *table, int pixels, const uint64_t *mask, int64_t cuts,
                        int n_rows, int side, uint64_t *out)
{
    __shared__ tile_plan plan;
    const int log_words = pixels - n_rows - 6;
    for (int64_t cut = blockIdx.y; cut < cuts; cut += gridDim.y) {
        uint64_t rows, columns, *to = out + (cut << (pixels - 6));
        sides_of(mask[cut], pixels, side, &rows, &columns);
        plan_tiles(&plan, rows, columns);
        __syncthreads();
        switch (__popc((uint32_t)rows & 63)) {
        case 0:
            gather_tiles<0>(plan, table, pixels, log_words, to);
            break;
        case 1:
            gather_tiles<1>(plan, table, pixels, log_words, to);
            break;
        case 2:
            gather_tiles<2>(plan, table, pixels, log_words, to);
            break;
        case 3:
            gather_tiles<3>(plan, table, pixels, log_words, to);
            break;
        case 4:
            gather_tiles<4>(plan, table, pixels, log_words, to);
            break;
        case 5:
            gather_tiles<5>(plan, table, pixels, log_words, to);
            break;
        default:
            gather_tiles<6>(plan, table, pixels, log_words, to);
        }
        __syncthreads();
    }
}

/* ---- bits: less than 64 columns ---- */

/* One thread a row. */
__global__ void gather_bits_kernel(const uint64_t *table, int pixels, const uint64_t *mask,
                                   int64_t cuts, int n_rows, int side, uint64_t *out)
{
    __shared__ ct_spreader spreader;
    for (int64_t cut = blockIdx.y; cut < cuts; cut += gridDim.y) {
        uint64_t rows, columns;
        sides_of(mask[cut], pixels, side, &rows, &columns);
        if (threadIdx.x == 0)
            spreader = ct_spreader_of((uint32_t)rows);
        __syncthreads();
        for (int64_t row = ct_thread(); row < INT64_C(1) << n_rows; row += ct_stride()) {
            const uint32_t base = ct_spread_by(spreader, (uint32_t)row);
            uint64_t result = 0;
            uint32_t column = 0;
            for (int b = 0; b < 1 << (pixels - n_rows); b++) {
                const uint32_t s = base | column;
                result |= ((table[s >> 6] >> (s & 63)) & 1) << b;
                column = (column - (uint32_t)columns) & (uint32_t)columns; /* the next subset */
            }
            out[(cut << n_rows) + row] = result;
        }
        __syncthreads();
    }
}

cudaError_t ct_launch_gather_bits(const uint64_t *table, int pixels, const uint64_t *mask,
                                  int64_t cuts, int na, int side, uint64_t *rows,
                                  cudaStream_t stream)
{
    const int n_rows = side ? pixels - na : na;
    if (pixels > CT_GATHER_PIXELS)
        return cudaErrorInvalidValue;
    if (pixels - n_rows < 6)
        return CT_LAUNCH(gather_bits_kernel, ct_cut_grid(cuts, INT64_C(1) << n_rows, CT_THREADS),
                         dim3(CT_THREADS), 0, stream, table, pixels, mask, cuts, n_rows, side,
                         rows);
    return CT_LAUNCH(gather_tiles_kernel,
                     ct_cut_grid(cuts, (INT64_C(1) << (pixels - 6)) / TILE_WORDS, TILE_THREADS),
                     dim3(TILE_THREADS), 0, stream, table, pixels, mask, cuts, n_rows, side, rows);
}

/* ---- values ---- */

/* One thread an entry. */
__global__ void gather_values_kernel(const uint64_t *values, int entry_words, int pixels,
                                     const uint64_t *mask, int64_t cuts, int n_rows, int side,
                                     uint64_t *out)
{
    __shared__ ct_spreader spreader[2]; /* of rows, of columns */
    const int n_columns = pixels - n_rows;
    for (int64_t cut = blockIdx.y; cut < cuts; cut += gridDim.y) {
        uint64_t rows, columns, *to = out + (cut << pixels) * entry_words;
        sides_of(mask[cut], pixels, side, &rows, &columns);
        if (threadIdx.x % 32 == 0 && threadIdx.x < 64)
            spreader[threadIdx.x / 32] = ct_spreader_of((uint32_t)(threadIdx.x ? columns : rows));
        __syncthreads();
        for (int64_t i = ct_thread(); i < INT64_C(1) << pixels; i += ct_stride()) {
            const uint32_t column = (uint32_t)i & ((1u << n_columns) - 1);
            const int64_t s = ct_spread_by(spreader[0], (uint32_t)(i >> n_columns)) |
                              ct_spread_by(spreader[1], column);
            for (int w = 0; w < entry_words; w++)
                to[i * entry_words + w] = values[s * entry_words + w];
        }
        __syncthreads();
    }
}

cudaError_t ct_launch_gather_values(const uint64_t *values, int entry_words, int pixels,
                                    const uint64_t *mask, int64_t cuts, int na, int side,
                                    uint64_t *rows, cudaStream_t stream)
{
    if (pixels > CT_GATHER_PIXELS)
        return cudaErrorInvalidValue;
    return CT_LAUNCH(gather_values_kernel, ct_cut_grid(cuts, INT64_C(1) << pixels, CT_THREADS),
                     dim3(CT_THREADS), 0, stream, values, entry_words, pixels, mask, cuts,
                     side ? pixels - na : na, side, rows);
}
