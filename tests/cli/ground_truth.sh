#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cutropy ground-truth from outside: the same bytes again, going on, damage, bad manifests.
# Usage: ground_truth.sh PROGRAM
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

small() {
    cat >set.json <<'END'
{"manifest": 1,
 "tables": [
  {"file": "connected.csv", "problem": "connected", "lattice": "3x3", "cuts": "all"},
  {"file": "random.csv", "problem": "random:seed=3", "lattice": "3x4", "cuts": "rows,sites"},
  {"file": "primes.csv", "problem": "primes", "lattice": "chain:8", "cuts": "half", "digits": 33}
 ]}
END
}

test_the_same_again() {
    small
    works ground-truth one set.json --threads 1
    says "^3 tables in one (0 were there already)"
    for threads in 2 7; do
        works ground-truth "many$threads" set.json --threads $threads
        diff -r one "many$threads" >/dev/null || complain "the set depends on threads"
    done
    works ground-truth one set.json
    says "3 were there already"
    diff -r one many2 >/dev/null || complain "a set that was there changed"
    is "certified exact" "$(cut -d, -f6 one/connected.csv | tail -n +2 | sort -u | tr '\n' ' ' | sed 's/ $//')" "guarantees"
    is "33" "$(sed -n 2p one/primes.csv | cut -d, -f4 | cut -d. -f2 | tr -d '\n' | wc -c)" "decimals"
    grep -q '"complete": true' one/index.json || complain "the index is not complete"
    is "$(sha256sum one/random.csv | cut -d' ' -f1)" \
        "$(grep -A12 '"random.csv"' one/index.json | sed -n 's/.*"sha256": "\(.*\)".*/\1/p' | head -1)" "SHA-256"
    works check one/connected.csv
    says "255 rows: 255 agree"
    works check one/primes.csv
    works check one/index.json
    says "3 tables: 3 have their SHA-256, 0 are wrong"
}

test_damage() {
    small
    works ground-truth set set.json
    cp -r set good
    sed -i '3s/5e-21/5e-22/' set/random.csv
    "$program" check set/index.json >out 2>err
    is 7 $? "exit code of a damaged set"
    says "wrong: set/random.csv does not have the SHA-256"
    "$program" check set/random.csv >out 2>err
    is 7 $? "exit code of a damaged table"
    says "does not have the SHA-256 of the index beside it"
    rm set/primes.csv
    "$program" check set/index.json >out 2>err
    says "3 tables: 1 have their SHA-256, 2 are wrong"
    "$program" ground-truth set set.json >out 2>err || complain "repairing failed: $(cat err)"
    grep -q "set/random.csv does not have the SHA-256 of the index: it is made again" err || complain "not named: $(cat err)"
    diff -r set good >/dev/null || complain "a repaired set differs"
    echo "{" >set/index.json
    fails 2 "set/index.json:2: " ground-truth set set.json
    rm set/index.json
    works ground-truth set set.json
    diff -r set good >/dev/null || complain "a set without index differs"
}

test_going_on() {
    cat >set.json <<'END'
{"manifest": 1, "tables": [
 {"file": "a.csv", "problem": "connected", "lattice": "2x3", "cuts": "all"},
 {"file": "b.csv", "problem": "random", "lattice": "4x4", "cuts": "all"}]}
END
    "$program" ground-truth set set.json >out 2>err &
    local job=$! i
    for ((i = 0; i < 200; i++)); do
        [ -s set/index.json.partial ] && break
        sleep 0.05
    done
    kill -INT $job
    wait $job
    is 130 $? "exit code after SIGINT"
    grep -q '"complete": false' set/index.json.partial || complain "the index claims to be complete"
    [ -e set/index.json ] && complain "there is an index of an incomplete set"
    works check set/a.csv
    works check set/index.json.partial
    says "1 tables: 1 have their SHA-256, 0 are wrong; the set is not complete"
    [ -s set/a.csv ] || complain "the finished table is gone"
    [ -e set/b.csv ] && complain "an unfinished table is there"
    works ground-truth set set.json --plan
    is "b.csv" "$(cut -d' ' -f1 out)" "what is left"
}

# npy FILE BYTES: eight labels
npy() {
    { printf '\x93NUMPY\x01\x00\x76\x00%-117s\n' "{'descr': '|u1', 'fortran_order': False, 'shape': (8,), }"
      printf "$2"; } >"$1" # shellcheck disable=SC2059
}

test_another_function() { # the text of the problem stays, the file behind it does not
    npy f.npy '\0\1\1\0\1\0\0\1'
    cat >set.json <<'END'
{"manifest": 1, "tables": [
 {"file": "f.csv", "problem": "./f.npy", "lattice": "chain:3", "cuts": "all"},
 {"file": "g.csv", "problem": "ghz", "lattice": "chain:3", "cuts": "all"}]}
END
    works ground-truth set set.json
    works ground-truth set set.json
    says "2 were there already"
    cp -r set before
    npy f.npy '\0\1\1\0\1\0\0\0'
    works ground-truth other set.json
    "$program" ground-truth set set.json --plan >out 2>err || complain "--plan fails: $(cat err)"
    is "f.csv" "$(cut -d' ' -f1 out)" "what is left"
    diff -r set before >/dev/null || complain "--plan writes"
    "$program" ground-truth set set.json >out 2>err || complain "making it again fails: $(cat err)"
    grep -q "set/f.csv is of another function than .* now: it is made again" err || complain "not named: $(cat err)"
    says "1 were there already"
    diff -r set other || complain "the set is not that of the new function"
}

test_stop_keeps_the_index() { # of a set that was complete
    small
    works ground-truth set set.json
    cp -r set before
    sed -i 's/"3x4", "cuts": "rows,sites"/"4x5", "cuts": "all"/' set.json
    timeout --foreground -s INT 1 "$program" ground-truth set set.json >out 2>err
    cmp set/index.json before/index.json || complain "a stopped run changed the index"
    cmp set/random.csv before/random.csv || complain "a stopped run changed a table"
    works check set/connected.csv
    works check set/random.csv
}

test_files_that_are_read() {
    small
    mkdir set
    cp set.json set/index.json
    fails 2 "set/index.json' would be overwritten: it is read" ground-truth set set/index.json
    npy f.npy '\0\1\1\0\1\0\0\1'
    ln -s ../f.npy set/f.csv
    echo '{"manifest": 1, "tables": [{"file": "f.csv", "problem": "./f.npy", "lattice": "chain:3", "cuts": "all"}]}' >set.json
    rm set/index.json
    fails 2 "set/f.csv' would be overwritten: it is read" ground-truth set set.json
    echo 0x1 >set/g.csv
    echo '{"manifest": 1, "tables": [{"file": "g.csv", "problem": "ghz", "lattice": "chain:3", "cuts": "@set/g.csv"}]}' >set.json
    fails 2 "set/g.csv' would be overwritten: it is read" ground-truth set set.json
    is 0x1 "$(cat set/g.csv)" "the masks"
}

test_bad_manifests() {
    bad() { # bad PATTERN JSON
        echo "$2" >bad.json
        fails 2 "$1" ground-truth set bad.json
    }
    bad "bad.json:2: " "{"
    bad "not a manifest" "{}"
    bad "not a manifest" '{"manifest": 1, "tables": []}'
    bad 'table 1 has no text "lattice"' '{"manifest": 1, "tables": [{"file": "a.csv", "problem": "parity", "cuts": "all"}]}'
    bad 'table 1: unknown key "cut"' '{"manifest": 1, "tables": [{"file": "a.csv", "problem": "parity", "lattice": "2x2", "cut": "all"}]}'
    bad "not a plain name" '{"manifest": 1, "tables": [{"file": "../a.csv", "problem": "parity", "lattice": "2x2", "cuts": "all"}]}'
    bad '"digits" is 1 to 1000' '{"manifest": 1, "tables": [{"file": "a.csv", "problem": "parity", "lattice": "2x2", "cuts": "all", "digits": 0}]}'
    bad "tables 1 and 2 have the same file" '{"manifest": 1, "tables": [{"file": "a.csv", "problem": "parity", "lattice": "2x2", "cuts": "all"},
        {"file": "a.csv", "problem": "ghz", "lattice": "2x2", "cuts": "all"}]}'
    bad "unknown problem" '{"manifest": 1, "tables": [{"file": "a.csv", "problem": "nothing", "lattice": "2x2", "cuts": "all"}]}'
    fails 4 "absent.json" ground-truth set absent.json
    # a row that cannot be proved to so many decimals is not written
    echo '{"manifest": 1, "tables": [{"file": "a.csv", "problem": "rbm", "lattice": "4x5", "cuts": "half", "digits": 1000}]}' >bad.json
    fails 6 "a.csv: cut 0x3ff is not proved to 1000 decimals" ground-truth set bad.json
    [ -e set/a.csv ] && complain "an unproved table was written"
}

test_words() {
    small
    fails 2 "which folder" ground-truth
    fails 2 "one manifest at a time: 'more' is too much" ground-truth set set.json more
    fails 2 "command of its own: cutropy ground-truth DIR" table --ground-truth set
    fails 2 "command of its own: cutropy ground-truth DIR" table --ground-truth=set set.json --plan
    [ -e set ] && complain "the old spelling made a folder"
}

test_standard_set() {
    works ground-truth set --plan
    [ "$(wc -l <out)" -gt 80 ] || complain "the standard set has $(wc -l <out) tables"
}

run_tests
