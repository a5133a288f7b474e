/* SPDX-License-Identifier: Apache-2.0 */
/* A growing list of masks; the set behind it is built only when repetitions are possible. */
#include "lattice/cut_list.h"

#include <string.h>

#include "base/bits.h"

static const uint64_t *mask_at(const ct_cut_list *list, size_t index)
{
    return list->masks + index * list->words;
}

/* ---- the set ---- */

/* The slot that holds the mask, or the free slot where it belongs. */
static size_t find_slot(const ct_cut_list *list, const uint64_t *mask)
{
    uint64_t hash = 0;
    for (size_t w = 0; w < list->words; w++)
        hash = ct_mix64(hash + mask[w] + UINT64_C(0x9e3779b97f4a7c15));
    size_t slot = (size_t)hash & (list->slots - 1);
    while (list->slot[slot] &&
           memcmp(mask_at(list, list->slot[slot] - 1), mask, list->words * sizeof *mask) != 0)
        slot = (slot + 1) & (list->slots - 1);
    return slot;
}

static cutropy_status grow_set(ct_cut_list *list, size_t entries)
{
    cutropy_status status = CUTROPY_OK;
    size_t *old = list->slot, *slot = NULL, old_slots = list->slots, slots = old ? old_slots : 64;
    while (slots / 2 < entries)
        slots *= 2;
    if (slots == old_slots)
        return CUTROPY_OK;
    CT_NEW_ZERO(slot, slots);
    list->slot = slot;
    list->slots = slots;
    for (size_t s = 0; s < old_slots; s++)
        if (old[s])
            slot[find_slot(list, mask_at(list, old[s] - 1))] = old[s];
    ct_free(old);
done:
    return status;
}

/* Enters the masks that were appended without a look at the set. */
static cutropy_status catch_up(ct_cut_list *list)
{
    cutropy_status status = CUTROPY_OK;
    size_t missing = list->count - list->hashed;
    CT_TRY(grow_set(list, list->used + missing + 1));
    for (; list->hashed < list->count; list->hashed++)
        list->slot[find_slot(list, mask_at(list, list->hashed))] = list->hashed + 1;
    list->used += missing;
done:
    return status;
}

/* Is the mask in the list? After catch_up. */
static bool contains(const ct_cut_list *list, const uint64_t *mask)
{
    if (list->has_all && mask[0] && mask[0] < UINT64_C(1) << (list->lattice->pixels - 1))
        return true;
    return list->slot[find_slot(list, mask)] != 0;
}

/* ---- the list ---- */

cutropy_status ct_cut_list_reserve(ct_cut_list *list, const char *family, size_t extra)
{
    size_t bytes = list->words * sizeof *list->masks;
    if (extra <= list->capacity - list->count)
        return CUTROPY_OK;
    size_t capacity = list->count + extra;
    uint64_t *masks = NULL;
    if (capacity >= extra && capacity <= SIZE_MAX / bytes)
        masks = ct_grow(list->masks, list->count * bytes, capacity * bytes);
    if (!masks)
        return ct_fail(CUTROPY_EMEMORY,
                       "out of memory: cuts '%s' need %.17g bytes for %zu masks; choose fewer cuts",
                       family, (double)capacity * (double)bytes, capacity);
    list->masks = masks;
    list->capacity = capacity;
    return CUTROPY_OK;
}

static cutropy_status append(ct_cut_list *list, const uint64_t *mask)
{
    if (list->count == list->capacity) {
        size_t extra = list->capacity < 32 ? 32 : list->capacity;
        cutropy_status status = ct_cut_list_reserve(list, "list", extra);
        if (status != CUTROPY_OK)
            return status;
    }
    memcpy(list->masks + list->count * list->words, mask, list->words * sizeof *mask);
    list->count++;
    return CUTROPY_OK;
}

cutropy_status ct_cut_list_add(ct_cut_list *list, const uint64_t *mask)
{
    cutropy_status status = CUTROPY_OK;
    if (list->check) {
        CT_TRY(catch_up(list));
        if (contains(list, mask))
            goto done;
    }
    CT_TRY(append(list, mask));
done:
    return status;
}

cutropy_status ct_cut_list_add_region(ct_cut_list *list, const uint64_t *mask)
{
    int pixels = cutropy_mask_pixels(mask, list->words);
    if (pixels == 0 || pixels == list->lattice->pixels)
        return CUTROPY_OK;
    return ct_cut_list_add(list, mask);
}

cutropy_status ct_cut_list_add_all(ct_cut_list *list)
{
    cutropy_status status = CUTROPY_OK;
    if (list->has_all)
        return CUTROPY_OK;
    if (list->check)
        CT_TRY(catch_up(list));
    uint64_t end = UINT64_C(1) << (list->lattice->pixels - 1);
    for (uint64_t mask = 1; mask < end; mask++)
        if (!list->check || !list->slot[find_slot(list, &mask)])
            CT_TRY(append(list, &mask));
    list->has_all = true;
    list->hashed = list->count;
done:
    return status;
}

void ct_cut_list_free(ct_cut_list *list)
{
    ct_free(list->masks);
    ct_free(list->slot);
    memset(list, 0, sizeof *list);
}
