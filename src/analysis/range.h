/* Ranges with the evaluated function kept, for analyses that go on with it. */
#ifndef CT_RANGE_H
#define CT_RANGE_H

#include <cutropy/range.h>

#include "backend/backend.h"

/* cutropy_ranges_run for the first `ranged` cuts (the others get an entropy only); kept: NULL, or
 * where the function goes on CUTROPY_OK (then the caller frees it). */
cutropy_status ct_ranges_run(const cutropy_problem *problem, const cutropy_cuts *cuts,
                             size_t ranged, const cutropy_options *options, cutropy_ranges **out,
                             ct_function *kept);

#endif
