/* SPDX-License-Identifier: Apache-2.0 */
/* Control of the emulation of CUDA's execution model (fibers.cpp). C and C++.
 *
 * A block's threads are fibers: they run one after the other and change at barriers, warp
 * operations and (in random orders) at atomics. Blocks run one after the other. What it finds:
 *
 *   barrier divergence, threads that end while others wait
 *   warp operations with lanes missing, values read from missing lanes
 *   shared memory read before it was written (poisoned before each block, differently in each
 * order) overruns of shared and device memory (address sanitizer) races inside a block, on shared
 * and device memory (thread sanitizer: every fiber is a thread to it and only barriers, __syncwarp
 * and the edges of a block order accesses)
 *
 * What it does not cover: blocks that run at the same time (only their order changes) and inline PTX,
 * which tests/ptx has; the hardware's memory model, time. */
#ifndef CT_EMULATION_H
#define CT_EMULATION_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Orders of lanes and blocks: 0 forward, 1 reverse, larger numbers: random with that seed. The
 * environment variable CT_EMULATION_ORDER sets the first. */
void ct_emulation_order(uint64_t order);

/* Orders a test should try: for (int i = 0; i < CT_EMULATION_ORDERS; i++) ct_emulation_order(i); */
#define CT_EMULATION_ORDERS 5

/* A violation prints one line and aborts; while a test expects one, the launch is given up with
 * cudaErrorLaunchFailure and the line is kept. */
void ct_emulation_expect_error(int on);
/* The line of the last violation, "" when there was none; forgets it. */
const char *ct_emulation_take_error(void);

/* Launches so far of a kernel: its name, without template arguments. */
long ct_emulation_launched(const char *kernel);

#ifdef __cplusplus
}
#endif
#endif
