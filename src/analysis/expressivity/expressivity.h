/* SPDX-License-Identifier: Apache-2.0 */
/* Between the parts of cutropy_expressivity_run. */
#ifndef CT_EXPRESSIVITY_H
#define CT_EXPRESSIVITY_H

#include "base/base.h"
#include "output/expressivity.h"

/* As ct_result_finished (engine/run/run.h), with fits over the finished points. */
cutropy_status ct_expressivity_finished(const cutropy_expressivity *partial,
                                        cutropy_expressivity **out);

/* Hands the path of the weights of every network of the sweep to take, as long as that returns
 * CUTROPY_OK. Errors: those of take, CUTROPY_EINPUT (a key in the pattern that is none),
 * CUTROPY_EMEMORY. */
cutropy_status ct_sweep_weights(const cutropy_sweep *sweep,
                                cutropy_status (*take)(void *context, const char *path),
                                void *context);

#endif
