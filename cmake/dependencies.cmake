# SPDX-License-Identifier: Apache-2.0
# External parts. Each has one owner in the source tree (tests/layering checks it).
find_package(PkgConfig REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS C)
find_package(ZLIB REQUIRED)
pkg_check_modules(MINIZIP REQUIRED IMPORTED_TARGET minizip)
find_package(Threads REQUIRED)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.10)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
pkg_check_modules(LAPACKE REQUIRED IMPORTED_TARGET lapacke)
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
