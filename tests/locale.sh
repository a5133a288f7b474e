#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a test program under a locale with a decimal comma, made for the purpose; exit code 77 where none can be made.
# Usage: locale.sh PROGRAM FOLDER
set -u
mkdir -p "$2" || exit 1
if ! localedef -i de_DE -f UTF-8 "$2/de_DE.UTF-8" 2>"$2/log"; then
    echo "skipped: localedef cannot make de_DE.UTF-8 (Debian: apt-get install locales)" >&2
    exit 77
fi
LOCPATH=$(realpath "$2") exec "$1"
