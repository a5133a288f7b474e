#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# emulation_mistake must end with a report: mistake.sh PROGRAM NAME PATTERN
set -u
output=$("$1" "$2" 2>&1) && { echo "$2: not found"; exit 1; }
grep -Eq "$3" <<<"$output" || { printf '%s\n' "$output"; echo "$2: no report like '$3'"; exit 1; }
