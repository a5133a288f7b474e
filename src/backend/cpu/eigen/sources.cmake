# SPDX-License-Identifier: Apache-2.0
# Eigenvalue kernels: the same inner loops compiled for each instruction set, chosen at run time.
set(CUTROPY_EIGEN_SOURCES
    backend/cpu/eigen/band_chase.c
    backend/cpu/eigen/band_reduce.c
    backend/cpu/eigen/dispatch.c
    backend/cpu/eigen/eigen.c
    backend/cpu/eigen/isa_generic.c
    backend/cpu/eigen/scale.c
    backend/cpu/eigen/two_stage.c
)
if(CUTROPY_X86)
    list(APPEND CUTROPY_EIGEN_SOURCES backend/cpu/eigen/isa_avx2.c backend/cpu/eigen/isa_avx512.c)
    set_source_files_properties(backend/cpu/eigen/isa_avx2.c PROPERTIES COMPILE_OPTIONS "-march=x86-64-v3")
    set_source_files_properties(backend/cpu/eigen/isa_avx512.c PROPERTIES
        COMPILE_OPTIONS "-march=x86-64-v4;-mprefer-vector-width=512")
endif()
