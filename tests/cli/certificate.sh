#!/usr/bin/env bash
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
    verdict 2 'line 16: .*not an integer' changed
    change "$data/surd.txt" 's/certificate 1/certificate 2/'
    verdict 2 'line 1: version' changed
    change "$data/surd.txt" '/^gram 1/d'
    verdict 2 "line 14: 'gram'" changed
}

test_options() {
    verdict 0 'Exit codes' --help
    verdict 0 'cutropy-verify [0-9]' --version
    verdict 2 'unknown option' --positive "$data/surd.txt"
    verdict 2 'which file' --assume-positive
    "$verifier" "$data/surd.txt" >/dev/full 2>err && complain "a full disk goes unnoticed"
    "$verifier" --help >/dev/full 2>err && complain "a full disk goes unnoticed"
}

run_tests
