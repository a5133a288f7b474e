#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Ranks of MPI share a table, which is that of one process; whatever happens to one of them, there is a line and a journal: ranks.sh PROGRAM MPIRUN
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"
source=$(cd "$OLDPWD" && cd "$(dirname "$0")/../.." && pwd)
mpirun=${2:-}
[ -x "$mpirun" ] || { echo "no launcher of MPI"; exit 77; }
unset CUTROPY_MPI CUTROPY_MPI_MODULE
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
OMPI_MCA_btl=self,vader,tcp timeout 60 "$mpirun" -n 2 true || { echo "the launcher starts nothing here"; exit 77; }

# ranks N ARGUMENT...: the exit code; output in ./out, messages in ./err
ranks() {
    local count=$1
    shift
    timeout 100 "$mpirun" -n "$count" "$program" "$@" >out 2>err
}
# shared N ARGUMENT...: works, without a word of the program
shared() {
    ranks "$@"
    local code=$?
    [ $code -eq 0 ] || complain "$*: exit code $code: $(cat err)"
    [ -z "$(own_line)" ] || complain "$*: standard error is not empty: $(cat err)"
}
# pid_of RANK: of the calls that are at work
pid_of() {
    local pid
    for pid in $(pgrep -f "^$program table"); do
        tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -Eqx "(OMPI_COMM_WORLD_RANK|PMI_RANK)=$1" && echo "$pid"
    done
}
# ends CODE FOUND WORDS: the launcher's exit code, which from Open MPI 5 on may be 1 instead of that of a rank
ends() {
    [ "$2" -ne 0 ] && ! "$mpirun" --version 2>&1 | grep -q "Open MPI) 4" || is "$1" "$2" "$3"
}
# own_line: lines of the program, not of the launcher
own_line() { grep -a '^cutropy' err; } # Open MPI 5 writes NUL bytes between lines

test_tables() {
    local call
    while read -r call; do
        # shellcheck disable=SC2086
        works table $call -o alone.csv
        # shellcheck disable=SC2086
        shared 4 table $call -o ranks.csv
        cmp alone.csv ranks.csv || complain "table $call: other bytes"
    done <<'CALLS'
random:seed=3 --lattice 4x3 --cuts all --no-symmetry
connected --lattice 4x4 --cuts rectangles --certify -q spectrum,tr_rho3
independent-set --lattice 8x8 --cuts prefixes --solver frontier
digits --against-rest --cuts columns
ising --lattice 5x4 --cuts 0x7 --solver enumerate
CALLS
    works table connected --lattice 4x4
    mv out alone
    shared 2 table connected --lattice 4x4
    cmp alone out || complain "other bytes on standard output"
    ls ./*.journal* 2>/dev/null && complain "a journal is left"
}

test_words() {
    ranks 2 map connected --lattice 3x3 -o m
    ends 2 $? "exit code of a command without ranks"
    is "cutropy map: only cutropy table shares its work among ranks: start this without mpirun" "$(own_line)" "another command"
    ranks 3 table connected --lattice 9y
    ends 2 $? "exit code of a bad lattice"
    is 1 "$(own_line | wc -l)" "lines about a bad lattice"
    CUTROPY_MPI_MODULE=./nowhere.so ranks 3 table connected --lattice 3x3 -o none.csv
    ends 6 $? "exit code without a module"
    own_line | grep -q "started as 3 processes by a launcher of MPI, but CUTROPY_MPI_MODULE: there is no file" || complain "without a module: $(cat err)"
    is 1 "$(own_line | wc -l)" "lines without a module"
    [ ! -e none.csv ] || complain "a table without a module"
    CUTROPY_MPI=off ranks 2 table connected --lattice 3x3
    is 6 "$(wc -l <out)" "lines of two processes for themselves"
    # shellcheck disable=SC2016
    timeout 60 "$mpirun" -n 2 sh -c "exec '$program' table random:seed=\${OMPI_COMM_WORLD_RANK:-\$PMI_RANK} --lattice 3x3" >out 2>err
    ends 2 $? "exit code of ranks with other work"
    own_line | grep -q "rank 1 (.*): does not do the work of rank 0: its problem is random" || complain "other work: $(cat err)"
}

# Settings that are none, ranks that write elsewhere, bytes on a terminal.
test_refusals() {
    local value
    for value in abc -1 0 0.5 1e9 ""; do
        CUTROPY_MPI_PATIENCE=$value fails 2 "CUTROPY_MPI_PATIENCE is a whole number of seconds" table connected --lattice 3x3
    done
    CUTROPY_MPI=yes fails 2 "CUTROPY_MPI is on or off, not 'yes'" table connected --lattice 3x3
    # shellcheck disable=SC2016
    timeout 60 "$mpirun" -n 2 sh -c "exec '$program' table connected --lattice 3x3 -o \${OMPI_COMM_WORLD_RANK:-\$PMI_RANK}.csv" >out 2>err
    ends 2 $? "exit code of ranks with different outputs"
    own_line | grep -q "rank 1 (.*): has '-o 1.csv', and rank 0 '-o 0.csv'" || complain "different outputs: $(cat err)"
    "$mpirun" --version 2>&1 | grep -q "Open MPI) 4" || return # it gives rank 0 a terminal
    ranks 2 table connected --lattice 3x3 --format npy
    own_line | grep -q "terminal (under MPI the launcher's own, wherever its output goes): use -o FILE" || complain "bytes on a terminal: $(cat err)"
}

# Who does not come at all is not waited for: MPI_Init has no end of its own.
test_absent_rank() {
    # shellcheck disable=SC2016
    CUTROPY_MPI_PATIENCE=2 timeout 60 "$mpirun" -n 2 sh -c "[ \${OMPI_COMM_WORLD_RANK:-\$PMI_RANK} = 0 ] || exec sleep 30; exec '$program' table connected --lattice 3x3" >out 2>err && complain "an absent rank is no failure"
    own_line | grep -q "not all of 2 ranks came to MPI_Init within 2 seconds" || complain "a rank that does not come: $(cat err)"
}

# What one rank lacks is one line.
test_poor_ranks() {
    mkdir rich poor
    python3 -c "import numpy; numpy.save('rich/f.npy', numpy.arange(64.0))" 2>/dev/null || return 0
    # shellcheck disable=SC2016
    timeout 60 "$mpirun" -n 2 sh -c "[ \${OMPI_COMM_WORLD_RANK:-\$PMI_RANK} = 0 ] && cd rich || cd poor; exec '$program' table ./f.npy --lattice chain:6 -o f.csv" >out 2>err
    ends 4 $? "exit code without a file"
    own_line | grep -q 'rank 1 (.*): cannot open ./f.npy: No such file' || complain "a rank without a file: $(cat err)"
    [ -z "$(ls poor)" ] || complain "another rank wrote: $(ls poor)"
    # shellcheck disable=SC2016
    timeout 60 "$mpirun" -n 2 sh -c "[ \${OMPI_COMM_WORLD_RANK:-\$PMI_RANK} = 0 ] || ulimit -v 250000; exec '$program' table random --lattice 4x3 -o m.csv" >out 2>err
    ends 3 $? "exit code without memory"
    own_line | grep -Eq 'rank 1( \(.*\))?: .*raise it \(ulimit -v\)' || complain "a rank without memory: $(cat err)"
}

# ended SIGNAL RANK: a long run, as soon as it has a journal
long=(table random:seed=3 --lattice 4x4 --cuts all --no-symmetry --certify)
ended() {
    local k
    rm -f long.csv*
    ranks 3 "${long[@]}" -o long.csv &
    for ((k = 0; k < 300; k++)); do [ -s long.csv.journal ] && break; sleep 0.05; done
    # shellcheck disable=SC2046
    kill -s "$1" $(pid_of "$2")
    wait $!
    code=$?
    [ -s long.csv.journal ] || complain "no journal after $1 of rank $2: $(cat err)"
    [ ! -e long.csv ] || complain "a table after $1 of rank $2"
}
test_lost_ranks() {
    local k
    export CUTROPY_MPI_PATIENCE=2
    ended KILL 1
    [ $code -ne 0 ] || complain "a killed rank is no failure"
    ended STOP 2
    ends 8 $code "exit code without a rank"
    own_line | grep -q "rank 2 (.*) is lost: nothing was heard of it for 2 seconds; the same call with --resume goes on" || complain "a silent rank: $(cat err)"
    ended TERM 0
    ends 130 $code "exit code of a run that was asked to stop"
    own_line | grep -q "stopped: long.csv.partial has [0-9]* of 32767 cuts; the same call with --resume goes on" || complain "a stopped run: $(cat err)"
    unset CUTROPY_MPI_PATIENCE
    "$mpirun" --version 2>&1 | grep -q "Open MPI) 4" || return
    rm -f long.csv*
    "$mpirun" -n 2 "$program" "${long[@]}" -o long.csv >out 2>err &
    for ((k = 0; k < 300; k++)); do [ -s long.csv.journal ] && break; sleep 0.05; done
    kill -s TERM $!
    wait $!
    own_line | grep -q "stopped: long.csv.partial has [0-9]* of 32767 cuts" || complain "a launcher that was stopped: $(cat err)"
    head -1 long.csv.partial | grep -q "# partial" || complain "no mark of a part"
}

# near ALONE RANKS: the same exact columns, and entropies within their errors
near() {
    cmp <(cut -d, -f1-3,6-13 "$1") <(cut -d, -f1-3,6-13 "$2") || complain "together: other exact numbers in $2"
    paste -d, "$1" "$2" | awk -F, 'NR > 1 { d = $4 - $17; if (!((d < 0 ? -d : d) <= $5 + $18) || $5 + $18 > 1e-8) exit 1 }' || complain "together: other entropies in $2"
}
# One cut has no room in any rank (8 MiB of matrix), the others have.
large=(table random:seed=3 --lattice chain:20 --cuts half,0xf,0xff)
test_together() {
    local count most=4 memory=7600K
    local -a call=("${large[@]}")
    "$mpirun" --version 2>&1 | grep -q "Open MPI" || most=$(nproc) # ranks of MPICH without a core of their own spin as long as they have another's
    works "${large[@]}" -o alone.csv
    fails 3 "a Gram matrix of dimension 1024 needs 8.0 MiB but 7.4 MiB may be used" "${large[@]/,*/}" --memory 7600K
    for count in 2 3 4; do
        [ "$count" -le "$most" ] || continue
        ranks "$count" "${call[@]}" --memory $memory -o ranks.csv
        local code=$?
        if grep -q "ScaLAPACK is not here (Debian: install libscalapack-" err; then
            ends 3 $code "exit code without ScaLAPACK"
            echo "not run: cuts of all ranks together (no ScaLAPACK)"
            return
        fi
        [ $code -eq 0 ] || complain "$count ranks together: exit code $code: $(cat err)"
        is "cutropy table: $count ranks together (ScaLAPACK) solved 1 different cut that no rank has memory for" "$(own_line)" "$count ranks together"
        near alone.csv ranks.csv
        memory=2000K call=("${large[@]/chain:20/chain:18}") # 2 MiB are enough for more ranks
        works "${call[@]}" -o alone.csv
    done
    ranks 2 "${large[@]}" --memory 7600K --format json --quiet
    says '"backend": "cpu (some cuts by 2 ranks together)"'
    [ -z "$(own_line)" ] || complain "together and quiet: $(cat err)"
    ranks 4 "${large[@]}" --memory 7600K --plan
    says "together        a cut that no rank has memory for is shared by all 4: at most [0-9.]* MiB of its matrix in each"
    ranks 2 "${large[@]}" --memory 3000K -o small.csv
    ends 3 $? "exit code of a cut that is too large for two"
    own_line | grep -q "needs 8.0 MiB but 2.9 MiB may be used.*; 2 ranks together: its share needs [0-9.]* MiB but 2.9 MiB may be used" || complain "too large for two: $(cat err)"
    CUTROPY_SCALAPACK=./nowhere.so ranks 2 "${large[@]}" --memory 7600K -o none.csv
    ends 3 $? "exit code without the named ScaLAPACK"
    own_line | grep -q "2 ranks together: .*CUTROPY_SCALAPACK: ./nowhere.so: cannot open" || complain "no ScaLAPACK: $(cat err)"
    CUTROPY_SCALAPACK=./nowhere.so ranks 2 "${large[@]}" --memory 7600K --plan
    says "together        no cut is shared by the ranks: CUTROPY_SCALAPACK: ./nowhere.so: cannot open"
}

# Ranks that are in ScaLAPACK (one in its place, that never ends, or fails) when another is lost, or the run is to stop.
test_lost_together() {
    local compiler=mpicc
    "$mpirun" --version 2>&1 | grep -q "Open MPI" || compiler=mpicc.mpich
    command -v "$compiler" >/dev/null || return
    cat >never.c <<'NEVER'
#include <fcntl.h>
#include <mpi.h>
#include <stdlib.h>
#include <unistd.h>
int Csys2blacs_handle(MPI_Comm c) { int rank; MPI_Comm_rank(c, &rank); return rank; }
void Cblacs_gridinit(int *c, const char *order, int rows, int columns) { (void)c, (void)order, (void)rows, (void)columns; }
void Cblacs_gridexit(int c) { (void)c; }
void pdsyev_(const char *a, const char *b, const int *n, double *m, const int *i, const int *j, const int *d, double *w, double *z,
             const int *k, const int *l, const int *e, double *work, const int *size, int *info);
void pdsyev_(const char *a, const char *b, const int *n, double *m, const int *i, const int *j, const int *d, double *w, double *z,
             const int *k, const int *l, const int *e, double *work, const int *size, int *info)
{
    (void)a, (void)b, (void)n, (void)m, (void)i, (void)j, (void)w, (void)z, (void)k, (void)l, (void)e, (void)work, (void)size;
    *info = 7;
    if (d[1] == 0)
        close(open("inside", O_CREAT | O_WRONLY, 0600));
    for (; !getenv("FAILS");)
        pause();
}
NEVER
    "$compiler" -shared -fPIC never.c -o never.so || complain "no library that never ends"
    export CUTROPY_MPI_PATIENCE=2 CUTROPY_SCALAPACK=./never.so
    FAILS=1 ranks 2 "${large[@]}" --memory 7600K -o fails.csv
    ends 5 $? "exit code of eigenvalues that fail"
    own_line | grep -q "ScaLAPACK: pdsyev ends with info = 7" || complain "eigenvalues that fail: $(cat err)"
    local k what
    for what in "STOP 1" "KILL 1" "TERM 0"; do
        rm -f inside lost.csv*
        ranks 3 "${large[@]}" --memory 7600K -o lost.csv &
        for ((k = 0; k < 300; k++)); do [ -e inside ] && break; sleep 0.05; done
        sleep 1.2 # a journal begins after a second
        # shellcheck disable=SC2046
        kill -s "${what% *}" $(pid_of "${what#* }")
        wait $!
        code=$?
        [ ! -e lost.csv ] || complain "a table after $what inside"
        case $what in
        STOP*) ends 8 $code "exit code of a rank that stops inside"
            own_line | grep -q "rank 1 (.*) is lost: nothing was heard of it for 2 seconds; the same call with --resume goes on" || complain "a rank that stops inside: $(cat err)" ;;
        KILL*) [ $code -ne 0 ] || complain "a rank that is killed inside is no failure" ;;
        TERM*) ends 130 $code "exit code of a stop inside"
            own_line | grep -q "stopped: lost.csv.partial has 2 of 3 cuts; the same call with --resume goes on" || complain "a stop inside: $(cat err)" ;;
        esac
        [ -s lost.csv.journal ] || complain "no journal after $what inside: $(cat err)"
    done
    unset CUTROPY_MPI_PATIENCE CUTROPY_SCALAPACK
    works "${large[@]}" -o alone.csv
    works "${large[@]}" -o lost.csv --resume --quiet
    cmp alone.csv lost.csv || complain "resumed after a loss inside: other bytes"
}

# By hand (CUTROPY_KILLS, scripts/kill-runs): any rank is killed, stops or is asked to stop at any moment of a table of small and large cuts, and
# the call goes on with 2 to 4 ranks, until it comes to its end.
test_killed_ranks() {
    local kills=${CUTROPY_KILLS:-0} k most rank signal code pid ends=0
    [ "$kills" -gt 0 ] || return 0
    large=(table random:seed=3 --lattice chain:20 --cuts half,0x3ff0,connected:6,0xfffc0 --no-symmetry)
    works "${large[@]}" -o alone.csv
    export CUTROPY_MPI_PATIENCE=2
    for ((k = 0; k < kills; k++)); do
        most=$((RANDOM % 3 + 2)) rank=$((RANDOM % most))
        signal=KILL
        [ $((RANDOM % 3)) -ne 0 ] || signal=STOP
        [ $rank -ne 0 ] || signal=TERM
        ranks "$most" "${large[@]}" --memory 7600K -o killed.csv --resume &
        pid=$!
        sleep "$(awk -v r=$RANDOM 'BEGIN { printf "%.2f", 0.3 + r / 32768 * 5 }')"
        # shellcheck disable=SC2046
        kill -s $signal $(pid_of $rank) 2>/dev/null
        wait $pid
        code=$?
        if [ $code -eq 0 ]; then
            ends=$((ends + 1))
            near alone.csv killed.csv
            rm -f killed.csv*
            continue
        fi
        [ $code -ne 124 ] || complain "rank $rank of $most, $signal: it does not end: $(cat err)"
        [ ! -e killed.csv ] || near alone.csv killed.csv
        [ "$(own_line | grep -vc 'going on from\|ranks together (ScaLAPACK)\|^cutropy: stopped$')" -le 1 ] || complain "rank $rank of $most, $signal: $(cat err)"
        # shellcheck disable=SC2046
        kill -s KILL $(pid_of "[0-9]*") 2>/dev/null && complain "rank $rank of $most, $signal: ranks are left"
    done
    unset CUTROPY_MPI_PATIENCE
    ranks 4 "${large[@]}" --memory 7600K -o killed.csv --resume --quiet || complain "the last run: $(cat err)"
    near alone.csv killed.csv
    echo "$kills signals, $ends runs came to their end between them"
}

# Who stops when all is done and said is not waited for without limit.
test_stopped_at_the_end() {
    cat >stop.c <<'STOP'
#include <signal.h>
int MPI_Finalize(void);
int MPI_Finalize(void) { return raise(SIGSTOP); }
STOP
    cc -shared -fPIC stop.c -o stop.so || complain "no library that stops"
    works table connected --lattice 3x3 -o alone.csv
    # shellcheck disable=SC2016
    CUTROPY_MPI_PATIENCE=1 timeout -k 5 60 "$mpirun" -n 3 sh -c "[ \${OMPI_COMM_WORLD_RANK:-\$PMI_RANK} = 0 ] || export LD_PRELOAD=$PWD/stop.so; exec '$program' table connected --lattice 3x3 -o stopped.csv" >out 2>err
    [ $? -ne 124 ] || complain "a rank that stops at the end is waited for: $(cat err)"
    cmp alone.csv stopped.csv || complain "stopped at the end: other bytes"
    is "cutropy: a rank did not come to the end of MPI; all cuts were done, and the table is complete" "$(own_line)" "stopped at the end"
}

# Another MPI: its module and its launcher.
test_mpich() {
    command -v mpicc.mpich >/dev/null && command -v mpirun.mpich >/dev/null || return 0
    mpicc.mpich -shared -fPIC -D_GNU_SOURCE -I "$source/src" -DCUTROPY_MPI_BUILT='"MPICH"' "$source"/src/backend/mpi/*.c -o mpich.so -lm || complain "no module for MPICH"
    local open=$mpirun mpirun=mpirun.mpich
    works table random:seed=3 --lattice 4x3 --cuts all -o alone.csv
    CUTROPY_MPI_MODULE=./mpich.so shared 3 table random:seed=3 --lattice 4x3 --cuts all -o ranks.csv
    cmp alone.csv ranks.csv || complain "MPICH: other bytes"
    "$program" info | grep -q "mpich" && return
    [ "$open" = "$(command -v mpirun.mpich)" ] || ranks 2 table connected --lattice 3x3
    own_line | grep -q "the launcher started 2 processes and MPI sees 1" || complain "another launcher: $(cat err)"
}

run_tests
