#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cutropy information and the summary of a table from outside; the numbers are tested from Python (python/tests/test_information.py).
# Usage: information.sh PROGRAM
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

test_information() {
    works information ghz --lattice chain:6 --regions '{0,1}|{3}|{5},{0}|{1-5}' --negativity -o i.csv
    is "a,b,c,entropy_a_bits,entropy_a_err,entropy_b_bits,entropy_b_err,entropy_ab_bits,entropy_ab_err,mutual_information_bits,mutual_information_err,conditional_information_bits,conditional_information_err,tripartite_information_bits,tripartite_information_err,log_negativity_bits,log_negativity_err,guarantee" \
        "$(head -1 i.csv)" "the columns"
    is "0x3 0x1" "$(column a i.csv)" "masks"
    is "1 2" "$(column mutual_information_bits i.csv)" "mutual information"
    printf '# a comment\n{0}|{1} # tail, {2}|{3}\n\t#\n' >r.txt
    works information ghz --lattice chain:6 --regions @r.txt --base e --format json
    says '"mutual_information_nats": 0.69314718'
    printf '{0}|{1}\n{0}|{9}\n' >r.txt
    fails 2 "r.txt:2: region" information ghz --lattice chain:6 --regions @r.txt
    fails 2 "which regions?" information ghz
    fails 2 "cutropy information --regions" table ghz --cuts '{0}|{1}'
    fails 2 "A|B or A|B|C" information ghz --regions '{0}'
    fails 2 "pixels of one before it" information ghz --regions '{0}|{0}'
    fails 3 "a smaller region" information page --lattice chain:16 --regions '{0-6}|{7-13}' --negativity --memory 20M
    fails 3 "partial transpose: [0-9]* numbers.*; a smaller region needs less" information page --lattice chain:14 --regions '{0-5}|{6-11}' --negativity --memory 60M
    fails 6 "no levels for negativities" information data:images=digits,first=20 --regions '{0}|{1}' --negativity --quiet
    fails 6 "infinite strip" information connected --lattice 4xinf --regions '{0}|{1}'
    printf '{0}|{1}\n' >r.txt
    fails 2 "it is read" information ghz --regions @r.txt -o r.txt
    fails 2 "unknown option '--digits'" information ghz --regions '{0}|{1}' --digits 40
    works information connected --lattice 3x3 --regions '{0}|{1}' --certify -o i.csv
    is certified "$(column guarantee i.csv)" "proved errors of doubles"
    rm i.csv r.txt
}

# Negativities of lists take rows that are different, not 2^(NA + NB): five images whose halves are all different are a state of five equal
# Schmidt values, log2 5 bits; where the others tell the images apart nothing is left.
test_negativity_of_lists() {
    python3 - 64 five.txt <<'END'
import random, sys
random.seed(1)
n = int(sys.argv[1])
open(sys.argv[2], "w").write("".join(format(random.getrandbits(n), f"0{n}b") + "\n" for _ in range(5)))
END
    works information ./five.txt --lattice chain:64 --regions '{0-31}|{32-63},{0-11}|{20-31},0xb238963063a53580|0x4800000000000000' --negativity --memory 16M -o i.csv
    is "2.3219281 0.0000000 0.0000000" "$(printf '%.7f ' $(column log_negativity_bits i.csv) | sed 's/ $//')" "negativities of five images"
    rm i.csv five.txt
}

# A row is as good as the worst of its numbers: the empty cut is exact, the label is not.
test_guarantee_of_labels() {
    works table data:images=digits,first=20,theta=0.2,label=onehot --cuts 0x0 --quiet -o l.csv
    is exact "$(column guarantee l.csv)" "the empty cut"
    works table data:images=digits,first=20,theta=0.2,label=onehot --cuts 0x0 --quantities label_entropy --quiet -o l.csv
    is float "$(column guarantee l.csv)" "the empty cut beside the label"
    rm l.csv
}

test_summary() {
    works table weight:k=1 --lattice chain:4 --cuts sites --summary -o s.csv
    is "0.75" "$(column meyer_wallach s.csv)" "Meyer-Wallach of a W state of four"
    is "4 0.625" "$(column cuts s.csv) $(column purity_mean s.csv)" "cuts and purity"
    works table ghz --lattice chain:5 --cuts rows,half --summary -o s.csv
    is "" "$(column meyer_wallach s.csv)" "none without the sites"
    for set in map=levels,bins=16 label=onehot,label_side=a; do
        "$program" table data:images=digits,first=20,$set --cuts sites --summary -o s.csv 2>err || complain "$(cat err)"
        is "" "$(column meyer_wallach s.csv)" "none of more than two levels: $set"
    done
    "$program" table data:images=digits,first=20,label=onehot --cuts sites --summary -o s.csv 2>err || complain "$(cat err)"
    awk -F, 'NR == 2 { exit !($10 > 0 && $10 < 1) }' s.csv || complain "of pixels that share a label: $(cat s.csv)"
    fails 2 "one row of its own" table ghz --summary --plan
    fails 2 "prints doubles" table ghz --summary --digits 40
    rm s.csv
}

test_two_pixels() {
    works table ghz --lattice chain:2 --cuts pairs --quantities mutual_information -o p.csv
    is 2 "$(column mutual_information_bits p.csv)" "a pair that is everything"
    rm p.csv
}

run_tests
