/* SPDX-License-Identifier: Apache-2.0 */
/* Functions whose kernel is made of C text while the program runs: here it is only launched. */
#include "device.cuh"

cudaError_t ct_launch_text(cudaKernel_t kernel, int64_t first, int64_t count, uint64_t *out,
                           uint64_t *report, cudaStream_t stream)
{
    return ct_launch_loaded(kernel, ct_grid(count), dim3(CT_THREADS), stream, (uint64_t)first,
                            (uint64_t)count, out, report);
}
