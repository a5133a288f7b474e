/* SPDX-License-Identifier: Apache-2.0 */
/* Between the parts of cutropy_expressivity_run. */
#ifndef CT_EXPRESSIVITY_H
#define CT_EXPRESSIVITY_H

#include "analysis/expressivity/network_family.h"
#include "output/expressivity.h"

/* As ct_result_finished (engine/run/run.h), with fits over the finished points. */
cutropy_status ct_expressivity_finished(const cutropy_expressivity *partial,
                                        cutropy_expressivity **out);

/* Whether a sweep can be asked for; its family, and how many points it has. */
cutropy_status ct_sweep_check(const cutropy_sweep *sweep, const ct_family **family, size_t *points);
/* "cnn:activation=tanh,channels=2,layers=1,seed=5", freed with ct_free. */
cutropy_status ct_sweep_network(const cutropy_sweep *sweep, size_t point, uint64_t seed,
                                char **out);

/* Hands the path of the weights of every network of the sweep to take, as long as that returns
 * CUTROPY_OK. Errors: those of take, CUTROPY_EINPUT (a key in the pattern that is none),
 * CUTROPY_EMEMORY. */
cutropy_status ct_sweep_weights(const cutropy_sweep *sweep,
                                cutropy_status (*take)(void *context, const char *path),
                                void *context);

#endif
