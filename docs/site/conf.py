# SPDX-License-Identifier: Apache-2.0
"""Sphinx makes one site of README.md, docs, the docstrings of the Python package and the comments of the headers (scripts/docs)."""

import re

project = "cutropy"
author = copyright = "the authors of cutropy"
extensions = ["myst_nb", "sphinx.ext.autodoc"]
nb_execution_mode = "force"  # of docs/site/tour.md, the only notebook
nb_execution_raise_on_error = True
nb_execution_timeout = 300
html_theme = "furo"
html_title = "cutropy"
html_copy_source = False
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # a page may begin its sections as GitHub shows them best
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
exclude_patterns = ["docs/pictures/README.md"]
html_extra_path = ["extra"]  # the gallery


def plain(app, what, name, obj, options, lines):
    """Docstrings are plain text: what would be markup is escaped, `x` is code, and so is what is indented by four behind an empty line."""
    out, code = [], False
    for line in lines:
        if code and line.startswith("    "):
            out.append(line)
            continue
        if line.startswith("    ") and out and not out[-1]:
            out += ["::", "", line]
            code = True
            continue
        code = code and not line
        pieces = line.split("`")
        if len(pieces) % 2 == 0:  # a backtick alone
            pieces = ["'".join(pieces)]
        pieces[::2] = [re.sub(r"([\\*|_])", r"\\\1", piece) for piece in pieces[::2]]
        out.append("``".join(pieces))
    lines[:] = out


def setup(app):
    app.connect("autodoc-process-docstring", plain)
