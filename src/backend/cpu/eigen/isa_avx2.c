/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels for AVX2 and FMA. */
#include <immintrin.h>

#define CT_FMA(a, b, c) _mm256_fmadd_pd(a, b, c)
#define CT_VL 4
#define CT_MICRO_COLUMNS 4
#define CT_ROWS 2
#define CT_TOGETHER 2
#define CT_ISA_NAME "avx2"
#define CT_ISA_TABLE ct_eigen_kernels_avx2
#include "backend/cpu/eigen/kernels_isa.h"
