# SPDX-License-Identifier: Apache-2.0
# Puts a file into a library as a C array, so that the installed program needs no data folder.
#
#   include(embed)                                         (or by path)
#   cutropy_embed(TARGET FILE NAME)   adds  const unsigned char NAME[]; const size_t NAME_size;  to TARGET
#
# The same file is the script that does the work at build time:
#   cmake -DINPUT=FILE -DOUTPUT=FILE.c -DNAME=NAME -P embed.cmake
if(CMAKE_SCRIPT_MODE_FILE)
    file(READ "${INPUT}" bytes HEX)
    string(LENGTH "${bytes}" digits)
    math(EXPR size "${digits} / 2")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(REPEAT "....." 16 line)
    string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
    file(WRITE "${OUTPUT}" "/* Made by embed.cmake at build time. */\n#include <stddef.h>\n"
         "extern const unsigned char ${NAME}[];\nextern const size_t ${NAME}_size;\n"
         "const unsigned char ${NAME}[] = {\n${bytes}\n};\nconst size_t ${NAME}_size = ${size};\n")
    return()
endif()

set(CUTROPY_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")
function(cutropy_embed target input name)
    get_filename_component(input "${input}" ABSOLUTE BASE_DIR "${PROJECT_SOURCE_DIR}")
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}.c")
    add_custom_command(OUTPUT "${output}"
        COMMAND ${CMAKE_COMMAND} "-DINPUT=${input}" "-DOUTPUT=${output}" "-DNAME=${name}" -P "${CUTROPY_EMBED_SCRIPT}"
        DEPENDS "${input}" "${CUTROPY_EMBED_SCRIPT}" VERBATIM)
    target_sources(${target} PRIVATE "${output}")
endfunction()
