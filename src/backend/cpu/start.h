/* SPDX-License-Identifier: Apache-2.0 */
/* What the threads of a run need of the system and of OpenBLAS. */
#ifndef CT_START_H
#define CT_START_H

#include <cutropy/status.h>

/* ct_operations.start and stop. In between OpenBLAS has one thread; after the last stop it has as many as
 * before the first start, unless somebody has set another number meanwhile. */
cutropy_status ct_cpu_start(int threads);
void ct_cpu_stop(void);

#endif
