/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels for AVX-512 (F, DQ, VL, BW, CD). */
#include <immintrin.h>

#define CT_FMA(a, b, c) _mm512_fmadd_pd(a, b, c)
#define CT_VL 8
#define CT_MICRO_COLUMNS 8
#define CT_ROWS 4
#define CT_TOGETHER 2
#define CT_ISA_NAME "avx512"
#define CT_ISA_TABLE ct_eigen_kernels_avx512
#include "backend/cpu/eigen/kernels_isa.h"
