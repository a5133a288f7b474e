/* SPDX-License-Identifier: Apache-2.0 */
/* Who computes. */
#ifndef CT_CHOOSE_H
#define CT_CHOOSE_H

#include "backend/operations.h"
#include "engine/function/options.h"

/* The backend that options->backend names, started: the caller stops it. "auto" is all CUDA devices, or the CPU where
 * there are none (the result says which). Errors: CUTROPY_EINPUT (no such name),
 * CUTROPY_EUNSUPPORTED (why there is no CUDA). */
cutropy_status ct_choose_backend(const cutropy_options *options, const ct_operations **out);

#endif
