/* SPDX-License-Identifier: Apache-2.0 */
/* The slots that the driver serves. */
#ifndef CT_CUDA_H
#define CT_CUDA_H

#include "backend/operations.h"

/* Puts them into a copy of the CPU's backend. */
void ct_cuda_fill(ct_operations *backend);

#endif
