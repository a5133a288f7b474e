/* SPDX-License-Identifier: Apache-2.0 */
/* The bit-sliced search, level by level and piece by piece.
 *
 * A level holds prefixes: images of which the pixels >= base are known. They are taken in pieces;
 * the living children of a piece are the next level, which is finished before the next piece of
 * this one begins: so that the list ascends, and memory is bounded by one piece a level. */
#include "backend/cuda/search.h"

#include <string.h>

#include "backend/cuda/thresholds.h"
#include "base/array.h"
#include "kernels.h"
#include "problem/forms.h"

#define STEP 5    /* pixels that a level decides: 32 images a thread */
#define LEVELS 14 /* of 64 pixels, and the root */
#define CHILDREN (1 << STEP)
#define PROGRESS (UINT64_C(1) << 30) /* the whole search */

typedef struct ct_search {
    ct_evaluation *e;
    uint64_t *level[LEVELS]; /* piece x CHILDREN prefixes each, the root has one */
    uint32_t *alive;         /* of a piece */
    uint64_t *place;         /* piece + 1: numbers of children, then where they go */
    void *work;              /* of the scan */
    size_t work_bytes;
    int64_t piece;
    uint64_t *device_table; /* NULL: a list */
    /* the list so far */
    uint64_t *images, count, limit;
    size_t room; /* of images */
    bool overflow;
} ct_search;

static int low_of(int pixels, int base)
{
    const int rest = pixels % STEP;
    return base == pixels && rest ? base - rest : base - STEP;
}

static int levels_of(int pixels)
{
    return (pixels + STEP - 1) / STEP;
}

/* ---- memory ---- */

/* Places everything for pieces of `piece` prefixes; false: no room. */
static bool place_all(ct_search *s, ct_region *region, uint64_t table_bytes, int64_t piece)
{
    const int levels = levels_of(s->e->problem->lattice->pixels);
    const bool list = table_bytes == 0;
    ct_region_rewind(region, 0);
    s->piece = piece;
    s->device_table = list ? NULL : ct_region_take(region, table_bytes);
    s->level[0] = ct_region_take(region, sizeof *s->level[0]);
    for (int k = 1; k < levels + list; k++)
        s->level[k] = ct_region_take(region, (uint64_t)piece * CHILDREN * sizeof *s->level[k]);
    s->alive = ct_region_take(region, (uint64_t)piece * sizeof *s->alive);
    s->place = ct_region_take(region, (uint64_t)(piece + 1) * sizeof *s->place);
    s->work = ct_region_take(region, s->work_bytes);
    return region->used <= region->size;
}

/* The largest pieces that the device has room for; *served = false: not even small ones. */
static cutropy_status open_memory(ct_search *s, uint64_t table_bytes, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    ct_evaluation *e = s->e;
    int64_t piece = CT_CUDA_SEARCH_PIECE;
    *served = false;
    for (;; piece /= 2) {
        ct_region counting = ct_region_counting();
        CT_CUDA(e->device.number, ct_scan_space(piece + 1, &s->work_bytes));
        (void)place_all(s, &counting, table_bytes, piece);
        if (counting.used <= e->device.room) {
            CT_TRY(ct_region_open(e->device.number, counting.used, counting.used, &e->region));
            break;
        }
        if (piece <= CHILDREN)
            return CUTROPY_OK;
    }
    if (!place_all(s, &e->region, table_bytes, piece))
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "the memory of a search was planned too small"));
    *served = true;
done:
    return status;
}

/* ---- the search ---- */

/* Copies `count` images of the last level behind the list. */
static cutropy_status append(ct_search *s, const uint64_t *device_images, uint64_t count)
{
    cutropy_status status = CUTROPY_OK;
    const int device = s->e->device.number;
    if (count > s->limit - s->count) {
        s->overflow = true;
        return CUTROPY_OK;
    }
    CT_TRY(CT_ROOM("images", s->images, s->count, s->room, count));
    CT_CUDA(device, cudaMemcpyAsync(s->images + s->count, device_images, count * sizeof *s->images,
                                    cudaMemcpyDeviceToHost, s->e->stream));
    CT_CUDA(device, cudaStreamSynchronize(s->e->stream));
    s->count += count;
done:
    return status;
}

/* The children of a piece on the next level; *count: how many. The last level of a table has none.
 */
static cutropy_status split(ct_search *s, int level, const uint64_t *prefix, int64_t piece,
                            int base, uint64_t *count)
{
    cutropy_status status = CUTROPY_OK;
    ct_evaluation *e = s->e;
    const int device = e->device.number, low = low_of(e->problem->lattice->pixels, base);
    *count = 0;
    CT_CUDA(device, ct_launch_alive(e->problem->body_data, e->problem->body, prefix, piece, base,
                                    low, s->alive, s->place, e->stream));
    if (low == 0 && s->device_table) {
        CT_CUDA(device, ct_launch_deposit(prefix, s->alive, piece, s->device_table, e->stream));
        return CUTROPY_OK;
    }
    CT_CUDA(device,
            ct_launch_scan(s->place, s->place, piece + 1, s->work, s->work_bytes, e->stream));
    CT_CUDA(device, cudaMemcpyAsync(&e->children, s->place + piece, sizeof e->children,
                                    cudaMemcpyDeviceToHost, e->stream));
    CT_CUDA(device, ct_launch_expand(prefix, s->alive, s->place, piece, low, s->level[level + 1],
                                     e->stream));
    CT_CUDA(device, cudaStreamSynchronize(e->stream));
    *count = e->children;
done:
    return status;
}

/* All prefixes of a level; they are the part first .. first + share of the whole search. */
static cutropy_status search_level(ct_search *s, int level, uint64_t prefixes, int base,
                                   double first, double share)
{
    cutropy_status status = CUTROPY_OK;
    const int low = low_of(s->e->problem->lattice->pixels, base);
    for (uint64_t i = 0; i < prefixes && !s->overflow; i += (uint64_t)s->piece) {
        const uint64_t left = prefixes - i,
                       piece = left < (uint64_t)s->piece ? left : (uint64_t)s->piece;
        const double here = first + share * ((double)i / (double)prefixes),
                     part = share * ((double)piece / (double)prefixes);
        uint64_t children = 0;
        CT_TRY(ct_evaluation_ask(s->e, (uint64_t)(here * (double)PROGRESS), PROGRESS));
        CT_TRY(split(s, level, s->level[level] + i, (int64_t)piece, base, &children));
        if (low == 0 && children)
            CT_TRY(append(s, s->level[level + 1], children));
        else if (children)
            CT_TRY(search_level(s, level + 1, children, low, here, part));
    }
done:
    return status;
}

static cutropy_status search_all(ct_search *s)
{
    cutropy_status status = CUTROPY_OK;
    const ct_evaluation *e = s->e;
    CT_CUDA(e->device.number, cudaMemsetAsync(s->level[0], 0, sizeof *s->level[0], e->stream));
    CT_TRY(search_level(s, 0, 1, e->problem->lattice->pixels, 0, 1));
done:
    return status;
}

cutropy_status ct_search_list(ct_evaluation *evaluation, uint64_t limit, uint64_t **images,
                              uint64_t *count, bool *overflow, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    ct_search s = {.e = evaluation, .limit = limit};
    *images = NULL;
    CT_TRY(open_memory(&s, 0, served));
    if (!*served)
        return CUTROPY_OK;
    CT_TRY(search_all(&s));
    *overflow = s.overflow;
    if (!s.overflow) {
        *images = s.images;
        *count = s.count;
        s.images = NULL;
    }
done:
    ct_free(s.images);
    return status;
}

/* ---- tables ---- */

static uint64_t table_bytes(const ct_evaluation *e)
{
    return ct_table_words(e->problem->lattice->pixels) * sizeof(uint64_t);
}

static cutropy_status fetch_table(ct_evaluation *e, const uint64_t *device_table, uint64_t *table)
{
    cutropy_status status = CUTROPY_OK;
    CT_CUDA(e->device.number, cudaMemcpyAsync(table, device_table, table_bytes(e),
                                              cudaMemcpyDeviceToHost, e->stream));
    CT_CUDA(e->device.number, cudaStreamSynchronize(e->stream));
done:
    return status;
}

cutropy_status ct_search_table(ct_evaluation *evaluation, uint64_t *table, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    ct_search s = {.e = evaluation};
    CT_TRY(open_memory(&s, table_bytes(evaluation), served));
    if (!*served)
        return CUTROPY_OK;
    CT_CUDA(evaluation->device.number,
            cudaMemsetAsync(s.device_table, 0, table_bytes(evaluation), evaluation->stream));
    CT_TRY(search_all(&s));
    CT_TRY(fetch_table(evaluation, s.device_table, table));
done:
    return status;
}

cutropy_status ct_random_table(ct_evaluation *evaluation, uint64_t *table, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    const ct_random_labels *labels = evaluation->problem->data;
    const uint64_t words = ct_table_words(evaluation->problem->lattice->pixels), bytes = words * 8;
    const int device = evaluation->device.number;
    ct_region counting = ct_region_counting();
    (void)ct_region_take(&counting, bytes);
    *served = counting.used <= evaluation->device.room;
    if (!*served)
        return CUTROPY_OK;
    CT_TRY(ct_region_open(device, counting.used, counting.used, &evaluation->region));
    uint64_t *device_table = ct_region_take(&evaluation->region, bytes);
    CT_CUDA(device, ct_launch_random_labels(labels->seed, labels->threshold, 0, (int64_t)words,
                                            device_table, evaluation->stream));
    CT_TRY(ct_evaluation_ask(evaluation, 0, 1));
    CT_TRY(fetch_table(evaluation, device_table, table));
done:
    return status;
}
