/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of single kernels share: device memory of the fake run time. Everything must
 * succeed. */
#ifndef KERNEL_SUPPORT_H
#define KERNEL_SUPPORT_H

#include <check.h>
#include <cuda_runtime_api.h>
#include <stddef.h>
#include <stdint.h>

#include "emulation.h"

/* Device memory, filled from `host` (NULL: left as it is); freed by device_free. */
void *device_copy(const void *host, size_t bytes);
/* Back to the host. */
void host_copy(void *host, const void *device, size_t bytes);
void device_free(void *device);

/* for (EVERY_ORDER(order)) body: every order of lanes and blocks that a test should try. */
#define EVERY_ORDER(order)                                                                         \
    uint64_t order = 0;                                                                            \
    order < CT_EMULATION_ORDERS && (ct_emulation_order(order), 1);                                 \
    order++

#endif
