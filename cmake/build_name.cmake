# SPDX-License-Identifier: Apache-2.0
# The name of a build (src/base/build.h): its version and a checksum of the sources of the library.
#
#   cutropy_build_name(TARGET ...)   makes it anew whenever an object of the library is, and adds it to each TARGET
#
# The same file is the script that does the work at build time:
#   cmake -DSOURCES=DIRECTORY -DVERSION=0.1.0 -DOUTPUT=FILE.c -P build_name.cmake
if(CMAKE_SCRIPT_MODE_FILE)
    file(GLOB_RECURSE files RELATIVE "${SOURCES}" "${SOURCES}/include/*.h" "${SOURCES}/src/*.[ch]")
    list(SORT files)
    set(all "")
    foreach(file IN LISTS files)
        file(SHA256 "${SOURCES}/${file}" sum)
        string(APPEND all "${file} ${sum}\n")
    endforeach()
    string(SHA256 sum "${all}")
    string(SUBSTRING "${sum}" 0 12 sum)
    file(WRITE "${OUTPUT}" "/* Made by build_name.cmake at build time. */\n#include \"base/build.h\"\n\n"
         "const char *ct_build_name(void)\n{\n    return \"${VERSION} (sources ${sum})\";\n}\n")
    return()
endif()

set(CUTROPY_BUILD_NAME_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")
function(cutropy_build_name)
    set(output "${CMAKE_CURRENT_BINARY_DIR}/build_name.c")
    add_custom_command(OUTPUT "${output}"
        COMMAND ${CMAKE_COMMAND} "-DSOURCES=${PROJECT_SOURCE_DIR}" "-DVERSION=${PROJECT_VERSION}" "-DOUTPUT=${output}"
                -P "${CUTROPY_BUILD_NAME_SCRIPT}"
        DEPENDS $<TARGET_OBJECTS:cutropy_objects> "${CUTROPY_BUILD_NAME_SCRIPT}" VERBATIM)
    add_library(cutropy_build_name OBJECT "${output}")
    set_target_properties(cutropy_build_name PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_link_libraries(cutropy_build_name PRIVATE cutropy_flags)
    foreach(target IN LISTS ARGN)
        target_sources(${target} PRIVATE $<TARGET_OBJECTS:cutropy_build_name>)
    endforeach()
endfunction()
