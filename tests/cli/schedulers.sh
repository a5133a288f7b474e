#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The examples of docs/long-runs.md for real: GNU parallel, concurrent.futures, and an array job of a Slurm that is started here, on one node:
# schedulers.sh PROGRAM. With CUTROPY_TEST_SCHEDULERS=1 only (half a minute); as root for Slurm. What is not installed is left out and said.
[ -n "${CUTROPY_TEST_SCHEDULERS:-}" ] || { echo "skipped: CUTROPY_TEST_SCHEDULERS=1 runs it"; exit 77; }
examples=$(cd "$(dirname "$0")/../../examples/long_runs" && pwd)
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"
export CUTROPY=$program
call=(random:seed=3 --lattice 4x3 --cuts all --certify --format csv)
part=(random:seed=3 --lattice 4x3 --cuts all --certify) # merge has the format

# same_as_alone EXAMPLE PARTS: its table is that of one process
same_as_alone() {
    [ -e alone.csv ] || works table "${call[@]}" -o alone.csv
    timeout 120 "$examples/$1" "$2" all.csv "${part[@]}" >log 2>&1 || complain "$1: $(cat log)"
    cmp alone.csv all.csv || complain "$1: other bytes"
    [ ! -e all.csv.parts ] || complain "$1 leaves $(ls all.csv.parts)"
    rm -f all.csv
}

test_parallel() {
    command -v parallel >/dev/null || { echo "left out: GNU parallel"; return; }
    same_as_alone with_parallel.sh 5
}

test_futures() {
    same_as_alone with_futures.py 3
}

# One node that is controller and worker, in a folder of its own.
start_slurm() {
    local host
    host=$(hostname -s)
    mkdir -p slurm/state slurm/spool slurm/munge
    chmod 755 "$work" slurm
    chown -R munge: slurm/munge
    head -c 1024 /dev/urandom >slurm/munge/key
    chown munge: slurm/munge/key
    chmod 400 slurm/munge/key
    setpriv --reuid munge --regid munge --clear-groups munged --foreground --force --socket="$work/slurm/munge/socket" --key-file="$work/slurm/munge/key" \
        --pid-file="$work/slurm/munge/pid" --log-file="$work/slurm/munge/log" --seed-file="$work/slurm/munge/seed" \
        >slurm/munged.out 2>&1 &
    daemons=$!
    cat >slurm/slurm.conf <<CONF
ClusterName=cutropy
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=17817
SlurmdPort=17818
AuthType=auth/munge
AuthInfo=socket=$work/slurm/munge/socket
SlurmUser=root
StateSaveLocation=$work/slurm/state
SlurmdSpoolDir=$work/slurm/spool
SlurmctldPidFile=$work/slurm/ctld.pid
SlurmdPidFile=$work/slurm/slurmd.pid
SlurmctldLogFile=$work/slurm/ctld.log
SlurmdLogFile=$work/slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1
ReturnToService=2
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES State=UP
CONF
    export SLURM_CONF=$work/slurm/slurm.conf
    slurmctld -D >slurm/ctld.out 2>&1 &
    daemons="$! $daemons"
    slurmd -D >slurm/slurmd.out 2>&1 &
    daemons="$! $daemons"
    local k
    for ((k = 0; k < 100; k++)); do
        sinfo -h -o %T 2>/dev/null | grep -q idle && return 0
        sleep 0.2
    done
    complain "Slurm does not start: $(tail -n 3 slurm/ctld.log slurm/slurmd.log slurm/munge/log 2>&1)"
    return 1
}

test_slurm() {
    local tool
    for tool in slurmctld slurmd sbatch munged setpriv; do
        command -v $tool >/dev/null || { echo "left out: Slurm ($tool is missing)"; return; }
    done
    [ "$(id -u)" -eq 0 ] || { echo "left out: Slurm (needs root)"; return; }
    local daemons
    start_slurm && CUTROPY_ISA=portable same_as_slurm
    # shellcheck disable=SC2086
    kill $daemons 2>/dev/null
    # shellcheck disable=SC2086
    wait $daemons 2>/dev/null
}
same_as_slurm() {
    rm -f alone.csv
    export CUTROPY_ISA
    same_as_alone with_slurm.sh 4
    # a call that was stopped goes on: part 2 is there, the others are missing
    mkdir all.csv.parts
    works table "${part[@]}" --part 2/4 -o all.csv.parts/2.part
    same_as_alone with_slurm.sh 4
}

run_tests
