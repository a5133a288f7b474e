# SPDX-License-Identifier: Apache-2.0
# cmake --install: library, program, public headers, pkg-config file and CMake package; all of it can be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS cutropy EXPORT cutropyTargets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/cutropy DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
if(TARGET cutropy_program)
    # The program finds a shared libcutropy beside itself, wherever the prefix is moved.
    set_target_properties(cutropy_program PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
    install(TARGETS cutropy_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(TARGETS cutropy_verify RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET cutropy_cuda)
    install(TARGETS cutropy_cuda LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/cutropy)
endif()
install(FILES LICENSE README.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})

# CMake: find_package(cutropy), target cutropy::cutropy
set(CUTROPY_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/cutropy)
get_target_property(cutropy_type cutropy TYPE)
if(cutropy_type STREQUAL "STATIC_LIBRARY")
    set(CUTROPY_IS_STATIC ON)
else()
    set(CUTROPY_IS_STATIC OFF)
endif()
install(EXPORT cutropyTargets NAMESPACE cutropy:: DESTINATION ${CUTROPY_CMAKE_DIR})
configure_package_config_file(cmake/cutropyConfig.cmake.in cutropyConfig.cmake
                              INSTALL_DESTINATION ${CUTROPY_CMAKE_DIR})
write_basic_package_version_file(cutropyConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cutropyConfig.cmake ${PROJECT_BINARY_DIR}/cutropyConfigVersion.cmake
        DESTINATION ${CUTROPY_CMAKE_DIR})

# pkg-config. A static library alone cannot be linked without its own libraries: then they are public.
set(CUTROPY_PC_REQUIRES "lapacke, openblas, jansson >= 2.10, zlib")
list(TRANSFORM CUTROPY_FLINT_NAMES PREPEND "-l" OUTPUT_VARIABLE CUTROPY_PC_FLINT)
list(JOIN CUTROPY_PC_FLINT " " CUTROPY_PC_FLINT)
set(CUTROPY_PC_LIBS "${CUTROPY_PC_FLINT} ${OpenMP_C_FLAGS} -lpthread -ldl -lm")
if(CUTROPY_IS_STATIC)
    set(CUTROPY_PC_DEPENDS "Requires: ${CUTROPY_PC_REQUIRES}\nLibs: -L\${libdir} -lcutropy ${CUTROPY_PC_LIBS}")
else()
    set(CUTROPY_PC_DEPENDS "Requires.private: ${CUTROPY_PC_REQUIRES}\nLibs: -L\${libdir} -lcutropy\nLibs.private: ${CUTROPY_PC_LIBS}")
endif()
file(RELATIVE_PATH CUTROPY_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" CUTROPY_PC_PREFIX "${CUTROPY_PC_PREFIX}")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    set(CUTROPY_PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
    set(CUTROPY_PC_LIBDIR "${CMAKE_INSTALL_LIBDIR}")
    set(CUTROPY_PC_INCLUDEDIR "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
else()
    set(CUTROPY_PC_PREFIX "\${pcfiledir}/${CUTROPY_PC_PREFIX}")
    set(CUTROPY_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
    set(CUTROPY_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
configure_file(cmake/cutropy.pc.in cutropy.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cutropy.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
