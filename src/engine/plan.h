/* Memory of a run before it starts. */
#ifndef CT_PLAN_H
#define CT_PLAN_H

#include <cutropy/run.h>

#include "backend/function.h"

/* options->memory_limit, or 90 % of the memory that is available now. */
uint64_t ct_memory_limit(const cutropy_options *options);

/* Largest memory of the stages for one cut of an evaluated function: layouts or gathered values, classes, and two
 * matrices of the smaller side. `na`: pixels of the smaller side. */
uint64_t ct_workspace_bytes(const ct_function *f, int na);

#endif
