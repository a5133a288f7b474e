#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# C texts, CPU against device: compare_texts.sh PROGRAM [BACKEND [LATTICE...]]
#
# Prints one line a text, "TEXT LATTICE DIFFERENCE SECONDS_CPU SECONDS_DEVICE" (the largest difference of the entropies; the seconds of the
# evaluation, the compilers included), or says what differs, goes on and ends with status 1. Without a C compiler there is nothing to compare.
set -eu
program=$1 backend=${2:-cuda:0}
shift $(($# < 2 ? $# : 2))
[ $# -gt 0 ] || set -- 5x4 6x5:torus chain:30 chain:33:ring
command -v cc gcc clang >/dev/null || {
    echo "no C compiler"
    exit 0
}
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work CUTROPY_CUDA_HEAD_START=0
cat >"$work/apart.c" <<'END'
word label(const word *image)
{
    word bad = NONE;
    each_pixel(x, y)
        bad |= pixel(x, y) & (pixel(x + 1, y) | pixel(x, y + 1));
    return ~bad;
}
END
cat >"$work/counted.c" <<'END'
static const int steps[3] = {1, 2, 3};
word label(const word *image)
{
    word last[2] = {NONE, ALL}, mixed = pix(0);
    COUNTER(all);
    each_pixel(x, y)
        add(&all, pixel(x, y));
    for (int i = 0; i < 3; i++) {
        mixed ^= pix(steps[i]) & pix(N - 1);
        last[i % 2] &= ~pix(i);
    }
    return (exactly(&all, 7) | (at_least(&all, 9) & odd(&all))) ^ mixed ^ last[1];
}
END
cat >"$work/hashed.c" <<'END'
static const int weights[3] = {3, -1, 4};
int label(uint64_t image)
{
    uint64_t h = image * 0x9e3779b97f4a7c15ull;
    int sum = lit, seen[N] = {0};
    for (int i = 0; i < N; i++) {
        seen[(i * 5 + lit) % N] += pix(i);
        sum += weights[i % 3] * neighbours_of(i);
        h ^= h >> (i + 1);
    }
    return (sum + seen[lit % N] + (int)(h % 7)) % 3 == 0;
}
END
cat >"$work/whole.c" <<'END'
int64_t amplitude(uint64_t image)
{
    int y = 1;
    for (int i = 0; i < N; i++)
        y = (y * 3 + pix(i) * i) % 11;
    return y - 5;
}
END
cat >"$work/real.c" <<'END'
double amplitude(uint64_t image)
{
    double y = 0.3, step = 1.0 / 3;
    for (int i = 0; i < N; i++)
        y = pix(i) ? y * step + 1.0 / (i + 1) : y * 0.7 - step;
    return y;
}
END
# table TEXT LATTICE BACKEND: the table into BACKEND.csv, the seconds of the evaluation to standard output
table() {
    "$program" table "$work/$1.c" --lattice "$2" --cuts half --backend "$3" --timings -o "$work/$3.csv" >"$work/out" 2>"$work/said" || {
        echo "FAILED: $1 $2 on $3: $(head -n 3 "$work/said")" >&2
        exit 1
    }
    if grep -q 'the CPU evaluates' "$work/said"; then
        echo "FAILED: $1 $2 on $3: $(grep 'the CPU evaluates' "$work/said")" >&2
        exit 1
    fi
    sed -n 's/.*"evaluate": \([0-9.]*\).*/\1/p' "$work/said"
}
failed=0
for text in apart counted hashed whole real; do
    for lattice; do
        case $text:$lattice in
        whole:5x4 | real:5x4) ;;
        whole:* | real:* | hashed:*33*) continue ;; # 2^N numbers, and what keeps a CPU busy for long
        esac
        if cpu=$(table "$text" "$lattice" cpu) && device=$(table "$text" "$lattice" "$backend") &&
            difference=$(bash "$here/compare_tables.sh" "$work/cpu.csv" "$work/$backend.csv"); then
            echo "$text $lattice $difference $cpu $device"
        else
            failed=1
        fi
    done
done
exit "$failed"
