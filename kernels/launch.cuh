/* SPDX-License-Identifier: Apache-2.0 */
/* How a kernel is launched: by nvcc on a device, and on the CPU by the emulation of CUDA's
 * execution model in tests/emulation when any other compiler reads the file.
 *
 *   status = CT_LAUNCH(kernel, grid, block, shared_bytes, stream, arguments...);
 *
 * is the launch and cudaGetLastError(). A template with commas stands in parentheses:
 * CT_LAUNCH((kernel<a, b>), ...).
 *
 * A kernel of a library that was loaded, whose parameters are P..., is launched by
 * ct_launch_loaded<P...>(kernel, grid, block, stream, arguments...).
 *
 * CT_DYNAMIC_SHARED(type, name) declares `type *name`, the dynamic shared memory of the block. */
#ifndef CT_LAUNCH_CUH
#define CT_LAUNCH_CUH

#include <stdint.h>

#ifdef __CUDACC__

#include <cuda_runtime.h>

#define CT_LAUNCH(kernel, grid, block, shared_bytes, stream, ...)                                  \
    (kernel<<<(grid), (block), (shared_bytes), (stream)>>>(__VA_ARGS__), cudaGetLastError())

template <class... P>
static inline cudaError_t ct_launch_loaded(cudaKernel_t kernel, dim3 grid, dim3 block,
                                           cudaStream_t stream, P... value)
{
    void *arguments[] = {&value...};
    return cudaLaunchKernel((const void *)kernel, grid, block, arguments, 0, stream);
}

#define CT_DYNAMIC_SHARED(type, name)                                                              \
    extern __shared__ __align__(16) unsigned char ct_dynamic_shared[];                             \
    type *name = reinterpret_cast<type *>(ct_dynamic_shared)

#else

#include "device.h" /* of tests/emulation */

#define CT_LAUNCH(kernel, grid, block, shared_bytes, stream, ...)                                  \
    ct_emulation::launch(#kernel, (grid), (block), (shared_bytes), (stream), (kernel), __VA_ARGS__)

template <class... P>
static inline cudaError_t ct_launch_loaded(cudaKernel_t kernel, dim3 grid, dim3 block,
                                           cudaStream_t stream, P... value)
{
    return ct_emulation::launch("loaded kernel", grid, block, 0, stream,
                                reinterpret_cast<void (*)(P...)>(kernel), value...);
}

#define CT_DYNAMIC_SHARED(type, name)                                                              \
    type *name = reinterpret_cast<type *>(ct_emulation::dynamic_shared())

#endif
#endif
