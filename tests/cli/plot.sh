#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cutropy plot, and --plot of scaling and range: what is drawn of which table, against the tables themselves; formats, files, bad input.
# Usage: plot.sh PROGRAM
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

# table FILE.gp: the data inside, as csv
table() {
    sed -n '/^\$table/,/^END_OF_TABLE/p' "$1" | sed '1d;$d'
}

# draws SCRIPT ARGUMENT...: what it would draw (p.gp, p.csv) with this script
draws() {
    local script=$1
    shift
    works plot "$@" -o p.gp
    table p.gp >p.csv
    case $script in
    curves) grep -q '^curves = ' p.gp || complain "plot $*: no curves" ;;
    scatter) grep -q '^across(i) = ' p.gp || complain "plot $*: no points side by side" ;;
    esac
}

# same COLUMN FILE EXPECTED WHAT: numbers that differ by rounding to 12 digits at most
same() {
    paste <(column "$1" "$2" | tr ' ' '\n') <(tr ' ' '\n' <<<"$3") |
        awk '{ d = $1 - $2; if (d < 0) d = -d; bad += d > 1e-10 || NF != 2 } END { exit bad > 0 }' || complain "$4"
}

test_choice() {
    works table connected --lattice 4x4 --cuts rows -o rows.csv
    draws curves rows.csv
    is "4 8 12" "$(column x p.csv)" "blocks of rows against their size"
    same y p.csv "$(column entropy_bits rows.csv)" "entropies of rows"
    same bound p.csv "$(column classes_a rows.csv | tr ' ' '\n' | paste - <(column classes_b rows.csv | tr ' ' '\n') |
        awk '{ printf "%s%.15g", n++ ? " " : "", log($1 < $2 ? $1 : $2) / log(2) }')" "what blocks cannot exceed"
    works table connected --lattice 4x4 --cuts rectangles -o rectangles.csv
    draws scatter rectangles.csv
    is "$(column boundary rectangles.csv)" "$(column x p.csv)" "rectangles against their boundary"
    is "$(column na rectangles.csv)" "$(column colour p.csv)" "coloured by their size"
    draws scatter rectangles.csv --y rank --x na --colour boundary --title "it's a title"
    is "$(column rank rectangles.csv)" "$(column y p.csv)" "--y"
    is "$(column na rectangles.csv)" "$(column x p.csv)" "--x"
    is "$(column boundary rectangles.csv)" "$(column colour p.csv)" "--colour"
    grep -q "^set title 'it''s a title' noenhanced" p.gp || complain "--title"
    draws scatter rectangles.csv --y purity # fractions
    same y p.csv "$(column purity rectangles.csv | tr ' ' '\n' | awk -F/ '{ printf "%s%.15g", n++ ? " " : "", $1 / ($2 ? $2 : 1) }')" "fractions"
    draws curves rows.csv --y entropy_err
    is "bounded = 0 rounding = 0" "$(grep -E '^(bounded|rounding) = ' p.gp | sort | xargs)" "errors are no entropies"
    printf 'cut,what,height,height_err\n0x1,a,0.5,0.1\n0x3,b,,\n0x7,c,1.5,0.2\n' >own.csv
    draws curves own.csv
    is "0.5 1.5" "$(column y p.csv)" "rows without a number are left out"
    grep -q '^barred = 1' p.gp || complain "errors that can be seen are not drawn"
    works table connected --lattice 4x4 --cuts rows --base e -o nats.csv
    draws curves nats.csv
    grep -q "S (nats)" p.gp || complain "no nats"
}

test_formats_agree() {
    works table percolation --lattice 3x3 --cuts all --quantities renyi:0.5 -o t.csv
    for format in json npy; do
        works table percolation --lattice 3x3 --cuts all --quantities renyi:0.5 -o t.$format
        draws scatter t.csv --x boundary --colour na
        cp p.csv of_csv
        draws scatter t.$format --x boundary --colour na
        cmp -s p.csv of_csv || complain "the picture of $format differs from that of csv"
    done
    draws scatter t.json # knows its lattice
    is 4 "$(column colour p.csv | tr ' ' '\n' | sort -n | tail -n 1)" "pixels on the smaller side"
    head -c 3000 t.npy >cut.npy
    fails 2 "announced" plot cut.npy -o p.gp
    works range connected --lattice 3x3 -o r.npy # flags, and texts with quotes
    works plot r.npy -o p.gp
    works check t.npy --problem percolation --lattice 3x3
}

test_values_of_theta() {
    "$program" table data:label=class:3,first=9 --cuts half,0x3 --theta 0.1,0.2,0.4 -o t.csv 2>err || complain "$(cat err)"
    draws curves t.csv
    is "0.1 0.2 0.4 0.1 0.2 0.4" "$(column x p.csv)" "theta, a cut after the other"
    is "0 0 0 1 1 1" "$(column series p.csv)" "a curve for each cut"
    draws scatter t.csv --x boundary
}

test_several() {
    for n in 4 6 8; do
        works table majority --lattice chain:$n --cuts half -o h$n.json
        works table majority --lattice chain:$n --cuts prefixes -o p$n.csv
    done
    draws curves h4.json h6.json h8.json
    is "4 6 8" "$(column x p.csv)" "growth over the lattices"
    is "0 0 0" "$(column series p.csv)" "is one curve"
    grep -q '^joined = 1' p.gp || complain "growth is no line"
    draws curves p4.csv p6.csv p8.csv
    is "1 2 3 1 2 3 4 5 1 2 3 4 5 6 7" "$(column x p.csv)" "prefixes of several lattices"
    grep -q "name\[3\] = \['p4', 'p6', 'p8'\]" p.gp || complain "curves have no names: $(grep name p.gp)"
    works scaling majority --lattices chain:5..8 -o points.csv
    draws curves points.csv
    is "0 0 0 0 1 1 1 1 1 2 2 2 2 2 2 3 3 3 3 3 3 3" "$(column series p.csv)" "a curve a lattice"
    works scaling independent-set --lattices 3xinf..7xinf -o strips.csv
    draws curves strips.csv
    is "3 4 5 6 7" "$(column x p.csv)" "strips against the length of their boundary"
    works scaling majority --lattices chain:4..10 --cuts half -o halves.csv
    draws curves halves.csv
    is "4 5 6 7 8 9 10" "$(column x p.csv)" "halves of chains against their pixels"
    fails 2 "make it as JSON" plot p4.csv p6.csv --x pixels -o p.gp
    works table digits --against-rest --cuts half -o classes.csv
    draws curves classes.csv
    is "0 1 2 3 4 5 6 7 8 9" "$(column series p.csv)" "a series a class"
    grep -q "'class 0', 'class 1'" p.gp || complain "classes have no names"
    printf 'class,x,y\na,1,0.5\nb,1,3\na,2,1\nb,2,4\n' >mixed.csv
    draws curves mixed.csv --x x --y y
    is "0 0 1 1 / 1 2 1 2" "$(column series p.csv) / $(column x p.csv)" "rows of two classes by turns"
    grep -q "name\[2\] = \['class a', 'class b'\]" p.gp || complain "not two series: $(grep name p.gp)"
    works expressivity rbm --lattice 2x2 --hidden 1,2,3 --seeds 2 -o rbm.csv
    draws curves rbm.csv
    is "1 2 3" "$(column x p.csv)" "networks against the claim"
    grep -q '^barred = 1' p.gp || complain "standard errors are not drawn"
}

# Theorem 3 and the verdict are drawn from the numbers that are printed.
test_scaling_and_range() {
    works range connected --lattice 4x4 --plot p.gp
    table p.gp >p.csv
    same bound p.csv "$(column bound_bits out)" "bounds of ranges"
    is "r = 1 r = 2 r = 3" "$(column mark p.csv)" "ranges beside the points"
    works range percolation --lattice 3x3 --cuts rectangles --plot p.gp -o r.csv
    table p.gp >p.csv
    is "$(column range r.csv)" "$(column colour p.csv)" "ranges as colours"
    awk -F, 'NR > 1 && $3 > $2 { exit 1 }' p.csv || complain "an entropy above its bound"
    works scaling loops --lattice links:3x3 --cuts rectangles --plot p.gp -o points.csv
    table p.gp >p.csv
    same entropy_bits p.csv "$(column entropy_bits points.csv)" "points of the verdict"
    same residual_bits p.csv "$(column residual_corners_bits points.csv)" "residuals of the verdict"
    grep -q "^law_headline = 'area law, exact'" p.gp || complain "no verdict: $(grep law_headline p.gp)"
    for set in map=levels,bins=16,first=20 label=onehot,per_class=2; do
        works scaling data:images=digits,$set --cuts prefixes --plot p.gp -o points.csv
        is "" "$(column page_bits points.csv | xargs)" "Page's average is that of pixels: $set"
        table p.gp | awk -F, 'NR > 1 && $6 > $3 + $7 { exit 1 }' || complain "an entropy above what is proved: $set"
    done
    works scaling random --lattice 3x3 --plot p.gp
    fails 2 "x.svg" scaling random --lattice 3x3 --plot x.svg --format csv -o x.svg
    fails 2 "no name of a picture" scaling random --lattice 3x3 --plot x.jpg
    fails 2 "no name of a picture" range random --lattice 3x3 --plot x
    fails 4 "no/such" range random --lattice 3x3 --plot no/such/p.svg
}

test_pictures() {
    command -v gnuplot >/dev/null || { echo "no gnuplot: nothing is drawn"; return; }
    works table connected --lattice 4x4 --cuts rectangles -o t.csv
    for picture in p.svg p.png p.pdf; do
        works plot t.csv -o $picture
    done
    is "89 50 4e 47" "$(od -An -tx1 -N4 p.png | xargs)" "magic of PNG"
    is "%PDF" "$(head -c 4 p.pdf)" "magic of PDF"
    grep -q '<svg' p.svg && ! grep -qi nan p.svg || complain "no SVG, or numbers that are none"
    works plot t.csv -o p.gp
    gnuplot p.gp >again.svg 2>err && cmp -s again.svg p.svg || complain "the script draws another picture: $(cat err)"
    printf 'x,y,y_err\n1,1,1e6\n2,1.5,0.1\n3,2,0.1\n' >wide.csv
    works plot wide.csv --x x --y y -o wide.svg
    grep -q 800000 wide.svg || complain "a bar of 10^6 beyond the axis"
    for x in 1000000 3e9 -4 1e300; do
        printf 'x,y\n%s,0.5\n7,3\n5,3\n' "$x" >far.csv
        timeout 20 "$program" plot far.csv --x x --y y -o far.svg 2>err || complain "x = $x: $(cat err)"
    done
    printf 'x,y\n2,0.5\n2,1\n2,2\n3,1\n3,1.001\n2,0.7\n4,2\n4,2\n4,2\n' >crowds.csv
    works plot crowds.csv --x x --y y -o crowds.svg
    grep -o "gpPt6' transform='translate([0-9.]*," crowds.svg | sed 's/.*(//; s/,//' | # rows 0, 7, 1, 8, 2, 3, 4, 5, 6
        awk '{ x[NR] = $1 } END { unit = (x[2] + x[4] + x[9] - 3 * x[1]) / 6
            exit NR != 9 || x[3] != x[1] || x[5] != x[1] || x[8] != x[1] || x[6] == x[7] || (x[6] + x[7]) / 2 - x[1] - unit > 0.1 }' ||
        complain "points that are alone are moved, or others hide each other: $(grep -o "gpPt6' transform='[^']*" crowds.svg)"
    works range connected --lattice 4x4 --plot r.svg
    works scaling random --lattices 2x2..3x3 --plot l.svg
    cp p.svg before.svg
    (PATH=/nowhere "$program" plot t.csv -o p.svg 2>err)
    is 6 $? "without gnuplot"
    cmp -s p.svg before.svg || complain "a picture that cannot be drawn replaces another"
    LC_ALL=de_DE.UTF-8 "$program" plot t.csv -o de.svg && cmp -s de.svg p.svg || complain "the locale changes a picture"
}

test_bad_input() {
    printf 'a,b\n1,2\n' >plain.csv
    printf 'cut,entropy_bits\n' >empty.csv
    fails 2 "which table" plot
    fails 2 "where to" plot plain.csv
    fails 2 "no name of a picture" plot plain.csv -o p.jpeg
    fails 2 "say --x and --y" plot plain.csv -o p.gp
    fails 2 "no column 'c' for --y; it has a, b" plot plain.csv --x a --y c -o p.gp
    fails 2 "no column 'c' for --x" plot plain.csv --x c --y b -o p.gp
    fails 2 "header without rows" plot empty.csv -o p.gp
    fails 4 "nothere" plot nothere.csv -o p.gp
    works plot plain.csv --x a --y b -o p.gp
    cp p.gp same.gp
    fails 2 "same.gp" plot same.gp -o same.gp
    works plot --help
    says "^Usage: cutropy plot"
}

run_tests
