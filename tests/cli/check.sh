#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cutropy check from outside: own tables, tables of others, wrong numbers in every column, bad files.
# Usage: check.sh PROGRAM FOLDER-OF-TESTS
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"
tests=$(realpath "$2")

# wrong PATTERN ARGUMENT...: exit code 7, and a line that matches
wrong() {
    local pattern=$1
    shift
    "$program" check "$@" >out 2>err
    local got=$?
    [ $got -eq 7 ] || complain "cutropy check $*: exit code $got instead of 7: $(cat err)"
    says "$pattern"
}

test_own_tables() {
    works table connected --lattice 3x3 --cuts all --certify -o proved.csv
    works check proved.csv --problem connected --lattice 3x3
    says "^255 rows: 255 agree, 0 agree within rounding of their own digits, 0 differ"
    works table connected --lattice 3x3 --cuts rectangles -o plain.json
    works check plain.json
    says "35 agree, 0 agree within rounding of their own digits, 0 differ"
    works check plain.json --plain --report report.csv
    is "agrees" "$(column verdict report.csv | tr ' ' '\n' | sort -u)" "verdicts"
    works table rbm --lattice 2x3 --cuts all --certify --base e --quiet -o nats.json
    works check nats.json --threads 2
    works table ising --lattice 2x3 --cuts all -o real.csv
    works check real.csv --problem ising --lattice 2x3
    works table primes --lattice chain:8 --cuts prefixes --digits 35 -o long.csv
    works check long.csv --problem primes --lattice chain:8
}

# Integers that are open: both ends of the bracket count, whatever form the table has.
test_brackets() {
    local rbm="rbm:hidden=2,scale=0.2" form
    for form in csv json npy; do
        works table $rbm --lattice 3x2 --cuts rows --quantities rank:1e-9,rank:1e-16 -o open.$form
        works check open.$form --problem $rbm --lattice 3x2
        says "^1 rows: 1 agree"
        says "^not compared: guarantee$"
    done
    [ "$(grep -o '4\.\.8' open.csv | wc -l)" -eq 2 ] || complain "no two open ranks: $(cat open.csv)"
    python3 - open.npy wrong.npy <<'END'
import sys
raw = bytearray(open(sys.argv[1], "rb").read())
low, high = (4).to_bytes(8, "little"), (8).to_bytes(8, "little")
at = raw.index(low + high)  # rank 4..8, of which 8 is right
raw[at:at + 16] = low + (7).to_bytes(8, "little")
open(sys.argv[2], "wb").write(raw)
END
    wrong "differs by 1: .*rank 4..7, cutropy 8" wrong.npy --problem $rbm --lattice 3x2
}

# Proofs of weighted automata are of the function, those of enumeration of its amplitudes as doubles: a check takes the road of the table.
test_weights() {
    local ising="ising:beta=0.7,h=0.1"
    works table $ising --lattice 3x2 --cuts all --solver frontier --certify -o weights.json
    works check weights.json
    says "^31 rows: 31 agree, 0 agree within rounding of their own digits, 0 differ"
    works table $ising --lattice 3x2 --cuts all --solver frontier --certify -o weights.csv
    works check weights.csv --problem $ising --lattice 3x2 --solver frontier
    says "^31 rows: 31 agree"
    wrong "differ" weights.csv --problem $ising --lattice 3x2 --solver enumerate
    # by itself the function is proved, and a table is checked the way it was made: classes are those of enumerated amplitudes
    works table $ising --lattice 3x2 --cuts all --certify -o own.csv
    cmp -s weights.csv own.csv || complain "auto takes another road than frontier"
    works check own.csv --problem $ising --lattice 3x2
    "$program" table $ising --lattice 3x2 --cuts all --solver enumerate --certify -o doubles.csv 2>err || complain "no proof of doubles"
    grep -q "rounded to doubles; of the function itself there are some for other cuts" err || complain "no note on doubles: $(cat err)"
    works check doubles.csv --problem $ising --lattice 3x2
    says "^31 rows: 31 agree"
    works table mps:chi=4 --lattice chain:12 --cuts half --certify
    says ",certified,.*,4,,"
    "$program" table rbm --lattice 2x3 --cuts half --certify >out 2>err
    grep -q "rounded to doubles; --solver frontier proves those of the function itself" err || complain "no note on doubles: $(cat err)"
    works table rbm --lattice 2x3 --cuts half --certify --quiet
    printf 'cut,entropy,rank\n0xff,1.045732190582890491670429881,16\n' >mine.csv # by a transfer matrix in 50 digits
    works check mine.csv --problem ising --lattice 4x4 --unit bits
    says "^1 rows: 1 agree"
    # 36 pixels, whose amplitudes would be 512 GiB
    works table ising --lattice 6x6 --cuts half --certify --memory 1G
    says ",certified,.*,64,"
}

test_ground_truth() { # 40 digits each, made by others
    awk -F, '/^pixel-loops,grid 4x4 open/ { print $3 "," $8 }' "$tests/data/entropies.csv" >rows
    [ -s rows ] || complain "no rows of ground truth"
    { echo "cut,entropy_nats"; cat rows; } >foreign.csv
    works check foreign.csv --problem pixel-loops --lattice 4x4
    says "^[0-9]* rows: $(wc -l <rows) agree, 0 agree within rounding of their own digits, 0 differ"
    sed -i '2s/..$/99/' foreign.csv # digits 38 and 39 behind the point
    wrong "line 2, cut .*entropy_nats" foreign.csv --problem pixel-loops --lattice 4x4
}

test_foreign_tables() {
    printf '# by hand\r\nmine,entropy,cut\r\n"a ""b"", c",1.0750542,0xf\r\n\r\n2, 1.0525635 ,0xff\r\n' >other.csv
    works check other.csv --problem connected --lattice 4x4 --unit nats
    says "2 rows: 0 agree, 2 agree within rounding of their own digits (by .* at most), 0 differ"
    wrong "line 3, cut 0xf: entropy " other.csv --problem connected --lattice 4x4
    printf 'cut,entropy\n0xf,1.07506\n' >other.csv
    works check other.csv --problem connected --lattice 4x4 --unit nats
    printf 'cut,entropy\n0xf,1.07507\n' >other.csv
    wrong "^differs by 1.58e-05: line 2, cut 0xf: entropy 1.07507, cutropy 1.0750541592" other.csv --problem connected --lattice 4x4 --unit nats
    works check other.csv --problem connected --lattice 4x4 --unit nats --tolerance 1e-5
}

test_fractions() {
    printf 'cut,entropy,entropy_err\n0xf,1/1,0\n' >t.csv
    works check t.csv --problem parity --lattice 4x4
    says "1 rows: 1 agree"
    printf 'cut,entropy\n0xf,9/10\n' >t.csv
    wrong "^differs by 0.1: " t.csv --problem parity --lattice 4x4
}

test_published() { # 16 and 17 digits of doubles by somebody else; the row 0x1 is wrong in the source
    local n
    for n in 16 20; do
        wrong "cut 0x1: " "$tests/data/cases/published_primes_$n.csv" --problem primes --lattice chain:$n
        is 1 "$(grep -c '^differs by' out)" "rows that differ"
        says "rows: 0 agree, $((n - 2)) agree within rounding of their own digits (by [0-9.]*e-15 at most), 1 differ"
        sed 's/^0x7,1.9[0-9]*/0x7,1.5/' "$tests/data/cases/published_primes_$n.csv" >t.csv
        wrong "^differs by 0.4.*cut 0x7" t.csv --problem primes --lattice chain:$n
        head -1 out | grep -q "cut 0x7" || complain "the largest difference does not come first"
        tail -n +3 "$tests/data/cases/published_primes_$n.csv" | cut -c1-12 | sed '1i cut,entropy_bits' >t.csv
        works check t.csv --problem primes --lattice chain:$n
    done
}

# cells FILE ROW COLUMN=TEXT...: the table with other cells
cells() {
    awk -F, -v OFS=, -v row="$2" -v edits="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i
                  n = split(edits, e, " ") }
        NR == row + 1 { for (k = 1; k <= n; k++) { split(e[k], p, "="); if (!(p[1] in at)) exit 1; $(at[p[1]]) = p[2] } }
        { print }' "$1"
}

test_every_column() {
    local edit what="renyi:0.5,renyi:inf,schmidt_gap,log_negativity,boundary_pixels,blocks,tr_rho3,spectrum"
    for proof in "" --certify; do
        # shellcheck disable=SC2086
        works table pixel-loops --lattice 4x4 --cuts rows $proof -q $what -o t.csv
        works check t.csv --problem pixel-loops --lattice 4x4
        # shellcheck disable=SC2086
        works table pixel-loops --lattice 4x4 --cuts rows $proof -q $what --base e -o nats.json
        works check nats.json
        for edit in na=5 boundary=5 entropy_bits=2.48750672627936026738 rank=6 rank=3..6 classes_a=8 classes_b=8 purity=158/729 \
            purity=0.2154000 renyi2_bits=2.21515425543600 renyi_0.5_bits=2.700000000 renyi_inf_bits=1.754100000 schmidt_gap=0.100000 \
            log_negativity_bits=2.6000000 boundary_pixels=5 blocks=2 tr_rho3=403/6562 \
            "spectrum=0.2962962962962963^1;0.2962962962962963^1" "spectrum=0.5^2"; do
            cells t.csv 1 "$edit" >edited.csv || complain "no column ${edit%%=*}"
            wrong "line 2, cut 0xf: .*${edit%%=*}" edited.csv --problem pixel-loops --lattice 4x4
            is 1 "$(grep -c '^differs by' out)" "rows that differ with $edit"
        done
    done
    for edit in closed_form=-38/27 "closed_form=3*log2(3)"; do
        cells t.csv 1 "$edit" >edited.csv
        wrong "line 2, cut 0xf: .*closed_form" edited.csv --problem pixel-loops --lattice 4x4
    done
    # the last of 20 correctly rounded decimals
    cells t.csv 1 entropy_bits=2.48750672627926026738 >edited.csv
    wrong "^differs by 1e-20: line 2, cut 0xf: entropy_bits" edited.csv --problem pixel-loops --lattice 4x4
    # rows that differ in two columns name both
    cells t.csv 2 "rank=1 entropy_bits=3" >edited.csv
    wrong "^differs by .*line 3, cut 0xff: .*; also " edited.csv --problem pixel-loops --lattice 4x4
    cells t.csv 2 "classes_b=9000 entropy_bits=3" >edited.csv # an entropy says more than a count
    wrong "^differs by 0.*line 3, cut 0xff: entropy_bits 3.*; also classes_b" edited.csv --problem pixel-loops --lattice 4x4
    local format
    for format in md tex txt; do
        works table pixel-loops --lattice 4x4 -o other.$format
        fails 2 "csv, json and npy are read, no other format" check other.$format --problem pixel-loops --lattice 4x4
    done
}

test_second_entropy_column() {
    printf 'cut,entropy_bits,entropy_err,entropy_nats,mine\n0xf,2.48750672627926026737,5e-21,1.72420827394,x\n' >t.csv
    works check t.csv --problem pixel-loops --lattice 4x4
    says "^not compared: mine$"
    sed -i s/1.72420/1.72421/ t.csv
    wrong "^differs by 1e-05: .*entropy_nats 1.72421827394" t.csv --problem pixel-loops --lattice 4x4
    # an error belongs to the column right before it
    printf 'cut,entropy_bits,entropy_nats,entropy_err\n0xf,2.49,1.72421,1e-4\n' >t.csv
    works check t.csv --problem pixel-loops --lattice 4x4
    printf 'cut,entropy_nats,entropy_bits,entropy_err\n0xf,1.72421827394,2.4875,1e-4\n' >t.csv
    wrong "entropy_nats" t.csv --problem pixel-loops --lattice 4x4
}

test_errors_that_are_none() {
    local error
    for error in inf -inf nan Infinity -1 -1e-3 1e 1/2; do
        printf 'cut,entropy,entropy_err\n0xf,1,%s\n' $error >t.csv
        wrong "line 2, cut 0xf: entropy_err $error, cutropy a number >= 0" t.csv --problem parity --lattice 4x4
    done
    printf 'cut,entropy,entropy_err\n0xf,7,inf\n' >t.csv
    wrong "; also entropy$" t.csv --problem parity --lattice 4x4
    # one that allows everything allows nothing
    printf 'cut,entropy,entropy_err\n0xf,1.5,1e300\n' >t.csv
    wrong "^differs by 0.5: line 2, cut 0xf: entropy 1.5" t.csv --problem parity --lattice 4x4
    printf 'cut,purity,purity_err\n0xf,0.9,5\n' >t.csv
    wrong "^differs by 0.4: line 2, cut 0xf: purity 0.9" t.csv --problem parity --lattice 4x4
    printf 'cut,entropy,entropy_err\n0xf,1.001,2e-3\n' >t.csv
    works check t.csv --problem parity --lattice 4x4
    says "1 agree,"
    printf 'cut,spectrum,spectrum_err\n0xf,0.6^1;0.4^1,0.2;0.2\n' >t.csv
    works check t.csv --problem parity --lattice 4x4
    printf 'cut,spectrum,spectrum_err\n0xf,0.9^1;0.1^1,2;2\n' >t.csv
    wrong "spectrum" t.csv --problem parity --lattice 4x4
    printf 'cut,spectrum,spectrum_err\n0xf,0.5^2,inf\n' >t.csv
    wrong "spectrum_err" t.csv --problem parity --lattice 4x4
}

test_digits_of_doubles() {
    printf 'cut,entropy\n0xf,0.99999999999999\n0xff,1\n0xfff,0.9999999999999944\n' >t.csv # repr drops zeros
    works check t.csv --problem parity --lattice 4x4
    says "3 rows: 1 agree, 2 agree within rounding of their own digits (by 1e-14 at most)"
    printf 'cut,entropy\n0xf,0.9999999999999\n0xff,2\n0xfff,0.99999999999990001\n' >t.csv
    wrong "^differs by 1: line 3" t.csv --problem parity --lattice 4x4
    says "^differs by 1e-13: line 4"
    says "3 rows: 0 agree, 1 agree"
    printf 'cut,entropy\n0xf,0.999999999999999999999\n0xff,0.99999999999999999\n' >t.csv # 21 digits: no doubles
    works check t.csv --problem parity --lattice 4x4
    printf 'cut,entropy\n0xf,0.999999999999999999999\n0xff,0.9999999999999998\n' >t.csv
    wrong "line 3" t.csv --problem parity --lattice 4x4
}

test_byte_order_mark() {
    works table ghz --lattice chain:4 -o t.csv
    { printf '\xef\xbb\xbf'; sed 's/$/\r/' t.csv; } >bom.csv
    works check bom.csv --problem ghz --lattice chain:4
    says "3 rows: 3 agree"
    { printf '\xef\xbb\xbf# partial: 3 of 9 cuts\r\n'; sed 's/$/\r/' t.csv; } >bom.csv.partial
    works check bom.csv.partial --problem ghz --lattice chain:4
    works table ghz --lattice chain:4 -o t.json
    { printf '\xef\xbb\xbf'; sed 's/$/\r/' t.json; } >bom.json.partial
    works check bom.json.partial
    says "3 rows: 3 agree"
    printf 'class,cut,entropy\n3,0x1,1\n' >t.csv
    fails 2 "has a column .class." check t.csv --problem ghz
}

test_report() {
    printf 'cut,entropy,"a ""b"", c"\n0xf,1,1\n0xff,1.5,"x,y"\n0xfff,1.25,z\n' >t.csv
    fails 2 "'report.xml' ends in none of .csv, .json" check t.csv --problem parity --lattice 4x4 --report report.xml
    wrong "2 differ" t.csv --problem parity --lattice 4x4 --report report.csv
    is "3 4 2" "$(column line report.csv)" "lines of the report by the size of the difference"
    is "differs differs agrees" "$(column verdict report.csv)" "verdicts of the report"
    is '0.5 0.25 0' "$(column difference report.csv)" "differences"
}

test_bad_files() {
    : >t.csv
    fails 2 "an empty table" check t.csv --problem parity
    echo "cut,entropy_bits" >t.csv
    fails 2 "a header without rows" check t.csv --problem parity
    echo "0x1" >>t.csv
    fails 2 "t.csv:2: 1 cells, the header has 2" check t.csv --problem parity
    printf 'cut,entropy_bits\n0x1,"1\n' >t.csv
    fails 2 "a quote is never closed" check t.csv --problem parity
    printf 'cut,entropy_bits\n0x1,one\n' >t.csv
    fails 2 "t.csv:2: column entropy_bits: 'one' is not a number" check t.csv --problem parity
    printf 'cut,entropy_bits\n1,1\n' >t.csv
    fails 2 "t.csv:2: '1' is not a hexadecimal mask" check t.csv --problem parity
    printf 'cut,entropy_bits\n0x1000000,1\n' >t.csv
    fails 2 "outside\|pixel" check t.csv --problem parity --lattice 2x2
    printf 'mask,entropy_bits\n0x1,1\n' >t.csv
    fails 2 "needs the columns" check t.csv --problem parity
    printf 'cut,entropy_bits\n0x1,1\n' >t.csv
    fails 2 "does not say what it is of" check t.csv
    fails 2 "contradicts the name of the column entropy_bits$" check t.csv --problem parity --unit nats
    fails 2 "choose bits or nats" check t.csv --problem parity --unit bit
    fails 2 "give a number such as" check t.csv --problem parity --tolerance much
    fails 2 "which table" check
    fails 4 "absent.csv" check absent.csv --problem parity
    echo "{" >t.json
    fails 2 "t.json:2: " check t.json
    echo "{}" >t.json
    fails 2 "no table of cutropy" check t.json
}


# The last digit of 1e300 does not hide 1e300.
test_large_exponents() {
    local value
    for value in 1e300 1e1 2e0 0e5 1e309 1e400; do
        printf 'cut,entropy_bits,entropy_err\n0x7,%s,1e-14\n' $value >large.csv
        wrong "line 2, cut 0x7: entropy_bits $value" large.csv --problem connected --lattice 3x3
    done
}

run_tests
