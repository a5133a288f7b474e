/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that a run may use. */
#ifndef CT_MEMORY_LIMIT_H
#define CT_MEMORY_LIMIT_H

#include "engine/function/options.h"

/* options->memory_limit, or 90 % of the memory that is available now (of the address space that ulimit -v
 * leaves, where that is less). */
uint64_t ct_memory_limit(const cutropy_options *options);

#endif
