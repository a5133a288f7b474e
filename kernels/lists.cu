/* SPDX-License-Identifier: Apache-2.0 */
/* The cut matrix of a list of images, sparse: the rows of a side are the different halves of the
 * listed images on its pixels, numbered by the first image that has them; the items of a row are
 * the numbers of the columns in which it is 1, ascending. Scans and sorts (sort.cu) lie between
 * these kernels; nothing depends on scheduling. */
#include "device.cuh"

/* No half has all 64 bits: a cut keeps at least one pixel and leaves at least one. */
#define EMPTY (~UINT64_C(0))

/* The table of halves holds the halves themselves: no two of them share a slot. */
__global__ void list_halves_kernel(const uint64_t *images, int64_t count, uint64_t mask,
                                   uint64_t *half, int64_t slots, uint32_t *first,
                                   uint32_t *slot_of)
{
    for (int64_t i = ct_thread(); i < count; i += ct_stride()) {
        const unsigned long long mine = images[i] & mask;
        uint64_t slot = ct_mix64(mine) & (uint64_t)(slots - 1);
        for (;; slot = (slot + 1) & (uint64_t)(slots - 1)) {
            const unsigned long long old =
                atomicCAS((unsigned long long *)half + slot, (unsigned long long)EMPTY, mine);
            if (old == EMPTY || old == mine)
                break;
        }
        atomicMin(first + slot, (uint32_t)i);
        slot_of[i] = (uint32_t)slot;
    }
}

cudaError_t ct_launch_list_halves(const uint64_t *images, int64_t count, uint64_t mask,
                                  uint64_t *half, int64_t slots, uint32_t *first, uint32_t *slot_of,
                                  cudaStream_t stream)
{
    cudaError_t error = cudaMemsetAsync(half, 0xff, (size_t)slots * sizeof *half, stream);
    if (error == cudaSuccess)
        error = cudaMemsetAsync(first, 0xff, (size_t)slots * sizeof *first, stream);
    if (error == cudaSuccess)
        error = CT_LAUNCH(list_halves_kernel, ct_grid(count), dim3(CT_THREADS), 0, stream, images,
                          count, mask, half, slots, first, slot_of);
    return error;
}

__global__ void list_firsts_kernel(const uint32_t *first, const uint32_t *slot_of, int64_t count,
                                   uint64_t *is_first)
{
    for (int64_t i = ct_thread(); i <= count; i += ct_stride())
        is_first[i] = i < count && first[slot_of[i]] == (uint32_t)i;
}

cudaError_t ct_launch_list_firsts(const uint32_t *first, const uint32_t *slot_of, int64_t count,
                                  uint64_t *is_first, cudaStream_t stream)
{
    return CT_LAUNCH(list_firsts_kernel, ct_grid(count + 1), dim3(CT_THREADS), 0, stream, first,
                     slot_of, count, is_first);
}

__global__ void list_numbers_kernel(const uint32_t *first, const uint32_t *slot_of,
                                    const uint64_t *number, int64_t count, uint32_t *row_of)
{
    for (int64_t i = ct_thread(); i < count; i += ct_stride())
        row_of[i] = (uint32_t)number[first[slot_of[i]]];
}

cudaError_t ct_launch_list_numbers(const uint32_t *first, const uint32_t *slot_of,
                                   const uint64_t *number, int64_t count, uint32_t *row_of,
                                   cudaStream_t stream)
{
    return CT_LAUNCH(list_numbers_kernel, ct_grid(count), dim3(CT_THREADS), 0, stream, first,
                     slot_of, number, count, row_of);
}

__global__ void list_pairs_kernel(const uint32_t *row, const uint32_t *column, int64_t count,
                                  uint64_t *pair)
{
    for (int64_t i = ct_thread(); i < count; i += ct_stride())
        pair[i] = (uint64_t)row[i] << 32 | column[i];
}

cudaError_t ct_launch_list_pairs(const uint32_t *row, const uint32_t *column, int64_t count,
                                 uint64_t *pair, cudaStream_t stream)
{
    return CT_LAUNCH(list_pairs_kernel, ct_grid(count), dim3(CT_THREADS), 0, stream, row, column,
                     count, pair);
}

__global__ void list_rows_kernel(const uint64_t *pair, int64_t count, uint64_t *start,
                                 uint32_t *item)
{
    for (int64_t i = ct_thread(); i < count; i += ct_stride()) {
        const uint64_t row = pair[i] >> 32;
        item[i] = (uint32_t)pair[i];
        if (i == 0 || pair[i - 1] >> 32 != row)
            start[row] = (uint64_t)i;
        if (i == count - 1)
            start[row + 1] = (uint64_t)count;
    }
}

cudaError_t ct_launch_list_rows(const uint64_t *pair, int64_t count, uint64_t *start,
                                uint32_t *item, cudaStream_t stream)
{
    return CT_LAUNCH(list_rows_kernel, ct_grid(count), dim3(CT_THREADS), 0, stream, pair, count,
                     start, item);
}

/* ---- the quotient: a warp a row ---- */

/* Is row or column x the first of its class? */
static __device__ inline bool stands_for_class(const ct_device_classes &d, int64_t x)
{
    return d.first[d.class_of[x]] == (int32_t)x;
}

/* Calls `take(place, class of the column)` for the entries of the quotient in row r, place = 0, 1,
 * .. from all lanes of a warp; returns their number. */
template <class TAKE>
static __device__ inline int64_t each_entry(const ct_device_classes &rows,
                                            const ct_device_classes &columns, int64_t r, TAKE take)
{
    const int lane = (int)(threadIdx.x & 31);
    int64_t before = 0;
    for (uint64_t base = rows.start[r]; base < rows.start[r + 1]; base += 32) {
        const bool inside = base + (uint64_t)lane < rows.start[r + 1];
        const uint32_t column = inside ? rows.item[base + (uint64_t)lane] : 0;
        const bool is_entry = inside && stands_for_class(columns, column);
        const uint32_t all = __ballot_sync(0xffffffffu, is_entry);
        if (is_entry)
            take(before + __popc(all & ((1u << lane) - 1)), (uint32_t)columns.class_of[column]);
        before += __popc(all);
    }
    return before;
}

__global__ void entry_counts_kernel(ct_device_classes rows, ct_device_classes columns,
                                    uint64_t *counts)
{
    for (int64_t r = ct_thread() / 32; r < rows.rows_per_cut; r += ct_stride() / 32) {
        if (!stands_for_class(rows, r))
            continue;
        const int64_t entries = each_entry(rows, columns, r, [](int64_t, uint32_t) {});
        if ((threadIdx.x & 31) == 0)
            counts[rows.class_of[r]] = (uint64_t)entries;
    }
}

__global__ void entries_kernel(ct_device_classes rows, ct_device_classes columns,
                               const uint64_t *start, uint32_t *entry)
{
    for (int64_t r = ct_thread() / 32; r < rows.rows_per_cut; r += ct_stride() / 32) {
        if (!stands_for_class(rows, r))
            continue;
        uint32_t *mine = entry + start[rows.class_of[r]];
        each_entry(rows, columns, r, [mine](int64_t place, uint32_t q) { mine[place] = q; });
    }
}

cudaError_t ct_launch_list_entry_counts(const ct_device_classes *rows,
                                        const ct_device_classes *columns, uint64_t *counts,
                                        cudaStream_t stream)
{
    return CT_LAUNCH(entry_counts_kernel, ct_grid(32 * rows->rows_per_cut), dim3(CT_THREADS), 0,
                     stream, *rows, *columns, counts);
}

cudaError_t ct_launch_list_entries(const ct_device_classes *rows, const ct_device_classes *columns,
                                   const uint64_t *start, uint32_t *entry, cudaStream_t stream)
{
    return CT_LAUNCH(entries_kernel, ct_grid(32 * rows->rows_per_cut), dim3(CT_THREADS), 0, stream,
                     *rows, *columns, start, entry);
}
