/* SPDX-License-Identifier: Apache-2.0 */
/* What the threads of a run need of the system and of OpenBLAS. */
#ifndef CT_START_H
#define CT_START_H

#include <cutropy/status.h>

/* ct_operations.start. */
cutropy_status ct_cpu_start(int threads);

#endif
