# SPDX-License-Identifier: Apache-2.0
"""Tables and a picture of what measure.py found: report.py RESULTS [--folder FOLDER]. Prints the table of the README and those of docs/benchmarks.md; writes peers.csv and
peers.svg (needs Matplotlib) into the folder.

A ratio above 1 says how many times as long the other one takes: processor seconds on one thread; on several the wall's, where the machine was idle.

Colours: the set of M. Okabe and K. Ito (2008), readable with any kind of colour vision."""

import argparse
import csv
import json
import pathlib
import statistics

from cases import CASES
from peers import LIBRARY, PEERS, PROGRAM

START_UP = "start-up"
CLOCK = {True: "processor", False: "wall"}  # on one thread, on several
COLUMNS = ["case", "peer", "threads", "whole_wall", "whole_processor", "cold_wall", "cold_processor", "warm_wall", "warm_processor", "import_wall",
           "import_processor", "ratio_in_process", "ratio_whole", "ratio_library", "peak_mib", "difference", "others", "date", "commit", "note"]


IDLE = 0.1  # cores that others used while a row was measured: times on the wall of busier rows are none


def counts(row):
    return row["threads"] == 1 or row.get("others", IDLE + 1) <= IDLE


def seconds(row, part, clock):
    """The median; None: not measured."""
    found = row.get(part, {}).get(clock)
    return statistics.median(found) if isinstance(found, list) else found


def in_process(row, clock):
    """A warm call; where calls are so long that only one was made, that one."""
    warm = seconds(row, "warm", clock)
    return seconds(row, "cold", clock) if warm is None else warm


class Results:
    def __init__(self, path):
        content = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        self.machine, self.versions, self.rows, self.quick = (content[key] for key in ("machine", "versions", "rows", "quick"))
        self.at = {(row["case"], row["peer"], row["threads"]): row for row in self.rows}
        self.threads = sorted({row["threads"] for row in self.rows if "whole" in row and counts(row)})
        self.cases = [name for name in CASES if any(row["case"] == name and row["peer"] in PEERS for row in self.rows)]
        self.peers = [name for name in PEERS if any(row["peer"] == name for row in self.rows)]

    def ratio(self, row, kind):
        """in_process: a warm call of theirs over our whole program; whole: whole processes; library: calls in the process."""
        clock = CLOCK[row["threads"] == 1]
        ours = self.at.get((row["case"], LIBRARY if kind == "library" else PROGRAM, row["threads"]))
        if not counts(row) or not ours or not counts(ours):
            return None
        theirs = seconds(row, "whole", clock) if kind == "whole" else in_process(row, clock)
        ours = in_process(ours, clock) if kind == "library" else seconds(ours, "whole", clock)
        return theirs / ours if theirs is not None and ours is not None else None

    def best(self, case, threads, kind):
        """The row of the fastest other one."""
        rows = [self.at.get((case, peer, threads)) for peer in self.peers]
        rows = [row for row in rows if row and self.ratio(row, kind) is not None]
        return min(rows, key=lambda row: self.ratio(row, kind), default=None)


def short(number):
    if number is None:
        return "-"
    return f"{number:.3g}" if number < 100 else f"{number:.0f}"


def table(head, rows):
    return ["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]]


def summary(results, threads):
    """One row a case: ours, the best of the others, three ratios."""
    clock, rows = CLOCK[threads == 1], []
    for case in results.cases:
        ours, best = results.at.get((case, PROGRAM, threads)), results.best(case, threads, "in_process")
        if not ours or not best:
            continue
        whole, library = results.best(case, threads, "whole"), results.best(case, threads, "library")
        rows.append([CASES[case].words(results.quick), short(seconds(ours, "whole", clock)), f"{best['peer']}: {short(in_process(best, clock))}",
                     short(results.ratio(best, "in_process")), f"{short(results.ratio(whole, 'whole'))} ({whole['peer']})",
                     f"{short(results.ratio(library, 'library'))} ({library['peer']})" if library else "-"])
    what = "processor seconds, one thread" if threads == 1 else f"seconds on the wall, {threads} threads"
    return table([what, "cutropy, whole program", "best other, in process", "ratio", "both whole processes", "both in process"], rows)


def overview(results):
    """The table of the README: ours beside the best of the others, on one thread and on several."""
    head, rows = [""], []
    for threads in results.threads:
        head += [f"{'processor' if threads == 1 else 'wall'}, {threads} thread{'s' if threads > 1 else ''}: cutropy", "best other", "ratio"]
    for case in results.cases:
        cells = []
        for threads in results.threads:
            clock, ours, best = CLOCK[threads == 1], results.at.get((case, PROGRAM, threads)), results.best(case, threads, "in_process")
            cells += [short(seconds(ours, "whole", clock)), f"{best['peer']}: {short(in_process(best, clock))}",
                      short(results.ratio(best, "in_process"))] if ours and best else ["-"] * 3
        rows.append([CASES[case].words(results.quick), *cells])
    return table(head, rows)


def names(results):
    return table(["name", "problem, lattice, cuts"], [[case, CASES[case].words(results.quick)] for case in results.cases])


def everybody(results, threads):
    """Ratios of all, in process over our whole program."""
    rows = []
    for peer in results.peers:
        cells = []
        for case in results.cases:
            row = results.at.get((case, peer, threads))
            ratio = row and results.ratio(row, "in_process")
            cells.append("" if row is None else "no" if row["note"] else short(ratio))
        if any(cells):
            rows.append([peer, *cells])
    return table(["", *results.cases], rows)


def words(results):
    """Why there is no number, as they say it themselves."""
    found = {}
    for row in results.rows:
        if row["note"]:
            found.setdefault((row["peer"], row["note"]), []).append(row["case"])
    return table(["who", "its own words, or how it ended", "cases"],
                 [[peer, f"`{note}`", ", ".join(dict.fromkeys(cases))] for (peer, note), cases in found.items()])


def start_up(results):
    """Nothing but starting: ours, and imports."""
    row = results.at.get((START_UP, PROGRAM, 1))
    rows = [["`cutropy --version`", *(short(seconds(row, "whole", clock)) for clock in ("wall", "processor"))]] if row else []
    for peer in [LIBRARY, *results.peers]:
        imports = [r["import"] for r in results.rows if r["peer"] == peer and "import" in r]
        if imports:
            rows.append([f"Python and {peer}", *(short(min(i[clock] for i in imports)) for clock in ("wall", "processor"))])
    return table(["start", "s on the wall", "s of the processor"], rows)


def circumstances(results):
    """Where, when, of what and on how busy a machine."""
    machine, dates = results.machine, sorted(row["date"][:10] for row in results.rows)
    commits = dict.fromkeys(row["commit"] for row in results.rows if "commit" in row)
    when = dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"
    others = {threads: [row["others"] for row in results.rows if row["threads"] == threads and "others" in row and "whole" in row] for threads in results.threads}
    return [f"{machine['cpu']}{', virtual machine' if machine['virtual'] else ''}, {machine['threads']} cores, {machine['memory_gib']} GiB, {when}; cutropy "
            f"{results.versions['cutropy']} ({', '.join(commits)}, native build).",
            "Cores that others used meanwhile: " + "; ".join(f"{min(found):.1f} to {max(found):.1f} (median {statistics.median(found):.1f}) on {threads} "
                                                             f"thread{'s' if threads > 1 else ''}" for threads, found in others.items() if found) + ".",
            "Versions: " + ", ".join(f"{name} {version}" for name, version in results.versions.items() if name != "cutropy") + "."]


def tables(results):
    lines = [*circumstances(results), ""]
    for threads in results.threads:
        lines += [*summary(results, threads), ""]
    lines += [*names(results), ""]
    for threads in results.threads:
        lines += [*everybody(results, threads), ""]
    return [*lines, *start_up(results), "", *words(results)]


def write_csv(results, path):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for row in results.rows:
            flat = {**row, **{f"{part}_{clock}": seconds(row, part, clock) for part in ("whole", "cold", "warm", "import") for clock in CLOCK.values()}}
            flat.update({f"ratio_{kind}": results.ratio(row, kind) for kind in ("in_process", "whole", "library")})
            flat["peak_mib"] = row["peak_kib"] // 1024 if "peak_kib" in row else None
            writer.writerow({key: f"{value:.6g}" if isinstance(value, float) else value for key, value in flat.items()})


def draw(results, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    marks = {"NumPy": ("#0072b2", "o"), "MKL": ("#d55e00", "s"), "Numba": ("#009e73", "^"), "SciPy": ("#56b4e9", "v"), "PyTorch": ("#cc79a7", "D")}
    style = {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "cutropy", "font.family": "sans-serif", "axes.spines.top": False,
             "axes.spines.right": False, "legend.frameon": False}
    with plt.rc_context(style):
        figure, panels = plt.subplots(1, len(results.threads), figsize=(9, 4.2), sharey=True, squeeze=False, layout="constrained")
        for panel, threads in zip(panels[0], results.threads):
            for row in results.rows:
                ratio = results.ratio(row, "in_process") if row["peer"] in results.peers else None
                if ratio is None or row["threads"] != threads:
                    continue
                family = row["peer"].replace(",", "").split()[0]
                colour, mark = marks.get(family, ("#606060", "x"))
                panel.plot(ratio, -results.cases.index(row["case"]), mark, color=colour, markersize=5, alpha=0.8,
                           label=family if family in marks else "packages for quantum states")
            panel.axvline(1, color="#404040", linewidth=1)
            panel.set_xscale("log")
            panel.set_xlabel("times as long as cutropy")
            panel.set_title("processor time, one thread" if threads == 1 else f"time on the wall, {threads} threads", fontsize=10)
            panel.set_yticks([-i for i in range(len(results.cases))], results.cases)
            panel.grid(axis="x", color="#e0e0e0", linewidth=0.6)
            panel.set_axisbelow(True)
        handles = {label: handle for panel in panels[0] for handle, label in zip(*panel.get_legend_handles_labels())}
        figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=len(handles))
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("results", help="the file of measure.py")
    parser.add_argument("--folder", type=pathlib.Path, help="where peers.csv and peers.svg go")
    options = parser.parse_args()
    results = Results(options.results)
    print("\n".join([*overview(results), "", *tables(results)]))
    if options.folder:
        write_csv(results, options.folder / "peers.csv")
        draw(results, options.folder / "peers.svg")


if __name__ == "__main__":
    main()
