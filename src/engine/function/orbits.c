/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/function/orbits.h"

#include <string.h>

#include "base/array.h"

void ct_orbits_free(ct_orbits *orbits)
{
    ct_free(orbits->mask);
    ct_hash_free(&orbits->table);
    *orbits = (ct_orbits){0};
}

cutropy_status ct_orbits_add(ct_orbits *o, const ct_symmetry *symmetry, const uint64_t *mask,
                             uint32_t *orbit, bool *swapped)
{
    uint64_t room[4 * CUTROPY_MAX_PIXELS / 64];
    uint64_t *canonical = room;
    const ct_word_rows masks = {.row = o->mask, .words = symmetry->words};
    cutropy_status status = CUTROPY_OK;
    if (o->count >= UINT32_MAX / 2)
        return ct_fail(CUTROPY_EUNSUPPORTED, "more than 2^31 different cuts are not supported");
    CT_TRY(ct_hash_room_rows(&o->table, o->count + 1, &masks));
    o->words = symmetry->words;
    ct_symmetry_canonical(symmetry, mask, canonical, swapped, room + o->words);
    uint32_t *slot = ct_hash_find_row(&o->table, &masks, canonical);
    if (!*slot) {
        CT_TRY(ct_array_room("cuts", &o->mask, o->count, &o->room, 1, o->words * sizeof *o->mask));
        memcpy(o->mask + o->count * o->words, canonical, o->words * sizeof *canonical);
        *slot = (uint32_t)++o->count;
    }
    *orbit = *slot - 1;
done:
    return status;
}
