/* SPDX-License-Identifier: Apache-2.0 */
/* Every instruction set that this processor runs. */
#ifndef ISA_LIST_H
#define ISA_LIST_H

#include "backend/cpu/isa.h"

/* The number-th one, from 0; NULL: no more. */
static inline const ct_isa *isa_number(int number)
{
    const ct_isa *list[4] = {&ct_isa_generic};
    int count = 1;
#ifdef CT_HAVE_X86
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi2"))
        list[count++] = &ct_isa_avx2;
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vpopcntdq"))
        list[count++] = &ct_isa_avx512;
#endif
    return number < count ? list[number] : NULL;
}

#endif
