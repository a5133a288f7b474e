/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of a run before it starts. */
#ifndef CT_PLAN_H
#define CT_PLAN_H

#include <cutropy/run.h>

#include "engine/function/options.h"

/* CUTROPY_EMEMORY for what cutropy_make_plan knows not to fit, though the function alone would. */
cutropy_status ct_plan_check(const cutropy_problem *problem, const cutropy_cuts *cuts,
                             uint64_t memory_limit);

#endif
