/* SPDX-License-Identifier: Apache-2.0 */
/* Linear equations as levels, for what reads levels. */
#ifndef CT_AFFINE_LEVELS_H
#define CT_AFFINE_LEVELS_H

#include "frontier/affine.h"
#include "frontier/levels.h"

/* The least levels in the order of the rows: 2^bits[k] states in level k. Errors: CUTROPY_EMEMORY (also where they take more than memory_limit), CUTROPY_ECANCELLED. watch
 * may be NULL. */
cutropy_status ct_affine_levels(const ct_affine *affine, const ct_affine_rows *rows,
                                uint64_t memory_limit, const ct_watch *watch, ct_levels *out);

#endif
