/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/device.h"

#include <stdio.h>

#include "backend/cuda/thresholds.h"

/* The choice of the program, made once before the runs. */
static int chosen_first, chosen_count = 1;

static int holders;

void ct_devices_hold(void)
{
    __atomic_fetch_add(&holders, 1, __ATOMIC_ACQ_REL);
}

bool ct_devices_release(void)
{
    return __atomic_fetch_sub(&holders, 1, __ATOMIC_ACQ_REL) == 1;
}

bool ct_devices_held(void)
{
    return __atomic_load_n(&holders, __ATOMIC_ACQUIRE) > 0;
}

cutropy_status ct_devices_choose(int number)
{
    cutropy_status status = CUTROPY_OK;
    int count = 0;
    CT_CUDA(number, cudaGetDeviceCount(&count));
    if (count > CT_CUDA_MOST_DEVICES)
        count = CT_CUDA_MOST_DEVICES;
    if (number >= count || number < CT_CUDA_ALL || count < 1)
        return ct_fail(CUTROPY_EUNSUPPORTED, "there is no CUDA device %d: this machine has %d",
                       number, count);
    chosen_first = number == CT_CUDA_ALL ? 0 : number;
    chosen_count = number == CT_CUDA_ALL ? count : 1;
done:
    return status;
}

int ct_devices_chosen(void)
{
    return chosen_count;
}

cutropy_status ct_device_describe(int i, ct_device *out)
{
    cutropy_status status = CUTROPY_OK;
    struct cudaDeviceProp properties;
    *out = (ct_device){.number = chosen_first + i};
    CT_CUDA(out->number, cudaGetDeviceProperties(&properties, out->number));
    out->capability = 10 * properties.major + properties.minor;
    out->total = properties.totalGlobalMem;
    snprintf(out->name, sizeof out->name, "%.63s", properties.name);
done:
    return status;
}

cutropy_status ct_device_use(const ct_device *device)
{
    return ct_cuda_check(cudaSetDevice(device->number), device->number, "cudaSetDevice");
}

cutropy_status ct_device_room(ct_device *device)
{
    cutropy_status status = CUTROPY_OK;
    size_t available = 0, total = 0;
    CT_CUDA(device->number, cudaMemGetInfo(&available, &total));
    const uint64_t share = total / 32 > CT_CUDA_RESERVE ? total / 32 : CT_CUDA_RESERVE;
    const uint64_t reserve = share < total / 4 ? share : total / 4;
    device->room = available > reserve ? available - reserve : 0;
done:
    return status;
}
