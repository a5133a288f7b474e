#!/usr/bin/env bash
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
    says "^255 rows: 255 agree, 0 agree within their precision, 0 wrong"
    works table connected --lattice 3x3 --cuts rectangles -o plain.json
    works check plain.json
    says "35 agree, 0 agree within their precision, 0 wrong"
    works check plain.json --plain --report report.csv
    is "agrees" "$(column verdict report.csv | tr ' ' '\n' | sort -u)" "verdicts"
    works table rbm --lattice 2x3 --cuts all --certify --base e -o nats.json
    works check nats.json --threads 2
    works table ising --lattice 2x3 --cuts all -o real.csv
    works check real.csv --problem ising --lattice 2x3
    works table primes --lattice chain:8 --cuts prefixes --digits 35 -o long.csv
    works check long.csv --problem primes --lattice chain:8
}

test_ground_truth() { # 40 digits each, made by others
    awk -F, '/^pixel-loops,grid 4x4 open/ { print $3 "," $8 }' "$tests/data/entropies.csv" >rows
    [ -s rows ] || complain "no rows of ground truth"
    { echo "cut,entropy_nats"; cat rows; } >foreign.csv
    works check foreign.csv --problem pixel-loops --lattice 4x4
    says " 0 agree, $(wc -l <rows) agree within their precision, 0 wrong"
    sed -i '2s/..$/99/' foreign.csv # digits 38 and 39 behind the point
    wrong "line 2, cut .*entropy_nats" foreign.csv --problem pixel-loops --lattice 4x4
}

test_foreign_tables() {
    printf '# by hand\r\nmine,entropy,cut\r\n"a ""b"", c",1.0750542,0xf\r\n\r\n2, 1.0525635 ,0xff\r\n' >other.csv
    works check other.csv --problem connected --lattice 4x4 --unit nats
    says "2 rows: 0 agree, 2 agree within their precision, 0 wrong"
    wrong "line 3, cut 0xf: entropy " other.csv --problem connected --lattice 4x4
    printf 'cut,entropy\n0xf,1.07506\n' >other.csv
    works check other.csv --problem connected --lattice 4x4 --unit nats
    printf 'cut,entropy\n0xf,1.07507\n' >other.csv
    wrong "difference 1.58e-05" other.csv --problem connected --lattice 4x4 --unit nats
    works check other.csv --problem connected --lattice 4x4 --unit nats --tolerance 1e-5
}

test_fractions() {
    printf 'cut,entropy,entropy_err\n0xf,1/1,0\n' >t.csv
    works check t.csv --problem parity --lattice 4x4
    says "1 rows: 1 agree"
    printf 'cut,entropy\n0xf,9/10\n' >t.csv
    wrong "difference 0.1" t.csv --problem parity --lattice 4x4
}

test_every_column() {
    local edit
    works table pixel-loops --lattice 4x4 --cuts rows --certify -o t.csv
    is "0xf,4,4,2.48750672627926026737,5e-21,exact,2.21515425543531008231,5e-21,7,7,7,157/729" \
        "$(sed -n 2p t.csv | cut -d, -f1-12)" "the row that is edited"
    for edit in "2=5=na" "3=5=boundary" "4=2.48750672627926026738=entropy_bits" "9=6=rank" "10=8=classes_a" \
        "11=8=classes_b" "12=158/729=purity"; do
        IFS== read -r c x name <<<"$edit"
        awk -F, -v OFS=, -v c="$c" -v x="$x" 'NR == 2 { $c = x } { print }' t.csv >edited.csv
        wrong "line 2, cut 0xf: .*$name" edited.csv --problem pixel-loops --lattice 4x4
    done
}

test_bad_files() {
    : >t.csv
    fails 2 "an empty table" check t.csv --problem parity
    echo "cut,entropy_bits" >t.csv
    fails 2 "a header without rows" check t.csv --problem parity
    echo "0x1" >>t.csv
    fails 2 "line 2 has 1 cells, the header has 2" check t.csv --problem parity
    printf 'cut,entropy_bits\n0x1,"1\n' >t.csv
    fails 2 "a quote is never closed" check t.csv --problem parity
    printf 'cut,entropy_bits\n0x1,one\n' >t.csv
    fails 2 "line 2: 'one' is not a number" check t.csv --problem parity
    printf 'cut,entropy_bits\n1,1\n' >t.csv
    fails 2 "line 2: '1' is not a hexadecimal mask" check t.csv --problem parity
    printf 'cut,entropy_bits\n0x1000000,1\n' >t.csv
    fails 2 "outside\|pixel" check t.csv --problem parity --lattice 2x2
    printf 'mask,entropy_bits\n0x1,1\n' >t.csv
    fails 2 "needs the columns" check t.csv --problem parity
    printf 'cut,entropy_bits\n0x1,1\n' >t.csv
    fails 2 "does not say what it is of" check t.csv
    fails 2 "contradicts the name of the column" check t.csv --problem parity --unit nats
    fails 2 "choose bits or nats" check t.csv --problem parity --unit bit
    fails 2 "give a number such as" check t.csv --problem parity --tolerance much
    fails 2 "which table" check
    fails 4 "absent.csv" check absent.csv --problem parity
    echo "{" >t.json
    fails 2 "t.json: line" check t.json
    echo "{}" >t.json
    fails 2 "no table of cutropy" check t.json
}

run_tests
