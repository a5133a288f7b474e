# SPDX-License-Identifier: Apache-2.0
include(${CMAKE_CURRENT_LIST_DIR}/cpu/eigen/sources.cmake)
set(CUTROPY_BACKEND_SOURCES
    backend/cpu/cpu.c
    backend/cpu/eigenvectors.c
    backend/cpu/evaluate.c
    backend/cpu/gram.c
    backend/cpu/image_queue.c
    backend/cpu/isa_generic.c
    backend/cpu/level.c
    backend/cpu/overlaps.c
    backend/cpu/product.c
    backend/cpu/products.c
    backend/cpu/singular_vectors.c
    backend/cpu/singular.c
    backend/cpu/solve.c
    backend/cpu/start.c
    backend/cpu/walk.c
    backend/module.c
    ${CUTROPY_EIGEN_SOURCES}
)
if(CUTROPY_X86)
    list(APPEND CUTROPY_BACKEND_SOURCES backend/cpu/isa_avx2.c backend/cpu/isa_avx512.c)
    set_source_files_properties(backend/cpu/isa_avx2.c PROPERTIES COMPILE_OPTIONS "-march=x86-64-v3")
    set_source_files_properties(backend/cpu/isa_avx512.c PROPERTIES
        COMPILE_OPTIONS "-march=x86-64-v4;-mavx512vpopcntdq;-mprefer-vector-width=512")
endif()
