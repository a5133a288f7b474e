#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cutropy map from outside: the folder, gnuplot that is missing, fails or is stopped, scripts that run again.
# Usage: map.sh PROGRAM FOLDER (FOLDER keeps the last map and its pictures)
here=$(dirname "$(realpath "$0")")
mkdir -p "$2" && keep=$(realpath "$2") || exit 1
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

# fake LINE...: a gnuplot that does this, found before the real one
fake() {
    mkdir -p fake
    printf '%s\n' '#!/bin/sh' "$@" >fake/gnuplot
    chmod +x fake/gnuplot
}

test_help() {
    works map --help
    grep -q '^Usage: cutropy map' out || complain "no usage line"
    grep -q 'report.html' out || complain "the help page does not name the report"
    "$program" help | grep -q '^  map ' || complain "the overview has no map"
}

test_bad_options() {
    fails 2 "which problem" map -o m
    fails 2 "where to" map parity
    fails 2 "where to" map parity -o ""
    fails 2 "did you mean: majority" map majorty -o m
    fails 2 "--connected 0: give a number" map parity -o m --connected 0
    fails 2 "--largest x: give a number" map parity -o m --largest x
    fails 2 "--most-cuts -1: give a number" map parity -o m --most-cuts=-1
    fails 2 "number from 1 to 9" map parity --lattice 3x3 -o m --connected 10
    fails 2 "two pixels" map random --lattice 1x1 -o m
    fails 2 "unknown option" map parity -o m --cuts rows
    fails 3 "pixels fit" map random --lattice 6x6 --memory 1M -o m
    [ -e m ] && complain "a failed call made the folder"
    echo precious >file
    fails 4 "not a folder\|Not a directory\|File exists" map parity -o file
    fails 4 "Not a directory" map parity -o file/map
    is precious "$(cat file)" "the file"
}

test_no_gnuplot() {
    local path=$PATH
    PATH=/nowhere "$program" map ghz --lattice 3x3 -o old >out 2>err
    touch old/sites.svg old/mine.txt
    PATH=/nowhere "$program" map ghz --lattice 3x3 -o old >out 2>err
    is 0 $? "exit code without gnuplot"
    PATH=$path
    is 1 "$(wc -l <err)" "lines without gnuplot"
    grep -q "gnuplot is not installed" err || complain "not said: $(cat err)"
    is old/report.html "$(cat out)" "the report without gnuplot"
    grep -q "gnuplot was not found" old/report.html || complain "the report does not say it"
    grep -q "<td>0.5</td>" old/report.html || complain "the report has no table of the spectrum"
    grep -q "class=\"plot" old/report.html && complain "a picture without gnuplot"
    [ -e old/sites.svg ] && complain "an old picture stays"
    [ -e old/mine.txt ] || complain "a file of the user is gone"
    [ -e old/sites.gp ] || complain "no script without gnuplot"
}

test_bad_gnuplot() {
    # shellcheck disable=SC2016
    fake 'echo "    ^" >&2' 'echo "line 3: no such colour" >&2' 'echo "line 0: warning: no data" >&2' 'exit 1'
    PATH=$work/fake:$PATH fails 4 "gnuplot failed on bad/partial/sites.gp: line 3: no such colour" \
        map ghz --lattice 2x2 -o bad
    [ -e bad/report.html ] && complain "a report in spite of a failure"
    [ -s bad/partial/rows.csv ] || complain "no table after a failure of gnuplot"
    grep -q '"complete": false' bad/partial/cutropy-map.json || complain "the failed map claims to be complete"
    # shellcheck disable=SC2016
    fake 'kill -KILL $$'
    PATH=$work/fake:$PATH fails 4 "stopped by signal 9" map ghz --lattice 2x2 -o bad
    fake 'exit 0'
    PATH=$work/fake:$PATH fails 4 "cannot read 'bad/partial/sites.svg'" map ghz --lattice 2x2 -o bad
    [ -n "${CUTROPY_TEST_SMALL:-}" ] && return # the thread sanitizer delivers signals late
    # shellcheck disable=SC2016
    fake 'kill -TERM $PPID' 'exit 1'
    PATH=$work/fake:$PATH fails 130 "stopped: what is there is in bad/partial" map ghz --lattice 2x2 -o bad
}

test_folder_of_something_else() {
    mkdir papers && echo precious >papers/rows.csv
    fails 2 "'papers' holds something else than a map" map parity --lattice 2x2 -o papers
    is "rows.csv precious" "$(ls -A papers) $(cat papers/rows.csv)" "the folder of something else"
    mkdir -p mine/partial && echo precious >mine/partial/rows.csv
    fails 2 "'mine' holds something else" map parity --lattice 2x2 -o mine
    mkdir empty && touch empty.csv
    for name in empty ./empty/ new/er/; do
        PATH=/nowhere "$program" map parity --lattice 2x2 -o $name >out 2>err || complain "map -o $name: $(cat err)"
        [ -s $name/report.html ] || complain "no report in $name"
        [ -e $name/partial ] && complain "the stage stays in $name"
        grep -q '"complete": true' $name/cutropy-map.json || complain "$name is not marked"
    done
    cp empty/rows.csv input.txt && printf '01\n10\n' >input.txt && ln -f input.txt empty/rows.csv
    fails 2 "empty/rows.csv' would be overwritten: it is read" map ./input.txt -o empty
    is 2 "$(wc -l <input.txt)" "lines of the input"
    (cd empty && rm rows.csv && PATH=/nowhere "$program" map ghz --lattice 2x2 -o . >../out 2>../err) || complain "map -o .: $(cat err)"
}

# A map that fails or is stopped leaves the one before as it is.
test_older_map() {
    PATH=/nowhere "$program" map ghz --lattice 3x3 -o older >out 2>err
    cp -r older before
    fake 'exit 1'
    PATH=$work/fake:$PATH fails 4 "gnuplot failed" map parity --lattice 3x3 -o older
    rm -r older/partial
    diff -r older before || complain "a failed map changed the older one"
    timeout --foreground -s INT 1 "$program" map random --lattice 5x5 -o older >out 2>err
    is 124 $? "a map that is stopped"
    grep -q "stopped: nothing was written" err || complain "not said: $(cat err)"
    diff -r older before || complain "a stopped map changed the older one"
    rm -f older.journal # what it had finished
    [ -n "${CUTROPY_TEST_SMALL:-}" ] && return
    (ulimit -f 3; PATH=/nowhere exec "$program" map random --lattice 3x4 -o older) >out 2>err
    is 4 $? "exit code of a map on a full disk"
    rm -r older/partial
    diff -r older before || complain "a map on a full disk changed the older one"
    # gnuplot itself does not notice
    # shellcheck disable=SC2016
    fake 'echo "<svg" >${1%.gp}.svg'
    PATH=$work/fake:$PATH fails 4 "gnuplot did not write all of 'older/partial/[a-z]*.svg': [0-9]* bytes are free on that disk" \
        map parity --lattice 3x3 -o older
}

test_tables() {
    local family
    for threads in 1 2; do
        PATH=/nowhere "$program" map random:seed=4 --lattice 3x4 --threads $threads -o t$threads >out 2>err
    done
    for family in rows columns prefixes rectangles half; do
        works table random:seed=4 --lattice 3x4 --cuts $family
        cmp -s out t1/$family.csv || complain "$family.csv differs from the table of $family"
    done
    works table random:seed=4 --lattice 3x4 --cuts connected:6
    cmp -s out t1/connected.csv || complain "connected.csv differs from the table"
    cut -d , -f 1 t1/range.csv | tail -n +2 >masks
    is 12 "$(wc -l <masks)" "lines of range.csv"
    works range random:seed=4 --lattice 3x4 --cuts @masks
    cmp -s out t1/range.csv || complain "range.csv differs from the table of cutropy range"
    for file in t1/*.csv; do
        cmp -s "$file" "t2/${file#t1/}" || complain "$file depends on the number of threads"
    done
}

# On a large lattice: the pairs of bonds and along a stride, rectangles with corners along a stride, each as in the whole map.
test_large() {
    PATH=/nowhere "$program" map percolation --lattice 4x5 -o whole >out 2>err
    PATH=/nowhere "$program" map percolation --lattice 4x5 --most-cuts 60 -o some >out 2>err
    is $((31 + 15)) "$(tail -n +2 some/pairs.csv | wc -l)" "31 bonds, and the pairs of 6 pixels"
    is "0 2 8 10 16 18" "$(tail -n 15 some/pairs.csv | cut -d , -f 1,2 | tr , '\n' | sort -nu | xargs)" "every second pixel"
    sort whole/pairs.csv >all
    sort -u some/pairs.csv | comm -23 - all | grep . && complain "pairs that the whole map has not"
    cmp -s whole/bonds.csv some/bonds.csv || complain "bonds are not those of the whole map"
    is 6 "$(wc -l <some/mutual_information.csv)" "lines of the matrix"
    tail -n +2 whole/strongest.csv | cut -d , -f 9 | LC_ALL=C sort -c -g || complain "the strongest pair is not the last"
    is 20 "$(tail -n +2 whole/strongest.csv | wc -l)" "as many pairs as pixels"
    least=$(sed -n 2p whole/strongest.csv | cut -d , -f 9)
    is 20 "$(awk -F , -v least="$least" 'NR > 1 && $6 >= least' whole/pairs.csv | wc -l)" "no pair outside shares more"
    is $((3 * 6 - 1)) "$(tail -n +2 some/rectangles.csv | wc -l)" "rectangles of 2 x 2 blocks"
    sort whole/rectangles.csv >all
    sort some/rectangles.csv | comm -23 - all | grep . && complain "rectangles that the whole map has not"
    grep -q "every 2nd pixel in each direction" some/report.html || complain "the report does not say what is left out"
}

# Reports of every built-in function: their words.
test_words() {
    local call
    for call in loops:links:3x3 pixel-loops:3x3 random:chain:2 parity:3x3 majority:chain:9 threshold:3x3 weight:chain:8 ghz:3x3:torus mirror:4x3 \
        bars-stripes:3x3 connected:3x3 percolation:3x3 rectangle:3x3 independent-set:3x4 still-life:4x4 contains:3x4 inner-product:chain:8 \
        primes:chain:10 logistic:3x3 ising:chain:8:ring rbm:3x3 mps:chain:8 mera:chain:8 cnn:3x3 mlp:3x3 page:3x3; do
        PATH=/nowhere "$program" map "${call%%:*}" --lattice "${call#*:}" -o "words/$call" >out 2>err || complain "no map of $call: $(cat err)"
    done
    PATH=/nowhere "$program" map digits:class=3 -o words/digits >out 2>err
    printf '##.\n#..\n\n.##\n..#\n' >corners.txt
    PATH=/nowhere "$program" map corners.txt -o words/corners >out 2>err
    if command -v python3 >/dev/null; then
        python3 "$here/report_words.py" words/*/report.html || complain "words of reports"
    fi
}

test_pictures() {
    local name ending folder="it's a \"map\" \$HOME" shapes="law sites bonds pairs range rows columns prefixes rectangles connected spectrum"
    works map loops --lattice links:3x3:torus -o "$folder"
    is "$folder/report.html" "$(cat out)" "the report"
    for name in $shapes; do
        is 89504e47 "$(head -c 4 "$folder/$name.png" | od -An -tx1 | tr -d ' ')" "first bytes of $name.png"
        for ending in .svg -narrow.svg; do
            grep -q "</svg>" "$folder/$name$ending" || complain "$name$ending is not complete"
        done
        grep -q "script: $name.gp" "$folder/report.html" || complain "$name is not in the report"
    done
    # 11 for broad windows, all but one (3192 connected regions) for narrow ones, 6 images
    is 11 "$(grep -c '<div class="plot [bs]' "$folder/report.html")" "pictures for broad windows"
    is 10 "$(grep -c '<div class="plot narrow' "$folder/report.html")" "pictures for narrow windows"
    is 6 "$(grep -o 'class="image links"' "$folder/report.html" | wc -l)" "images"
    is "<h1>Closed loops on the links of a grid</h1>" "$(grep '<h1>' "$folder/report.html")" "the heading"
    grep -q 'http[s]*://[^w]' "$folder/report.html" && complain "the report needs the network"
    # the scripts run again, and draw what the user asks for
    cp "$folder/sites.svg" before.svg
    (cd "$folder" && gnuplot sites.gp) >out 2>err || complain "sites.gp does not run: $(cat err)"
    [ -s err ] && complain "sites.gp: $(cat err)"
    cmp -s before.svg "$folder/sites.svg" || complain "sites.gp draws another picture"
    sed -i "s/S(pixel) (bits)'/My own words'/" "$folder/sites.gp"
    (cd "$folder" && gnuplot sites.gp) 2>err || complain "the changed sites.gp does not run: $(cat err)"
    grep -q "My own words" "$folder/sites.svg" || complain "the change is not seen"
    # an earlier map in the same folder: what a chain has not is gone
    works map ghz --lattice chain:6 -o "$folder"
    [ -e "$folder/rows.svg" ] && complain "rows.svg of the earlier map stays"
    grep -q "Left out" "$folder/report.html" || complain "left-out parts are not said"
}

# The places on the axis are right where cuts in the middle were left out: k = 1, 2, 6 and 7 of 8 pixels.
test_gaps() {
    works map random:seed=4 --lattice chain:8 --largest 2 -o gaps
    is "0x1 0x3 0x3f 0x7f" "$(cut -d , -f 1 gaps/prefixes.csv | tail -n +2 | xargs)" "prefixes that stay"
    printf '%s\n' "set table 'gaps.txt'" "load 'style.gp'" "$(grep '^k(na)\|^pixels\|^side\|^name' gaps/prefixes.gp)" \
        "plot 'prefixes.csv' using (k(column('na'))):(column('entropy_bits'))" >gaps/check.gp
    (cd gaps && gnuplot check.gp 2>err) || complain "check.gp does not run"
    is "1 2 6 7" "$(awk '$1 ~ /^[0-9]/ { print $1 }' gaps/gaps.txt | xargs)" "places on the axis"
    works map loops --lattice links:3x4 -o gaps
    sed -i "s/^name = .*/name = 'rows'/; s/prefixes.csv/rows.csv/" gaps/check.gp
    (cd gaps && gnuplot check.gp 2>err) || complain "check.gp does not run on links"
    is "1 2 3" "$(awk '$1 ~ /^[0-9]/ { print $1 }' gaps/gaps.txt | xargs)" "places of the rows of links"
}

# Pairs that share the same have one colour, and the numbers beside the colours are different ones: 8, 4 and 4 of 16 pairs are equal.
test_ties() {
    works map connected --lattice 4x4 -o ties
    printf '%s\n' "$(sed '/^do for \[format/,$d' ties/strongest.gp)" "set print 'shades.txt'" \
        "do for [k = 1:last+1] { print quantile[k] }" >ties/check.gp
    (cd ties && gnuplot check.gp 2>err) || complain "check.gp does not run: $(cat ties/err)"
    is "4 4 8" "$(uniq -c ties/shades.txt | awk '{ print $1 }' | xargs)" "pairs of one colour"
    is "0.084 0.09 0.18" "$(grep -o '>0\.[0-9]*<' ties/strongest.svg | tr -d '<>' | sort | xargs)" "numbers beside the colours"
    works map ghz --lattice 3x3 -o equal
    is "1" "$(grep -o "^.*>1<" equal/strongest.svg | wc -l)" "numbers of equal pairs"
    sed -i '2,$s/[^,]*,[^,]*$/0.01,0/; 9s/0.01,0$/1,0/' ties/pairs.csv
    (cd ties && gnuplot pairs.gp 2>err) || complain "pairs.gp does not run: $(cat ties/err)"
    is 1 "$(grep -c '>0.01<' ties/pairs.svg)" "quartiles of equal pairs"
}

# Shapes of lattices that scripts could stumble over: one bond, no bond on the line, wrapped, real values, all zero.
test_lattices() {
    local call
    for call in "ghz chain:2" "ghz chain:48" "majority chain:5:ring" "parity 1x3" "parity 3x1" "random 2x2:torus" "logistic 3x3" \
        "loops links:2x2:torus" "loops links:2x3" "rbm 3x3:torus"; do
        # shellcheck disable=SC2086
        set -- $call
        works map "$1" --lattice "$2" -o shapes
    done
    printf 'index,value\n0,4611686018427387904\n1,3\n3,5\n' >tiny.csv # entropies of 1e-34
    "$program" map tiny.csv --lattice chain:3 -o tiny >out 2>err || complain "map of tiny entropies: $(cat err)"
}

# A picture that would take too long: a sentence in the report, and no file.
test_no_range() {
    works map inner-product --lattice chain:26 --largest 1 --most-cuts 1 -o long
    [ -e long/range.csv ] && complain "range.csv in spite of 2^26 images"
    [ -e long/range.svg ] && complain "range.svg in spite of 2^26 images"
    grep -q "Left out: a pass over 2^26 images" long/report.html || complain "the report does not say why there is no range"
}

test_keep() {
    works map loops --lattice links:4x4:torus -o "$keep"
}

needs_gnuplot=" test_pictures test_gaps test_ties test_lattices test_keep "
missing=
for name in $(declare -F | awk '$3 ~ /^test_/ { print $3 }'); do
    if [[ $needs_gnuplot == *" $name "* ]] && ! command -v gnuplot >/dev/null; then
        missing=1
        echo "SKIPPED: $name: gnuplot is not installed"
        continue
    fi
    "$name"
done
[ $failures -eq 0 ] || exit 1
[ -z "$missing" ] || exit 77
echo "all passed"
