/* SPDX-License-Identifier: Apache-2.0 */
/* The eigenvalues slot of ct_operations: single large matrices go to a device. And the two slots around all
 * others, since the handles of the libraries that this takes stay open between them. */
#ifndef CT_CUDA_EIGENVALUES_H
#define CT_CUDA_EIGENVALUES_H

#include "backend/operations.h"

/* As the slots say: those of the CPU; the last stop closes the handles. */
cutropy_status ct_cuda_start(int threads);
void ct_cuda_stop(void);

/* As the slot says. Jobs below CT_CUDA_LARGE, and those that are too large for the device, are the
 * CPU's: the choice depends on n and on the device alone. May be called from several threads; they
 * take turns on the device. */
cutropy_status ct_cuda_eigenvalues(size_t count, const ct_eigen_job *jobs, const ct_watch *watch,
                                   int threads);

#endif
