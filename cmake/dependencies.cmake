# SPDX-License-Identifier: Apache-2.0
# External parts. Each has one owner in the source tree (tests/layering checks it).
find_package(PkgConfig REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(MINIZIP REQUIRED IMPORTED_TARGET minizip)
find_package(Threads REQUIRED)
pkg_check_modules(PNG IMPORTED_TARGET libpng) # optional: folders of PNG files
set(CUTROPY_PNG "")
if(PNG_FOUND)
    set(CUTROPY_PNG PkgConfig::PNG)
endif()
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.10)
# OpenBLAS with LAPACKE: the system's, or for wheels the one that scipy-openblas32 holds (scripts/wheel), whose names have a prefix.
set(CUTROPY_SCIPY_OPENBLAS "" CACHE PATH "Folder of the Python package scipy_openblas32")
if(CUTROPY_SCIPY_OPENBLAS)
    set(names cblas_dgemm LAPACKE_dgejsv_work LAPACKE_dpstrf_work LAPACKE_zpstrf_work cblas_zgemm LAPACKE_dgesdd_work LAPACKE_dstedc_work LAPACKE_zgejsv_work LAPACKE_zgesdd_work blas_memory_alloc
              blas_memory_free openblas_get_config openblas_get_num_threads openblas_set_num_threads)
    list(TRANSFORM names REPLACE "(.+)" "\\1=scipy_\\1")
    foreach(target PkgConfig::OPENBLAS PkgConfig::LAPACKE)
        add_library(${target} SHARED IMPORTED)
        set_target_properties(${target} PROPERTIES
            IMPORTED_LOCATION ${CUTROPY_SCIPY_OPENBLAS}/lib/libscipy_openblas.so
            INTERFACE_INCLUDE_DIRECTORIES ${CUTROPY_SCIPY_OPENBLAS}/include
            INTERFACE_COMPILE_DEFINITIONS "${names}")
    endforeach()
else()
    pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
    pkg_check_modules(LAPACKE REQUIRED IMPORTED_TARGET lapacke)
endif()
pkg_check_modules(GMP REQUIRED IMPORTED_TARGET gmp) # large integers; the verifier of certificates
if(CUTROPY_TESTS)
    pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)
endif()
# Exact and ball arithmetic: FLINT 3, or FLINT 2 with Arb as a library of its own (Debian calls it flint-arb).
find_path(FLINT_INCLUDE_DIR flint/flint.h REQUIRED)
find_library(FLINT_LIBRARY flint REQUIRED)
find_library(ARB_LIBRARY NAMES flint-arb arb)
set(CUTROPY_FLINT_NAMES flint gmp) # what users of a static library link
if(ARB_LIBRARY)
    get_filename_component(arb_name ${ARB_LIBRARY} NAME_WE)
    string(REGEX REPLACE "^lib" "" arb_name ${arb_name})
    list(PREPEND CUTROPY_FLINT_NAMES ${arb_name})
endif()
add_library(cutropy_flint INTERFACE)
target_include_directories(cutropy_flint SYSTEM INTERFACE ${FLINT_INCLUDE_DIR})
target_link_libraries(cutropy_flint INTERFACE $<$<BOOL:${ARB_LIBRARY}>:${ARB_LIBRARY}> ${FLINT_LIBRARY} gmp)
