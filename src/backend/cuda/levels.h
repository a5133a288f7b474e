/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices of the levels of an automaton on the first device of the run (kernels/level.cu). */
#ifndef CT_CUDA_LEVELS_H
#define CT_CUDA_LEVELS_H

#include "backend/level_device.h"

/* Levels from CT_CUDA_LEVEL words on (CUTROPY_CUDA_LEVEL in the environment is another number of them); none that takes more than
 * an eighth of the device's memory, so that two of them leave the eigenvalues what they may need. */
extern const ct_level_device ct_cuda_levels;

#endif
