/* SPDX-License-Identifier: Apache-2.0 */
/* From a list of images to the quotient of one cut: halves by hashing, rows by sorting, entries by
 * scanning. */
#include "backend/cuda/list.h"

#include "base/bits.h"

/* Number of every half of the images on `mask`, by first occurrence; their count goes to *rows. */
static cutropy_status number_halves(ct_lane *lane, const ct_list_space *space, int side,
                                    uint64_t mask, uint64_t *rows)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    const int64_t count = lane->shape.images;
    const uint64_t *images = lane->holder->function;
    CT_CUDA(device, ct_launch_list_halves(images, count, mask, space->half, space->slots,
                                          space->first, space->slot_of, lane->stream));
    CT_CUDA(device, ct_launch_list_firsts(space->first, space->slot_of, count, space->number,
                                          lane->stream));
    CT_CUDA(device, ct_launch_scan(space->number, space->number, count + 1, space->work,
                                   space->work_bytes, lane->stream));
    CT_CUDA(device, ct_launch_list_numbers(space->first, space->slot_of, space->number, count,
                                           space->row_of[side], lane->stream));
    CT_CUDA(device, cudaMemcpyAsync(rows, space->number + count, sizeof *rows,
                                    cudaMemcpyDeviceToHost, lane->stream));
done:
    return status;
}

static cutropy_status sort_rows(ct_lane *lane, const ct_list_space *space, int side)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    const int64_t count = lane->shape.images;
    CT_CUDA(device, ct_launch_list_pairs(space->row_of[side], space->row_of[1 - side], count,
                                         space->number, lane->stream));
    CT_CUDA(device, ct_launch_sort(space->number, space->sorted, count, space->work,
                                   space->work_bytes, lane->stream));
    CT_CUDA(device, ct_launch_list_rows(space->sorted, count, space->start[side], space->item[side],
                                        lane->stream));
done:
    return status;
}

static cutropy_status no_room(const ct_lane *lane)
{
    char has[24];
    return ct_fail(CUTROPY_EMEMORY,
                   "device %d: a cut of a list of %lld images does not fit into %s: use --backend "
                   "cpu",
                   lane->holder->device.number, (long long)lane->shape.images,
                   ct_bytes_format(lane->region.size, has));
}

/* Work space for scans and sorts of one number an image and one more. */
static cutropy_status find_work_bytes(const ct_lane *lane, size_t *bytes)
{
    cutropy_status status = CUTROPY_OK;
    size_t scan = 0, sort = 0;
    CT_CUDA(lane->holder->device.number, ct_scan_space(lane->shape.images + 1, &scan));
    CT_CUDA(lane->holder->device.number, ct_sort_space(lane->shape.images, &sort));
    *bytes = scan > sort ? scan : sort;
done:
    return status;
}

cutropy_status ct_list_build(ct_lane *lane, uint64_t mask)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    const uint64_t all = ct_low_mask(lane->shape.pixels), side_mask[2] = {mask, all & ~mask};
    ct_list_space space;
    size_t work_bytes = 0;
    uint64_t kept = 0, *rows = NULL;
    CT_TRY(find_work_bytes(lane, &work_bytes));
    ct_list_space_place(lane->shape.images, work_bytes, &lane->region, &kept, &space);
    if (!space.work)
        return no_room(lane);
    CT_TRY(ct_pinned_reserve(&lane->control, device, 2 * sizeof *rows));
    rows = lane->control.memory;
    for (int s = 0; s < 2; s++)
        CT_TRY(number_halves(lane, &space, s, side_mask[s], &rows[s]));
    for (int s = 0; s < 2; s++)
        CT_TRY(sort_rows(lane, &space, s));
    CT_CUDA(device, cudaStreamSynchronize(lane->stream));
    for (int s = 0; s < 2; s++) {
        if (rows[s] < 1 || rows[s] > (uint64_t)lane->shape.images)
            CT_TRY(ct_fail(CUTROPY_EINTERNAL, "device %d counted %llu rows for %lld images", device,
                           (unsigned long long)rows[s], (long long)lane->shape.images));
        lane->shape.rows[s] = (int64_t)rows[s];
    }
    ct_region_rewind(&lane->region, kept); /* what follows comes later in the stream */
    if (!ct_layout_place(&lane->shape, 1, &lane->region, &lane->layout) ||
        !ct_list_entries_place(&lane->shape, work_bytes, &lane->region, &lane->layout.blocks,
                               &space))
        return no_room(lane);
    lane->list = space;
done:
    return status;
}

cutropy_status ct_list_entries(ct_lane *lane)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    const ct_device_blocks *b = &lane->layout.blocks;
    for (int s = 0; s < 2; s++) {
        uint64_t *start = (uint64_t *)b->entry_start[s]; /* ours, filled here */
        const int64_t count = lane->shape.rows[s] + 1;
        CT_CUDA(device, cudaMemsetAsync(start, 0, (size_t)count * sizeof *start, lane->stream));
        CT_CUDA(device,
                ct_launch_list_entry_counts(&b->side[s], &b->side[1 - s], start, lane->stream));
        CT_CUDA(device, ct_launch_scan(start, start, count, lane->list.work, lane->list.work_bytes,
                                       lane->stream));
        CT_CUDA(device, ct_launch_list_entries(&b->side[s], &b->side[1 - s], start,
                                               (uint32_t *)b->entry[s], lane->stream));
    }
done:
    return status;
}
