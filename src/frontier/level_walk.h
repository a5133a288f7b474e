/* SPDX-License-Identifier: Apache-2.0 */
/* The Gram matrices of an automaton from the last level to the first, one level at a time: on the CPU, or on a device from the first
 * level on that is worth one. Both give the same entries, bit for bit. */
#ifndef CT_LEVEL_WALK_H
#define CT_LEVEL_WALK_H

#include "backend/level_device.h"
#include "frontier/level_gram.h"

/* The first members are the caller's, the others are cleared (g: or a level that stands alone, instead of ct_level_walk_start). */
typedef struct ct_level_walk {
    const ct_levels *levels;
    const ct_counts *
        counts; /* their multiplicities; NULL where entries are bounds, which have no trace identity */
    const ct_level_device *device; /* NULL: there is none, or it had no room */
    uint64_t memory_limit;         /* of the machine, not of the device */
    int threads;
    ct_level_gram g;         /* of the level; without entries where they are on a device */
    ct_level_matrix *matrix; /* not NULL: they are there */
} ct_level_walk;

/* Level N. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_level_walk_start(ct_level_walk *walk);
/* From level k + 1 to level k, whose trace identity is checked. What has no room on a device goes on here. Errors: those of ct_level_gram_step and
 * ct_level_gram_check, CUTROPY_EDEVICE. */
cutropy_status ct_level_walk_step(ct_level_walk *walk, int k);
/* The entries of walk->g, level k, come here and stay there. Errors: CUTROPY_EMEMORY (also where they are more than memory_limit),
 * CUTROPY_EDEVICE. */
cutropy_status ct_level_walk_read(ct_level_walk *walk, int k);
/* Moves walk->g, which was read, to *out: it stands alone. */
void ct_level_walk_take(ct_level_walk *walk, ct_level_gram *out);
/* Also after an error. */
void ct_level_walk_end(ct_level_walk *walk);

#endif
