/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluation on a backend against the CPU: the same storage, and every bit. */
#ifndef CUDA_EVALUATIONS_H
#define CUDA_EVALUATIONS_H

#include "backend/operations.h"

/* Every form and body that a device evaluates, on lattices of about 13 pixels (small) or of 20 to
 * 36 (large). */
void evaluations_compare(const ct_operations *backend, bool large);

#endif
