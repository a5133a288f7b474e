/* SPDX-License-Identifier: Apache-2.0 */
/* Rows or columns of numbers that one entry tells apart, as those of random amplitudes: no need to read the
 * others. */
#include "base/hash.h"
#include "engine/cut/classes.h"
#include "engine/cut/keys.h"

/* Whether `count` words, `step` apart, are different and not zero. room: a power of two >= 2 count,
 * all zero. */
static bool all_differ(const uint64_t *word, uint64_t count, uint64_t step, uint64_t *room,
                       uint64_t mask)
{
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t key = word[i * step];
        uint64_t slot = ct_mix64(key) & mask;
        if (!key)
            return false;
        for (; room[slot]; slot = (slot + 1) & mask)
            if (room[slot] == key)
                return false;
        room[slot] = key;
    }
    return true;
}

static cutropy_status one_each(uint64_t count, bool want_map, ct_classes *out)
{
    cutropy_status status = CUTROPY_OK;
    out->count = (int64_t)count;
    CT_NEW(out->weight, count);
    CT_NEW(out->first, count);
    if (want_map)
        CT_NEW(out->of_row, count);
    for (uint64_t i = 0; i < count; i++) {
        out->weight[i] = 1;
        out->first[i] = i;
        if (want_map)
            out->of_row[i] = (int32_t)i;
    }
done:
    return status;
}

/* The same for many: in buckets, which stay in the cache. */
static cutropy_status many_differ(const uint64_t *word, uint64_t count, uint64_t step, int threads,
                                  bool *differ)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *key = NULL;
    int32_t *first = NULL;
    CT_NEW(key, count);
    CT_NEW(first, count);
    for (uint64_t i = 0; i < count; i++)
        key[i] = word[i * step];
    CT_TRY(ct_keys_first(key, count, true, threads, first)); /* -1: it is zero */
    *differ = true;
    for (uint64_t i = 0; i < count && *differ; i++)
        *differ = first[i] == (int32_t)i;
done:
    ct_free(key);
    ct_free(first);
    return status;
}

#define GLANCE 64 /* what repeats usually does so among the first ones */
#define MANY 65536

cutropy_status ct_differ_at_sight(const uint64_t *word, uint64_t count, uint64_t step, int threads,
                                  bool *differ)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t glance[2 * GLANCE] = {0}, *room = NULL, size = 2 * GLANCE;
    *differ = count <= INT32_MAX / 2 &&
              all_differ(word, count < GLANCE ? count : GLANCE, step, glance, 2 * GLANCE - 1);
    if (*differ && count >= MANY) {
        CT_TRY(many_differ(word, count, step, threads, differ));
    } else if (*differ && count > GLANCE) {
        while (size < 2 * count)
            size *= 2;
        CT_NEW_ZERO(room, size);
        *differ = all_differ(word, count, step, room, size - 1);
    }
done:
    ct_free(room);
    return status;
}

cutropy_status ct_classes_at_sight(const uint64_t *entries, uint64_t rows, uint64_t columns,
                                   int entry_words, int side, int threads, bool *apart,
                                   ct_classes *out)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t count = side == 0 ? rows : columns, words = (uint64_t)entry_words,
                   step = side == 0 ? columns * words : words;
    *out = (ct_classes){0};
    CT_TRY(ct_differ_at_sight(entries, count, step, threads, apart));
    if (*apart)
        CT_TRY(one_each(count, side == 1, out));
done:
    if (status != CUTROPY_OK)
        ct_classes_free(out);
    return status;
}
