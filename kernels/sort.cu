/* SPDX-License-Identifier: Apache-2.0 */
/* Scans and sorts by CUB. Without nvcc: plain twins. */
#include "kernels.h"
#include "launch.cuh"

#ifdef __CUDACC__

#include <cub/device/device_radix_sort.cuh>
#include <cub/device/device_scan.cuh>

cudaError_t ct_scan_space(int64_t count, size_t *bytes)
{
    *bytes = 0;
    return cub::DeviceScan::ExclusiveSum(nullptr, *bytes, (const uint64_t *)nullptr,
                                         (uint64_t *)nullptr, count);
}

cudaError_t ct_launch_scan(const uint64_t *in, uint64_t *out, int64_t count, void *work,
                           size_t bytes, cudaStream_t stream)
{
    return cub::DeviceScan::ExclusiveSum(work, bytes, in, out, count, stream);
}

cudaError_t ct_sort_space(int64_t count, size_t *bytes)
{
    *bytes = 0;
    return cub::DeviceRadixSort::SortKeys(nullptr, *bytes, (const uint64_t *)nullptr,
                                          (uint64_t *)nullptr, count);
}

cudaError_t ct_launch_sort(const uint64_t *in, uint64_t *out, int64_t count, void *work,
                           size_t bytes, cudaStream_t stream)
{
    return cub::DeviceRadixSort::SortKeys(work, bytes, in, out, count, 0, 64, stream);
}

#else

/* One thread; the work space is demanded as CUB does. */
__global__ void scan_kernel(const uint64_t *in, uint64_t *out, int64_t count)
{
    uint64_t sum = 0;
    for (int64_t i = 0; i < count; i++) {
        const uint64_t here = in[i]; /* out may be in */
        out[i] = sum;
        sum += here;
    }
}

/* Insertion. */
__global__ void sort_kernel(const uint64_t *in, uint64_t *out, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        int64_t j = i;
        for (; j > 0 && out[j - 1] > in[i]; j--)
            out[j] = out[j - 1];
        out[j] = in[i];
    }
}

cudaError_t ct_scan_space(int64_t count, size_t *bytes)
{
    *bytes = 256 + (size_t)count / 64;
    return cudaSuccess;
}

cudaError_t ct_launch_scan(const uint64_t *in, uint64_t *out, int64_t count, void *work,
                           size_t bytes, cudaStream_t stream)
{
    if (!work || bytes < 256 + (size_t)count / 64)
        return cudaErrorInvalidValue;
    return CT_LAUNCH(scan_kernel, 1, 1, 0, stream, in, out, count);
}

cudaError_t ct_sort_space(int64_t count, size_t *bytes)
{
    *bytes = 256 + 12 * (size_t)count;
    return cudaSuccess;
}

cudaError_t ct_launch_sort(const uint64_t *in, uint64_t *out, int64_t count, void *work,
                           size_t bytes, cudaStream_t stream)
{
    if (!work || bytes < 256 + 12 * (size_t)count)
        return cudaErrorInvalidValue;
    return CT_LAUNCH(sort_kernel, 1, 1, 0, stream, in, out, count);
}

#endif
