/* SPDX-License-Identifier: Apache-2.0 */
/* The bit kernels for AVX2. */
#define CT_ISA_NAME avx2
#define CT_ISA_TEXT "AVX2"
#define CT_WORD_BITS 256
#include "backend/cpu/isa_template.h"
