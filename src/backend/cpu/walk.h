/* SPDX-License-Identifier: Apache-2.0 */
/* Parallel bit-sliced enumeration with early exit. */
#ifndef CT_WALK_H
#define CT_WALK_H

#include "backend/operations.h"
#include "problem/body.h"

/* All label-1 images, ascending, in *images (count of them, owned by the caller). More than
 * `limit`: *overflow and no list. Memory: at most about 32 bytes per image of the limit. */
cutropy_status ct_walk_list(const ct_body_data *data, ct_body body,
                            const ct_evaluate_options *options, uint64_t limit, uint64_t **images,
                            uint64_t *count, bool *overflow);

/* The truth table; `table` is cleared by the caller. */
cutropy_status ct_walk_table(const ct_body_data *data, ct_body body,
                             const ct_evaluate_options *options, uint64_t *table);

#endif
