#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# src/certify compiles against FLINT 3 too: its headers are unpacked from the package of a newer Debian, nothing is
# installed: flint3.sh SOURCE_DIR COMPILER. Skipped (77) where FLINT 3 is installed anyway, or the package cannot be had.
set -eu
source=$1 compiler=$2 release=trixie
skip() {
    echo "skipped: $1"
    exit 77
}
echo '#include <flint/flint.h>
#if __FLINT_RELEASE < 30000
#error FLINT 2
#endif' | "$compiler" -x c -fsyntax-only - 2>/dev/null && skip "FLINT 3 is what this machine has"
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || skip "no Debian here"
# shellcheck disable=SC2016 # apt's own variable
mirror=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | head -n 1)
[ -n "$mirror" ] || skip "apt knows no mirror"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
echo "deb $mirror $release main" >"$work/sources.list"
options=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::Languages=none
    -o APT::Sandbox::User=)
cd "$work"
apt-get "${options[@]}" update >log 2>&1 && apt-get "${options[@]}" download libflint-dev >>log 2>&1 ||
    skip "the package libflint-dev of Debian $release cannot be had: $(tail -n 1 log)"
dpkg-deb -x libflint-dev_*.deb flint
failed=0
for file in "$source"/src/certify/*.c; do
    "$compiler" -std=c11 -fsyntax-only -D_GNU_SOURCE -DCUTROPY_VERSION='""' -Wall -Wextra -Werror -I"$source/include" \
        -I"$source/src" -isystem flint/usr/include -isystem "flint/usr/include/$("$compiler" -dumpmachine)" "$file" || failed=1
done
[ $failed -eq 0 ] && echo "$(dpkg-deb -f libflint-dev_*.deb Version): src/certify compiles"
exit $failed
