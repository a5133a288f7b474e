#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lists of images and of values from outside: what is read from them, and what is refused. Usage: lists.sh PROGRAM
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

test_roots() {
    printf '00\n11\n11\n' >m.txt
    works table file:path=m.txt,multiplicity=sqrt --cuts 0x1 -o t.csv
    is float "$(column guarantee t.csv)" "the guarantee of rounded roots"
    for option in --certify "--digits 20"; do
        # shellcheck disable=SC2086
        fails 6 "roots that are no integers are rounded" table file:path=m.txt,multiplicity=sqrt --cuts 0x1 $option
    done
    fails 6 "check: --plain" check t.csv --problem file:path=m.txt,multiplicity=sqrt --lattice chain:2
    works check t.csv --problem file:path=m.txt,multiplicity=sqrt --lattice chain:2 --plain
    printf '00\n11\n11\n11\n11\n' >m.txt # the roots are 1 and 2
    works table file:path=m.txt,multiplicity=sqrt --cuts 0x1 --certify -o t.csv
    is 0.72192809488736234787 "$(column entropy_bits t.csv)" "log2(5) - 8/5"
    rm m.txt t.csv
}

run_tests
