/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/check.h"

#include <string.h>

cutropy_status ct_cuda_check(cudaError_t error, int device, const char *call)
{
    if (error == cudaSuccess)
        return CUTROPY_OK;
    (void)cudaGetLastError(); /* a lasting error stays, any other is ours now */
    return ct_fail(error == cudaErrorMemoryAllocation ? CUTROPY_EMEMORY : CUTROPY_EDEVICE,
                   "device %d: %.*s: %s", device, (int)strcspn(call, "("), call,
                   cudaGetErrorString(error));
}
