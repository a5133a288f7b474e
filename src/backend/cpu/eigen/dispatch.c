/* SPDX-License-Identifier: Apache-2.0 */
/* Which kernels this processor runs. */
#include "backend/cpu/eigen/kernels.h"
#include "backend/cpu/level.h"

const ct_eigen_kernels *ct_eigen_kernels_number(int k)
{
#ifdef CT_HAVE_X86
    const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const int avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd");
    if (k == 1 && avx2)
        return ct_eigen_kernels_avx2();
    if (k == 2 && avx512)
        return ct_eigen_kernels_avx512();
#endif
    return k == 0 ? ct_eigen_kernels_generic() : NULL;
}

const ct_eigen_kernels *ct_eigen_kernels_best(void)
{
    const ct_eigen_kernels *best = NULL;
    for (int k = 0; k <= (int)ct_cpu_level_allowed() && ct_eigen_kernels_number(k); k++)
        best = ct_eigen_kernels_number(k);
    return best;
}
