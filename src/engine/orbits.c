/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/orbits.h"

#include <string.h>

void ct_orbits_free(ct_orbits *orbits)
{
    ct_free(orbits->mask);
    ct_free(orbits->slot);
    *orbits = (ct_orbits){0};
}

static uint64_t hash_mask(const uint64_t *mask, size_t words)
{
    uint64_t hash = 0;
    for (size_t w = 0; w < words; w++)
        hash = ct_mix64(hash * 3 + mask[w] + 1);
    return hash;
}

static cutropy_status grow(ct_orbits *o)
{
    cutropy_status status = CUTROPY_OK;
    const size_t capacity = o->capacity ? 2 * o->capacity : 256, bytes = o->words * sizeof *o->mask;
    if (capacity > UINT32_MAX / 2)
        return ct_fail(CUTROPY_EUNSUPPORTED, "more than 2^31 different cuts are not supported");
    uint64_t *mask = ct_grow(o->mask, o->count * bytes, capacity * bytes);
    if (!mask)
        return ct_fail_memory("cuts", capacity * bytes);
    o->mask = mask;
    o->capacity = capacity;
    o->slots = 2 * capacity;
    ct_free(o->slot);
    CT_NEW_ZERO(o->slot, o->slots);
    for (size_t i = 0; i < o->count; i++) {
        size_t place = hash_mask(o->mask + i * o->words, o->words) & (o->slots - 1);
        while (o->slot[place])
            place = (place + 1) & (o->slots - 1);
        o->slot[place] = (uint32_t)i + 1;
    }
done:
    return status;
}

cutropy_status ct_orbits_add(ct_orbits *o, const ct_symmetry *symmetry, const uint64_t *mask,
                             uint32_t *orbit, bool *swapped)
{
    uint64_t room[4 * CUTROPY_MAX_PIXELS / 64];
    uint64_t *canonical = room;
    o->words = symmetry->words;
    if (o->count == o->capacity) {
        cutropy_status status = grow(o);
        if (status != CUTROPY_OK)
            return status;
    }
    ct_symmetry_canonical(symmetry, mask, canonical, swapped, room + o->words);
    size_t place = hash_mask(canonical, o->words) & (o->slots - 1);
    for (; o->slot[place]; place = (place + 1) & (o->slots - 1)) {
        *orbit = o->slot[place] - 1;
        if (!memcmp(o->mask + *orbit * o->words, canonical, o->words * sizeof *canonical))
            return CUTROPY_OK;
    }
    memcpy(o->mask + o->count * o->words, canonical, o->words * sizeof *canonical);
    *orbit = (uint32_t)o->count++;
    o->slot[place] = (uint32_t)o->count;
    return CUTROPY_OK;
}
