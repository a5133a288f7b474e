/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges for analyses that go on with the evaluated function, or have it already. */
#ifndef CT_RANGE_H
#define CT_RANGE_H

#include <cutropy/range.h>

#include "engine/state/state.h"

struct cutropy_ranges {
    cutropy_result *result; /* the entropies of the same cuts, with everything that says how */
    size_t count;           /* cuts */
    cutropy_range *rows;    /* row i belongs to mask i of result->cuts */
    /* count x 2 images of result->cuts.words words: where Assumption 1 fails, two label-1 images
     * that agree on B and differ on the boundary pixels of A; zero elsewhere */
    uint64_t *witness;
    int complete; /* 0 after Ctrl-C: rows that are not done must be left out */
};

/* cutropy_ranges_run on a state, for the first `ranged` cuts (the others get an entropy only). */
cutropy_status ct_ranges_run(cutropy_state *state, const cutropy_cuts *cuts, size_t ranged,
                             const cutropy_options *options, cutropy_ranges **out);

/* The ranges of the first `ranged` cuts of a finished run of the state. result: the caller's until
 * *out is set, then that of *out as well (cutropy_ranges_free frees it). Errors, and *out then:
 * those of cutropy_ranges_run. */
cutropy_status ct_ranges_of(const cutropy_state *state, cutropy_result *result, size_t ranged,
                            const cutropy_options *options, cutropy_ranges **out);

/* As ct_result_finished (engine/run/run.h). */
cutropy_status ct_ranges_finished(const cutropy_ranges *partial, cutropy_ranges **out);

#endif
