/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <fenv.h>

/* Other libraries switch them: whoever was linked with -ffast-math does when it is loaded. */
cutropy_status ct_floating_check(void)
{
    volatile double smallest = DBL_MIN, denormal = DBL_TRUE_MIN, half = 0.5, one = 1;
    if (smallest * half == 0 || denormal * one == 0)
        return ct_fail(
            CUTROPY_EUNSUPPORTED,
            "subnormal numbers are flushed to zero in this process (a library built with "
            "-ffast-math does that): errors would not hold, so nothing is computed");
    if (fegetround() != FE_TONEAREST)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "this thread does not round to nearest (fesetround): errors would not hold, "
                       "so nothing is computed");
    return CUTROPY_OK;
}
