# SPDX-License-Identifier: Apache-2.0
# The program opens OpenBLAS, LAPACKE, FLINT and libpng when it first calls one of their functions: loading and binding them takes several times
# as long as everything else that a small table needs. Functions of theirs that the library calls get an entry in the program, which
# jumps to where the function is, or opens its library first (src/cli/lazy.c). The library itself, static and shared, is linked as ever.
#
#   cutropy_lazy(TARGET ARCHIVE_TARGET)   links TARGET with the archive, without those libraries
#
# The same file is the script that writes the entries at build time:
#   cmake -DARCHIVE=FILE.a -DNM=nm -DREADELF=readelf -DGROUPS=NAME:LIBRARY:LIBRARY,NAME:LIBRARY -DOUTPUT=FILE -P lazy.cmake
# makes FILE.c and FILE.rsp, arguments for the linker: libraries of which more than functions is used are linked as ever.
if(CMAKE_SCRIPT_MODE_FILE)
    cmake_minimum_required(VERSION 3.25)
    # Answered by src/cli/lazy.c itself, so that a question about OpenBLAS does not open it.
    set(own openblas_get_num_threads openblas_set_num_threads openblas_get_config)
    execute_process(COMMAND ${NM} -u ${ARCHIVE} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY ERROR_QUIET)
    string(REGEX MATCHALL "[Uw] [A-Za-z_0-9]+" wanted "${text}")
    list(TRANSFORM wanted REPLACE "^. " "")
    list(REMOVE_DUPLICATES wanted)
    list(SORT wanted)
    list(REMOVE_ITEM wanted ${own})
    string(REPLACE "," ";" groups "${GROUPS}")
    set(names "")
    set(entries "")
    set(slots "")
    set(count 0)
    set(group_rows "")
    set(linked "")
    foreach(group IN LISTS groups)
        string(REPLACE ":" ";" libraries "${group}")
        list(POP_FRONT libraries title)
        set(sonames "")
        set(files "")
        set(functions "")
        set(others "")
        foreach(library IN LISTS libraries)
            execute_process(COMMAND ${READELF} -d ${library} OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
            string(REGEX MATCH "soname: \\[([^]]+)\\]" matched "${dynamic}")
            string(APPEND sonames "\"${CMAKE_MATCH_1}\", ")
            string(APPEND files "\"${library}\", ")
            execute_process(COMMAND ${NM} -D --defined-only ${library} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
            string(REGEX REPLACE "@[^\n]*" "" text "${text}") # versions of symbols
            foreach(name IN LISTS wanted)
                # by FIND: lists of all that a library defines, or a regular expression for every name, would take many seconds
                string(FIND "${text}" " ${name}\n" at)
                if(at LESS 0)
                    continue()
                endif()
                set(found FALSE)
                foreach(letter IN ITEMS T W i)
                    string(FIND "${text}" " ${letter} ${name}\n" at)
                    if(at GREATER_EQUAL 0)
                        set(found TRUE)
                    endif()
                endforeach()
                if(found)
                    list(APPEND functions ${name})
                elseif(text MATCHES " [A-Z] ${name}\n")
                    list(APPEND others ${name})
                endif()
            endforeach()
        endforeach()
        list(REMOVE_DUPLICATES functions)
        if(others)
            message("${title} is linked with the program: ${others} are no functions")
            string(REPLACE ";" " " libraries "${libraries}")
            string(APPEND linked "${libraries} ")
            continue()
        endif()
        set(first ${count})
        foreach(name IN LISTS functions)
            string(APPEND names "    \"${name}\",\n")
            string(APPEND entries "CT_ENTRY(\"${name}\", \"${count}\");\n")
            math(EXPR count "${count} + 1")
        endforeach()
        string(APPEND group_rows "    {\"${title}\", {${sonames}NULL}, {${files}NULL}, ${first}, ${count}},\n")
    endforeach()
    file(WRITE "${OUTPUT}.rsp" "${linked}\n")
    file(WRITE "${OUTPUT}.c" "/* Made by lazy.cmake at build time. */\n#include \"cli/lazy.h\"\n\n"
         "const ct_lazy_group ct_lazy_groups[] = {\n${group_rows}    {NULL, {NULL}, {NULL}, 0, 0}};\n"
         "const char *const ct_lazy_names[] = {\n${names}    NULL};\n"
         "CT_SLOTS(\"${count}\");\n${entries}")
    return()
endif()

set(CUTROPY_LAZY_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")
# What the entries need to know: the shape of shared libraries, and of calls.
set(CUTROPY_LAZY_POSSIBLE OFF)
if(CUTROPY_X86 AND CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SIZEOF_VOID_P EQUAL 8 AND CMAKE_NM AND CMAKE_READELF
   AND NOT CUTROPY_SANITIZE AND NOT CUTROPY_COVERAGE AND NOT CUTROPY_SCIPY_OPENBLAS AND NOT SKBUILD)
    set(CUTROPY_LAZY_POSSIBLE ON)
endif()
option(CUTROPY_LAZY "The program opens OpenBLAS, LAPACKE and FLINT when it needs them" ${CUTROPY_LAZY_POSSIBLE})

function(cutropy_lazy target archive)
    pkg_get_variable(openblas_dir openblas libdir)
    pkg_get_variable(lapacke_dir lapacke libdir)
    find_library(CUTROPY_OPENBLAS_FILE openblas HINTS ${openblas_dir} REQUIRED)
    find_library(CUTROPY_LAPACKE_FILE lapacke HINTS ${lapacke_dir} REQUIRED)
    set(flint "FLINT")
    if(ARB_LIBRARY)
        string(APPEND flint ":${ARB_LIBRARY}")
    endif()
    set(groups "OpenBLAS:${CUTROPY_OPENBLAS_FILE}:${CUTROPY_LAPACKE_FILE},${flint}:${FLINT_LIBRARY}")
    if(PNG_FOUND)
        find_library(CUTROPY_PNG_FILE NAMES png16 png HINTS ${PNG_LIBDIR} REQUIRED)
        string(APPEND groups ",libpng:${CUTROPY_PNG_FILE}")
    endif()
    string(REGEX REPLACE "[^:,]*:(/[^,]*)" "\\1" files "${groups}") # without titles
    string(REGEX REPLACE "[:,]" ";" files "${files}")
    foreach(library IN LISTS files)
        if(NOT library MATCHES "\\.so")
            message(FATAL_ERROR "${library} is no shared library: configure with -DCUTROPY_LAZY=OFF")
        endif()
    endforeach()
    set(output "${CMAKE_CURRENT_BINARY_DIR}/lazy_entries")
    add_custom_command(OUTPUT "${output}.c" "${output}.rsp"
        COMMAND ${CMAKE_COMMAND} "-DARCHIVE=$<TARGET_FILE:${archive}>" "-DNM=${CMAKE_NM}" "-DREADELF=${CMAKE_READELF}"
                "-DGROUPS=${groups}" "-DOUTPUT=${output}" -P "${CUTROPY_LAZY_SCRIPT}"
        DEPENDS ${archive} "${CUTROPY_LAZY_SCRIPT}" VERBATIM)
    target_sources(${target} PRIVATE cli/lazy.c "${output}.c")
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${output}.rsp")
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/include)
    target_link_libraries(${target} PRIVATE "$<TARGET_FILE:${archive}>" "-Wl,@${output}.rsp" PkgConfig::JANSSON ZLIB::ZLIB PkgConfig::MINIZIP PkgConfig::GMP
                          Threads::Threads ${CMAKE_DL_LIBS} m)
    add_dependencies(${target} ${archive})
endfunction()
