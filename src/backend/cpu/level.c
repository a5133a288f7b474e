/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cpu/level.h"

#include <stdlib.h>
#include <string.h>

static const char *const name[] = {"portable", "avx2", "avx512"};

static ct_cpu_level of_processor(void)
{
#ifdef CT_HAVE_X86
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
        !__builtin_cpu_supports("bmi2"))
        return CT_PORTABLE;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return CT_AVX512;
    return CT_AVX2;
#else
    return CT_PORTABLE;
#endif
}

/* false: the name of no level. Unset or empty: that of the processor. */
static bool of_environment(ct_cpu_level *level)
{
    const char *text = getenv("CUTROPY_ISA");
    *level = of_processor();
    if (!text || !*text)
        return true;
    for (int k = CT_PORTABLE; k <= CT_AVX512; k++)
        if (!strcmp(text, name[k])) {
            *level = (ct_cpu_level)k;
            return true;
        }
    return false;
}

ct_cpu_level ct_cpu_level_allowed(void)
{
    const ct_cpu_level most = of_processor();
    ct_cpu_level level;
    return of_environment(&level) && level < most ? level : most;
}

cutropy_status ct_cpu_level_check(void)
{
    const ct_cpu_level most = of_processor();
    ct_cpu_level level;
    if (!of_environment(&level))
        return ct_fail(CUTROPY_EINPUT, "CUTROPY_ISA=%s: use portable, avx2 or avx512",
                       getenv("CUTROPY_ISA"));
    if (level > most)
        return ct_fail(CUTROPY_EINPUT, "CUTROPY_ISA=%s: this processor runs %s at most",
                       name[level], name[most]);
    return CUTROPY_OK;
}
