#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Certificates from outside: certificate.sh PROGRAM VERIFIER DATA_DIR
verifier=$(realpath "$2")
data=$(realpath "$3")
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

# verdict CODE PATTERN ARGUMENT...: the exit code of cutropy-verify; PATTERN is in ./out (code 0) or in the one line of ./err
verdict() {
    local code=$1 pattern=$2 stream=err
    shift 2
    "$verifier" "$@" >out 2>err
    local got=$?
    [ $got -eq "$code" ] || complain "cutropy-verify $*: exit code $got instead of $code: $(cat err)"
    [ "$code" -eq 0 ] && stream=out
    [ "$code" -eq 0 ] || [ "$(wc -l <err)" -eq 1 ] || complain "cutropy-verify $*: not one line: $(cat err)"
    grep -q -- "$pattern" $stream || complain "cutropy-verify $*: '$(cat $stream)' lacks '$pattern'"
}

# resign FILE: a new last line, by another program
resign() {
    sed -i '$d' "$1"
    echo "end sha256 $(sha256sum <"$1" | cut -d ' ' -f 1)" >>"$1"
}

# change FILE SED: a changed and signed copy in ./changed
change() {
    sed "$2" "$1" >changed
    cmp -s "$1" changed && complain "sed '$2' changes nothing"
    resign changed
}

test_verified() {
    verdict 0 '0.55004775958275744118158' "$data/surd.txt"
    verdict 0 'semidefinite: proved' "$data/surd.txt"
    verdict 0 "whether they are the problem's is not checked" "$data/surd.txt"
    verdict 0 'semidefinite: assumed' --assume-positive "$data/surd.txt"
    verdict 0 'at least 0.6931471805599453094172321214' "$data/bell.txt" "$data/surd.txt"
    verdict 0 'unit  *nats' - <"$data/bell.txt"
}

test_not_verified() {
    local claim
    for claim in 's/^trace 3/trace 4/' 's/^purity 7/purity 8/' 's/^gram 2 1/gram 2 0/' \
        's/^lower 0.550/lower 0.551/' 's/^upper 0.550/upper 0.549/' 's/^error 1e-20/error 1e-21/' \
        's/^entropy 0.55/entropy 0.54/' 's/^unit bits/unit nats/' 's/^block 2 2/block 2 1/' \
        's/^vector -\([0-9]*\) .*/vector -\1 0/' 's/^multiplicities 1 1/multiplicities 1 2/'; do
        change "$data/surd.txt" "$claim"
        verdict 1 'not verified: ' changed
        verdict 1 'changed: not verified: ' "$data/bell.txt" changed "$data/surd.txt"
    done
    change "$data/surd.txt" 's/^vector -.*/vector 0 0/'
    verdict 1 'block 1: vector 2 is zero' changed
}

test_unusable() {
    verdict 2 'damaged' <(sed 's/^trace 3/trace 4/' "$data/surd.txt")
    verdict 2 'not a whole certificate' <(head -n -1 "$data/surd.txt")
    verdict 2 'not a whole certificate' /dev/null
    verdict 2 "cannot read 'nowhere'" nowhere
    verdict 2 "cannot read '.'" .
    change "$data/surd.txt" 's/^vector -.*/vector nan 0/'
    verdict 2 'changed:16: unusable: .*not an integer' changed
    change "$data/surd.txt" 's/certificate 1/certificate 2/'
    verdict 2 'changed:1: unusable: version' changed
    change "$data/surd.txt" '/^gram 1/d'
    verdict 2 "changed:14: unusable: 'gram'" changed
}

test_options() {
    verdict 0 'Exit codes' --help
    verdict 0 'cutropy-verify [0-9]' --version
    verdict 2 'unknown option' --positive "$data/surd.txt"
    verdict 2 'which file' --assume-positive
    "$verifier" "$data/surd.txt" >/dev/full 2>err && complain "a full disk goes unnoticed"
    "$verifier" --help >/dev/full 2>err && complain "a full disk goes unnoticed"
}

# exported FILE ARGUMENT...: a table with one row and a certificate, which is verified and encloses the row
exported() {
    local file=$1 unit=bits
    shift
    works table "$@" --certificate "$file"
    [ "$(wc -l <out)" -eq 2 ] || complain "not one row: $*"
    cp out row.csv
    grep -q entropy_nats row.csv && unit=nats
    verdict 0 'semidefinite: proved' "$file"
    python3 - "$(column "entropy_$unit" row.csv)" "$(column entropy_err row.csv)" out <<'END' || complain "$*: the row is not the certificate's"
import re, sys
from fractions import Fraction
value, error = map(Fraction, sys.argv[1:3])
low, high = (Fraction(x) for x in re.findall(r"at (?:least|most) +(\S+)", open(sys.argv[3]).read()))
assert low <= high <= low + Fraction(1, 10**15)
assert value - error <= high and low <= value + error
END
}

test_exported() {
    local half
    exported c connected --lattice 4x4 --cuts 0xff
    exported c random:seed=7 --lattice 4x3 --cuts 0x3f
    exported c random:seed=7 --lattice 4x3 --cuts 0xff0 --certify
    exported c random:seed=3,encoding=pm1 --lattice chain:10 --cuts 0x1f --base e
    exported c loops --lattice links:3x3 --cuts 0x3f --base e
    exported c primes --lattice chain:12 --cuts 0x3f --digits 30
    grep -q '^entropy 4.022045326650358357[0-9]*$' c || complain "not the decimals of the row: $(grep ^entropy c)"
    exported c parity --lattice 4x2 --cuts 0x0
    exported c ghz --lattice chain:64 --cuts 0xffffffff
    for half in 0x7 0x1f8; do # a cut and its complement
        exported c majority --lattice 3x3 --cuts $half
        grep -q "^cut $half\$" c || complain "the certificate is about another cut"
    done
}

# Eigenvalues far below the rounding of doubles, and a rank that one prime gets wrong: the file holds, whatever it claims.
test_exported_small_levels() {
    local file cases
    cases=$(dirname "$data")/cases
    for file in kernel_integer rank_prime; do
        works table "$cases/$file.npy" --cuts half --certify --certificate c
        verdict 0 'semidefinite: proved' c
    done
    exported c "$cases/rank_prime.npy" --cuts 0x3 --certify
    grep -q '^entropy 0.89816175257610611455$' c || complain "not the decimals of the row: $(grep ^entropy c)"
}

test_exported_and_tampered() {
    local change
    exported c connected --lattice 4x3 --cuts 0x3f --certify
    for change in '/^trace/s/[0-9]$/7/;/^trace.*77$/s/.$/6/' '0,/^gram/s/^gram \([0-9]*\)/gram 1\1/' \
        '0,/^vector/s/^vector \(-\?\)./vector \1/' 's/^lower .*/lower 2.5/' 's/^upper .*/upper 0.5/' 's/^error .*/error 1e-60/' \
        's/^block \([0-9]*\) [0-9]* /block \1 1 /' '0,/^multiplicities/s/^multiplicities [0-9]*/multiplicities 77/'; do
        change c "$change"
        verdict 1 'not verified: ' changed
    done
    change c '0,/^gram/s/^gram .*/gram 1/'
    verdict 2 '^changed:[0-9]*: unusable: ' changed
    sed -i 's/^trace 1/trace 2/;s/^trace \([3-9]\)/trace 2\1/' c
    verdict 2 'damaged' c
}

test_no_certificate() {
    fails 2 'one cut, but 11 are asked for' table parity --lattice 12x1 --cuts prefixes --certificate c
    fails 6 'stand on integers' table cnn --lattice 3x3 --cuts 0x7 --certificate c
    fails 2 'contradictory options' table parity --lattice 4x2 --cuts 0x3 --certificate c --plan
    fails 4 "cannot write 'nowhere/c'" table parity --lattice 4x2 --cuts 0x3 --certificate nowhere/c
    mkdir small
    if mount -t tmpfs -o size=4k tmpfs small 2>/dev/null; then
        fails 4 "cannot write 'small/c': No space left on device; the table is whole: a.csv$" \
            table primes --lattice chain:18 --cuts half --certificate small/c -o a.csv
        umount small
        is 2 "$(wc -l <a.csv)" "lines of the whole table"
        [ -e a.csv.partial ] && complain "a partial table beside the whole one"
    fi
    [ -e c ] && complain "a refused command leaves a certificate"
    works table parity --lattice 4x2 --cuts 0x3 --certificate c
    cp c first
    works table parity --lattice 4x2 --cuts 0x3 --certificate c --threads 2
    cmp -s c first || complain "the certificate differs from one run to the next"
}

run_tests
