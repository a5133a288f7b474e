# SPDX-License-Identifier: Apache-2.0
# Warnings, sanitizers and instruction sets. -ffp-contract=off keeps values the same on every build.
add_library(cutropy_flags INTERFACE)
target_compile_options(cutropy_flags INTERFACE
    $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wconversion -Wshadow -Wvla -Wmissing-prototypes -Wno-sign-conversion
    -ffp-contract=off -fno-math-errno>)
target_compile_definitions(cutropy_flags INTERFACE _GNU_SOURCE CUTROPY_VERSION="${PROJECT_VERSION}")
target_include_directories(cutropy_flags INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
if(CUTROPY_WERROR)
    target_compile_options(cutropy_flags INTERFACE $<$<COMPILE_LANGUAGE:C>:-Werror>)
endif()
if(CUTROPY_NATIVE)
    target_compile_options(cutropy_flags INTERFACE $<$<COMPILE_LANGUAGE:C>:-march=native>)
endif()
if(CUTROPY_SANITIZE)
    target_compile_options(cutropy_flags INTERFACE
        $<$<COMPILE_LANGUAGE:C>:-fsanitize=${CUTROPY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer>)
    target_link_options(cutropy_flags INTERFACE -fsanitize=${CUTROPY_SANITIZE})
endif()
if(CUTROPY_COVERAGE)
    target_compile_options(cutropy_flags INTERFACE $<$<COMPILE_LANGUAGE:C>:--coverage -fprofile-update=atomic>)
    target_link_options(cutropy_flags INTERFACE --coverage)
endif()

if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set(CUTROPY_X86 ON)
endif()
