/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_support.h"

void *device_copy(const void *host, size_t bytes)
{
    void *device = NULL;
    ck_assert_int_eq(cudaMalloc(&device, bytes), cudaSuccess);
    if (host)
        ck_assert_int_eq(cudaMemcpy(device, host, bytes, cudaMemcpyHostToDevice), cudaSuccess);
    return device;
}

void host_copy(void *host, const void *device, size_t bytes)
{
    ck_assert_int_eq(cudaMemcpy(host, device, bytes, cudaMemcpyDeviceToHost), cudaSuccess);
}

void device_free(void *device)
{
    ck_assert_int_eq(cudaFree(device), cudaSuccess);
}

/* Of the fake device: so little that small matrices take the roads beside shared memory as well. */
size_t ct_fake_shared_most(void);

size_t ct_fake_shared_most(void)
{
    return 24576;
}
