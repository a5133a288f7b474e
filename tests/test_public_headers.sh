#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each public header alone, and all together, as C11 and as C++17 with every warning an error.
# usage: test_public_headers.sh INCLUDE_DIR CC CXX
set -eu
include=$1 cc=$2 cxx=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings="-pedantic -Wall -Wextra -Wconversion -Wshadow -Werror"

for header in "$include"/cutropy/*.h; do
    name=cutropy/$(basename "$header")
    # Twice: the guard must hold. The object file keeps a use of the header's types alive.
    printf '#include <%s>\n#include <%s>\nint used(void);\nint used(void)\n{\n    return 0;\n}\n' "$name" "$name" >"$work/one.c"
    cp "$work/one.c" "$work/one.cpp"
    # shellcheck disable=SC2086
    "$cc" -std=c11 $warnings -Wmissing-prototypes -I"$include" -c "$work/one.c" -o "$work/one.o"
    # shellcheck disable=SC2086
    "$cxx" -std=c++17 $warnings -I"$include" -c "$work/one.cpp" -o "$work/one.o"
    echo "ok $name"
done

cat >"$work/all.c" <<'EOF'
#include <cutropy/cutropy.h>

int main(void)
{
    cutropy_lattice *lattice;
    cutropy_options *options;
    return cutropy_lattice_parse("4x4", &lattice) == CUTROPY_OK &&
           cutropy_options_create(&options) == CUTROPY_OK ? 0 : 1;
}
EOF
cp "$work/all.c" "$work/all.cpp"
# shellcheck disable=SC2086
"$cc" -std=c11 $warnings -I"$include" -c "$work/all.c" -o "$work/all.o"
# shellcheck disable=SC2086
"$cxx" -std=c++17 $warnings -I"$include" -c "$work/all.cpp" -o "$work/all.o"
grep -q 'extern "C"' "$include"/cutropy/*.h
echo "ok all headers, C11 and C++17"
