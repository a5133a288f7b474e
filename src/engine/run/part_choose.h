/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the different cuts of a run belong to one of its parts. */
#ifndef CT_PART_CHOOSE_H
#define CT_PART_CHOOSE_H

#include "engine/function/orbits.h"
#include "engine/function/part.h"
#include "engine/function/result.h"

/* The pass of automata that a cut needs: 0 to CT_PASSES - 1, or CT_PASSES: one of its own; 0 for trivial cuts, which need none. Cuts of one pass
 * are cheapest together. Errors: those of ct_frontier_spot_find. */
#define CT_PASSES 4 /* by rows and by columns, from either end */
cutropy_status ct_part_pass(const ct_function *f, const uint64_t *mask, size_t *out);

/* Marks the records of other parts as `elsewhere`; which they are depends on f, the orbits and the part alone. Cuts of
 * automata go by direction of reading, since one pass serves all cuts of a direction; others are dealt out by the pixels of their smaller side, so that
 * each part has as many of each size. sites (NULL, or one a pixel): orbits that every part has. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_part_choose(const ct_part *part, const ct_function *f, const ct_orbits *orbits,
                              const uint32_t *sites, cutropy_record *records);

#endif
