# SPDX-License-Identifier: Apache-2.0
# The CUDA module cutropy-cuda: opened at run time (src/backend/module.c), so that nothing else links CUDA.
set(CUTROPY_CUDA AUTO CACHE STRING "Build the CUDA module: AUTO (where the toolkit is), ON, OFF")
set_property(CACHE CUTROPY_CUDA PROPERTY STRINGS AUTO ON OFF)
# Code of 8.0 runs on 8.6 and 8.9 too.
set(CUTROPY_CUDA_ARCHITECTURES "80;90;100;120" CACHE STRING "Architectures; the last one also as PTX for newer devices")
# cusolverDnXsyevBatched is right from cuSOLVER 11.7.3 on, sm_100 and sm_120 are known from 12.8 on.
set(CUTROPY_CUDA_VERSION 12.8.1)

# Beside itself, and the toolkit that it was built with.
set(CUTROPY_CUDA_RPATH "" CACHE STRING "Where the installed module looks for CUDA's libraries, instead of the toolkit's folder")

set(CUTROPY_CUDA_FOUND OFF)
if(NOT CUTROPY_CUDA STREQUAL "OFF")
    find_package(CUDAToolkit ${CUTROPY_CUDA_VERSION} QUIET)
    if(CUDAToolkit_FOUND)
        include(CheckLanguage)
        if(NOT CMAKE_CUDA_COMPILER AND NOT DEFINED ENV{CUDACXX} AND CUDAToolkit_NVCC_EXECUTABLE)
            set(CMAKE_CUDA_COMPILER ${CUDAToolkit_NVCC_EXECUTABLE} CACHE FILEPATH "nvcc")
        endif()
        if(NOT CMAKE_CUDA_COMPILER)
            check_language(CUDA)
        endif()
    endif()
    if(CUDAToolkit_FOUND AND CMAKE_CUDA_COMPILER AND TARGET CUDA::cublas AND TARGET CUDA::cusolver)
        set(CUTROPY_CUDA_FOUND ON)
    elseif(CUTROPY_CUDA STREQUAL "ON")
        message(FATAL_ERROR "CUTROPY_CUDA=ON needs the CUDA Toolkit ${CUTROPY_CUDA_VERSION} or newer with nvcc, cuBLAS and cuSOLVER")
    else()
        message(STATUS "CUDA Toolkit ${CUTROPY_CUDA_VERSION} or newer: not found, the CUDA module is not built")
    endif()
endif()
if(NOT CUTROPY_CUDA_FOUND)
    return()
endif()

# Machine code for every architecture, PTX for the last one.
set(architectures ${CUTROPY_CUDA_ARCHITECTURES})
list(POP_BACK architectures newest)
list(TRANSFORM architectures APPEND "-real")
set(CMAKE_CUDA_ARCHITECTURES ${architectures} ${newest})
set(CMAKE_CUDA_STANDARD 17)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
enable_language(CUDA)

include(kernels/sources.cmake)
include(src/backend/cuda/sources.cmake)
list(TRANSFORM CUTROPY_CUDA_DRIVER PREPEND src/)
list(TRANSFORM CUTROPY_CUDA_ENTRY PREPEND src/)
# --fmad=false keeps values the same on CPU and GPU: kernels that want a fused operation write fma().
add_library(cutropy_kernels OBJECT ${CUTROPY_KERNELS})
set_target_properties(cutropy_kernels PROPERTIES POSITION_INDEPENDENT_CODE ON CUDA_VISIBILITY_PRESET hidden)
target_include_directories(cutropy_kernels PRIVATE kernels)
target_compile_options(cutropy_kernels PRIVATE --fmad=false --threads=2 -Xcompiler=-Wall,-Wextra)
if(CUTROPY_WERROR)
    target_compile_options(cutropy_kernels PRIVATE --Werror=all-warnings)
endif()
target_link_libraries(cutropy_kernels PRIVATE cutropy_flags)

if(NOT CUTROPY_CUDA_RPATH)
    set(CUTROPY_CUDA_RPATH "$ORIGIN;${CUDAToolkit_LIBRARY_DIR}")
endif()
add_library(cutropy_cuda MODULE ${CUTROPY_CUDA_DRIVER} ${CUTROPY_CUDA_ENTRY} $<TARGET_OBJECTS:cutropy_kernels>)
set_target_properties(cutropy_cuda PROPERTIES PREFIX "" OUTPUT_NAME cutropy-cuda
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/src C_VISIBILITY_PRESET hidden
    BUILD_RPATH "${CUDAToolkit_LIBRARY_DIR}" INSTALL_RPATH "${CUTROPY_CUDA_RPATH}")
target_include_directories(cutropy_cuda PRIVATE kernels)
list(JOIN CUTROPY_CUDA_ARCHITECTURES " " CUTROPY_CUDA_ARCHITECTURES_TEXT)
target_compile_definitions(cutropy_cuda PRIVATE
    CUTROPY_CUDA_BUILT="CUDA ${CUDAToolkit_VERSION}, architectures ${CUTROPY_CUDA_ARCHITECTURES_TEXT}")
target_link_libraries(cutropy_cuda PRIVATE cutropy_flags CUDA::cudart_static CUDA::cublas CUDA::cusolver
                      Threads::Threads m)
target_link_options(cutropy_cuda PRIVATE -Wl,--no-undefined)
