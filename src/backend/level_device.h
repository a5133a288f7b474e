/* SPDX-License-Identifier: Apache-2.0 */
/* The Gram matrices of the levels of an automaton (frontier/level_gram.h) where a device makes them one from the other, the one at
 * hand staying there. frontier/level_walk.c asks for them. */
#ifndef CT_LEVEL_DEVICE_H
#define CT_LEVEL_DEVICE_H

#include "base/base.h"

/* A level: its states m in the order of their blocks, entries as in ct_level_gram. */
typedef struct ct_level_shape {
    int64_t count; /* states, at least one */
    const int64_t *
        start; /* count + 1: row m holds the entries start[m] .. start[m + 1] - 1, which are (m, m), (m, m + 1)
                             and so on to the last state of its block */
    int64_t words; /* of an entry */
    bool bounds;   /* two doubles, which are added one by one, instead of an integer */
} ct_level_shape;

/* From a level to the one before it: the entry (i, j) becomes the sum over both bits of the old entry (to[bit][i], to[bit][j]). */
typedef struct ct_level_step {
    ct_level_shape shape; /* words: as many as every sum needs; bounds: those of the old level */
    const int32_t *to[2]; /* count each: states of the old level; -1: nothing is added */
    /* out, count each: */
    int32_t *
        parent; /* a forest, m or a smaller state each: trees are the sets that entries that are not zero join */
    uint64_t *diagonal; /* (m, m): words each */
} ct_level_step;

typedef struct ct_level_matrix ct_level_matrix;

typedef struct ct_level_device {
    /* Is a level of so many 64-bit words worth a device? Errors: CUTROPY_EINPUT. */
    cutropy_status (*takes)(uint64_t words, bool *out);
    /* The level with these entries. Errors, of the next two as well: CUTROPY_EMEMORY (a device has no room: what was there still is), CUTROPY_EDEVICE.
     * *out is NULL then. */
    cutropy_status (*open)(const ct_level_shape *shape, const uint64_t *entry,
                           ct_level_matrix **out);
    cutropy_status (*step)(ct_level_matrix *matrix, const ct_level_step *step);
    /* All entries, to the host. */
    cutropy_status (*read)(ct_level_matrix *matrix, uint64_t *entry);
    void (*close)(ct_level_matrix *matrix); /* NULL: nothing */
} ct_level_device;

#endif
