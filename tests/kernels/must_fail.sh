#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# must_fail.sh PROGRAM: succeeds when the test PROGRAM reports a failure or the emulation a violation.
output=$(CUTROPY_TEST_SMALL=1 CUTROPY_TEST_STOP=1 "$1" 2>&1) && { echo "the mistake was not found"; exit 1; }
printf '%s\n' "$output" | tail -n 5
grep -Eq 'Failures: [1-9]|Errors: [1-9]|emulation: ' <<<"$output"
