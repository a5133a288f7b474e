/* SPDX-License-Identifier: Apache-2.0 */
/* Between the parts of cutropy_expressivity_run. */
#ifndef CT_EXPRESSIVITY_H
#define CT_EXPRESSIVITY_H

#include <cutropy/expressivity.h>

#include "base/base.h"

/* Mean, spread, least and largest of n >= 1 numbers that stand `stride` apart. */
cutropy_spread ct_spread(const double *number, size_t n, size_t stride);

/* Groups the finished points and fits the claim to each group: fills claims. */
cutropy_status ct_expressivity_fit(cutropy_expressivity *result);
void ct_expressivity_free_claims(cutropy_expressivity *result);

/* As ct_result_finished (engine/run.h), with fits over the finished points. */
cutropy_status ct_expressivity_finished(const cutropy_expressivity *partial,
                                        cutropy_expressivity **out);

/* Hands the path of the weights of every network of the sweep to take, as long as that returns
 * CUTROPY_OK. Errors: those of take, CUTROPY_EINPUT (a key in the pattern that is none),
 * CUTROPY_EMEMORY. */
cutropy_status ct_sweep_weights(const cutropy_sweep *sweep,
                                cutropy_status (*take)(void *context, const char *path),
                                void *context);

/* What a family calls its size and depth, and how its claim is written. */
typedef struct ct_family {
    const char *name, *size_key, *depth_key; /* depth_key NULL: none */
    const char *claim;                       /* "n_c log2 D" */
    const char *note;                        /* how it relates to the paper, a sentence */
    bool linear;                             /* the claim is the size itself, not its logarithm */
} ct_family;

/* NULL: unknown. */
const ct_family *ct_family_find(const char *name, size_t length);

#endif
