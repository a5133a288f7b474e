# SPDX-License-Identifier: Apache-2.0
# What the tests of the command line share. Source it with the program as $1: it goes to a folder of its own, and
# run_tests runs every function test_*.
# shellcheck shell=bash
set -u
program=$(realpath "$1")
[ -x "$program" ] || { echo "no program: $program" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

complain() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

# The line that says how a file was read goes from ./err to $note.
set_note_aside() {
    note=$(grep ': read as ' err)
    sed -i '/: read as /d' err
}

# works ARGUMENT...: exit code 0, nothing on standard error but a note; the output is in ./out
works() {
    "$program" "$@" >out 2>err
    local code=$?
    set_note_aside
    [ $code -eq 0 ] || complain "cutropy $*: exit code $code: $(cat err)"
    [ -s err ] && complain "cutropy $*: standard error is not empty: $(cat err)"
}

# fails CODE PATTERN ARGUMENT...: this exit code, no output, one line that matches PATTERN
fails() {
    local code=$1 pattern=$2
    shift 2
    "$program" "$@" >out 2>err
    local got=$?
    set_note_aside
    [ $got -eq "$code" ] || complain "cutropy $*: exit code $got instead of $code: $(cat err)"
    [ -s out ] && complain "cutropy $*: there is output: $(head -1 out)"
    [ "$(wc -l <err)" -eq 1 ] || complain "cutropy $*: not one line: $(cat err)"
    grep -q -- "$pattern" err || complain "cutropy $*: '$(cat err)' lacks '$pattern'"
}

# says PATTERN: ./out has a line that matches
says() {
    grep -q -- "$1" out || complain "no line matches '$1' in: $(head -5 out)"
}

# is EXPECTED ACTUAL WHAT
is() {
    [ "$1" = "$2" ] || complain "$3: expected '$1', got '$2'"
}

# column NAME FILE: the cells of one CSV column, with spaces between
column() {
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
                          { printf "%s%s", n++ ? " " : "", $c }' "$2"
}

# catches PID: waits until the program has its own handler for SIGTERM (or has ended)
catches() {
    local caught
    until [ "/proc/$1/exe" -ef "$program" ]; do # before exec it is still the shell, with handlers of its own
        [ -e "/proc/$1/exe" ] || return
    done
    while caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null) && [ -n "$caught" ]; do
        [ $((0x$caught >> 14 & 1)) -eq 1 ] && return
    done
}

# run_tests: every function test_* of the script that sources this
run_tests() {
    local name
    for name in $(declare -F | awk '$3 ~ /^test_/ { print $3 }'); do
        rm -rf ./*
        "$name"
    done
    [ $failures -eq 0 ] && echo "all passed"
    [ $failures -eq 0 ]
}
