/* SPDX-License-Identifier: Apache-2.0 */
/* What the solvers on this side of the devices keep: their setting, and who answered. */
#ifndef CT_PLAIN_RESIDENT_H
#define CT_PLAIN_RESIDENT_H

#include "backend/solver.h"

struct ct_resident {
    ct_solver_setting setting;
    size_t on_devices, on_cpu; /* cuts of sums of product states that were answered */
};

/* For ct_solver.open and close. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_plain_open(const ct_solver_setting *setting, ct_resident **out);
void ct_plain_close(ct_resident *resident);

#endif
