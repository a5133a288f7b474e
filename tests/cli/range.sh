#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cutropy range and cutropy verify from outside: columns, formats, files, bad input, exit codes.
# Usage: range.sh PROGRAM
# shellcheck source=tests/cli/common.sh
data=$(realpath "$(dirname "$0")/../data")
. "$(dirname "$(realpath "$0")")/common.sh"

test_range() {
    works range parity --lattice chain:5
    is "cut,range,range_pixels,assumption1,entropy_bits,entropy_err,bound_bits,classes_a,classes_b,boundary,boundary_pixels,slack_bits,slack_err,boundary_bound_bits" \
        "$(head -1 out | cut -d, -f1-14)" "the columns"
    is "0x1 0x3 0x7 0xf" "$(column cut out)" "cuts"
    is "1 2 3 4" "$(column range out)" "ranges of parity"
    is "1 2 3 4" "$(column range_pixels out)" "pixels of parity"
    is "1 2 3 4" "$(column bound_bits out)" "bounds of parity"
    is "1 1 1 1" "$(column entropy_bits out)" "entropies of parity"
    is "1 1 1 1" "$(column boundary_pixels out)" "boundary pixels of parity"
    is "0 1 2 3" "$(column slack_bits out)" "slacks of parity"
    is "1 0 0 0" "$(column assumption1 out)" "Assumption 1 of parity"
    is "2 2 2 2" "$(column classes_a out)" "classes of parity"
    works range loops --lattice links:3x3 --cuts rows
    is "1 1" "$(column range out)" "closed loops are local"
    works range connected --lattice 3x4
    is "1 2 3" "$(column range out)" "connected grows with depth"
    works range parity --lattice chain:4 --cuts 0x0,0xf
    is "0 0" "$(column range out)" "trivial cuts"
    works range connected --lattice 3x3 --cuts 0x10,0x1ef # bonds 4, 4; pixels 1, 4
    is "4 4" "$(column boundary out)" "bonds"
    is "1 8" "$(column boundary_bound_bits out)" "r L_AB counts pixels of A"
    works range logistic --lattice 2x2 --cuts 0xf
    is "" "$(column range out)" "no range: an empty cell"
    works range random --lattice 3x3 --base e
    grep -q entropy_nats,entropy_err,bound_nats out || complain "no nats"
}

test_files() {
    works range random --lattice 3x3 -o range.csv
    works range random --lattice 3x3
    cmp -s out range.csv || complain "-o differs from standard output"
    works range random --lattice 3x3 --cuts all --threads 1
    cp out one.csv
    works range random --lattice 3x3 --cuts all --threads 3
    cmp -s out one.csv || complain "the table depends on threads"
    works range random --lattice 3x3 -o range.json
    works verify random --lattice 3x3 -o verify.json
    if command -v python3 >/dev/null; then
        python3 - <<'END' || complain "JSON"
import json
r = json.load(open("range.json"))
assert r["complete"] is True and r["lattice"] == "grid:3x3" and len(r["rows"]) == 2
assert list(r["rows"][0]) == r["columns"]
v = json.load(open("verify.json"))
assert len(v["rows"]) == 27 and v["rows"][0]["verdict"] == "holds"
assert v["rows"][0]["slack"] is None and v["rows"][3]["slack_err"] > 0
END
    fi
    rm -f range.csv range.json verify.json one.csv
}

test_verify() {
    works verify independent-set --lattice 3x3 --cuts all
    is "statement,reference,verdict,checked,undecided,left_out,cut,slack,slack_err,claim,detail" \
        "$(head -1 out)" "columns"
    is 27 "$(tail -n +2 out | wc -l)" "statements"
    grep -q '^theorem-3,Theorem 3,holds,255,0,0,0x10,0.399' out ||
        complain "theorem-3: $(grep theorem-3 out)"
    grep -qE ',(fails|not decided),' out && complain "not all holds: $(cat out)"
}

# No value is compared without its error: what the errors leave open is said, and no failure.
test_not_decided() {
    local file="$data/cases/false_counterexample.npy"
    "$program" verify "$file" --lattice chain:4 --certify --cuts all >out 2>err
    is 0 $? "exit code of statements that are not decided"
    grep -q ',fails,' out && complain "a false counter-example: $(cat out)"
    local said
    said=$(sed -n 's/.*verify: \([0-9]*\) statement.*/\1/p' err)
    is "$(grep -c ',not decided,' out)" "${said:-0}" "how many"
}

# 7x7, B a corner of 15 pixels: S = 13 > r L_AB = 12, see tests/test_verify.c.
test_counter_example() {
    command -v python3 >/dev/null || return
    python3 - >corner.txt <<'END'
cells = [(s, y) for s in range(7) for y in range(s + 1)]
corner, strip = [c for c in cells if c[0] < 5], [c for c in cells if c[0] > 4]
for k in range(1 << 13):
    lit = {c for i in range(13) if k >> i & 1 for c in (corner[i], strip[i])}
    print("\n".join("".join(".#"[(x + y, y) in lit] for x in range(7)) for y in range(7)), "\n", sep="")
END
    "$program" verify corner.txt --cuts 0x1ffffef9e3860 >out 2>err
    is 1 $? "exit code of a counter-example"
    grep -q "a counter-example was found" err || complain "nothing on standard error"
    is theorem-3 "$(grep ',fails,' out | cut -d, -f1)" "what falls"
    is -1 "$(grep ',fails,' out | cut -d, -f8)" "its slack"
}

test_bad_input() {
    for command in range verify; do
        fails 2 "which problem" $command
        fails 2 "rnadom" $command rnadom --lattice 3x3
        fails 2 "colums" $command random --lattice 3x3 --cuts colums
        fails 2 "choose csv, json, npy" $command random --lattice 3x3 --format xml
        for ending in npy txt md tex; do
            works $command random --lattice 3x3 -o sheet.$ending
            [ -s sheet.$ending ] || complain "$command: sheet.$ending is empty"
        done
        fails 2 "contradictory" $command random --lattice 3x3 --format csv -o x.json
        fails 4 "no/such" $command random --lattice 3x3 -o no/such/file.csv
        fails 3 "memory" $command random --lattice 4x5 --memory 1000
        fails 2 "no label-1 image" $command random:density=0 --lattice 3x3
        works $command --help
        grep -q "^Usage: cutropy $command" out || complain "no help of $command"
        grep -q "Exit codes" out || complain "no exit codes in the help of $command"
    done
    fails 2 "base" range random --lattice 3x3 --base 10
    fails 3 "memory" range random --lattice chain:20 --cuts 0x7ffff --memory 2M
}

test_full_device() {
    [ -c /dev/full ] || return
    "$program" range random --lattice 3x3 >/dev/full 2>err
    is 4 $? "a full device"
    is 1 "$(wc -l <err)" "lines about a full device"
}

run_tests
