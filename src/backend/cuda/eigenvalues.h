/* SPDX-License-Identifier: Apache-2.0 */
/* The eigenvalues slot of ct_operations: single large matrices go to a device. Stream and handles of the libraries stay open while somebody holds
 * the devices (device.h). */
#ifndef CT_CUDA_EIGENVALUES_H
#define CT_CUDA_EIGENVALUES_H

#include "backend/operations.h"

void ct_cuda_eigenvalues_close(void);

/* As the slot says. Jobs below CT_CUDA_LARGE, and those that are too large for the device, are the
 * CPU's: the choice depends on n and on the device alone. May be called from several threads; they
 * take turns on the device. */
cutropy_status ct_cuda_eigenvalues(size_t count, const ct_eigen_job *jobs, const ct_watch *watch,
                                   int threads);

#endif
