/* SPDX-License-Identifier: Apache-2.0 */
/* Launchers of planted.cu. mistake 0: the correct kernel. Plain host pointers, 64 threads a block.
 */
#ifndef CT_PLANTED_H
#define CT_PLANTED_H

#include <cuda_runtime_api.h>

#ifdef __cplusplus
extern "C" {
#endif

cudaError_t launch_block_sum(const int *in, int n, int *out, int mistake);
cudaError_t launch_block_sum_dynamic(const int *in, int n, int *out, int mistake);
cudaError_t launch_divergent_barrier(int *out, int mistake);
cudaError_t launch_warp_sum(const int *in, int *out, int mistake);
cudaError_t launch_warp_operations(int *out);
#define WARP_OPERATIONS 12
cudaError_t launch_tickets(int *out, int mistake);

#ifdef __cplusplus
}
#endif
#endif
