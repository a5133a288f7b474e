#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cutropy scaling from outside: verdicts, formats, files, bad input, exit codes.
# Usage: scaling.sh PROGRAM
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

# works ARGUMENT...: exit code 0, nothing on standard error; the output is in ./out
works() {
    "$program" scaling "$@" >out 2>err
    local code=$?
    [ $code -eq 0 ] || complain "$*: exit code $code: $(cat err)"
    [ -s err ] && complain "$*: standard error is not empty: $(cat err)"
}

# fails PATTERN ARGUMENT...: exit code 2, no output, one line that matches PATTERN
fails() {
    local pattern=$1
    shift
    "$program" scaling "$@" >out 2>err
    local code=$?
    [ $code -eq 2 ] || complain "$*: exit code $code: $(cat err)"
    [ -s out ] && complain "$*: there is output: $(head -1 out)"
    [ "$(wc -l <err)" -eq 1 ] || complain "$*: not one line: $(cat err)"
    grep -q -- "$pattern" err || complain "$*: '$(cat err)' lacks '$pattern'"
}

# says PATTERN [FILE]: ./out (or FILE) has a line that matches
says() {
    grep -Eq -- "$1" "${2:-out}" || complain "no line matches '$1' in: $(head -12 "${2:-out}")"
}

# There is one cut a strip: no volume, no corners, and other strips instead of a larger family.
test_strips() {
    works independent-set --lattices 4xinf..9xinf
    says '^area +S = 0.2595'
    grep -qE '^(volume|corners) ' out && complain "a law that strips cannot have"
    works independent-set --lattices 4xinf..9xinf --format csv
    is "" "$(column residual_volume_bits out | tr -d ' ')" "residuals of such a law"
    fails "infinite strips of 2 different widths; a verdict needs 4" independent-set --lattices 4xinf..5xinf
}

test_verdicts() {
    works loops --lattice links:3x3:torus
    says '^verdict +area law, exact'
    says '^area +S = 1 L - 1 '
    says 'Kitaev-Preskill +gamma = 1 '
    works loops --lattices links:2x3..4x3:torus,links:2x5:torus --cuts rows --length bonds
    says '^area +S = 0.333333 L - 1 .*exact'
    works random --lattice 4x4
    says '^verdict +volume law, clear'
    works logistic --lattice 3x4
    says '^verdict +zero, exact'
    works mirror --lattices 4x2..4x5 --cuts columns
    says '^verdict +volume law, exact'
    says '^grid:4x3 .*too few different cuts'
    works parity --lattice chain:10
    says '^verdict +constant, exact'
    says 'L is the same on all cuts'
    works ghz --lattice 4x4 --cuts all
    says '^verdict +constant, exact'
    says 'Levin-Wen +gamma = 0 '
    works majority --lattice 4x4
    says '^verdict +counting, exact'
    works still-life --lattice 4x4
    says '^verdict +not decided by these sizes'
    says 'the range of these cuts is at most 2'
    says '^volume .*vetoed'
    grep -Eq '^(constant|log|area|corners) .*vetoed.*exact' out && complain "an exact model is vetoed"
    works connected --lattices 3x3..6x6 --cuts rows # 2 m >= 18: two shapes
    says 'The larger half of the sizes .2 m >= 18. has too few different shapes'
    works independent-set --lattices 3x3..5x5 # one verdict for all lattices, none beside it
    says '^verdict +area law, clear'
    [ "$(grep -c 'law, ' out)" -eq 1 ] || complain "more than one verdict: $(cat out)"
    works digits:class=3 --cuts rows,columns,prefixes
    says 'limited by 7.508 bits'
}

test_formats() {
    works random --lattice 3x4 --format csv --range 2
    [ "$(head -1 out)" = "lattice,cut,na,min_side,boundary,length,entropy_bits,entropy_err,page_bits,random_set_bits,residual_constant_bits,residual_log_bits,residual_area_bits,residual_corners_bits,residual_volume_bits,range_bound_bits" ] ||
        complain "CSV header: $(head -1 out)"
    [ "$(wc -l <out)" -eq 60 ] || complain "CSV: $(wc -l <out) lines" # 6 x 10 rectangles, one is all
    says '^grid:3x4,0x1,1,1,2,2,'
    cp out points
    works random --lattice 3x4 --format csv --range 2 --length pixels # one pixel of 0x10 has 4 bonds
    says '^grid:3x4,0x10,1,1,4,1,.*,2$'
    awk -F, 'NR > 1 && $16 != 2 * $6' out | grep -q . && complain "the bound is not R times pixels"
    works random --lattice 3x4 --range 2 -o points.csv
    cmp -s points points.csv || complain "-o FILE.csv differs from --format csv"
    says '^verdict' # the summary is still shown
    works loops --lattices links:2x2..3x3 -o all.json
    says '"levin_wen": null' all.json
    says '"gamma_bits": 1.0,' all.json
    says '"why": "' all.json
    if command -v python3 >/dev/null; then
        python3 - <<'END' || complain "all.json is not what it should be"
import json
d = json.load(open("all.json"))
assert d["problem"] == "loops:contractible=0" and d["length"] == "vertices" and d["complete"] is True
assert len(d["rows"]) == d["fit"]["cuts"] and all(len(r) == len(d["columns"]) for r in d["rows"])
assert d["fit"]["verdict"] == "area law" and d["fit"]["certainty"] == "exact" and d["fit"]["why"]
assert d["fit"]["model"] in ("area", "corners") and d["fit"]["central_charge"] is None
assert all("verdict" not in (l["fit"] or {}) for l in d["lattices"])
assert [l["lattice"] for l in d["lattices"]] == ["links:2x2", "links:3x3"]
END
    fi
    works random --lattice 3x4 -o points.tex
    grep -q '^grid:3x4 & 0x1 ' points.tex || complain "no row in points.tex"
    works page --lattice chain:10 --format csv # a real function is no set of images
    says '^chain:10,0x1,1,1,1,1,[^,]*,[^,]*,[^,]*,,'
}

test_regions() {
    works loops --lattice links:3x3 --regions 0x80,0x4,0x408
    says 'gamma = 1 .*A=0x80 B=0x4 C=0x408'
    works random --lattice 4x4 --regions 0x1,0x2,0x8000
    says 'doubtful: '
    works random --lattice 4x4 --no-topological
    grep -q gamma out && complain "--no-topological shows gamma"
    works independent-set --lattice 6x7 --cuts rows,0x1 # beyond enumeration: disc and ring, in orders of their own
    says '^grid:6x7 .*Kitaev-Preskill .*gamma = -0.00664493'
    works loops --lattice links:8x8:torus --cuts 0x1,0x3,0x7,0xf,0x1f,0x3f
    says '^links:8x8.*Levin-Wen .*gamma = 1 '
    works independent-set --lattice 12x13 --cuts rows # more pixels than this is tried for
    grep -q gamma out && complain "regions beyond the memory"
    fails 'no room for Kitaev-Preskill' random --lattice 2x8 --topological
    fails 'no room for Levin-Wen' loops --lattice links:3x3 --topological
    fails 'overlap' random --lattice 4x4 --regions 0x1,0x2,0x6
    fails 'three different masks' random --lattice 4x4 --regions 0x1,0x2
    fails 'has pixel 16' random --lattice 4x4 --regions 0x1,0x2,0x10000
    fails 'belong to one lattice' random --lattices 3x3..4x4 --regions 0x1,0x2,0x4
    fails 'contradictory' random --lattice 4x4 --regions 0x1,0x2,0x4 --no-topological
}

test_bad_input() {
    fails 'have only 2 different pairs' random --lattice 4x4 --cuts rows
    fails 'has only' random --cuts half
    fails 'which problem' --lattice 4x4
    fails 'contradictory' random --lattice 4x4 --lattices 2x2..4x4
    for series in 4x4..3x3 2x2..3x4 2x2.. ..4x4 2x2..4x4..5x5 chain:4..4x4 2x2..links:4x4 0x2..4x4 \
        2x2..99999x99999 ''; do
        fails 'lattice' random --lattices "$series"
    done
    fails 'not negative' random --range -1
    fails 'not negative' random --range x
    fails 'bonds, pixels or vertices' random --length miles
    fails 'no vertices' random --lattice 4x4 --length vertices
    fails 'no vertices' random --lattices links:3x3,4x4
    fails 'csv, json, npy, text, markdown or latex' random --format xml
    fails 'does not fit the name' random --format json -o points.csv
    "$program" scaling random --lattice 4x4 -o nowhere/points.csv >out 2>err
    [ $? -eq 4 ] || complain "a folder that is missing is no input error: $(cat err)"
    [ "$(wc -l <err)" -eq 1 ] || complain "not one line: $(cat err)"
}

test_threads() {
    works random --lattice 3x4 --cuts all --format csv --threads 1
    mv out one
    works random --lattice 3x4 --cuts all --format csv --threads 2
    cmp -s one out || complain "the points depend on the number of threads"
}

run_tests
