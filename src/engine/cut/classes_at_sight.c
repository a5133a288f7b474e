/* SPDX-License-Identifier: Apache-2.0 */
/* Rows or columns of numbers that one entry tells apart, as those of random amplitudes: no need to read the
 * others. */
#include "engine/cut/classes.h"
#include "engine/cut/keys.h"

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

#define GLANCE 64 /* what repeats usually does so among the first ones */
#define MANY 65536

cutropy_status ct_differ_at_sight(const uint64_t *word, uint64_t count, uint64_t step, int threads,
                                  bool *differ)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t glance[2 * GLANCE] = {0}, *room = NULL, size = 2 * GLANCE;
    *differ = count <= INT32_MAX / 2 && ct_few_keys_differ(word, count < GLANCE ? count : GLANCE,
                                                           step, glance, 2 * GLANCE - 1);
    if (*differ && count >= MANY) {
        CT_TRY(ct_keys_differ(word, count, step, threads, differ));
    } else if (*differ && count > GLANCE) {
        while (size < 2 * count)
            size *= 2;
        CT_NEW_ZERO(room, size);
        *differ = ct_few_keys_differ(word, count, step, room, size - 1);
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
