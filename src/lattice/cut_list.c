/* SPDX-License-Identifier: Apache-2.0 */
/* A growing list of masks; the set behind it is built only when repetitions are possible. */
#include "lattice/cut_list.h"

#include <string.h>

#include "base/array.h"

/* ---- the set ---- */

static ct_word_rows rows_of(const ct_cut_list *list)
{
    return (ct_word_rows){.row = list->masks, .words = list->words};
}

/* Enters the masks that were appended without a look at the set. */
static cutropy_status catch_up(ct_cut_list *list)
{
    cutropy_status status = CUTROPY_OK;
    const ct_word_rows rows = rows_of(list);
    const size_t missing = list->count - list->hashed;
    CT_TRY(ct_hash_room_rows(&list->set, list->used + missing + 1, &rows));
    for (; list->hashed < list->count; list->hashed++)
        *ct_hash_find_row(&list->set, &rows, rows.row + list->hashed * rows.words) =
            (uint32_t)list->hashed + 1;
    list->used += missing;
done:
    return status;
}

static bool is_in_set(const ct_cut_list *list, const uint64_t *mask)
{
    const ct_word_rows rows = rows_of(list);
    return *ct_hash_find_row(&list->set, &rows, mask) != 0;
}

/* Is the mask in the list? After catch_up. */
static bool contains(const ct_cut_list *list, const uint64_t *mask)
{
    if (list->has_all && mask[0] && mask[0] < UINT64_C(1) << (list->lattice->pixels - 1))
        return true;
    return is_in_set(list, mask);
}

/* ---- the list ---- */

cutropy_status ct_cut_list_reserve(ct_cut_list *list, const char *family, size_t extra)
{
    const size_t bytes = list->words * sizeof *list->masks, wanted = list->count + extra;
    if (extra <= list->room - list->count)
        return CUTROPY_OK;
    if (wanted >= extra &&
        !ct_array_resize("cuts", &list->masks, list->count, &list->room, wanted, bytes))
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "out of memory: cuts '%s' need %.17g bytes for %zu masks; choose fewer cuts",
                   family, (double)wanted * (double)bytes, wanted);
}

static cutropy_status append(ct_cut_list *list, const uint64_t *mask)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_array_room("cuts", &list->masks, list->count, &list->room, 1,
                         list->words * sizeof *mask));
    memcpy(list->masks + list->count * list->words, mask, list->words * sizeof *mask);
    list->count++;
done:
    return status;
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
        if (!list->check || !is_in_set(list, &mask))
            CT_TRY(append(list, &mask));
    list->has_all = true;
    list->hashed = list->count;
done:
    return status;
}

void ct_cut_list_free(ct_cut_list *list)
{
    ct_free(list->masks);
    ct_hash_free(&list->set);
    memset(list, 0, sizeof *list);
}
