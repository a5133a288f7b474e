/* SPDX-License-Identifier: Apache-2.0 */
/* What a solver keeps that keeps nothing but its setting. */
#ifndef CT_PLAIN_RESIDENT_H
#define CT_PLAIN_RESIDENT_H

#include "backend/solver.h"

struct ct_resident {
    ct_solver_setting setting;
};

/* For ct_solver.open and close. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_plain_open(const ct_solver_setting *setting, ct_resident **out);
void ct_plain_close(ct_resident *resident);

#endif
