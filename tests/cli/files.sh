#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Nothing is lost: stopped and killed runs, full disks, outputs that are read, what the dead leave behind.
# Usage: files.sh PROGRAM FOLDER-OF-TESTS
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"
tests=$(realpath "$2")

# npy FILE: the labels 01101001
npy() {
    { printf '\x93NUMPY\x01\x00\x76\x00%-117s\n' "{'descr': '|u1', 'fortran_order': False, 'shape': (8,), }"
      printf '\0\1\1\0\1\0\0\1'; } >"$1"
}

# stopped PATTERN ARGUMENT...: after 0.3 seconds, or later on a machine that has found nothing by then; exit code 130, one line
# that matches. (Of threads that are stopped: signals.sh.)
stopped() {
    local pattern=$1 seconds code
    shift
    for seconds in 0.3 1 3 9 27 81; do
        rm -f ./*.journal # which would be refused without --resume
        timeout --foreground --preserve-status -s TERM $seconds "$program" "$@" --threads 1 >out 2>err
        code=$?
        grep -q -- "stopped: $pattern" err && break
    done
    is 130 $code "exit code of a stopped $1"
    grep -q -- "stopped: $pattern" err || complain "a stopped $*: '$(cat err)' lacks '$pattern'"
    is 1 "$(wc -l <err)" "lines of a stopped $1"
}

test_partial_tables() {
    local long="random --lattice 4x5 --cuts connected:10 --no-symmetry" form rows
    for form in csv json npy; do
        echo precious >t.$form
        # shellcheck disable=SC2086
        stopped "t.$form.partial has [0-9]\{3,\} of 25850 cuts" table $long -o t.$form
        is precious "$(head -1 t.$form)" "the older $form"
    done
    is "# partial: $(sed 's/.* has //; s/;.*//' err | head -1)" "# partial: $(head -c 300 t.npy.partial | grep -ao '[0-9]* of 25850 cuts')" "mark of .npy"
    grep -q '^# partial: [0-9]* of 25850 cuts$' t.csv.partial || complain "no mark in the CSV: $(head -1 t.csv.partial)"
    grep -q '"complete": false' t.json.partial || complain "no mark in the JSON"
    # partial tables are tables: check reads them
    head -40 t.csv.partial >few.csv.partial
    rows=$(($(wc -l <few.csv.partial) - 2)) # without the mark and the names
    works check few.csv.partial --problem random --lattice 4x5 --plain
    says "^$rows rows: $rows agree"
    # standard output is marked too
    # shellcheck disable=SC2086
    stopped "standard output has" table $long
    is "# partial" "$(head -1 out | cut -d: -f1)" "first line of a partial table"
    # what is complete has no mark, and leaves no .partial
    works table parity --lattice 2x2 -o new.csv
    grep -q partial new.csv && complain "a complete table is marked"
    [ -e new.csv.partial ] && complain "a complete run wrote new.csv.partial"
    # devices and descriptors are written directly
    # shellcheck disable=SC2086
    stopped "/dev/stdout has" table $long -o /dev/stdout
    [ -e /dev/stdout.partial ] && complain "there is a /dev/stdout.partial"
    ln -s t.csv link.csv
    # shellcheck disable=SC2086
    stopped "link.csv.partial has" table $long -o link.csv
    is precious "$(head -1 t.csv)" "the file behind a link"
}

test_partial_classes() {
    echo precious >t.csv
    stopped "t.csv.partial has [0-9]* of 2973990 cuts" table digits --against-rest --cuts connected:9 -o t.csv
    is precious "$(head -1 t.csv)" "the older table of classes"
    is "# partial" "$(head -1 t.csv.partial | cut -d: -f1)" "mark of a partial table of classes"
}

test_partial_analyses() {
    local form
    for form in csv json; do
        echo precious >t.$form
        stopped "t.$form.partial has [0-9]* of" range majority --lattice 4x5 --cuts connected:12 -o t.$form
        stopped "t.$form.partial has [0-9]* points, no fit" scaling random --lattice 4x5 --cuts connected:10 --no-symmetry -o t.$form
        stopped "t.$form.partial has [0-9]* of 8 points" expressivity cnn --lattice 4x5 --seeds 100000 -o t.$form
        is precious "$(head -1 t.$form)" "the older $form"
    done
}

test_outputs_that_are_read() {
    local name
    npy f.npy
    mkdir folder weights
    ln -s f.npy link.npy
    ln f.npy hard.npy
    cp f.npy before
    for name in f.npy ./f.npy folder/../f.npy "$PWD/f.npy" link.npy hard.npy; do
        fails 2 "'$name' would be overwritten: it is read by this call" table ./f.npy -o $name --format npy
    done
    fails 2 "it is read" table file:path=f.npy,format=table --certificate f.npy --cuts 0x1
    fails 2 "it is read" range ./f.npy -o f.npy --format npy
    fails 2 "it is read" verify ./f.npy -o f.npy --format npy
    fails 2 "it is read" scaling ./f.npy -o f.npy --format npy
    cmp -s f.npy before || complain "the function is overwritten"
    printf '0x1\n' >masks.txt
    fails 2 "it is read" table parity --cuts rows,@masks.txt -o masks.txt
    fails 2 "it is read" table parity --cuts @masks.txt --certificate ./masks.txt
    fails 2 "it is read" expressivity rbm --cuts @masks.txt -o masks.txt
    is 0x1 "$(cat masks.txt)" "the masks"
    # the .partial of an output is an output
    cp f.npy t.npy.partial
    fails 2 "t.npy.partial' would be overwritten: it is read" table file:path=t.npy.partial,format=table -o t.npy
    # weights: a file, a folder, a pattern
    printf 'x' >weights/1.npy
    fails 2 "it is read" expressivity rbm --weights "weights/{seed}.npy" --first-seed 1 --seeds 1 -o weights/1.npy --format npy
    # the checked table, its index
    works table parity --lattice 2x2 --certify -o t.csv
    fails 2 "it is read" check t.csv --problem parity --lattice 2x2 --report ./t.csv
    "$program" check t.csv --problem parity --lattice 2x2 >>t.csv 2>err
    is 2 $? "exit code of a report behind its own table"
    works check t.csv --problem parity --lattice 2x2
}

test_equal_outputs() {
    fails 2 "./t.csv' would be overwritten: it is also the output 't.csv'" \
        table parity --cuts 0x1 -o t.csv --certificate ./t.csv
    fails 2 "also the output" table parity --cuts 0x1 -o t.csv --certificate t.csv.partial
    mkdir folder
    fails 2 "also the output" table parity --cuts 0x1 -o folder/t.csv --certificate folder/../folder/t.csv
    fails 2 "also the output" expressivity rbm --lattice 2x2 --seeds 1 --pictures folder -o folder/expressivity.dat --format csv
    "$program" table parity --cuts 0x1 --certificate t.txt >t.txt 2>err
    is 2 $? "exit code of a certificate on standard output's file"
    works table parity --cuts 0x1 -o /dev/null --certificate /dev/null
    works table parity --cuts 0x1 -o /dev/stdout --certificate c.txt
}

# A picture that is stopped or fails leaves the older one.
test_pictures_of_networks() {
    mkdir -p fake pictures
    printf '#!/bin/sh\nexit 1\n' >fake/gnuplot
    chmod +x fake/gnuplot
    echo precious | tee pictures/expressivity.dat pictures/expressivity.svg >pictures/expressivity.gp
    PATH=$work/fake:$PATH "$program" expressivity rbm --lattice 2x2 --seeds 1 --pictures pictures >out 2>err
    is 4 $? "exit code when gnuplot fails"
    is "precious precious precious" "$(cat pictures/expressivity.* | xargs)" "the older pictures"
    stopped "standard output has 0 of 8 points" expressivity cnn --lattice 4x5 --seeds 100000 --pictures pictures
    is "precious precious precious" "$(cat pictures/expressivity.* | xargs)" "the older pictures"
}

test_full_disks() {
    local command
    echo precious >t.csv
    for command in "table parity --lattice 2x2" "range parity --lattice 2x2" "verify parity --lattice 2x2" \
        "scaling parity --lattice 4x4" "expressivity rbm --lattice 2x2 --seeds 1"; do
        # shellcheck disable=SC2086
        fails 4 "No space left" $command -o /dev/full --format csv
        # shellcheck disable=SC2086
        fails 4 "cannot write" $command -o /proc/nothing.csv
        # shellcheck disable=SC2086
        "$program" $command >/dev/full 2>err
        is 4 $? "exit code of $command for a full standard output"
    done
    fails 4 "No space left" table parity --cuts 0x1 -o t2.csv --certificate /dev/full
    [ -n "${CUTROPY_TEST_SMALL:-}" ] && return # sanitizers and coverage write files of their own
    (ulimit -f 1; exec "$program" range connected --lattice 3x3 --cuts all -o t.csv) >out 2>err
    is 4 $? "exit code of range on a full disk"
    (ulimit -f 1; exec "$program" scaling connected --lattice 3x3 --cuts all -o t.csv) >out 2>err
    is 4 $? "exit code of scaling on a full disk"
    is precious "$(head -1 t.csv)" "the older file"
    is "" "$(ls -A | grep tmp)" "temporary files after full disks"
}

test_abandoned_files() {
    local dead
    dead=$(bash -c 'echo $$')
    touch .cutropy-$dead-0.tmp .cutropy-$dead-12.tmp .cutropy-$$-0.tmp .cutropy-x-0.tmp .cutropy-$dead-0.tmp.txt \
        .cutropy-0$dead-0.tmp cutropy-$dead-0.tmp .cutropy-$dead-1.tmp
    mkdir .cutropy-$dead-2.tmp
    exec 9<.cutropy-$dead-1.tmp
    flock 9
    works table parity --lattice 2x2 -o t.csv
    is "$(printf '%s\n' .cutropy-$$-0.tmp .cutropy-$dead-1.tmp .cutropy-$dead-2.tmp | sort | xargs)" \
        "$(ls -dA .cutropy-[1-9]*.tmp | sort | xargs)" \
        "what a living process, a lock and a folder keep"
    is 3 "$(ls -dA .cutropy-x-0.tmp .cutropy-0$dead-0.tmp .cutropy-$dead-0.tmp.txt | wc -l)" "names of others"
    exec 9<&-
    works table parity --lattice 2x2 -o t.csv
    is "$(printf '%s\n' .cutropy-$$-0.tmp .cutropy-$dead-2.tmp | sort | xargs)" "$(ls -dA .cutropy-[1-9]*.tmp | sort | xargs)" "after the lock is gone"
    rm -rf .cutropy-*
}

# Killed at any moment: the file is the old one or the new one, nothing between.
test_killed() {
    local run pid old times=40
    [ -n "${CUTROPY_TEST_SMALL:-}" ] && times=5
    works table majority --lattice 4x4 --cuts all -o new.csv
    works table parity --lattice 4x4 --cuts all -o old.csv
    for ((run = 0; run < times; run++)); do
        cp old.csv t.csv
        "$program" table majority --lattice 4x4 --cuts all -o t.csv >/dev/null 2>&1 &
        pid=$!
        sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
        kill -"$([ $((run % 2)) -eq 0 ] && echo KILL || echo TERM)" $pid 2>/dev/null
        wait $pid 2>/dev/null
        cmp -s t.csv old.csv || cmp -s t.csv new.csv || complain "killed: t.csv is neither the old nor the new table"
        [ -e t.csv.partial ] && ! head -1 t.csv.partial | grep -q '^# partial: ' && complain "a partial table without its mark"
        rm -f t.csv.partial
    done
    works table majority --lattice 4x4 --cuts all -o t.csv
    cmp -s t.csv new.csv || complain "after kills the table is another one"
    is "" "$(ls -A | grep tmp)" "temporary files of the killed"
}

test_many_axes() {
    python3 -c "import numpy; numpy.save('four.npy', numpy.zeros((3, 1, 2, 2)))" 2>/dev/null || return 0
    fails 2 "and this one has 4: 3 x 1 x 2 x 2" table data:images=four.npy --cuts rows
}

run_tests
