#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cutropy export, order and sample from outside: files, formats, bad input, exit codes.
# Usage: export.sh PROGRAM
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

test_export() {
    works export connected --lattice 8x8 --mps rank -o rank.npz
    is "rank.npz: 64 sites, largest bond 836 (after 30 pixels), 48131288 numbers" "$(cat out)" "ranks of connected 8x8"
    works export connected --lattice 4x4 --mps classes -o classes.npz --quiet
    is "" "$(cat out)" "--quiet"
    works export connected --lattice 4x4 --mps classes -o again.npz --solver enumerate
    cmp -s classes.npz again.npz || complain "the solvers do not write the same file"
    works export page --lattice chain:8 --mps orthogonal --cutoff 0.1 -o page.npz
    grep -q "error at most 0\.[0-9]*, fidelity at least 1 - 0\.[0-9]*$" out || complain "no error: $(cat out)"
    works export page --lattice chain:16 --mps orthogonal -o page.npz
    grep -q "^page.npz: 16 sites, largest bond 256 (after 8 pixels), 174760 numbers, error at most [0-9.]*e-1[34]," out ||
        complain "2^15 states before the last site: $(cat out)"
    works export --expr 'lit % 3 == 0' --lattice 3x3 --mps rank -o text.npz
    printf 'kept' >kept.npz
    fails 6 "rank is that of labels and integers" export ising --mps rank -o kept.npz
    is kept "$(cat kept.npz)" "a failure changes no file"
    fails 2 "export what?" export connected -o x.npz
    fails 2 "where to?" export connected --mps rank
    fails 2 "an archive of arrays" export connected --mps rank -o x.csv
    works export majority --lattice chain:1 --mps classes -o one.npz
    grep -q "^one.npz: 1 site, " out || complain "one site: $(cat out)"
    works export parity --lattice chain:2 --mps classes -o two.npz
    grep -q "2 sites, largest bond 2 (after 1 pixel)" out || complain "one pixel: $(cat out)"
    fails 2 "choose classes, rank or orthogonal" export connected --mps left -o x.npz
    fails 2 "goes with --mps orthogonal" export connected --mps rank --cutoff 0.1 -o x.npz
    fails 2 "from 0 to less than 1" export connected --mps orthogonal --cutoff 1 -o x.npz
    fails 2 "give a number that is not negative" export connected --mps orthogonal --cutoff -1 -o x.npz
    fails 3 "--memory raises the limit" export random --lattice chain:16 --mps rank --memory 40K -o x.npz
    fails 4 "no-such-folder" export connected --mps rank -o no-such-folder/x.npz
    fails 6 "no frontier automaton" export random --mps rank --solver frontier -o x.npz
    rm ./*.npz
}

test_arrays() {
    works export ising --lattice 2x3 --density '{0,4}' -o rho.npz
    is "rho.npz: density matrix, 2 of 6 pixels" "$(cat out)" "a density matrix"
    works export random --lattice 3x3 --schmidt half --bits msb -o schmidt.npz
    is "schmidt.npz: Schmidt decomposition, 4 of 9 pixels" "$(cat out)" "a decomposition"
    works export page --lattice chain:16 --schmidt '{0}' -o schmidt.npz
    works export connected --lattice 8x8 --density '{0,1}' -o large.npz
    works export connected --lattice 3x3 --function dense --bits msb -o f.npz
    works table file:path=f.npz:f,order=msb --lattice 3x3 --cuts half --quiet
    cp out again
    works table connected --lattice 3x3 --cuts half
    is "$(tail -1 again)" "$(tail -1 out)" "the function that was written is read again"
    works table f.npz --cuts half --quiet # lattice and bits are the file's
    is "$(tail -1 again)" "$(tail -1 out)" "the function that was written is read again by its name alone"
    works table f.npz:f --lattice 3x3 --cuts half --format json
    grep -q '"file:path=f.npz:f,format=auto,order=msb,' out || complain "the bits that were read are not told: $(head -20 out)"
    fails 2 "f.npz: written on the lattice grid:3x3, not chain:9: leave out --lattice" table f.npz --lattice chain:9
    fails 2 "f.npz: written with the bits msb, not lsb: leave out order" table file:path=f.npz,order=lsb
    fails 2 "local is about tables" table file:path=f.npz,local=4
    works table page:complex=1 --lattice 3x3 --cuts '{0,1}'
    cp out again
    for form in dense sparse; do
        for bits in lsb msb; do
            works export page:complex=1 --lattice 3x3 --function "$form" --bits "$bits" -o f.npz --quiet
            works table f.npz --cuts '{0,1}' --quiet
            is "$(tail -1 again)" "$(tail -1 out)" "$form values, $bits"
        done
    done
    fails 2 "f.npz: written on the lattice grid:3x3, not chain:9: leave out --lattice" table f.npz --lattice chain:9
    fails 2 "f.npz: written with the bits msb, not lsb: leave out order" table file:path=f.npz,order=lsb
    works export connected --lattice 3x3 --mps rank -o f.npz --quiet
    fails 2 "f.npz: a matrix product state (form rank), not a table: in Python cutropy.MPS.load reads it, and cutropy.mps(..) of that is the function" table f.npz
    works export connected --lattice 3x3 --density half -o f.npz --quiet
    fails 2 "f.npz: the density matrix of a cut, not a function: numpy.load reads it" table f.npz --lattice 3x3
    works export connected --lattice 3x3 --schmidt half -o f.npz --quiet
    fails 2 "f.npz: the Schmidt vectors of a cut, not a function: numpy.load reads them" table f.npz --lattice 3x3
    works export digits:class=3 --function sparse -o f.npz --quiet
    is "" "$(cat out)" "--quiet"
    printf 'kept' >kept.npz
    fails 2 "which of them?" export connected --density half --mps rank -o kept.npz
    fails 2 "'rows' is 3 cuts: one at a time" export connected --density rows -o kept.npz
    fails 2 "keeps no pixel" export connected --schmidt 0x0 -o kept.npz
    fails 2 "choose dense or sparse" export connected --function full -o kept.npz
    fails 2 "see --order" export connected --mps rank --bits msb -o kept.npz
    fails 2 "goes with --mps" export connected --density half --order rows -o kept.npz
    fails 3 "a smaller region" export page --lattice chain:16 --density half --memory 700K -o kept.npz
    # what does not fit is known before anything is enumerated
    fails 3 "51016818604894742 numbers of 16 bytes.*; --mps needs less" export connected --lattice 8x8 --function sparse -o kept.npz
    fails 3 "9223372036854775808 numbers" export parity --lattice 8x8 --function sparse -o kept.npz
    fails 3 "the function: 68719476736 numbers of" export connected --lattice 6x6 --function dense --memory 10G -o kept.npz
    fails 6 "fit nowhere" export connected:encoding=pm1 --lattice 8x8 --function sparse -o kept.npz
    fails 6 "sum of product states" export data --density half --quiet -o kept.npz
    fails 6 "fit nowhere" export digits:class=3,encoding=pm1 --function dense -o kept.npz
    fails 2 "it is read" export connected --density @kept.npz -o kept.npz
    is kept "$(cat kept.npz)" "a failure changes no file"
    rm ./*.npz again
}

test_order() {
    works order inner-product --lattice chain:8 -o order.csv
    works export inner-product --lattice chain:8 --mps rank --order order.csv -o ordered.npz
    is "ordered.npz: 8 sites, largest bond 3 (after 3 pixels), 72 numbers" "$(cat out)" "an export in the best order"
    fails 2 "order 'best': give numbers, rows, columns, or FILE.csv" export connected --lattice 3x3 --mps rank --order best -o x.npz
    rm order.csv ordered.npz
    works order inner-product --lattice chain:8 -o order.csv
    is "order.csv: largest rank 3 (by the numbers: 15), parameters 72 (648), largest entropy 1.42543 bits (2.77356)" "$(cat out)" summary
    is "place,pixel,cut,rank,entropy_bits,entropy_err,rank_by_numbers,entropy_by_numbers_bits,entropy_by_numbers_err" \
        "$(head -1 order.csv)" "the columns"
    is "2 4 8 15 8 4 2 1" "$(column rank_by_numbers order.csv)" "ranks in the order of the numbers"
    works order inner-product --lattice chain:8 --quiet --least parameters --format json -o order.json
    grep -q '"least": "parameters"' order.json || complain "no aim"
    works order inner-product --lattice chain:8 --budget 100 -o order.csv
    says "^order.csv: largest rank 3 .*; a local search that looked at [0-9]* cuts: other orders may be better$"
    grep -qiE 'optimal|best' out && complain "a search that says too much: $(cat out)"
    works order loops --lattice links:5x5:torus --quiet --format json -o order.json
    grep -q '"found": {' order.json && grep -q '"budget": 10000' order.json || complain "no word of the search"
    grep -q '"best"' order.json && complain "a search calls its order the best"
    "$program" order connected --lattice 8x3 --solver frontier --memory 2M --threads 1 --budget 100 -o long.csv >out 2>err
    is 3 $? "the exit code of an order beside one that does not fit"
    is "cutropy order: largest rank 10 (by the numbers: not known), parameters 3688 (not known), largest entropy 1.21447 bits (not known)" \
        "$(sed 's/;.*//' out)" "what is known of both orders"
    grep -q '^cutropy order: 4 of 23 .* failed: .*: long.csv.partial has 23 of 23 cuts of the order, 16 of 23 by the numbers$' err ||
        complain "an order beside one that does not fit: $(cat err)"
    [ ! -e long.csv ] || complain "a partial order under the name of a whole one"
    sed 1d long.csv.partial >rows.csv
    column cut rows.csv | tr ' ' '\n' | head -23 >masks.txt
    works table connected --lattice 8x3 --solver enumerate --cuts @masks.txt --quiet -o all.csv
    is "$(column rank all.csv) 1" "$(column rank rows.csv)" "ranks of the order that was found"
    works table connected --lattice 8x3 --solver enumerate --cuts prefixes --quiet -o all.csv
    is "$(column rank all.csv | cut -d' ' -f1-8,16-23) 1" "$(column rank_by_numbers rows.csv | xargs)" "ranks by the numbers that fit"
    fails 2 "a budget of 0 cuts: one order of 9 pixels alone has 8; give at least 9" order connected --lattice 3x3 --budget 0
    works order data:label=class:3,first=20 --quiet --format json -o order.json
    grep -q '"method": "spectral"' order.json && grep -q '"largest_rank": null' order.json || complain "no method"
    works order inner-product --lattice chain:8 --method rearranged -o order.csv
    says "^order.csv: order rearranged, without a search: mean entropy .*; other orders may be better$"
    is "0 4 1 5 2 6 3 7" "$(column pixel order.csv)" "pairs that belong together"
    fails 2 "contradictory options: --method" order connected --lattice 3x3 --method rows --least rank
    fails 2 "choose numbers, rows, columns, spectral or rearranged" order connected --lattice 3x3 --method best
    works order inner-product --lattice chain:6 --tree -o tree.csv
    is "node,left,right,pixel,cut,rank,entropy_bits,entropy_err" "$(head -1 tree.csv)" "the columns of a tree"
    is 12 "$(wc -l <tree.csv)" "a row a node"
    fails 2 "trees are compared all" order inner-product --lattice chain:6 --tree --budget 9
    fails 6 "up to 20" order connected --lattice 5x5 --tree
    fails 2 "choose rank, parameters or entropy" order connected --least bond
    fails 2 "has one pixel" order majority --lattice chain:1
    works order connected --lattice 6x6 --budget 100 --threads 1 -o order.csv # 2^36 images would take minutes
    grep -q "largest rank 128 (by the numbers: 128)" out || complain "connected 6x6: $(cat out)"
    works order percolation --lattice 3x7 --budget 60 -o order.csv
    cp out auto.txt
    works order percolation --lattice 3x7 --budget 60 --solver enumerate -o order.csv
    is "$(cat auto.txt)" "$(cat out)" "the solvers find one order"
    rm order.csv order.json auto.txt
}

test_sample() {
    works sample connected --lattice 3x3 --count 3 --seed 2 -o a.pbm
    is "a.pbm: 3 drawn from 218 images with label 1" "$(cat out)" "the number of images"
    works sample connected --lattice 3x3 --count 3 --seed 2 --quiet --format pictures
    cp out pictures.txt
    works sample connected --lattice 3x3 --count 3 --seed 2 --quiet --solver frontier
    is "$(tr -d '\n' <pictures.txt | tr .# 01)" "$(tr -d '\n' <out)" "text and pictures"
    is "$(grep -cx '[01]*' out)" 3 "images a line"
    works sample connected --lattice 3x3 --count 0 --quiet
    is "" "$(cat out)" "no image"
    works table ./pictures.txt --lattice 3x3 --cuts half
    works table ./a.pbm --lattice 3x3 --cuts half
    fails 2 "does not fit the name" sample connected --format text -o x.npy
    fails 2 "does not fit the name" sample connected --format npy -o x.txt
    fails 2 "'x.csv' ends in none of .txt, .pbm, .npy: say which format" sample connected -o x.csv
    works sample connected --lattice 3x3 --quiet -f pictures -o x.txt
    is 3 "$(wc -l <x.txt)" "a picture"
    works sample ghz --lattice chain:2 --quiet -f text -o x.csv
    works sample weight:k=0 --lattice chain:2 -o x
    is "x: 1 drawn from 1 image with label 1" "$(cat out)" "the number of images"
    rm x.txt x.csv x
    fails 2 "pixels on links have no rows" sample loops --lattice links:3x3 --quiet --format pbm
    fails 2 "pixels on links have no rows" sample loops --lattice links:3x3 --format pictures
    fails 2 "pixels on links have no rows" sample loops --lattice links:3x3 --count 0 -o links.pbm
    fails 2 "choose text, pictures, pbm or npy" sample connected --format csv
    fails 2 "give a number from 0" sample connected --count x
    fails 2 "give a number from 0" sample connected --seed -1
    fails 6 "only label functions" sample ising
    rm a.pbm pictures.txt
}

run_tests
