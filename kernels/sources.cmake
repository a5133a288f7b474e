# SPDX-License-Identifier: Apache-2.0
# The kernels, one stage a file.
set(CUTROPY_KERNELS
    amplitudes.cu
    band.cu
    blocks.cu
    chase.cu
    cholesky.cu
    classes.cu
    eigen.cu
    enumerate.cu
    factors.cu
    gather.cu
    gram.cu
    gram_list.cu
    gram_mma.cu
    level.cu
    lists.cu
    overlaps.cu
    ql.cu
    sort.cu
    square.cu
    text.cu
    tridiagonal.cu
    wide_chase.cu
    wide_panel.cu
    wide_tiles.cu
)
list(TRANSFORM CUTROPY_KERNELS PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
