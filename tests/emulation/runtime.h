/* SPDX-License-Identifier: Apache-2.0 */
/* Between the parts of the emulation (C++): how kernels and library calls become work of a stream.
 */
#ifndef CT_EMULATION_RUNTIME_H
#define CT_EMULATION_RUNTIME_H

#include <functional>

#include <cuda_runtime_api.h>

/* One launch: counts as a call named `name`; configuration: an error to report instead. Work that
 * fails makes the error stick to the device, as on CUDA. */
cudaError_t ct_fake_launch(const char *name, cudaStream_t stream, std::function<cudaError_t()> work,
                           cudaError_t configuration);

/* Of the emulated thread that runs: 0 its number in the block, 1 the block's, 2 the size of a block, 3 blocks; all along x. */
extern "C" unsigned ct_emulation_index(int which);

/* Dynamic shared memory that the kernel was allowed beyond what every kernel may have. */
extern "C" size_t ct_fake_dynamic_bytes(const void *kernel);

/* Shared memory that a block may have, and what of it a kernel has in any launch: 227 KiB, and 0 for emulated kernels, unless another file
 * defines them. */
extern "C" size_t ct_fake_shared_most(void);
extern "C" size_t ct_fake_fixed_bytes(const void *kernel);

/* 1 when this call (it counts) is to fail. */
bool ct_fake_fails(const char *name);
/* What libraries keep (handles): counted as live. */
void ct_fake_add_live(const char *what, const void *object);
/* False: it did not live. */
bool ct_fake_remove_live(const void *object);
/* The value of info for matrix `which` of the library call that runs now. */
int ct_fake_info(int64_t which);
void ct_fake_count_library_call(void);

#endif
