#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, by name, on Debian and Ubuntu (as root or with sudo). Elsewhere it says what is missing.
#
#   scripts/setup.sh build    what it takes to build and run
#   scripts/setup.sh test     the same, and what the tests need
#
# Exit status: 0 everything is there, 2 something is missing that this script cannot install.
set -euo pipefail

what=${1:-build}
case $what in
build | test) ;;
*)
    echo "usage: scripts/setup.sh build|test" >&2
    exit 2
    ;;
esac
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
log=$root/build/logs/setup.log

have() { command -v "$1" >/dev/null 2>&1; }
library() { have pkg-config && pkg-config --exists "$@"; }
compiles() { # compiles COMPILER FLAG...: a trivial program compiles and links
    local compiler=$1
    shift
    have "$compiler" && "$compiler" -x c "$@" -o /dev/null - <<<'int main(void) { return 0; }' 2>/dev/null
}
fuzzes() {
    have clang && clang -x c -fsanitize=fuzzer,address,undefined -o /dev/null - 2>/dev/null \
        <<<'int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n); int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n) { (void)d; (void)n; return 0; }'
}
cmake_is_new() {
    have cmake && [ "$(printf '%s\n' 3.25 "$(cmake --version | sed -n '1s/[^0-9]*\([0-9.]*\).*/\1/p')" | sort -V | head -n 1)" = 3.25 ]
}
clang_major() { clang -dumpversion | cut -d . -f 1; }
# The package of this release that holds clang's sanitizer run times (its name changed in LLVM 14).
clang_runtime() {
    local major
    major=$(clang_major)
    if ! have apt-cache || apt-cache show "libclang-rt-$major-dev" >/dev/null 2>&1; then
        echo "libclang-rt-$major-dev"
    else
        echo "libclang-common-$major-dev"
    fi
}

# header NAME: the compiler finds it
header() {
    echo "#include <$1>" | cc -E -x c - >/dev/null 2>&1
}

# python_has MODULE: that of the PATH or the system's, which tests/python.sh takes
python_has() {
    python3 -c "import $1" 2>/dev/null || /usr/bin/python3 -c "import $1" 2>/dev/null
}

# Fills `missing` with Debian package names.
find_missing() {
    missing=()
    if ! compiles cc || ! have make; then missing+=(build-essential); fi
    cmake_is_new || missing+=(cmake)
    have ninja || missing+=(ninja-build)
    have pkg-config || missing+=(pkg-config)
    library openblas || missing+=(libopenblas-dev)
    library lapacke || missing+=(liblapacke-dev)
    library 'jansson >= 2.10' || missing+=(libjansson-dev)
    library zlib || missing+=(zlib1g-dev)
    library minizip || missing+=(libminizip-dev)
    library libpng || missing+=(libpng-dev)
    library gmp || missing+=(libgmp-dev)
    if ! header flint/flint.h; then
        missing+=(libflint-dev)
    elif ! header arb.h && ! header flint/arb.h; then # part of FLINT from its version 3 on
        missing+=(libflint-arb-dev)
    fi
    have gnuplot || missing+=(gnuplot-nox)
    [ "$what" = test ] || return 0
    library check || missing+=(check)
    have g++ || missing+=(g++)
    have python3 || missing+=(python3)
    python_has numpy || missing+=(python3-numpy) # the tests of the Python package
    python_has pytest || missing+=(python3-pytest)
    have mpicc || missing+=(libopenmpi-dev) # the MPI module and its test
    have mpirun || missing+=(openmpi-bin)
    # cuts that ranks solve together; where no such package is known, that part of the test says that it did not run
    if ! ls /usr/lib/*/libscalapack-openmpi.so* >/dev/null 2>&1 && apt-cache show libscalapack-openmpi-dev >/dev/null 2>&1; then
        missing+=(libscalapack-openmpi-dev)
    fi
    have gcovr || missing+=(gcovr)
    have valgrind || missing+=(valgrind)
    # instrumented tests are linked quicker by it
    if ! have ld.lld && grep -qs '^ID=debian' /etc/os-release; then missing+=(lld); fi
    # a browser that opens the report of cutropy map; elsewhere than on Debian that test says that it is skipped
    if ! have chromium && grep -qs '^ID=debian' /etc/os-release; then missing+=(chromium); fi
    if ! have clang; then
        missing+=(clang)
    else
        if ! compiles clang -fsanitize=address,undefined || ! compiles clang -fsanitize=thread || ! fuzzes; then
            missing+=("$(clang_runtime)")
        fi
    fi
}

give_up() {
    echo "cutropy: $1" >&2
    echo "missing (names of Debian packages; cmake must be 3.25 or newer): ${missing[*]}" >&2
    exit 2
}

# Runs apt-get as root, silently; the log tells why when it fails.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

can_install() {
    have apt-get || return 1
    [ "$(id -u)" -eq 0 ] && return 0
    have sudo || return 1
    sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }
}

# Two rounds: the names of clang's run times, and whether FLINT has Arb, are known only when those are there.
for round in 1 2; do
    find_missing
    [ ${#missing[@]} -gt 0 ] || exit 0
    can_install || give_up "cannot install packages here (needs apt-get, as root or with sudo)"
    mkdir -p "$(dirname "$log")"
    echo "installing: ${missing[*]}"
    if ! { [ "$round" -eq 2 ] || as_root apt-get -o Acquire::Retries=3 update; } >"$log" 2>&1 ||
        ! as_root apt-get -o Acquire::Retries=3 install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
        tail -n 15 "$log" >&2
        give_up "apt-get failed (whole log: build/logs/setup.log)"
    fi
    hash -r
done
find_missing
[ ${#missing[@]} -eq 0 ] || give_up "still missing after the installation"
