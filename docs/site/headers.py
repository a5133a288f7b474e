#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The comments of the public headers as pages of Markdown: headers.py INCLUDE_DIR OUTPUT_DIR.

The first comment of a header is the text of its page, a comment /* ---- words ---- */ a heading. Everything else comes in pieces as empty
lines part them: the comment at the start of a piece as text, the declarations below it as code."""

import html
import pathlib
import re
import sys
import textwrap

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
GUARDS = re.compile(r"^#ifdef __cplusplus\n[^#]*#endif\n|^#ifndef CUTROPY_(?:\w+_)?H\n#define \w+\n|^#include [^\n]*\n|^#endif\n\Z", re.MULTILINE)
NAMES = re.compile(r"cutropy_\w+|CUTROPY_(?!(?:\w+_)?H\b)\w+")


def words(comment):
    """A comment as Markdown: paragraphs, and what is indented as code."""
    lines = [re.sub(r"^ ?\* ?", "", line) for line in comment[2:-2].strip().splitlines()]
    paragraphs, out = re.split(r"\n\s*\n", "\n".join(lines)), []
    for text in paragraphs:
        if not text.strip():
            continue
        if all(line.startswith("  ") for line in text.splitlines()):
            language = "c" if re.search(r"\);$", text, re.MULTILINE) else "text"  # a table
            out.append(f"```{language}\n" + textwrap.dedent(text) + "\n```")
        else:
            text = html.escape(" ".join(text.split()), quote=False)
            out.append(re.sub(r"([\\*_\[\]`|$])", r"\\\1", text))
    return "\n\n".join(out)


def page(name, text):
    text = text.replace("/* SPDX-License-Identifier: Apache-2.0 */\n", "", 1)
    first = COMMENT.match(text)
    out = [f"# `cutropy/{name}`"]
    if first:
        out.append(words(first.group()))
        text = text[first.end():]
    names = set(NAMES.findall(text))
    text = GUARDS.sub("", text)
    for piece in re.split(r"\n\s*\n", text):
        piece = piece.strip("\n")
        comment = COMMENT.match(piece)
        heading = comment and re.fullmatch(r"/\* -{2,} (.*?) -{2,} \*/", comment.group(), re.DOTALL)
        if heading:
            out.append("## " + " ".join(heading.group(1).split()))
            piece = piece[comment.end():].strip("\n")
            comment = COMMENT.match(piece)
        if comment:
            out.append(words(comment.group()))
            piece = piece[comment.end():].strip("\n")
        if piece:
            out.append("```c\n" + piece + "\n```")
    made = "\n\n".join(out) + "\n"
    lost = names - set(NAMES.findall(made.replace("\\", "")))
    if lost:
        sys.exit(f"headers.py: the page of {name} has lost {', '.join(sorted(lost))}")
    return made


def main():
    include, output = map(pathlib.Path, sys.argv[1:])
    names = sorted(path.name for path in include.glob("*.h"))
    for name in names:
        (output / f"{name[:-2]}.md").write_text(page(name, (include / name).read_text(encoding="utf-8")), encoding="utf-8")
    listed = "\n".join(name[:-2] for name in names)
    (output / "index.md").write_text("# The headers\n\nWhat a C program includes; [C interface](../docs/c-api.md) is how to begin.\n\n"
                                     "```{toctree}\n:maxdepth: 1\n\n" + listed + "\n```\n", encoding="utf-8")


main()
