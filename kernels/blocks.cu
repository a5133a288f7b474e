/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks: union-find over the non-zero entries of the quotient.
 *
 * First every class is united with that of its first non-zero entry, which connects most dense
 * quotients at once; then all entries are read, unless one component is left. The number of
 * components is kept where the number of blocks is due. */
#include "components.cuh"
#include "number.cuh"

#define TILE_COLUMNS 1024 /* of a row that a warp takes at once */
#ifndef CT_LIST_ITEMS     /* tests lower it */
#define CT_LIST_ITEMS 1024
#endif

/* ---- one cut ---- */

/* A grid whose z is the side. */
static inline dim3 grid_of_sides(const ct_device_blocks &b, int64_t items)
{
    dim3 grid = ct_cut_grid(b.side[0].cuts, items, CT_THREADS);
    grid.z = 2;
    return grid;
}

static inline int64_t larger(int64_t a, int64_t b)
{
    return a < b ? b : a;
}

/* Classes of a side; none in a cut with a collision, which is repeated: its classes may not fit
 * together. */
static __device__ inline int64_t classes_of(const ct_device_blocks &b, int s, int64_t cut)
{
    const bool sound = !b.side[0].collided[cut] && !b.side[1].collided[cut];
    return sound ? b.side[s].count[cut] : 0;
}

/* Row classes, then column classes. */
static __device__ inline int32_t *parents_of(const ct_device_blocks &b, int64_t cut)
{
    return b.parent + cut * (b.side[0].rows_per_cut + b.side[1].rows_per_cut);
}

/* The row of side s that stands for a class. */
static __device__ inline const uint64_t *row_of(const ct_device_blocks &b, int s, int64_t cut,
                                                int64_t i)
{
    const int64_t base = cut * b.side[s].rows_per_cut;
    return b.side[s].rows + (base + b.side[s].first[base + i]) * b.side[s].words;
}

/* ---- components ---- */

__global__ void single_kernel(ct_device_blocks b)
{
    for (int64_t cut = blockIdx.y; cut < b.side[0].cuts; cut += gridDim.y) {
        const int64_t n = classes_of(b, 0, cut) + classes_of(b, 1, cut);
        int32_t *parent = parents_of(b, cut);
        for (int64_t x = ct_thread(); x < n; x += ct_stride())
            parent[x] = b.all ? 0 : (int32_t)x;
        if (ct_thread() == 0)
            b.blocks[cut] = (int32_t)(b.all && n > 1 ? 1 : n);
    }
}

/* The first non-zero entry of each class, by as many lanes as given for its side. */
__global__ void first_entry_kernel(ct_device_blocks b, int lanes_0, int lanes_1)
{
    const int s = (int)blockIdx.z, lanes = s ? lanes_1 : lanes_0;
    const int warp_lane = (int)(threadIdx.x & 31), lane = warp_lane % lanes;
    const uint32_t group = (0xffffffffu >> (32 - lanes)) << (warp_lane - lane);
    for (int64_t cut = blockIdx.y; cut < b.side[0].cuts; cut += gridDim.y) {
        const int64_t n = classes_of(b, s, cut), n_rows = classes_of(b, 0, cut);
        const int32_t *other = b.side[1 - s].class_of + cut * b.side[1 - s].rows_per_cut;
        for (int64_t i = ct_thread() / lanes; i < n; i += ct_stride() / lanes) {
            const uint64_t *row = row_of(b, s, cut, i);
            uint32_t found = 0;
            for (int64_t w = lane; w - lane < b.side[s].words && !found; w += lanes) {
                const uint64_t word = w < b.side[s].words ? row[w] : 0;
                found = __ballot_sync(group, word != 0);
                if (__ffs((int)found) - 1 == warp_lane) {
                    const int64_t column =
                        b.entry_words ? w / b.entry_words : 64 * w + __ffsll((long long)word) - 1;
                    ct_unite(parents_of(b, cut), (int32_t)(s ? n_rows + i : i),
                             (int32_t)(s ? other[column] : n_rows + other[column]), b.blocks + cut);
                }
            }
        }
    }
}

static __device__ inline bool is_entry(const ct_device_blocks &b, const uint64_t *row,
                                       int64_t column)
{
    if (b.entry_words == 0)
        return (row[column >> 6] >> (column & 63)) & 1;
    return row[column * b.entry_words] || (b.entry_words == 2 && row[2 * column + 1]);
}

/* Every entry, a warp TILE_COLUMNS of a row. */
__global__ void every_entry_kernel(ct_device_blocks b)
{
    for (int64_t cut = blockIdx.y; cut < b.side[0].cuts; cut += gridDim.y) {
        const int64_t n[2] = {classes_of(b, 0, cut), classes_of(b, 1, cut)};
        const int64_t tiles = (n[1] + TILE_COLUMNS - 1) / TILE_COLUMNS; /* of a row */
        const int32_t *column = b.side[1].first + cut * b.side[1].rows_per_cut;
        int32_t *parent = parents_of(b, cut);
        for (int64_t tile = ct_thread() / 32; tile < n[0] * tiles; tile += ct_stride() / 32) {
            const int64_t i = tile / tiles, begin = tile % tiles * TILE_COLUMNS,
                          end = min(begin + TILE_COLUMNS, n[1]);
            const uint64_t *row = row_of(b, 0, cut, i);
            int32_t root = ct_root_of(parent, (int32_t)i);
            if (ct_peek(b.blocks + cut) == 1)
                break;
            for (int64_t j = begin + (threadIdx.x & 31); j < end; j += 32)
                if (ct_peek(parent + n[0] + j) != root && is_entry(b, row, column[j]))
                    root = ct_unite(parent, (int32_t)i, (int32_t)(n[0] + j), b.blocks + cut);
        }
    }
}

/* Every entry of the quotient of a list, a warp a class. */
__global__ void every_item_kernel(ct_device_blocks b)
{
    const int64_t n = classes_of(b, 0, 0);
    int32_t *parent = parents_of(b, 0);
    for (int64_t i = ct_thread() / 32; i < n; i += ct_stride() / 32) {
        const uint64_t end = b.entry_start[0][i + 1];
        int32_t root = ct_root_of(parent, (int32_t)i);
        if (ct_peek(b.blocks) == 1)
            break;
        for (uint64_t e = b.entry_start[0][i] + (threadIdx.x & 31); e < end; e += 32) {
            const int32_t j = (int32_t)(n + b.entry[0][e]);
            if (ct_peek(parent + j) != root)
                root = ct_unite(parent, (int32_t)i, j, b.blocks);
        }
    }
}

static cudaError_t launch_components(const ct_device_blocks &b, cudaStream_t stream)
{
    const int64_t cuts = b.side[0].cuts, rows = b.side[0].rows_per_cut,
                  columns = b.side[1].rows_per_cut;
    const int lanes[2] = {ct_lanes(b.side[0].words), ct_lanes(b.side[1].words)};
    const dim3 block(CT_THREADS);
    cudaError_t error = CT_LAUNCH(single_kernel, ct_cut_grid(cuts, rows + columns, CT_THREADS),
                                  block, 0, stream, b);
    if (b.entry_start[0])
        return error != cudaSuccess
                   ? error
                   : CT_LAUNCH(every_item_kernel, ct_grid(32 * rows), block, 0, stream, b);
    if (error == cudaSuccess && !b.all)
        error = CT_LAUNCH(first_entry_kernel,
                          grid_of_sides(b, larger(rows * lanes[0], columns * lanes[1])), block, 0,
                          stream, b, lanes[0], lanes[1]);
    if (error == cudaSuccess && !b.all)
        error =
            CT_LAUNCH(every_entry_kernel,
                      ct_cut_grid(cuts, 32 * rows * ((columns + TILE_COLUMNS - 1) / TILE_COLUMNS),
                                  CT_THREADS),
                      block, 0, stream, b);
    return error;
}

/* ---- numbers of the blocks: those of their roots; counts of the chunks: where members will be */

static __device__ inline int32_t *counts_of(const ct_device_blocks &b, int64_t cut)
{
    return b.member[0] + cut * b.side[0].rows_per_cut;
}

__global__ void count_roots_kernel(ct_device_blocks b, int64_t chunks)
{
    for (int64_t cut = blockIdx.y; cut < b.side[0].cuts; cut += gridDim.y)
        for (int64_t chunk = blockIdx.x; chunk < chunks; chunk += gridDim.x)
            ct_count_chunk(parents_of(b, cut), classes_of(b, 0, cut), chunk, counts_of(b, cut));
}

__global__ void sum_roots_kernel(ct_device_blocks b, int64_t chunks)
{
    for (int64_t cut = blockIdx.x; cut < b.side[0].cuts; cut += gridDim.x)
        ct_sum_counts(counts_of(b, cut), chunks);
}

__global__ void number_roots_kernel(ct_device_blocks b, int64_t chunks)
{
    for (int64_t cut = blockIdx.y; cut < b.side[0].cuts; cut += gridDim.y)
        for (int64_t chunk = blockIdx.x; chunk < chunks; chunk += gridDim.x)
            ct_number_chunk(parents_of(b, cut), classes_of(b, 0, cut), chunk,
                            chunks > 1 ? counts_of(b, cut)[chunk] : 0,
                            b.block_of[0] + cut * b.side[0].rows_per_cut, NULL);
}

static cudaError_t launch_numbers(const ct_device_blocks &b, cudaStream_t stream)
{
    const int64_t cuts = b.side[0].cuts, chunks = ct_chunks(b.side[0].rows_per_cut);
    const dim3 block(CT_THREADS), grid = ct_cut_grid(cuts, chunks * CT_THREADS, CT_THREADS);
    cudaError_t error = cudaSuccess;
    if (chunks > 1)
        error = CT_LAUNCH(count_roots_kernel, grid, block, 0, stream, b, chunks);
    if (chunks > 1 && error == cudaSuccess)
        error = CT_LAUNCH(sum_roots_kernel, ct_job_grid(cuts), block, 0, stream, b, chunks);
    if (error == cudaSuccess)
        error = CT_LAUNCH(number_roots_kernel, grid, block, 0, stream, b, chunks);
    return error;
}

/* ---- members: counted by chunk and block, then put in their places chunk by chunk ---- */

/* A chunk has `items` classes, a quarter of the smaller side's rows at least. So no more blocks
 * times chunks than 4 a row (powers of two; lists: 6): they fit where the keys of the hashes were.
 */
static int64_t list_items(const ct_device_blocks &b)
{
    const int64_t rows = b.side[0].rows_per_cut, columns = b.side[1].rows_per_cut;
    const int64_t quarter = (rows < columns ? rows : columns) / 4;
    return quarter < CT_LIST_ITEMS ? CT_LIST_ITEMS : (quarter + 31) / 32 * 32; /* whole warps */
}

/* [chunk][block]: members, later the next place. */
static __device__ inline int32_t *places_of(const ct_device_blocks &b, int s, int64_t cut)
{
    return (int32_t *)(b.side[s].key + cut * b.side[s].slots);
}

__global__ void clear_places_kernel(ct_device_blocks b, int64_t items)
{
    const int s = (int)blockIdx.z;
    for (int64_t cut = blockIdx.y; cut < b.side[0].cuts; cut += gridDim.y) {
        const int64_t n = (classes_of(b, s, cut) + items - 1) / items * b.blocks[cut];
        for (int64_t i = ct_thread(); i < n; i += ct_stride())
            places_of(b, s, cut)[i] = 0;
    }
}

/* The block of every class, counted. Roots of side 0 have theirs. */
__global__ void label_kernel(ct_device_blocks b, int64_t items)
{
    const int s = (int)blockIdx.z, lane = (int)(threadIdx.x & 31);
    for (int64_t cut = blockIdx.y; cut < b.side[0].cuts; cut += gridDim.y) {
        const int64_t n = classes_of(b, s, cut), before = s ? classes_of(b, 0, cut) : 0;
        const int32_t *number = b.block_of[0] + cut * b.side[0].rows_per_cut;
        int32_t *label = b.block_of[s] + cut * b.side[s].rows_per_cut;
        for (int64_t base = ct_thread() - lane; base < n; base += ct_stride()) {
            int32_t mine = -1;
            if (base + lane < n) {
                const int32_t x = (int32_t)(before + base + lane),
                              root = ct_root_of(parents_of(b, cut), x);
                mine = number[root];
                if (root != x)
                    label[base + lane] = mine;
            }
            const uint32_t alike = __match_any_sync(0xffffffffu, mine);
            if (mine >= 0 && __ffs((int)alike) - 1 == lane)
                atomicAdd(places_of(b, s, cut) + base / items * b.blocks[cut] + mine,
                          __popc(alike));
        }
    }
}

/* One thread block: where the starts of each cut begin. */
__global__ void begin_kernel(ct_device_blocks b)
{
    int64_t before = 0;
    for (int64_t base = 0; base < b.side[0].cuts; base += CT_THREADS) {
        const int64_t cut = base + threadIdx.x;
        int32_t all;
        const int32_t mine = cut < b.side[0].cuts ? b.blocks[cut] + 1 : 0,
                      sum = ct_block_scan(mine, &all);
        if (mine)
            b.begin[cut] = before + sum;
        before += all;
    }
}

/* A thread block a side of a cut: where each block starts, and each chunk in it. */
__global__ void start_kernel(ct_device_blocks b, int64_t items)
{
    const int s = (int)blockIdx.z;
    for (int64_t cut = blockIdx.y; cut < b.side[0].cuts; cut += gridDim.y) {
        const int64_t blocks = b.blocks[cut], chunks = (classes_of(b, s, cut) + items - 1) / items;
        int32_t *start = b.start[s] + b.begin[cut], before = 0, all;
        for (int64_t base = 0; base < blocks; base += CT_THREADS) {
            const int64_t k = base + threadIdx.x;
            int32_t *place = places_of(b, s, cut) + k, members = 0;
            for (int64_t c = 0; c < chunks && k < blocks; c++)
                members += place[c * blocks];
            int32_t next = before + ct_block_scan(members, &all);
            if (k < blocks)
                start[k] = next;
            for (int64_t c = 0; c < chunks && k < blocks; c++) {
                const int32_t here = place[c * blocks];
                place[c * blocks] = next;
                next += here;
            }
            before += all;
        }
        if (threadIdx.x == 0)
            start[blocks] = before;
    }
}

/* A warp a chunk, ascending. */
static __device__ void list_chunk(const int32_t *label, int64_t begin, int64_t end, int32_t *place,
                                  int32_t *member)
{
    const int lane = (int)(threadIdx.x & 31);
    for (int64_t base = begin; base < end; base += 32) {
        const int64_t x = base + lane;
        const int32_t mine = x < end ? label[x] : -1;
        const uint32_t alike = __match_any_sync(0xffffffffu, mine);
        const int leader = __ffs((int)alike) - 1;
        int32_t first = 0;
        if (lane == leader && mine >= 0) {
            first = place[mine];
            place[mine] = first + __popc(alike);
        }
        first = __shfl_sync(0xffffffffu, first, leader);
        if (mine >= 0)
            member[first + __popc(alike & ((1u << lane) - 1))] = (int32_t)x;
        __syncwarp(); /* another lane may have the next member of the block */
    }
}

__global__ void list_kernel(ct_device_blocks b, int64_t items)
{
    const int s = (int)blockIdx.z;
    for (int64_t cut = blockIdx.y; cut < b.side[0].cuts; cut += gridDim.y) {
        const int64_t n = classes_of(b, s, cut), blocks = b.blocks[cut],
                      base = cut * b.side[s].rows_per_cut;
        if (blocks == 1)
            for (int64_t x = ct_thread(); x < n; x += ct_stride())
                b.member[s][base + x] = (int32_t)x;
        else
            for (int64_t c = ct_thread() / 32; c * items < n; c += ct_stride() / 32)
                list_chunk(b.block_of[s] + base, c * items, min((c + 1) * items, n),
                           places_of(b, s, cut) + c * blocks, b.member[s] + base);
    }
}

static cudaError_t launch_members(const ct_device_blocks &b, cudaStream_t stream)
{
    const int64_t items = list_items(b),
                  most = larger(b.side[0].rows_per_cut, b.side[1].rows_per_cut);
    const dim3 block(CT_THREADS);
    cudaError_t error =
        CT_LAUNCH(clear_places_kernel, grid_of_sides(b, most), block, 0, stream, b, items);
    if (error == cudaSuccess)
        error = CT_LAUNCH(label_kernel, grid_of_sides(b, most), block, 0, stream, b, items);
    if (error == cudaSuccess)
        error = CT_LAUNCH(begin_kernel, dim3(1), block, 0, stream, b);
    if (error == cudaSuccess)
        error = CT_LAUNCH(start_kernel, grid_of_sides(b, 1), block, 0, stream, b, items);
    if (error == cudaSuccess)
        error = CT_LAUNCH(list_kernel, grid_of_sides(b, (most + items - 1) / items * 32), block, 0,
                          stream, b, items);
    return error;
}

cudaError_t ct_launch_blocks(const ct_device_blocks *b, cudaStream_t stream)
{
    cudaError_t error = launch_components(*b, stream);
    if (error == cudaSuccess)
        error = launch_numbers(*b, stream);
    if (error == cudaSuccess)
        error = launch_members(*b, stream);
    return error;
}
