#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cutropy expressivity, weights from files and table --against-rest from outside.
# Usage: expressivity.sh PROGRAM
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

# The .npy of little-endian doubles: npy FILE NUMBER...
npy() {
    local file=$1
    shift
    perl -e 'my $h = "{\x27descr\x27: \x27<f8\x27, \x27fortran_order\x27: False, \x27shape\x27: (" . @ARGV . ",), }";
             print "\x93NUMPY\x01\x00", pack("v", 118), $h, " " x (117 - length $h), "\n", pack("d<*", @ARGV)' "$@" >"$file"
}

test_tables() {
    works expressivity rbm --lattice 2x2 --hidden 0,1,2 --seeds 3
    is "hidden,scale,complex,cut,na,boundary,seeds,claim,mean_bits,sd_bits,se_bits,min_bits,max_bits,limit_bits,page_bits" \
        "$(head -1 out)" "the columns"
    is "0 1 2" "$(column hidden out)" "one line a combination"
    is "0x3 0x3 0x3" "$(column cut out)" "the half cut"
    cp out one
    works expressivity rbm --lattice 2x2 --hidden 0,1,2 --seeds 3 --threads 2 --no-symmetry
    cmp -s out one || complain "the table depends on threads or symmetry"
    works expressivity cnn:kernel=1 --lattice chain:6 --cuts prefixes --layers 1,2 --channels 2 --seeds 2
    is "12 6" "$(grep -c ',1,relu' out) $(column cut out | tr ' ' '\n' | sort -u | wc -l)" "cuts and their mean"
    for family in cnn rbm mps mera mlp; do
        works expressivity $family --lattice 2x2 --seeds 2 --format text
        says "2 seeds each"
    done
    works expressivity rbm:complex=1 --lattice 2x2 --hidden 1,2 --seeds 2 --format json
    says '"words": \['
}

test_files() {
    works expressivity rbm --lattice 2x2 --seeds 2 -o t.csv
    says "^S/L = c hidden units"
    [ -s t.csv ] || complain "no table"
    works expressivity rbm --lattice 2x2 --seeds 2 -o t.json
    [ "$(head -c 1 t.json)" = "{" ] || complain "no JSON"
    works expressivity rbm --lattice 2x2 --seeds 2 -o t.txt
    [ -s out ] && complain "the words appear twice"
    "$program" expressivity cnn --lattice 2x2 --layers 1,2 --channels 1,2 --seeds 2 --pictures pics >out 2>err ||
        complain "pictures: $(cat err)"
    [ -s pics/expressivity.gp ] && [ -s pics/expressivity.dat ] || complain "no script or no data"
    if command -v gnuplot >/dev/null; then
        [ -s err ] && complain "pictures: $(cat err)"
        grep -q "</svg>" pics/expressivity.svg || complain "no picture"
        [ "$(head -c 4 pics/expressivity.png | tail -c 3)" = PNG ] || complain "no png"
    fi
    touch file
    fails 4 "cannot make the folder 'file'" expressivity rbm --pictures file
    fails 4 "none/t.csv" expressivity rbm -o none/t.csv
}

test_bad_input() {
    fails 2 "no family of networks" expressivity loops --lattice links:2x2
    fails 2 "unknown problem" expressivity cnnn
    fails 2 "which family of networks" expressivity
    fails 2 "unknown key 'hidden'; known keys: channels" expressivity cnn --hidden 3
    fails 2 "channels=0 is out of range" expressivity cnn --channels 0,1
    fails 2 "channels=x is not an integer" expressivity cnn --channels x
    fails 2 "stands twice" expressivity cnn --channels 1,1
    fails 2 "given twice" expressivity cnn --channels 1 --channels 2
    fails 2 "cnn:seed=3: the seeds are those of --seeds and --first-seed: leave out seed=" expressivity cnn:seed=3
    fails 2 "cnn:kernel=1,channels=2: channels is fixed here and swept by --channels" expressivity cnn:kernel=1,channels=2 --channels 4
    fails 2 "too many poolings" expressivity cnn --lattice 2x2 --poolings 1,2
    fails 2 "no boundary" expressivity rbm --cuts 0x0
    fails 2 "--seeds 0: give a number" expressivity rbm --seeds 0
    fails 2 "--first-seed -1: give" expressivity rbm --first-seed=-1
    fails 2 "choose csv" expressivity rbm --format xml
    fails 2 "contradictory" expressivity rbm --format csv -o t.json
    fails 2 "seed" expressivity rbm:seed=3
    fails 3 "bytes\|may be used\|MiB" expressivity rbm --memory 1K
}

test_weights() {
    npy mlp0.npy 1 2 3 4 5 # depth=0 on 2x2
    npy mlp1.npy 5 4 3 2 1
    works table mlp:depth=0,weights=mlp0.npy --lattice 2x2 --cuts half --format json
    says "weights=mlp0.npy"
    fails 2 "contradictory" table mlp:depth=0,weights=mlp0.npy,seed=1 --lattice 2x2
    fails 2 "5 weights, but this mlp needs 10" table mlp:depth=0,weights=mlp0.npy --lattice 3x3
    fails 4 "mlp2.npy" expressivity mlp:depth=0 --lattice 2x2 --seeds 3 --width 1 --weights "mlp{seed}.npy"
    fails 2 "{colour} is neither" expressivity mlp --weights "{colour}.npy"
    works expressivity mlp --depth 0 --lattice 2x2 --width 1 --seeds 2 --weights "mlp{seed}.npy"
    works table mlp:depth=0,weights=mlp0.npy --lattice 2x2 --cuts half
    local first second
    first=$(column entropy_bits out)
    works table mlp:depth=0,weights=mlp1.npy --lattice 2x2 --cuts half
    second=$(column entropy_bits out)
    works expressivity mlp --depth 0 --lattice 2x2 --width 1 --seeds 2 --weights "mlp{seed}.npy"
    is yes "$(awk -v a="$first" -v b="$second" -v m="$(column mean_bits out)" \
        'BEGIN { d = (a + b) / 4 - m; print (d < 1e-14 && d > -1e-14 && a > 0.001) ? "yes" : "no" }')" "the mean of two trained networks"
}

test_theta() {
    works table data:label=class:3 --cuts half --theta 0.1..0.3/3,.5 --quiet
    is "theta 0.1 0.2 0.3 .5" "$(cut -d, -f1 out | paste -sd' ')" "the values"
    cp out all
    works table data:label=class:3,theta=0.2 --cuts half --quiet
    is "$(tail -1 out)" "$(sed -n 's/^0\.2,//p' all)" "a row"
    fails 2 "contradictory" table data --theta 0.1 --part 1/2
    fails 2 "contradictory" table digits --theta 0.1 --against-rest
    fails 2 "contradictory.*--theta" table data --theta 0.1,0.2 --summary
    "$program" table data:first=30,map=levels --cuts half >out 2>err
    grep -q ": 30 of 1797 images of 64 pixels, read as a list" err || complain "images: $(cat err)"
    "$program" table data:first=30,map=levels --cuts half --bracket 5 >out 2>err &&
        complain "a bracket of integers"
    grep -q "map=cos or map=poly, and of real factors" err || complain "a bracket: $(cat err)"
    fails 2 "loops has no parameter theta" table loops --theta 0.1
}

test_against_rest() {
    works table digits --against-rest --cuts columns,0x3
    cp out all
    is "class,cut" "$(head -1 all | cut -d, -f1,2)" "the columns"
    for class in 0 1 2 3 4 5 6 7 8 9; do
        works table "digits:class=$class" --cuts columns,0x3
        tail -n +2 out | sed "s/^/$class,/" >>singles
    done
    tail -n +2 all | cmp -s - singles || complain "the rows differ from the single runs"
    works table digits --against-rest --cuts columns,0x3 --threads 2 -o saved.csv
    cmp -s saved.csv all || complain "the saved table differs"
    works table digits --against-rest --plan
    is 10 "$(grep -c '^problem .*digits:class=' out)" "plans"
    fails 2 "contradictory" table digits:class=3 --against-rest
    fails 2 "loops has no classes" table loops --against-rest
    fails 2 "8x8" table digits --against-rest --lattice 4x4
}

run_tests
