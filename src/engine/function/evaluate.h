/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluation of a problem over all images. */
#ifndef CT_EVALUATE_H
#define CT_EVALUATE_H

#include "backend/operations.h"

struct ct_team;

/* Sets all fields of *out but norm and checksum. Problems with a sliced body and at most
 * CT_TABLE_PIXELS pixels, and all that are given by index, fill a truth table; larger sliced ones a
 * list of label-1 images, or a truth table when the list would be larger. Whatever is found, the
 * cheaper storage for cuts is kept. *out is empty after an error. Errors: CUTROPY_EMEMORY,
 * CUTROPY_ECANCELLED, and those of the backend's operations. team: ranks that come to it too and may share it (engine/function/share.h), or NULL. */
cutropy_status ct_evaluate(const ct_operations *backend, const cutropy_problem *problem,
                           const ct_evaluate_options *options, struct ct_team *team,
                           ct_function *out);

/* Label-1 images that a list may have: it may grow to the size of the table, and while it grows it takes up to four times its
 * size. */
uint64_t ct_longest_list(uint64_t memory_limit, int pixels);

/* Below this many pixels (8 MiB) a truth table is always built first. */
#define CT_TABLE_PIXELS 26

#endif
