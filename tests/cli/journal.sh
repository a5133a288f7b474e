#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A run that is ended by anything goes on with --resume, and its table is that of an uninterrupted run; parts are the whole: journal.sh PROGRAM
# CUTROPY_KILLS: how many kills (scripts/kill-runs takes hundreds).
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

kills=${CUTROPY_KILLS:-3}
[ -z "${CUTROPY_TEST_SMALL:-}" ] || kills=3

# killed SIGNAL SECONDS ARGUMENT...: the exit code of a call that gets SIGNAL after SECONDS
killed() {
    local signal=$1 after=$2 pid
    shift 2
    "$program" "$@" >out 2>err &
    pid=$!
    [ "$signal" = KILL ] || catches $pid # before main, the signal is the loader's
    sleep "$after"
    kill -s "$signal" $pid 2>/dev/null
    wait $pid 2>/dev/null
}

# moment MOST: a random time, in seconds
moment() { awk -v r=$RANDOM -v most="$1" 'BEGIN { printf "%.2f", 0.05 + r / 32768 * most }'; }

# survives MOST FILE ARGUMENT...: the call with --resume is killed at random moments until it comes to its end, and again where kills are
# left that were asked for; FILE, or a folder with all that is in it, is then what it is without. The option $place names it
survives() {
    local most=$1 file=$2 option=${place:--o} k code signal
    shift 2
    rm -rf whole "$file" "$file.journal"
    works "$@" "$option" "$file" --quiet
    mv "$file" whole
    for ((k = 0; k <= kills; k++)); do
        signal=KILL
        [ $((k % 3)) -ne 2 ] || signal=TERM
        killed $signal "$(moment "$most")" "$@" "$option" "$file" --resume --quiet
        code=$?
        if [ $code -eq 0 ]; then
            is_whole "$file" "$*: killed $k times"
            [ -n "${CUTROPY_KILLS:-}" ] || return
            rm -rf "$file"
            continue
        fi
        [ $code -eq 137 ] || [ $code -eq 130 ] || complain "cutropy $*: exit code $code: $(cat err)"
        # killed between its table and its end: the table is whole
        [ ! -f "$file" ] || cmp whole "$file" || complain "cutropy $*: a killed run left $file"
        # what power loss does to the end of a file
        [ $((k % 2)) -eq 0 ] || [ ! -s "$file.journal" ] || truncate -s -$((RANDOM % 300 + 1)) "$file.journal" 2>/dev/null
    done
    works "$@" "$option" "$file" --resume --quiet
    is_whole "$file" "$*: killed $k times"
}

# is_whole FILE CALL: it is the one of an undisturbed run, and nothing is left beside it
is_whole() {
    diff -rq -I '^<tr><th>\(Command\|Time\)<' whole "$1" || complain "cutropy $2: other bytes"
    [ ! -e "$1.journal" ] || complain "cutropy $2: the journal is still there"
}

test_killed_tables() {
    survives 2 t.csv table random:seed=3 --lattice 5x3 --cuts all --no-symmetry --threads 1 --format csv
    [ -z "${CUTROPY_TEST_SMALL:-}" ] || return 0
    survives 2 d.csv table page --lattice chain:9 --cuts all --certify --format csv --quantities renyi:0.5
    survives 1.5 c.csv table digits --against-rest --cuts connected:5 --format csv
}

test_killed_analyses() {
    [ -z "${CUTROPY_TEST_SMALL:-}" ] || return 0
    [ -n "${CUTROPY_KILLS:-}" ] || local kills=2
    survives 2 m map random:seed=5 --lattice 4x4 --certify
    works table random:seed=3 --lattice 4x3 --cuts all --no-symmetry -o checked.csv
    place=--report survives 2 k.csv check checked.csv --problem random:seed=3 --lattice 4x3
    [ -n "${CUTROPY_KILLS:-}" ] || return 0
    survives 4 s.csv scaling connected --lattices 3x3..5x5 --format csv
    survives 4 e.csv expressivity mlp --lattice 4x4 --seeds 20 --format csv
    survives 4 r.csv range random --lattice 4x4 --cuts all --format csv
    survives 4 f.csv table independent-set --lattice 12x12 --cuts prefixes --certify --format csv
}

# Whatever was stopped says how to go on, and what is there is not thrown away.
test_words() {
    killed TERM 2.5 table random:seed=3 --lattice 4x4 --cuts all --no-symmetry --threads 1 --certify -o w.csv
    # values and proofs are counted apart, the same way by whoever says it
    local held='[0-9]* values and [0-9]* proofs'
    grep -q "w.csv.partial has [0-9]* of 32767 cuts; $held are kept: the same call with --resume goes on\$" err || complain "a stopped run says: $(cat err)"
    is 1 "$(wc -l <err)" "lines of a stopped run"
    held=$(grep -o "$held" err)
    awk '{ exit $1 > 32767 || $4 > $1 }' <<<"$held" || complain "$held of 32767 cuts"
    fails 2 "'w.csv.journal' holds $held of a run that did not come to its end: resume it (--resume), or remove the file" \
        table random:seed=3 --lattice 4x4 --cuts all --no-symmetry -o w.csv
    fails 2 "is of another run, whose problem is random.*seed=3, not random.*seed=4" table random:seed=4 --lattice 4x4 --cuts all --resume -o w.csv
    fails 2 "whose list of quantities is , not renyi_2" table random:seed=3 --lattice 4x4 --cuts all --no-symmetry --certify -q renyi:2 --resume -o w.csv
    grep -q avx2 /proc/cpuinfo && CUTROPY_ISA=portable fails 2 "whose instruction set (CUTROPY_ISA) is" table random:seed=3 --lattice 4x4 --cuts all --no-symmetry --certify --resume -o w.csv
    fails 2 "resume goes on from the journal beside a file" table connected --resume
    killed KILL 1.5 table random:seed=3 --lattice 4x4 --cuts all --no-symmetry --threads 1 --certify -o w.csv --resume
    grep -q "w.csv.journal: going on from $held" err || complain "a resumed run says: $(cat err)"
    echo text >n.csv.journal
    fails 2 "'n.csv.journal' is no journal of cutropy: remove it, or name another output" table connected -o n.csv
    ln -s nowhere l.csv.journal
    fails 4 "'l.csv.journal' is a link to a file that is not there: remove it" table connected -o l.csv
    local size # of what survived; a line in the middle gets another digit
    size=$(stat -c %s w.csv.journal)
    printf x | dd of=w.csv.journal bs=1 seek=$((size - 200)) conv=notrunc 2>/dev/null
    killed TERM 1 table random:seed=3 --lattice 4x4 --cuts all --no-symmetry --threads 1 --certify -o w.csv --resume --quiet
    grep -q "'w.csv.journal' was damaged behind [0-9]* values and [0-9]* proofs: [0-9]* bytes were cut off" err || complain "a damaged journal: $(cat err)"
    echo 0xf >m.csv.journal
    fails 2 "'m.csv.journal' would be overwritten: it is read" table connected --cuts @m.csv.journal -o m.csv
}

# Proofs make no cuts of their own, and a table that is whole leaves nothing of the stopped one beside it.
test_going_on() {
    local call="table random:seed=5 --lattice 4x4 --cuts connected:7 --no-symmetry --threads 1 --certify --resume" name
    for name in g.csv g.json g.md; do
        # shellcheck disable=SC2086
        killed TERM 1.5 $call -o $name
        [ -e $name.journal ] || continue # it had no second, or was done
        # shellcheck disable=SC2086
        works $call --quiet -o $name
        [ ! -e $name.partial ] || complain "$name.partial stays"
    done
    echo precious >h.csv.partial # somebody else's
    # shellcheck disable=SC2086
    killed KILL 1.5 $call -o h.csv
    # shellcheck disable=SC2086
    works $call --quiet -o h.csv
    is precious "$(cat h.csv.partial)" "a file that says nothing of this run"
    killed TERM 2 range random --lattice 5x5 --cuts rectangles --threads 1 -o r.csv
    grep -q "stopped.*; the same call with --resume goes on$" err || complain "a stopped range says: $(cat err)"
}

# A disk that fills up ends the run with a line; what the journal holds is whole, and the run goes on when there is room.
test_full_disk() {
    local call=(table random:seed=3 --lattice 4x4 --cuts all --no-symmetry --threads 1 --certify -o full.csv)
    (ulimit -f 200 && "$program" "${call[@]}" --quiet >out 2>err)
    is 4 $? "exit code of a full disk"
    grep -q "cannot write 'full.csv.journal': File too large: what it holds stays, and --resume goes on from there" err ||
        complain "a full disk says: $(cat err)"
    is 1 "$(wc -l <err)" "lines of a full disk"
    tail -c 1 full.csv.journal | od -An -c | grep -q '\\n' || complain "the journal ends within a line"
    "$program" "${call[@]}" --resume >out 2>err &
    sleep 1.5
    kill $! 2>/dev/null
    wait $!
    grep -q "going on from [0-9]* values and [0-9]* proofs$" err || complain "after a full disk: $(cat err)"
    mkdir disk
    if mount -t tmpfs -o size=200k tmpfs disk 2>/dev/null; then
        "$program" table random:seed=3 --lattice 4x4 --cuts all --no-symmetry --threads 1 --certify -o disk/full.csv --quiet >out 2>err
        is 4 $? "exit code of a full tmpfs"
        grep -q "No space left on device: what it holds stays" err || complain "a full tmpfs says: $(cat err)"
        umount disk
    fi
}

test_two_runs_on_one_output() {
    "$program" table random:seed=3 --lattice 4x4 --cuts all --no-symmetry --threads 1 --certify -o two.csv >/dev/null 2>&1 &
    local pid=$! k
    for ((k = 0; k < 1200; k++)); do [ -e two.csv.journal ] && break; sleep 0.1; done
    fails 4 "'two.csv.journal' is being written by another run: wait for it, or name another output" \
        table random:seed=3 --lattice 4x4 --cuts all --no-symmetry -o two.csv --resume
    kill -KILL $pid
    wait $pid 2>/dev/null
}

# A short run leaves nothing beside its table.
test_short_runs() {
    works table connected --lattice 4x4 -o short.csv
    works table connected --lattice 4x4 -o short.csv --resume
    is "short.csv" "$(ls short*)" "files of a short run"
}

test_parts() {
    local i
    works table connected --lattice 4x4 --cuts rectangles -o whole.json
    works table connected --lattice 4x4 --cuts rectangles -o whole.csv
    for i in 1 2 3; do works table connected --lattice 4x4 --cuts rectangles --part $i/3 -o $i.part; done
    works merge 3.part 1.part 2.part -o merged.csv
    cmp whole.csv merged.csv || complain "the parts are not the whole"
    works merge 2.part 1.part 3.part
    cmp whole.csv out || complain "the parts are not the whole, on standard output"
    works merge [123].part -o merged.json
    is "$(sed '/"timings"/,/}/d' whole.json)" "$(sed '/"timings"/,/}/d' merged.json)" "JSON of parts, but for seconds"
    works table connected --lattice 4x4 --cuts rectangles --base e
    mv out nats.csv
    works merge [123].part --base e
    cmp nats.csv out || complain "the parts are not the whole, in nats"
    fails 2 "part 2 of 3 is missing" merge 1.part 3.part
    fails 2 "'1.part' and './1.part' are both part 1 of 3" merge 1.part 2.part ./1.part
    works table connected --lattice 4x4 --cuts pairs --part 2/3 -o other.part
    fails 2 "'other.part' is of another run than '1.part': its list of cuts is" merge 1.part other.part 3.part
    head -c 1000 3.part >torn.part
    fails 2 "'torn.part' is damaged, or not whole: compute this part again" merge 1.part 2.part torn.part
    fails 2 "'whole.csv' is no part of a run" merge whole.csv
    fails 4 "cannot read 'nothing.part'" merge nothing.part
    fails 2 "'1.part' would be overwritten" merge [123].part --format csv -o 1.part
    fails 2 "which parts?" merge
    fails 2 "part 4/3: give I/K, part I of K, with I from 1 to K" table connected --part 4/3
    fails 2 "contradictory options: --format and --base are for cutropy merge" table connected --part 1/3 --base e
    fails 2 "'3b.csv': a part is no table yet; name it .part" table connected --part 1/3 -o 3b.csv
    fails 2 "contradictory options: --part is a share of the cuts of one function" table digits --part 1/3 --against-rest
}

# A part that is stopped goes on too.
test_killed_part() {
    local call=(table random:seed=3 --lattice 5x3 --cuts all --no-symmetry --threads 1 --part 2/2)
    works "${call[@]}" -o whole.part
    killed TERM 1.5 "${call[@]}" -o 2.part
    if [ -s 2.part.journal ]; then
        [ ! -e 2.part ] || complain "a stopped part looks finished"
        grep -q 'stopped after [0-9]* of 819[0-9] different cuts of this part: the same call with --resume goes on' err || complain "$(cat err)"
    fi
    rm -f 2.part
    works "${call[@]}" -o 2.part --resume --quiet
    sed -i '/^result/d; s/ [0-9a-f]*$//' whole.part 2.part # but for seconds, and the checks that follow from them
    cmp whole.part 2.part || complain "a part that was stopped is another"
}

run_tests
