# SPDX-License-Identifier: Apache-2.0
# cmake --install: library, program, public headers, pkg-config file and CMake package; all of it can be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Two export sets: the static library needs other packages, the shared one does not.
set(CUTROPY_PLACES LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS cutropy EXPORT cutropyStaticTargets ${CUTROPY_PLACES})
if(TARGET cutropy_shared)
    install(TARGETS cutropy_shared EXPORT cutropyTargets ${CUTROPY_PLACES})
endif()
install(DIRECTORY include/cutropy DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
if(TARGET cutropy_program)
    install(TARGETS cutropy_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(TARGETS cutropy_verify RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET cutropy_cuda)
    install(TARGETS cutropy_cuda LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/cutropy)
endif()
if(TARGET cutropy_mpi)
    install(TARGETS cutropy_mpi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/cutropy)
endif()
# What the pages link to is there, too (tests/install).
install(FILES LICENSE README.md CONTRIBUTING.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN "site" EXCLUDE)
install(FILES data/README.md data/ground-truth.json DESTINATION ${CMAKE_INSTALL_DOCDIR}/data)
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN "results" EXCLUDE PATTERN "__pycache__" EXCLUDE)
if(TARGET cutropy_program)
    install(CODE "
        set(folder \"${CMAKE_INSTALL_MANDIR}/man1\")
        if(NOT IS_ABSOLUTE \"\${folder}\")
            set(folder \"\${CMAKE_INSTALL_PREFIX}/\${folder}\")
        endif()
        execute_process(COMMAND \"${CMAKE_COMMAND}\" \"-DPROGRAM=$<TARGET_FILE:cutropy_program>\" \"-DVERIFIER=$<TARGET_FILE:cutropy_verify>\"
                        \"-DFOLDER=\$ENV{DESTDIR}\${folder}\" -DVERSION=${PROJECT_VERSION} -P \"${PROJECT_SOURCE_DIR}/cmake/man_pages.cmake\")")
endif()

# CMake: find_package(cutropy), target cutropy::cutropy; find_package(cutropy COMPONENTS static), target cutropy::static.
set(CUTROPY_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/cutropy)
install(EXPORT cutropyStaticTargets NAMESPACE cutropy:: DESTINATION ${CUTROPY_CMAKE_DIR})
if(TARGET cutropy_shared)
    install(EXPORT cutropyTargets NAMESPACE cutropy:: DESTINATION ${CUTROPY_CMAKE_DIR})
endif()
set(CUTROPY_PNG_PART "")
if(PNG_FOUND)
    set(CUTROPY_PNG_PART "\"PNG;libpng\"")
endif()
configure_package_config_file(cmake/cutropyConfig.cmake.in cutropyConfig.cmake
                              INSTALL_DESTINATION ${CUTROPY_CMAKE_DIR})
write_basic_package_version_file(cutropyConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cutropyConfig.cmake ${PROJECT_BINARY_DIR}/cutropyConfigVersion.cmake
        DESTINATION ${CUTROPY_CMAKE_DIR})

# pkg-config: cutropy, and cutropy-static for the static library over shared ones (pkg-config --static would ask for all that those are
# made of, down to the Fortran run time). Where the static library is alone, both are it.
set(CUTROPY_PC_REQUIRES "lapacke, openblas, jansson >= 2.10, minizip, zlib")
if(PNG_FOUND)
    string(APPEND CUTROPY_PC_REQUIRES ", libpng")
endif()
list(TRANSFORM CUTROPY_FLINT_NAMES PREPEND "-l" OUTPUT_VARIABLE CUTROPY_PC_FLINT)
list(JOIN CUTROPY_PC_FLINT " " CUTROPY_PC_FLINT)
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
set(CUTROPY_PC_STATIC "Requires: ${CUTROPY_PC_REQUIRES}\nLibs: -L\${libdir} -l:libcutropy.a ${CUTROPY_PC_FLINT} -lpthread -ldl -lm")
set(CUTROPY_PC_DEPENDS "${CUTROPY_PC_STATIC}")
configure_file(cmake/cutropy.pc.in cutropy-static.pc @ONLY)
if(TARGET cutropy_shared)
    set(CUTROPY_PC_DEPENDS "Libs: -L\${libdir} -lcutropy")
endif()
configure_file(cmake/cutropy.pc.in cutropy.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cutropy.pc ${PROJECT_BINARY_DIR}/cutropy-static.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
