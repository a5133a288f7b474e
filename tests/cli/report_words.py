#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What stands in reports of maps: no machine's names in titles, no heading twice, none of "1 symmetries", "-0 bits", "-1.68e-20 L".
usage: report_words.py REPORT.html..."""

import html
import re
import sys

MANY = r"(symmetries|bits|bonds|pixels|images|cuts|regions|pairs|points|vertices|classes|threads|rectangles|shapes)"
WRONG = {
    "one of many": rf"(?<![\d.,/xe^+-])1 {MANY}\b",
    "minus zero": r"(?<![\w.])-0(\.0*)?(?![\d.])",
    "rounding as a number": r"(?<![\d.])-?\d+(\.\d+)?e-(1[5-9]|[2-9]\d) (L|m|bits|corners|ends|parts|log2)\b",
    "a count in scientific notation": r"\d(\.\d+)?e\+?\d\d? " + MANY,
    "not a number": r"\b(nan|inf|NaN)\b",
}
ERRORS = re.compile(r"\(error of the entropies: [^)]*\)|largest entropy_err \S* bits")


def complaints(text):
    body = re.sub(r"<(script|svg|style)\b.*?</\1>", " ", text, flags=re.S)
    headings = re.findall(r"<(h[1-3]|title)>(.*?)</\1>", body, flags=re.S)
    titles = [title for level, title in headings if level != "title"]
    for title in {t for t in titles if titles.count(t) > 1}:
        yield f"heading twice: {title}"
    for _, title in headings:
        if re.search(r"\w:\w+=|=\w+,|[/\\]|\.npy:", title):
            yield f"machine's name in a title: {title}"
    words = ERRORS.sub("", html.unescape(re.sub(r"<[^>]*>", " ", body)))
    for name, pattern in WRONG.items():
        for found in re.finditer(pattern, words):
            yield f"{name}: ..{words[max(0, found.start() - 40):found.end() + 20]!r}.."


def main():
    planted = "<title>map of a:b=1</title><h2>x</h2><h2>x</h2>1 symmetries, -0 bits, -1.68e-20 L, after 1.2e17 symmetries, nan"
    if len(list(complaints(planted))) != 7:
        sys.exit(f"the check itself is broken: {list(complaints(planted))}")
    wrong = [f"{path}: {what}" for path in sys.argv[1:] for what in complaints(open(path, encoding="utf-8").read())]
    print("\n".join(wrong), end="\n" if wrong else "")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
