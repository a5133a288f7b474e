#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A signal is answered within a second, at every stage and at any moment; what was finished is written: signals.sh PROGRAM
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# On a loaded machine a process waits for its turn: what a second is there, is measured with a program that has nothing to do.
now() { date +%s%N; }
patience=3000 # ms; the program takes 0.3 s, and this machine runs other tests
small=${CUTROPY_TEST_SMALL:-}

# stopped SECONDS ARGUMENT...: a SIGTERM after SECONDS is answered in time, with 130; 1 when the run was over before
stopped() {
    local after=$1 pid code start took
    shift
    rm -f ./*.journal # which would be refused without --resume
    "$program" "$@" >out 2>err &
    pid=$!
    catches $pid # before main, the signal is the loader's
    sleep "$after"
    start=$(now)
    kill -TERM $pid 2>/dev/null
    wait $pid
    code=$?
    took=$((($(now) - start) / 1000000))
    [ $code -ne 0 ] || return 1
    [ $code -eq 130 ] || complain "cutropy $*, stopped after $after s: exit code $code: $(cat err)"
    [ $took -le $patience ] || complain "cutropy $*, stopped after $after s: took $took ms"
    [ "$(wc -l <err)" -eq 1 ] || complain "cutropy $*, stopped after $after s: not one line: $(cat err)"
    grep stopped err || complain "cutropy $*, stopped after $after s: $(cat err)"
}

# moment: a random time of day in the life of a run, in seconds
moment() { awk -v r=$RANDOM 'BEGIN { printf "%.2f", 0.02 + (r / 32768) ^ 3 * 2 }'; }

# One line a stage that takes longer than the test waits.
test_every_stage() {
    local rounds=2 k
    [ -z "$small" ] || rounds=1
    for ((k = 0; k < rounds; k++)); do
        stopped "$(moment)" table page --lattice chain:26 --cuts half           # evaluation, pages of memory
        stopped "$(moment)" table page:complex=1 --lattice chain:22 --cuts half # Gram matrix and Hermitian eigenvalues
        stopped "$(moment)" table random --lattice 5x5 --cuts half --certify    # eigenvectors, products, enclosures
        stopped "$(moment)" table random --lattice 4x4 --cuts half --digits 900 # FLINT: characteristic polynomial, roots
        stopped "$(moment)" table random --lattice 5x5 --cuts all               # many cuts
        stopped "$(moment)" table random --lattice 5x5 --cuts all --certify -o part.csv
        stopped "$(moment)" table primes --lattice chain:28 --cuts 0x3fff,0xfffc000 # one large quotient
        stopped "$(moment)" map random --lattice 5x5 -o map
        stopped "$(moment)" range random --lattice 5x5 --cuts all
        stopped "$(moment)" verify random --lattice 4x5 --cuts all
        stopped "$(moment)" scaling random --lattices 4x4..6x6
        stopped "$(moment)" expressivity mlp --lattice 5x5 --seeds 50
        stopped "$(moment)" ground-truth truth
    done
}

# A run that hangs in a routine of another library still leaves the cuts that were finished before.
test_finished_cuts_are_kept() {
    [ -z "$small" ] || return 0
    local after
    for after in 1 2 4 8 16 32 64; do # until it is inside the eigenproblem of 2048
        stopped $after table page --lattice chain:22 --cuts 0x1,half --certify --threads 1 -o kept.csv || break
        [ ! -e kept.csv ] || complain "a part looks like the whole"
        grep -qs ^0x1, kept.csv.partial && break
    done
    is "0x1" "$(awk -F, '/^0x/ { print $1 }' kept.csv.partial 2>/dev/null | paste -sd ' ')" "finished cuts"
    works table page --lattice chain:22 --cuts 0x1 --certify
    is "$(grep ^0x1, out)" "$(grep ^0x1, kept.csv.partial)" "the finished cut"
}

# GNU timeout sends two signals: one to the process and one to its group.
test_two_signals_are_one() {
    "$program" table random --lattice 4x4 --cuts all --certify -o two.csv 2>err &
    local pid=$!
    catches $pid
    sleep 1
    kill -TERM $pid && kill -TERM $pid && kill -INT $pid
    wait $pid
    is 130 $? "exit code after three signals at once"
    [ -s two.csv.partial ] || complain "three signals at once: no table: $(cat err)"
    rm -f two.csv.partial two.csv.journal
    timeout 1 "$program" table random --lattice 4x4 --cuts all --certify -o two.csv 2>err
    is 124 $? "exit code of timeout"
    [ -s two.csv.partial ] || complain "timeout: no table: $(cat err)"
}

# A file that would grow for hours is stopped too, and nothing of it stays.
test_no_file_stays() {
    mkdir here
    "$program" sample independent-set --lattice 8x8 --count 100000000000 --quiet -o here/big.npy >out 2>err &
    local pid=$! k code start guard
    for ((k = 0; k < 300; k++)); do # until it is written
        [ -z "$(ls -A here)" ] || break
        sleep 0.01
    done
    start=$(now)
    kill -TERM $pid
    (sleep 4 && kill -KILL $pid) 2>/dev/null &
    guard=$!
    wait $pid
    code=$?
    kill $guard 2>/dev/null
    is 130 $code "exit code while images are written"
    [ $((($(now) - start) / 1000000)) -le $patience ] || complain "images that are written delay the answer"
    grep -q "stopped after [0-9]* of 100000000000 images" err || complain "images: $(cat err)"
    is "" "$(ls -A here)" "files after a signal"
}

# A reader that takes nothing more is not waited for, and a second signal a second later ends everything.
test_a_reader_that_sleeps() {
    local pid start
    mkfifo pipe
    sleep 30 <pipe &
    "$program" table majority --lattice chain:16 --cuts all >pipe 2>err &
    pid=$!
    sleep 1
    start=$(now)
    kill -INT $pid
    wait $pid
    is 130 $? "exit code while the output is stuck"
    [ $((($(now) - start) / 1000000)) -le $patience ] || complain "a stuck output delays the answer"
    kill %1 2>/dev/null
    wait
}

# gone PROCESS: it does nothing any more
gone() { ! kill -0 "$1" 2>/dev/null || grep -qs '^State:.*Z' "/proc/$1/status"; }

# A compiler of C text has a group of its own, which ends with the program.
test_compilers_end() {
    cat >slow-cc <<'END'
#!/bin/sh
echo $$ >compiler
sleep 60 &
echo $! >started
wait
END
    chmod +x slow-cc
    CC=$PWD/slow-cc XDG_CACHE_HOME=$PWD "$program" table --expr 'lit == 3' --lattice 2x2 >out 2>err &
    local pid=$! k
    for ((k = 0; k < 300; k++)); do # until it runs
        [ ! -s started ] || break
        sleep 0.01
    done
    mkdir here
    cp compiler started here
    kill -TERM $pid
    wait $pid
    is 130 $? "exit code while a compiler runs"
    for ((k = 0; k < 300; k++)); do
        gone "$(cat here/compiler)" && gone "$(cat here/started)" && return 0
        sleep 0.01
    done
    complain "the compiler goes on"
}

# Before there is anything to keep, too: while the command line and files are read.
test_before_the_run() {
    mkfifo slow
    (sleep 5 >slow) &
    "$program" ground-truth here slow >out 2>err &
    local pid=$!
    catches $pid
    sleep 0.2
    kill -TERM $pid
    wait $pid
    is 130 $? "exit code while a file is read"
    kill %1 2>/dev/null
    wait
}

run_tests
