# SPDX-License-Identifier: Apache-2.0
# The MPI module cutropy-mpi: opened at run time where a launcher of MPI started the program (src/cli/launch.c), so that nothing else links
# MPI. Another MPI than the default one: -DMPI_C_COMPILER=mpicc.mpich.
set(CUTROPY_MPI AUTO CACHE STRING "Build the MPI module: AUTO (where an MPI is), ON, OFF")
set_property(CACHE CUTROPY_MPI PROPERTY STRINGS AUTO ON OFF)

if(CUTROPY_MPI STREQUAL "OFF" OR SKBUILD OR CUTROPY_SANITIZE OR CUTROPY_COVERAGE) # wheels have none; sanitizers: tests/test_ranks.c
    return()
endif()
find_package(MPI QUIET COMPONENTS C)
if(NOT MPI_C_FOUND)
    if(CUTROPY_MPI STREQUAL "ON")
        message(FATAL_ERROR "CUTROPY_MPI=ON needs an MPI with its compiler mpicc (Debian: libopenmpi-dev)")
    endif()
    message(STATUS "MPI: not found, the MPI module is not built")
    return()
endif()

add_library(cutropy_mpi MODULE src/backend/mpi/mpi_module.c src/backend/mpi/mpi_together.c)
set_target_properties(cutropy_mpi PROPERTIES PREFIX "" OUTPUT_NAME cutropy-mpi
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/src C_VISIBILITY_PRESET hidden)
string(REGEX REPLACE "[^A-Za-z0-9_./-]+" " " mpi_name "${MPI_C_COMPILER}, MPI ${MPI_C_VERSION}")
target_compile_definitions(cutropy_mpi PRIVATE CUTROPY_MPI_BUILT="${mpi_name}")
target_link_libraries(cutropy_mpi PRIVATE cutropy_flags MPI::MPI_C Threads::Threads ${CMAKE_DL_LIBS})
target_link_options(cutropy_mpi PRIVATE -Wl,--no-undefined)
