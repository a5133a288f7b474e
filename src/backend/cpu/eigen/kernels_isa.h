/* All kernels for one instruction set: isa_NAME.c sets the macros of vec_isa.h, CT_ISA_NAME and
 * CT_ISA_TABLE, and includes this. */
#include "backend/cpu/eigen/kernels.h"
#include "backend/cpu/eigen/vec_isa.h"
#include "backend/cpu/eigen/tridiagonalise_isa.h"
#include "backend/cpu/eigen/tridiagonal_isa.h"
#include "backend/cpu/eigen/tile_isa.h"
#include "backend/cpu/eigen/chase_isa.h"

const ct_eigen_kernels *CT_ISA_TABLE(void)
{
    static const ct_eigen_kernels table = {
        .name = CT_ISA_NAME,
        .tridiagonalise = tridiagonalise,
        .tridiagonal = tridiagonal,
        .tile_multiply = tile_multiply,
        .panel_factor = panel_factor,
        .chase_reflect = chase_reflect,
        .chase_hop = chase_hop,
    };
    return &table;
}
