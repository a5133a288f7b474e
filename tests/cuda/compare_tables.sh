#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# compare_tables.sh A B: two CSV tables of the same cuts, from two backends. Integers and exact fractions are equal, real numbers
# differ by no more than both errors, brackets of an integer (31..32), which last bits of eigenvalues decide, have a number in common. Prints the largest
# difference of the entropies; a disagreement goes to standard error and makes the status 1.
set -eu
[ "$(wc -l <"$1")" -eq "$(wc -l <"$2")" ] || { echo "$1 and $2 have different numbers of lines" >&2; exit 1; }
paste -d '\n' "$1" "$2" | awk -F, '
function away(x, y) { return x > y ? x - y : y - x }
function low(x) { sub(/\.\..*/, "", x); return x + 0 }
function high(x) { sub(/.*\.\./, "", x); return x + 0 }
function bad(name, x, y) { printf "line %d: %s: %s and %s\n", int((NR + 1) / 2), name, x, y > "/dev/stderr"; wrong = 1 }
NR == 1 { columns = split($0, name, ","); next }
NR == 2 { if ($0 != header && split($0, other, ",") != columns) bad("header", columns, $0); next }
NR % 2 { split($0, a, ","); next }
{
    for (i = 1; i <= columns; i++) {
        if (name[i] ~ /_err$/) {
            continue
        } else if (name[i + 1] ~ /_err$/ && index(a[i] $i, "/") == 0) {
            difference = away(a[i], $i)
            if (!(difference <= a[i + 1] + $(i + 1))) bad(name[i], a[i], $i)
            if (name[i] ~ /^entropy_/ && difference > largest) largest = difference
        } else if ((a[i] $i) ~ /[0-9]\.\.[0-9]/) {
            if (low(a[i]) > high($i) || low($i) > high(a[i])) bad(name[i], a[i], $i)
        } else if (a[i] != $i) {
            bad(name[i], a[i], $i)
        }
    }
}
END { printf "%.3g\n", largest; exit wrong }'
