/* SPDX-License-Identifier: Apache-2.0 */
/* The bit kernels for portable. */
#define CT_ISA_NAME generic
#define CT_ISA_TEXT "portable"
#define CT_WORD_BITS 64
#include "backend/cpu/isa_template.h"
