/* SPDX-License-Identifier: Apache-2.0 */
/* All kernels for one instruction set: isa_NAME.c sets the macros of vec_isa.h, CT_ISA_NAME and
 * CT_ISA_TABLE, and includes this. */
#include "backend/cpu/eigen/kernels.h"
#include "backend/cpu/eigen/vec_isa.h"
#include "backend/cpu/eigen/tridiagonalise_isa.h"
#include "backend/cpu/eigen/tridiagonal_isa.h"
#include "backend/cpu/eigen/tile_isa.h"
#include "backend/cpu/eigen/chase_isa.h"
#include "backend/cpu/eigen/complex_isa.h"
#include "backend/cpu/eigen/hermitian_isa.h"

static double largest(size_t count, const double *x)
{
    vec top = splat(0.0), poison = splat(0.0); /* infinity * 0 and NaN * 0 are NaN */
    double result = 0.0, rest = 0.0;
    size_t i = 0;
    for (; i + CT_VL <= count; i += CT_VL) {
        const vec t = magnitude(load_loose(x + i));
        top = choose(t > top, t, top);
        poison += t * splat(0.0);
    }
    for (; i < count; i++) {
        result = fabs(x[i]) > result ? fabs(x[i]) : result;
        rest += x[i] * 0.0;
    }
    for (int k = 0; k < CT_VL; k++)
        result = top[k] > result ? top[k] : result;
    return result + (rest + sum(poison));
}

const ct_eigen_kernels *CT_ISA_TABLE(void)
{
    static const ct_eigen_kernels table = {
        .name = CT_ISA_NAME,
        .largest = largest,
        .tridiagonalise = tridiagonalise,
        .tridiagonalise_complex = tridiagonalise_complex,
        .tridiagonal = tridiagonal,
        .tile_multiply = tile_multiply,
        .panel_factor = panel_factor,
        .chase_reflect = chase_reflect,
        .chase_hop = chase_hop,
        .panel_factor_complex = panel_factor_complex,
        .chase_reflect_complex = chase_reflect_complex,
        .chase_hop_complex = chase_hop_complex,
    };
    return &table;
}
