#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may include whom.

src/verifier stands apart: it includes its own folder and system headers only, and nobody includes it, so that the
program that checks certificates shares no code with the one that makes them.

Layers, lowest first: base < lattice < problem, input, ctext < backend < frontier < certify < engine < sheet < output < analysis < cli. A file includes its
own folder and lower layers; an include of a later layer is an error, and so is one between two folders of the same
level, but for those in SIDEWAYS. One external header has one owner. Within a folder too there is no circle: X.c with
X.h is one node, and points to Y where one of them includes Y.h.

The same holds for the folders of src/engine, lowest first: function < cut < record < prove < solver < state < run, and for those of
src/analysis (INNER), and no file lies beside them. As the include of a lower header could hide the call of a higher folder, a function that a header there
declares is defined in the header's folder. And the page that says where things are, docs/design.md, names no file that is not there.
usage: test_layering.py SOURCE_DIR
"""

import pathlib
import re
import sys

LEVEL = {"base": 0, "lattice": 1, "problem": 2, "input": 2, "ctext": 2, "backend": 3, "frontier": 4, "certify": 5, "engine": 6, "sheet": 7,
         "output": 8, "analysis": 9, "cli": 10}
INNER = {"engine": ["function", "cut", "record", "prove", "solver", "state", "run"],  # folders of a layer, lowest first
         "analysis": ["common", "order", "export", "range", "scaling", "information", "map", "verify", "check", "plot", "truth", "bench",
                      "expressivity"]}
SIDEWAYS = {("problem", "input"), ("problem", "ctext")}  # a problem reads its file, or has it compiled

# header -> places that may include it, as prefixes of a path below src/
OWNERS = {
    "omp.h": [],  # loops run on base/parallel.c
    "lapacke.h": ["backend/cpu/"],
    "lapack.h": ["backend/cpu/"],
    "cblas.h": ["backend/cpu/"],
    "jansson.h": ["sheet/", "output/", "analysis/", "cli/"],
    "zlib.h": ["input/"],
    "unzip.h": ["input/"],
    "png.h": ["input/"],
    "argp.h": ["cli/"],
    "arb.h": ["certify/"],
    "flint.h": ["certify/"],
    "fmpz.h": ["certify/"],
    "mpi.h": ["backend/mpi/"],
    "gmp.h": ["base/big.c", "verifier/"],
}
APART = "verifier"
APART_SYSTEM = re.compile(r"^(gmp|errno|float|limits|stdarg|stdbool|stddef|stdint|stdio|stdlib|string)\.h$")
CUDA = re.compile(r"^(cuda|cub|cublas|cusolver|thrust|cooperative_groups)")
DECLARED = re.compile(r"^(?!static)\w[^;{}()#]*?\b(\w+)\([^{}]*?\);", re.MULTILINE)
DEFINED = re.compile(r"^(?!static)\w[^;{}()#]*?\b(\w+)\([^;{}]*\)\n\{", re.MULTILINE)
NAMED = re.compile(r"(?<![\w./*-])((?:[\w-]+/)*\w+\.(?:c|h|cu|py|cpp|cmake))\b(?!\()")  # a file, in words
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def owner_error(path, header):
    name = header.rsplit("/", 1)[-1]
    if CUDA.match(header) and not path.startswith("backend/cuda"):
        return "CUDA belongs to kernels and backend/cuda"
    if name in OWNERS and not any(path.startswith(place) for place in OWNERS[name]):
        return f"{name} belongs to {' and '.join(OWNERS[name])}"
    return None


def apart_error(path, quote, header):
    """The verifier: its own folder and the C library; for the others: never the verifier."""
    inside, target = path.split("/")[0] == APART, header.split("/")[0] == APART
    if inside and quote == '"' and not target:
        return "the verifier includes nothing from outside its folder"
    if inside and quote == "<" and not APART_SYSTEM.match(header):
        return "the verifier needs the C library and gmp.h only"
    if target and not inside:
        return "the verifier stands apart"
    return None


def inner_error(layer, folder, target):
    """Of two folders of a layer."""
    levels = INNER[layer]
    if folder in levels and target in levels and levels.index(target) > levels.index(folder):
        return f"{layer}/{folder} is below {layer}/{target}"
    return None


def inner_place(path):
    """LAYER/FOLDER of a path in a layer that has folders, the layer alone for a file beside them; None: of any other."""
    layer, folder = (path.split("/") + [""])[:2]
    return None if layer not in INNER else f"{layer}/{folder}" if folder in INNER[layer] else layer


def strangers(texts):
    """Files beside the folders of a layer, and functions that are not defined where they are declared."""
    errors = [f"{path}: lies in none of the folders of src/{inner_place(path)}" for path in texts if inner_place(path) in INNER]
    home = {name: inner_place(path) for path, text in texts.items() if path.endswith(".c") for name in DEFINED.findall(text)}
    for path, text in texts.items():
        if path.endswith(".h") and inner_place(path):
            errors += [f"{path}: {name} is defined in {home[name]}" for name in DECLARED.findall(text)
                       if (home.get(name) or inner_place(path)) != inner_place(path)]
    return errors


def layer_error(path, header):
    folder, target = path.split("/")[0], header.split("/")[0]
    if folder == APART:
        return None
    if folder not in LEVEL:
        return f"folder {folder} has no place in the list of layers"
    if folder == target and folder in INNER:
        return inner_error(folder, path.split("/")[1], header.split("/")[1])
    if target not in LEVEL or target == folder:
        return None
    if LEVEL[target] > LEVEL[folder]:
        return f"{folder} is below {target}"
    if LEVEL[target] == LEVEL[folder] and (folder, target) not in SIDEWAYS:
        return f"{folder} and {target} stand side by side"
    return None


def check(path, text, known):
    """Errors of one file; known: every path below src/, to resolve quoted includes."""
    errors = []
    for quote, header in INCLUDE.findall(text):
        if quote == '"':
            header = resolve(path, header, known) or header
            if header not in known and ".." in header:
                errors.append(f"{path}: \"{header}\": include by the path below src")
                continue
        reason = apart_error(path, quote, header)
        reason = reason or (owner_error(path, header) if quote == "<" else layer_error(path, header))
        if reason:
            errors.append(f"{path}: includes {header}: {reason}")
    return errors


def resolve(path, header, known):
    """The path below src/ of a quoted include; None: it is none of ours."""
    beside = (pathlib.PurePosixPath(path).parent / header).as_posix()
    return header if header in known else beside if beside in known else None


def points_to(texts):
    """node -> nodes whose headers it includes; texts: path -> text."""
    graph = {path.rsplit(".", 1)[0]: set() for path in texts}
    for path, text in texts.items():
        node = path.rsplit(".", 1)[0]
        for quote, header in INCLUDE.findall(text):
            target = resolve(path, header, texts) if quote == '"' else None
            if target and target.rsplit(".", 1)[0] != node:
                graph[node].add(target.rsplit(".", 1)[0])
    return graph


def circles(texts):
    """One error for each set of files that all reach each other."""
    graph = points_to(texts)

    def reach(start, edges):
        seen, todo = set(), [start]
        while todo:
            for node in edges[todo.pop()] - seen:
                seen.add(node)
                todo.append(node)
        return seen

    errors, done = [], set()
    back = {node: set() for node in graph}
    for node, targets in graph.items():
        for target in targets:
            back[target].add(node)
    for node in sorted(graph):
        if node not in done:
            circle = reach(node, graph) & reach(node, back)
            done |= circle
            if circle:
                errors.append(f"a circle: {', '.join(sorted(circle))}")
    return errors


def self_test():
    known = {"engine/run/run.h", "engine/cut/gram.h", "analysis/common/fit.h", "base/base.h", "output/csv.h", "verifier/read.h"}
    cases = [
        ("base/status.c", '#include "engine/run/run.h"\n', 1),
        ("engine/run/run.c", '#include "base/base.h"\n#include "run.h"\n', 0),
        ("output/csv.c", '#include "analysis/common/fit.h"\n', 1),
        ("engine/run/run.c", "#  include <omp.h>\n", 1),
        ("backend/cpu/gram.c", "#include <omp.h>\n#include <cblas.h>\n", 1),
        ("output/json.c", "#include <jansson.h>\n", 0),
        ("problem/file.c", '#include "input/npy.h"\n#include <zlib.h>\n', 1),
        ("backend/cpu/cpu.c", "#include <cuda_runtime.h>\n", 1),
        ("verifier/read.c", '#include <gmp.h>\n#include <string.h>\n#include "verifier/read.h"\n#include "read.h"\n', 0),
        ("verifier/read.c", '#include "base/base.h"\n', 1),
        ("verifier/read.c", '#include "../base/base.h"\n', 1),
        ("verifier/read.c", "#include <cutropy/status.h>\n", 1),
        ("verifier/read.c", "#include <lapacke.h>\n#include <omp.h>\n", 2),
        ("output/json.c", '#include "verifier/read.h"\n', 1),
        ("output/json.c", "#include <verifier/read.h>\n", 1),
        ("engine/run/run.c", "#include <gmp.h>\n", 1),
        ("engine/run/run.c", '#include "engine/cut/gram.h"\n', 0),
        ("engine/cut/gram.c", '#include "engine/run/run.h"\n#include "gram.h"\n', 1),
        ("engine/cut/gram.c", '#include "../run/run.h"\n', 1),
    ]
    for path, text, expected in cases:
        found = len(check(path, text, known))
        assert found == expected, f"self-test: {path}: {found} errors, not {expected}"
    a, b, c = '#include "engine/a.h"\n', '#include "engine/b.h"\n', '#include "c.h"\n'
    graphs = [
        ({"engine/a.c": a + b, "engine/a.h": "", "engine/b.c": b, "engine/b.h": ""}, 0),
        ({"engine/a.c": b, "engine/a.h": "", "engine/b.c": a, "engine/b.h": ""}, 1),  # by their .c files alone
        ({"engine/a.h": b, "engine/b.h": c, "engine/c.h": "", "engine/c.c": a + "#include <b.h>\n"}, 1),
        ({"engine/a.h": b, "engine/b.h": c, "engine/c.h": ""}, 0),
        ({"engine/a.h": b, "engine/b.h": a, "base/c.h": '#include "d.h"\n', "base/d.h": c}, 2),
    ]
    for texts, expected in graphs:
        found = circles(texts)
        assert len(found) == expected, f"self-test: {found}, not {expected} circles"
    declares = "ct_status ct_a(int x,\n               int y);\n"
    defines = "ct_status ct_a(int x,\n               int y)\n{\n}\n"
    homes = [
        ({"engine/cut/a.h": declares, "engine/cut/b.c": defines}, 0),
        ({"engine/cut/a.h": declares, "engine/run/a.c": defines}, 1),
        ({"engine/cut/a.h": declares, "engine/run/a.c": "static " + defines}, 0),
        ({"backend/a.h": declares, "engine/run/a.c": defines}, 0),
        ({"engine/a.h": "", "engine/tests/b.h": "", "base/a.h": ""}, 2),
    ]
    for texts, expected in homes:
        found = strangers(texts)
        assert len(found) == expected, f"self-test: {found}, not {expected} strangers"
    found = missing("`cut/a.c`, b.h and d/c.py; `a.*`, `x_*.c`, cutropy/e.h", {"src/cut/a.c", "include/b.h", "c.py"})
    assert found == ["cutropy/e.h", "d/c.py"], f"self-test: {found}"


def missing(page, known):
    """Files that the page names, by their path or its end, and that do not exist."""
    ends = {"/".join(path.split("/")[i:]) for path in known for i in range(path.count("/") + 1)}
    return sorted({name for name in NAMED.findall(page) if name not in ends})


def main():
    self_test()
    root = pathlib.Path(sys.argv[1])
    files = sorted(p for p in root.rglob("*") if p.suffix in {".c", ".h", ".cu", ".cuh"})
    known = {p.relative_to(root).as_posix() for p in files}
    texts = {p.relative_to(root).as_posix(): p.read_text() for p in files}
    errors = [e for path, text in texts.items() for e in check(path, text, known)] + circles(texts) + strangers(texts)
    for p in sorted((root.parent / "include").rglob("*.h")):
        for _, header in INCLUDE.findall(p.read_text()):
            if header.split("/")[0] in LEVEL:
                errors.append(f"{p.name}: a public header includes the internal {header}")
    top = root.parent
    everywhere = {p.relative_to(top).as_posix() for folder in ("src", "include", "kernels", "tests", "cmake", "python")
                  for p in (top / folder).rglob("*.*")}
    errors += [f"docs/design.md names {name}, which is not there"
               for name in missing((top / "docs/design.md").read_text(), everywhere)]
    print("\n".join(errors) or f"ok: {len(files)} files")
    if not files:
        print("no files")
    return 1 if errors or not files else 0


if __name__ == "__main__":
    sys.exit(main())
