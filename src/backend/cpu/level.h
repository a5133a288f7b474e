/* SPDX-License-Identifier: Apache-2.0 */
/* Which instruction sets may be used: what the processor has, or less by CUTROPY_ISA. */
#ifndef CT_CPU_LEVEL_H
#define CT_CPU_LEVEL_H

#include "base/base.h"

typedef enum ct_cpu_level { CT_PORTABLE, CT_AVX2, CT_AVX512 } ct_cpu_level;

/* The highest level allowed. AVX-512 comes in parts: whoever needs one beyond F, BW, CD, DQ, VL asks
 * for it. */
ct_cpu_level ct_cpu_level_allowed(void);

/* CUTROPY_EINPUT: CUTROPY_ISA is neither portable, avx2 nor avx512, or more than the processor has.
 */
cutropy_status ct_cpu_level_check(void);

#endif
