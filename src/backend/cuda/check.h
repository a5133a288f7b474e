/* SPDX-License-Identifier: Apache-2.0 */
/* One answer to every CUDA status. */
#ifndef CT_CUDA_CHECK_H
#define CT_CUDA_CHECK_H

#include <cuda_runtime_api.h>

#include "base/base.h"

/* CUTROPY_OK; CUTROPY_EMEMORY when the device has no room (the error is cleared: a smaller request
 * may follow); else CUTROPY_EDEVICE with device, call and the words of CUDA. */
cutropy_status ct_cuda_check(cudaError_t error, int device, const char *call);

/* Leaves through done when the call fails. */
#define CT_CUDA(device, call) CT_TRY(ct_cuda_check((call), (device), #call))

#endif
