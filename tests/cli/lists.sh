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

# npz TYPE BYTES: l.npz has value [1, 2] and as index two numbers of this type
npz() {
    python3 - "$1" "$2" <<'END'
import sys, zipfile, struct
def npy(descr, data):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': (2,), }" % descr
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + head.ljust(117).encode() + b"\n" + data
with zipfile.ZipFile("l.npz", "w") as z:
    z.writestr("index.npy", npy(sys.argv[1], bytes.fromhex(sys.argv[2])))
    z.writestr("value.npy", npy("<i8", struct.pack("<qq", 1, 2)))
END
}

test_indices() {
    npz "<i8" "ffffffffffffffff0000000000000000"
    fails 2 "index -1 of entry 0" table file:path=l.npz --lattice chain:64 --cuts 0x1
    npz "<i4" "00000000ffffffff"
    fails 2 "index -1 of entry 1" table file:path=l.npz --lattice chain:64 --cuts 0x1
    npz "<u8" "ffffffffffffffff0000000000000000"
    works table file:path=l.npz --lattice chain:64 --cuts 0x1 -o t.csv
    is 17/25 "$(column purity t.csv)" "of two images"
    rm l.npz t.csv
}

test_values() {
    local value
    for value in 9223372036854775808 -9223372036854775809 99999999999999999999; do
        printf 'index,value\n0,1\n3,%s\n' $value >v.csv
        fails 2 "v.csv:3: '$value' is beyond 64-bit integers" table v.csv --lattice chain:2 --cuts 0x1
    done
    for value in 0x10 0X1p4 1e 1,; do
        printf 'index,value\n0,1\n3,%s\n' $value >v.csv
        fails 2 "v.csv:3: " table v.csv --lattice chain:2 --cuts 0x1
    done
    printf 'index,value\n0,-9223372036854775807\n3,+9223372036854775807\n' >v.csv
    works table v.csv --lattice chain:2 --cuts 0x1 --certify -o t.csv
    is 1.00000000000000000000 "$(column entropy_bits t.csv)" "large integers are integers"
    printf 'index,value\n0,0.5\n3,9223372036854775808\n' >v.csv
    works table v.csv --lattice chain:2 --cuts 0x1 -o t.csv # real numbers
    rm v.csv t.csv
}

run_tests
