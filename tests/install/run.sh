#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# install test: CMAKE CC BUILD_DIR CONSUMER_DIR WORK_DIR LIBDIR VERSION
set -euo pipefail
cmake=$1 cc=$2 build=$3 consumer=$4 work=$5 libdir=$6 version=$7

rm -rf "$work"
mkdir -p "$work"
"$cmake" --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/prefix" # nothing may remember where it was installed
prefix=$work/prefix

expect() { # expect WHAT COMMAND...: it prints the version
    local what=$1
    shift
    local printed
    printed=$("$@")
    case $printed in
    *"$version"*) echo "ok: $what: $printed" ;;
    *)
        echo "FAILED: $what printed: $printed" >&2
        exit 1
        ;;
    esac
}
export LD_LIBRARY_PATH=$prefix/$libdir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PKG_CONFIG_PATH=$prefix/$libdir/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}

links() { # links yes|no PROGRAM: whether it needs the shared library
    local found=no
    readelf -d "$2" | grep -q 'NEEDED.*libcutropy\.so' && found=yes
    [ "$found" = "$1" ] || {
        echo "FAILED: $2: needs libcutropy.so: $found" >&2
        exit 1
    }
}

# 1. pkg-config
expect "pkg-config --modversion" pkg-config --modversion cutropy
read -ra flags <<<"$(pkg-config --cflags --libs cutropy)"
"$cc" -std=c11 -Wall -Wextra -Werror "$consumer/consumer.c" "${flags[@]}" -o "$work/by-pkg-config"
links yes "$work/by-pkg-config"
expect "program built through pkg-config" "$work/by-pkg-config"
read -ra flags <<<"$(pkg-config --cflags --libs cutropy-static)"
"$cc" -std=c11 "$consumer/consumer.c" "${flags[@]}" -o "$work/static-by-pkg-config"
links no "$work/static-by-pkg-config"
expect "static program built through pkg-config" "$work/static-by-pkg-config"

# 2. find_package(cutropy)
"$cmake" -S "$consumer" -B "$work/consumer" -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCUTROPY_WANTED="$version" >"$work/cmake.log"
"$cmake" --build "$work/consumer" >>"$work/cmake.log"
links yes "$work/consumer/consumer"
expect "program built through find_package" "$work/consumer/consumer"
links no "$work/consumer/consumer_static"
expect "static program built through find_package" "$work/consumer/consumer_static"

# 3. the program itself
expect "installed program" "$prefix/bin/cutropy" --version
expect "installed verifier" "$prefix/bin/cutropy-verify" --version

# 4. pages: no link leads nowhere, and what man shows is what --help says
pages=$prefix/share/doc/cutropy
while IFS=: read -r page link; do
    target=$(dirname "$page")/${link%%#*}
    [ -e "$target" ] || {
        echo "FAILED: $page: a dead link: $link" >&2
        exit 1
    }
done < <(cd "$pages" && grep -rho '](\([^)# ]*\)' --include='*.md' -H . | grep -v '://' | sed 's/:](/:/; s|^\./|'"$pages"'/|' | grep -v ':$')
for command in '' $("$prefix/bin/cutropy" help | sed -n 's/^  \([a-z-]*\)  .*/\1/p' | grep -v '^help$'); do
    man=$prefix/share/man/man1/cutropy${command:+-$command}.1
    diff <(sed -e '1,/^\.nf$/d' -e '/^\.fi$/,$d' -e 's/^\\&//' -e 's/\\-/-/g' -e 's/\\e/\\/g' "$man") <("$prefix/bin/cutropy" help ${command:+"$command"}) || {
        echo "FAILED: $man" >&2
        exit 1
    }
done
echo "ok: $(ls "$prefix/share/man/man1" | wc -l) man pages"

# Nothing but the public headers is installed.
(cd "$consumer/../../../include" && find . -name '*.h' | sort) >"$work/wanted"
(cd "$prefix/include" && find . -name '*.h' | sort) >"$work/installed"
diff "$work/wanted" "$work/installed"
