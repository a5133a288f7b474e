/* SPDX-License-Identifier: Apache-2.0 */
/* The eigenvalue operation of the CPU backend. */
#ifndef CT_SOLVE_H
#define CT_SOLVE_H

#include "backend/operations.h"

cutropy_status ct_cpu_eigenvalues(size_t count, const ct_eigen_job *jobs, const ct_watch *watch,
                                  int threads);

#endif
