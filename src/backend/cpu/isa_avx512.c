/* SPDX-License-Identifier: Apache-2.0 */
/* The bit kernels for AVX-512. */
#define CT_ISA_NAME avx512
#define CT_ISA_TEXT "AVX-512"
#define CT_WORD_BITS 512
#include "backend/cpu/isa_template.h"
