/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels for any machine with vectors of two doubles (SSE2, NEON). */
#ifdef __aarch64__
#include <arm_neon.h>
#define CT_FMA(a, b, c) ((vec)vfmaq_f64((float64x2_t)(c), (float64x2_t)(a), (float64x2_t)(b)))
#define CT_ROWS 4
#define CT_MICRO_COLUMNS 8
#else
#define CT_FMA(a, b, c) ((a) * (b) + (c))
#define CT_ROWS 2
#define CT_MICRO_COLUMNS 4
#endif
#define CT_VL 2
#define CT_TOGETHER 2
#define CT_ISA_NAME "generic"
#define CT_ISA_TABLE ct_eigen_kernels_generic
#include "backend/cpu/eigen/kernels_isa.h"
