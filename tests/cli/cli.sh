#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The program from outside: exit codes, one line on standard error, files that stay whole.
# Usage: cli.sh PROGRAM
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

# only NAME...: the files of the work folder, nothing left behind
only() {
    is "$(printf '%s\n' "$@" err out | sort)" "$(ls -A | sort)" "files"
}

test_bench() { # what it measures is tests/test_bench.c
    fails 2 "abacus" bench --backend abacus
    fails 2 "takes no argument" bench connected
    fails 4 "no/such/folder" bench --quick -o no/such/folder/bench.json
    fails 2 "threads" bench --threads 0
}

test_help() {
    works help
    says "^  table "
    works --help
    works --version
    says "^cutropy [0-9]"
    works help table
    cp out help-page
    works table --help
    cmp -s out help-page || complain "'help table' differs from 'table --help'"
    for guarantee in exact certified float bracket failed; do # every word of the column
        says "^ *$guarantee  "
    done
    says "^Usage: cutropy table"
    says "guarantee"
    says "Exit codes"
    works info
    says "^instruction set"
    rm help-page
}

# A command takes strips if and only if its help says so, and whoever refuses them says who takes them.
test_help_of_strips() {
    local command
    for command in table range verify order sample 'information --regions 0x1|0x2' 'map -o folder' 'export --mps rank -o x.npz'; do
        # shellcheck disable=SC2086
        set -- $command
        works "$1" --help
        if grep -q 'xinf' out; then
            works "$@" independent-set --lattice 4xinf
        else
            fails 6 "infinite strip, which has one cut: table, scaling --lattices" "$@" independent-set --lattice 4xinf
        fi
    done
    works scaling --help
    tr -d '\n ' <out | grep -q '4xinf..9xinf' || complain "scaling --help has no strips"
    works check --help
    tr -d '\n ' <out | grep -q '8xinf' || complain "check --help has no strips"
    works table independent-set --lattice 4xinf --format json -o strip.json
    works check strip.json --plain
    fails 6 "give check --plain" check strip.json
    rm strip.json
    only
}

test_problems() {
    works problems
    says "^  majority "
    says "^  cnn "
    for name in $(awk '/^  [a-z]/ { print $1 }' out); do
        works problems "$name"
        says "^Definition:"
        says "^Known values:"
        says "^Source:"
    done
    for name in parity ghz; do # the full cut has rank 1
        works problems $name
        says "every cut but the empty and the full one has rank 2"
        works table $name --lattice chain:3 --cuts 0x0,0x7,0x1
        is "1 1 2" "$(column rank out)" "ranks of the empty, the full and another cut of $name"
    done
    for name in logistic rbm:hidden=0 mps:chi=1; do # products, of rounded numbers
        works problems $name
        tr '\n' ' ' <out | tr -s ' ' | grep -q "in exact arithmetic.* bracket of the rank" ||
            complain "the page of $name promises an exact rank"
        works table $name --lattice chain:6 --cuts 0x7
        is "1..8" "$(column rank out)" "rank of $name"
    done
    works problems loops
    says "^  links, links on a torus; default links:3x3$"
    works problems digits
    says "^  its own, grid:8x8$"
    fails 2 "did you mean: majority" problems majorty
    fails 2 "too much" problems majority parity
}

test_bad_command() {
    fails 2 "no command"
    fails 2 "unknown command 'tabel'; did you mean: table?" tabel
    fails 2 "unknown command 'SCALING'; did you mean: scaling?" SCALING
    fails 2 "the commands are table, map" wibble
    fails 2 "cutropy table random" random
    fails 2 "unknown option '--lattice'" --lattice 4x4
    fails 2 "unknown command 'nothing'" help nothing
}

test_bad_options() {
    fails 2 "which problem" table
    fails 2 "unknown option '--colour'" table parity --colour
    fails 2 "requires an argument" table parity --cuts
    fails 2 "too much" table parity majority
    fails 2 "ambiguous" table parity --t 1
    for threads in 0 -1 two 2x 99999999999999999999; do
        fails 2 "--threads $threads: give a number" table parity --threads=$threads
    done
    for memory in 0 8X "" -1G 1e5G 0x1 . 1.5.2G 99999999999G; do
        fails 2 "--memory $memory: give a size" table parity --memory="$memory"
    done
    fails 2 "choose 2" table parity --base 10
    fails 2 "choose csv" table parity --format xml
    fails 2 "unknown quantity 'colour'" table parity --quantities colour
    fails 2 "contradictory" table parity --format csv -o table.npy
    fails 2 "contradictory" table parity --format npy --quantities blocks,spectrum
    fails 2 "contradictory" table parity --quantities spectrum -o table.npy
    fails 2 "contradictory" table parity --plan --timings
    fails 2 "backend 'nonsense'" table parity --backend nonsense
    only
}

test_options_given_twice() {
    fails 2 "--cuts is given twice; join lists with commas" table parity -c rows -c columns
    fails 2 "--quantities is given twice; join lists" table parity -q blocks --quan tr_rho3
    fails 2 "--lattice is given twice$" table parity --lat 4x4 -l 2x2
    fails 2 "--format is given twice" table parity --format csv --format=json
    fails 2 "--output is given twice" table parity -o a.csv --output b.csv
    fails 2 "--base is given twice" table parity --base 2 --base e
    fails 2 "--threads is given twice" table parity -t1 -t 1
    fails 2 "--memory is given twice" table parity --memory 1G parity --memory 1G
    fails 2 "--backend is given twice" table parity --backend cpu --backend cpu
    fails 2 "--cuts is given twice" scaling parity -c rows -c rows
    fails 2 "--format is given twice" range parity --format csv --format csv
    fails 2 "--largest is given twice" map parity -o folder --largest 2 --largest 3
    fails 2 "--seeds is given twice" expressivity mps --seeds 1 --seeds 2
    works table parity --lattice chain:3 --quiet --quiet
    only
}

test_bad_input() {
    fails 2 "cuts 'row' are not known; did you mean rows?" table parity --lattice 3x3 --cuts row
    fails 2 "cuts 'r' are not known; choose from" table parity --lattice 3x3 --cuts r
    mkdir greys && printf '\0\0\10\3\0\0\0\1' >images.idx3-ubyte && gzip -k images.idx3-ubyte
    local file
    for file in greys images.idx3-ubyte images.idx3-ubyte.gz; do
        fails 2 "data:images=\(./\)\?$file" table ./$file
    done
    rm -r greys images.idx3-ubyte*
    fails 2 "did you mean: majority" table majorty
    fails 2 "a C expression is given as --expr 'lit % 3 == 0'" table 'lit % 3 == 0' --lattice 4x4
    fails 2 "unknown problem 'wibble'; 'cutropy problems' lists" table wibble:size=3
    fails 2 "did you mean: ghz?" table GHZ
    fails 2 "did you mean: independent-set?" problems Independent-Set
    fails 2 "path=a,b.txt: a value cannot contain a comma; rename the file" table file:path=a,b.txt
    fails 2 "grid:1x1 has one pixel and so no cut" table majority --lattice 1x1
    fails 2 "chain:1 has one pixel and so no cut" range majority --lattice chain:1
    fails 2 "grid:1x1 has one pixel and so no cut" scaling majority --lattice 1x1
    fails 2 "colour" table majority:colour=3
    fails 2 "3y3" table majority --lattice 3y3
    fails 2 "nonsense" table majority --cuts nonsense
    fails 2 "0x10000" table majority --lattice 4x4 --cuts 0x10000
    fails 2 "hexadecimal" table majority --lattice 4x4 --cuts 0x1g
    fails 4 "missing.txt" table majority --lattice 4x4 --cuts @missing.txt
    fails 4 "missing.npy" table ./missing.npy --lattice 4x4
    fails 2 "the parameters of a file are given as file:path=psi.npy,order=msb,local=3$" table psi.npy:order=msb,local=3
    printf '0x1\n# comment\n0x2z\n' >masks.txt
    fails 2 "0x2z" table majority --lattice 4x4 --cuts @masks.txt
    rm masks.txt
    only
}

# npy FILE DESCR COUNT: a header; the data come from standard input
npy() {
    local header="{'descr': '$2', 'fortran_order': False, 'shape': ($3,), }"
    printf '\x93NUMPY\x01\x00\x76\x00%-117s\n' "$header" >"$1"
    cat >>"$1"
}

test_npy_input() {
    printf '\0\1\1\0' | npy bell.npy '|u1' 4
    works table ./bell.npy --lattice chain:2
    is 1 "$(column entropy_bits out)" "entropy of 01 + 10"
    printf '\0\1\1' | npy short.npy '|u1' 4
    printf '\0\0\0\0' | npy zero.npy '|u1' 4
    printf '\0\0\0\0\0\0\xf8\x7f\0\0\0\0\0\0\0\0' | npy nan.npy '<f8' 2
    printf '\0\0\0\0\0\0\0\0' | npy type.npy '<M8[s]' 1
    fails 2 "short.npy" table ./short.npy --lattice chain:2
    fails 2 "zero.npy" table ./zero.npy --lattice chain:2
    fails 2 "nan.npy" table ./nan.npy --lattice chain:1 --cuts 0x1
    fails 2 "type.npy" table ./type.npy --lattice chain:1 --cuts 0x1
    printf 'PK\003\004' >archive.npz
    cp archive.npz renamed.npy
    : >empty.npy
    printf '\x93NU' >cut.npy
    echo 0101 >text.npy
    fails 2 "this archive cannot be opened, or is damaged" table ./archive.npz
    fails 2 "this archive" table ./renamed.npy
    fails 2 "is not a .npy file (it is empty)" table ./empty.npy
    fails 2 "is not a .npy file (it ends within its first 6 bytes)" table ./cut.npy
    fails 2 "is not a .npy file (wrong magic" table ./text.npy
    mv text.npy text.txt
    works table ./text.txt
    rm ./*.npy archive.npz text.txt
}

test_values() {
    works table parity --lattice 4x4
    is "cut,na,boundary,entropy_bits,entropy_err,guarantee,renyi2_bits,renyi2_err,rank,classes_a,classes_b,purity,purity_err" \
        "$(head -1 out)" "columns"
    is "0xf 0xff 0xfff" "$(column cut out)" "rows of 4x4"
    is "4 8 12" "$(column na out)" "pixels"
    is "4 4 4" "$(column boundary out)" "boundary"
    is "1 1 1" "$(column entropy_bits out)" "entropy of parity"
    is "2 2 2" "$(column rank out)" "rank of parity"
    is "1/2 1/2 1/2" "$(column purity out)" "purity of parity"
    is "exact exact exact" "$(column guarantee out)" "guarantee"
    works table parity --lattice 4x4 --base e --quantities schmidt_gap,renyi:inf,boundary_pixels
    is "0.69314718055994529 0.69314718055994529 0.69314718055994529" "$(column entropy_nats out)" nats
    is "0 0 0" "$(column schmidt_gap out)" "gap of parity"
    is "4 4 4" "$(column boundary_pixels out)" "boundary pixels"
    is "0.69314718055994529 0.69314718055994529 0.69314718055994529" "$(column renyi_inf_nats out)" inf
    works table ghz --lattice chain:3 --cuts 0x7,0x0,0x5 --quantities spectrum
    is "0x7 0x0 0x5" "$(column cut out)" "masks as asked"
    is "0 0 1" "$(column entropy_bits out)" "entropy of ghz"
    is "1^1 1^1 0.5^2" "$(column spectrum out)" "spectrum of ghz"
    works table ghz --lattice chain:5
    is "0x1 0x3 0x7 0xf" "$(column cut out)" "default cuts of a chain"
    printf '0x3\n\n# comment\n0xc\n' >masks.txt
    works table ghz --lattice 2x2 --cuts @masks.txt
    is "0x3 0xc" "$(column cut out)" "masks of a file"
    rm masks.txt
}

test_c_text() {
    fails 2 "which file" new
    fails 2 "the name of C text ends in .c" new mine.txt
    fails 4 "cannot write /nowhere/mine.c" new /nowhere/mine.c
    fails 2 "contradictory options: --expr stands for a problem, and 'parity' is given" table parity --expr lit
    fails 2 "--define is for C text" table parity --define J=2
    fails 2 "--define J: give NAME=VALUE" table --expr lit --define J --lattice 2x2
    fails 2 "--expr is given twice" table --expr lit --expr lit
    fails 2 "needs a lattice" table --expr lit
    fails 2 "--expr is one line" table --expr $'lit\n+ 1' --lattice 2x2
    fails 2 "c has no classes" table --expr lit --lattice 2x2 --against-rest
    fails 4 "cannot open missing.c" table missing.c --lattice 2x2
    works new mine.c
    says "^  cutropy table mine.c --lattice 4x4"
    fails 4 "cannot write mine.c: File exists; name another file" new mine.c
    works new far.c --automaton
    says "^  cutropy table far.c --lattice 8x8 --cuts rows"
    command -v cc gcc clang >/dev/null || { rm mine.c; return; }
    export XDG_CACHE_HOME=$PWD/cache
    works table mine.c --lattice 3x3 --cuts 0x7,0x1f -D LEAST=1
    is "0x7 0x1f" "$(column cut out)" "cuts of C text"
    works table far.c --lattice 4x4 --cuts rows -D MOST=1 --solver enumerate
    mv out enumerated
    works table far.c --lattice 4x4 --cuts rows -D MOST=1 --solver frontier
    is "$(column purity enumerated)" "$(column purity out)" "purities of an automaton as C text"
    works table independent-set --lattice 4x4 --cuts rows
    is "$(column purity enumerated)" "$(column purity out)" "purities of no two neighbours"
    works table far.c --lattice 7x6 --cuts columns -D MOST=1
    mv out enumerated
    works table independent-set --lattice 7x6 --cuts columns
    is "$(column purity enumerated)" "$(column purity out)" "columns beyond enumeration"
    rm far.c enumerated
    fails 2 "is read by this call" table mine.c:LEAST=1 --lattice 3x3 --format csv -o mine.c
    trap '' CHLD # the program takes the default again, or it would see no compiler end
    works table --expr 'lit % J == K' --define J=2 --define K=1 --lattice 4x4
    trap - CHLD
    is "1 1 1" "$(column entropy_bits out)" "entropy of parity as C text"
    "$program" table --expr 'lit + 1' --lattice 4x4 >out 2>err
    grep -q "every image has label 1: .*for its values write int64_t amplitude" err || complain "no note on one label: $(cat err)"
    works table --expr 'lit + 1' --lattice 4x4 --quiet
    works table 'c:encoding=pm1:lit % 2' --lattice 4x4
    fails 2 "table: expression:1: .*lt" table --expr 'lt' --lattice 4x4
    printf 'int label(uint64_t image)\n{\n    return 7 / (lit - 3);\n}\n' >divide.c
    fails 2 "table: divide.c.*: undefined behaviour at image 0x7: a division by zero" table divide.c --lattice 4x4
    unset XDG_CACHE_HOME
    rm -r mine.c divide.c cache
    only
}

test_digits() {
    works table pixel-loops --lattice 4x4 --digits 30 --quantities spectrum,tr_rho3
    is "2.487506726279260267372209635736 3.145020127059292726160094274817 2.487506726279260267372209635736" \
        "$(column entropy_bits out)" "30 decimals"
    is "5e-31 5e-31 5e-31" "$(column entropy_err out)" "half a unit of the last"
    is "exact certified exact" "$(column guarantee out)" "guarantee"
    says "^0xf,.*,-38/27 + 3\*log2(3) - (10/27)\*log2(5),1 prime from 288230376151711813,"
    is "403/6561 229/6561 403/6561" "$(column tr_rho3 out)" "tr_rho3"
    works table pixel-loops --lattice 4x4 --digits 30 --threads 1
    mv out one
    works table pixel-loops --lattice 4x4 --digits 30 --threads 2
    cmp -s one out || complain "the digits depend on the number of threads"
    rm one
    works table parity --lattice 4x4 --cuts 0x1,0x0 --digits 3 --format json
    says '"entropy_bits": "1.000", "entropy_err": 5e-04, "guarantee": "exact"'
    says '"closed_form": "1", "rank_proof": "1 prime from'
    says '"entropy_bits": "0.000"'
    works table logistic --lattice 2x2 --digits 5
    is "certified" "$(column guarantee out | cut -d" " -f1)" "guarantee of real amplitudes"
    fails 2 "give a number from 1 to 1000" table parity --lattice 2x2 --digits 0
    fails 2 "give a number from 1 to 1000" table parity --lattice 2x2 --digits 1001
    fails 2 "do not fit .npy" table parity --lattice 2x2 --digits 5 -o t.npy
}

test_threads() {
    works table random:seed=3 --lattice 3x4 --cuts all --quantities renyi:0.5,schmidt_gap --threads 1
    mv out one
    works table random:seed=3 --lattice 3x4 --cuts all --quantities renyi:0.5,schmidt_gap --threads 2
    cmp -s one out || complain "the table depends on the number of threads"
    is 2048 "$(wc -l <out)" "lines for 12 pixels"
    rm one
}

test_formats() {
    works table parity --lattice 4x4 -o t.csv
    is 4 "$(wc -l <t.csv)" "lines of t.csv"
    works table parity --lattice 4x4 -o t.json
    grep -q '"problem": "parity' t.json || complain "t.json lacks the problem"
    grep -q '"complete": true' t.json || complain "t.json is not complete"
    is 3 "$(grep -c '"cut": "0x' t.json)" "rows of t.json"
    works table parity --lattice 4x4 -o t.npy
    is 93 "$(head -c 1 t.npy | od -An -tx1 | tr -d ' ')" "first byte of t.npy"
    works table parity --lattice 4x4 --format json -o t.txt
    grep -q '"rows"' t.txt || complain "--format json is ignored"
    works table parity --lattice 4x4 --format npy
    cmp -s out t.npy || complain ".npy on a pipe differs from the file"
    "$program" table parity --lattice 4x4 --timings >out 2>err || complain "--timings fails"
    grep -q '^{"[a-z]*": .*"write": .*}$' err || complain "no timings: $(cat err)"
    only t.csv t.json t.npy t.txt
    rm t.*
}

test_plan() {
    works table random --lattice 4x4 --cuts all --plan -o t.csv
    says "^cuts  *32767"
    says "fits"
    works table random --lattice 4x4 --cuts all --part 2/8 --plan
    says "^cuts  *32767, at most 4097 different ones in part 2/8 "
    fails 3 "8.0 GiB.*pixels fit" table random --lattice 6x6 --cuts half --memory 1M
    "$program" table random --lattice 6x6 --cuts half --memory 1M --plan >out 2>err
    is 3 $? "exit code of a plan that does not fit"
    says "does not fit"
    works table connected --lattice 6x6 --memory 1M --plan --solver enumerate
    says "^function .*not known before enumeration (at most 8.0 GiB)"
    says "^memory limit .*not known before enumeration"
    works table independent-set --lattice 7x7 --plan
    says "^storage  *automaton$"
    says "^largest matrix  *at most 34 x 34$"
    works table independent-set --lattice 7x7 --plan --solver enumerate
    says "^images  *2^49$"
    says "^workspace  *not known before enumeration$"
    works table connected --lattice 4x4 --plan
    says "^images  *65536$"
    says "^memory limit .*: fits"
    only
}

test_files_stay_whole() {
    echo precious >t.csv
    fails 4 "Not a directory" table parity -o t.csv/table.csv
    fails 4 "No such file" table parity -o nowhere/table.csv
    mkdir folder
    fails 4 "Is a directory" table parity -o folder
    rmdir folder
    fails 4 "No space left" table parity -o /dev/full
    fails 2 "unknown problem" table nonsense -o t.csv
    fails 2 "0xffffffffff" table parity --cuts 0xffffffffff -o t.csv
    fails 3 "pixels fit" table random --lattice 6x6 --cuts half --memory 1M -o t.csv
    if [ -z "${CUTROPY_TEST_SMALL:-}" ]; then # sanitizers and coverage write files of their own
        (ulimit -f 1; exec "$program" table ghz --lattice chain:10 --cuts all -o t.csv) >out 2>err
        is 4 $? "exit code when the disk is full"
        is 1 "$(wc -l <err)" "lines when the disk is full"
    fi
    is precious "$(cat t.csv)" "the old file"
    only t.csv
    rm t.csv
}

test_names_of_standard_output() {
    works table parity --lattice 4x4
    mv out expected
    for name in - /dev/stdout /dev/fd/1 /proc/self/fd/1; do
        works table parity --lattice 4x4 -o $name
        cmp -s out expected || complain "-o $name differs from standard output"
        "$program" table parity --lattice 4x4 -o $name | cat >out
        cmp -s out expected || complain "-o $name differs on a pipe"
        works range parity --lattice 4x4 -o $name
        says "^0xf,"
    done
    (echo first; "$program" table parity --lattice 4x4 -o /dev/stdout; echo last) >out
    is 6 "$(wc -l <out)" "lines around a table on /dev/stdout"
    "$program" table parity --lattice 4x4 -o /dev/fd/7 7>third
    cmp -s third expected || complain "-o /dev/fd/7 differs from standard output"
    works table parity --lattice 4x4 -o - --format json
    says '"complete": true'
    fails 4 "Bad file descriptor" table parity -o /dev/fd/77
    only expected third
    rm expected third
}

test_standard_output() {
    "$program" table parity >/dev/full 2>err
    is 4 $? "exit code for a full standard output"
    is 1 "$(wc -l <err)" "lines for a full standard output"
    "$program" problems >/dev/full 2>err
    is 4 $? "exit code of problems for a full standard output"
    for name in $("$program" help | awk '/^Commands/ { on = 1; next } /^$/ { on = 0 } on { print $1 }') "problems majority" --version; do
        # shellcheck disable=SC2086
        "$program" $name $([ "$name" = help ] || echo --help) >/dev/full 2>err
        is 4 $? "exit code of '$name --help' for a full standard output"
        is 1 "$(wc -l <err)" "lines of '$name --help' for a full standard output"
    done
    "$program" table parity --lattice chain:16 --cuts all 2>err | true
    is 4 "${PIPESTATUS[0]}" "exit code when the reader goes away"
    [ -s err ] && complain "a closed pipe is reported: $(cat err)"
}

test_names_of_options() {
    fails 2 "unknown option '--latice'; did you mean --lattice?" table parity --latice 3x3
    fails 2 "unknown option '--latice=3x3'; did you mean --lattice?" table parity --latice=3x3
    fails 2 "unknown option '--nothing-like-it'; 'cutropy table --help' lists" table parity --nothing-like-it
    fails 2 "ambiguous" table parity --c rows
    works table parity --lat 2x2 --cut rows # what is no other option's beginning
    fails 2 "unknown problem '--latice'" table --lattice 2x2 -- --latice
    works table parity --lattice 2x2 -h
    says "^Usage: cutropy table"
    works help scaling
}

test_names_of_outputs() {
    fails 2 "'t.foo' ends in none of .csv, .json, .npy, .txt, .md, .tex: say which format" table parity --lattice 2x2 -o t.foo
    [ -e t.foo ] && complain "t.foo was written"
    works table parity --lattice 2x2 -o t.foo --format csv
    works table parity --lattice 2x2 -o ./no-ending
    cmp t.foo no-ending || complain "a name without ending is no CSV"
}

test_standard_input() {
    printf '110010\n001101\n' >list.txt
    works table list.txt --cuts all
    is "cutropy table: list.txt: read as 2 images of 6 pixels, each of label 1" "$note" "note"
    cp out expected
    works table - --cuts all <list.txt
    is "cutropy table: -: read as 2 images of 6 pixels, each of label 1" "$note" "note of standard input"
    cmp out expected || complain "standard input is another function"
    works table - --cuts all --quiet <list.txt
    is "" "$note" "note with --quiet"
    echo 'x<2' | "$program" table list.txt --quiet --cuts @-,0x7 >out 2>err || complain "cuts from standard input: $(cat err)"
    is "0x3 0x7" "$(column cut out)" "cuts from standard input"
}

test_threads_of_the_environment() {
    OMP_NUM_THREADS=1 works table parity --lattice 2x2 --format json
    says '"threads": 1,'
    OMP_NUM_THREADS=1 works table parity --lattice 2x2 --format json --threads 2
    says '"threads": 2,'
}

# Half a million unstructured cuts take minutes: the signal always comes first. It is sent when the progress line of the
# cuts appears on the terminal that `script` provides.
long="table random --lattice 4x5 --cuts all --no-symmetry -o t.json"

# stops_after SIGNAL
stops_after() {
    local word rest code screen
    echo precious >t.json
    mkfifo screen
    script -qefc "sh -c 'echo \$\$ >pid; exec \"$program\" $long'" /dev/null >screen </dev/null &
    screen=$!
    exec 3<screen
    while IFS= read -r -d ' ' word <&3; do
        case $word in *cuts) break ;; esac
    done
    kill -"$1" "$(cat pid)"
    tr '\r' '\n' <&3 >screen-text
    rest=$(grep stopped screen-text)
    grep -q "stopping: what is finished will be written; once more, a second later, ends at once and writes nothing" \
        screen-text || complain "after SIG$1 the terminal does not say what happens"
    exec 3<&-
    wait $screen
    is 130 $? "exit code after SIG$1"
    case $rest in
    *"cutropy table: stopped: t.json.partial has "*" of 524287 cuts"*) ;;
    *) complain "after SIG$1: $rest" ;;
    esac
    grep -q '"complete": false' t.json.partial || complain "the stopped table claims to be complete"
    is "$(echo "$rest" | sed 's/.*has \([0-9]*\) of.*/\1/')" "$(grep -c '"cut": "0x' t.json.partial)" "rows"
    is "}" "$(tail -1 t.json.partial)" "last line of the stopped table"
    is precious "$(cat t.json)" "the older file"
    rm screen screen-text pid t.json t.json.partial
}

test_stop_term() { stops_after TERM; }
test_stop_hup() { stops_after HUP; }

test_stop_at_once() {
    local pid
    echo precious >t.json
    # shellcheck disable=SC2086
    "$program" $long >out 2>err &
    pid=$!
    catches $pid
    while kill -TERM $pid 2>/dev/null; do :; done
    wait $pid
    is 130 $? "exit code after several SIGTERM"
    is precious "$(cat t.json)" "the old file after several SIGTERM"
    rm -f t.json t.json.partial .cutropy-*.tmp
}

run_tests
