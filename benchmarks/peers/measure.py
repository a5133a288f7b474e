# SPDX-License-Identifier: Apache-2.0
"""Times cutropy and what Python users have on the same states and cuts; run.sh calls it (docs/benchmarks.md).

Everybody must agree on the small sizes of all cases before anything is timed, and each timed answer is compared as well. Rows are merged
into the file of results, so that a long measurement can be made in parts."""

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import importlib.metadata
import io
import json
import os
import pathlib
import platform
import resource
import select
import signal
import subprocess
import sys
import time

import numpy as np

import cutropy
from cases import CASES
from peers import LIBRARY, PEERS, PROGRAM

HERE = pathlib.Path(__file__).resolve().parent
AGREE = 1e-9  # bits, beside the program's own error: rounding of 2^12 eigenvalues, far below any mistake in a cut
START_UP = "start-up"
PATIENCE = 10  # seconds on the wall for each one that the limit allows, plus a minute: then a worker hangs
PACKAGES = sorted({name for peer in PEERS.values() for name in peer.versions.split()})


class Disagreement(Exception):
    pass


# ---- the machine ----


def versions():
    found = {"python": platform.python_version(), "cutropy": cutropy.__version__}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pass
    return found


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        text = file.read()
    models = [line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cpu": models[0] if models else platform.machine(), "virtual": " hypervisor" in text, "threads": len(os.sched_getaffinity(0)),
            "memory_gib": round(memory / 2**30, 1), "system": platform.platform()}


class Others:
    """How many cores others used meanwhile, on the average: what the system counts, less this process and the children that have ended."""

    def __init__(self):
        self.start = self.now()

    @staticmethod
    def now():
        with open("/proc/stat", encoding="utf-8") as file:
            fields = [int(field) for field in file.readline().split()[1:]]
        busy = (sum(fields[:8]) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")  # all but idle and waiting for disks
        own = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return time.monotonic(), busy - own

    def cores(self):
        (start, before), (end, after) = self.start, self.now()
        return round(max(0, after - before) / max(end - start, 0.01), 2)


# ---- states and our own answers ----


def commands(program, case, small):
    return [[program, "table", problem, "--lattice", case.lattice(small), "--cuts", case.cuts, "--backend", "cpu", "--format", "csv"]
            for problem in case.problems(small)]


def column(texts, name):
    """Of tables as CSV: one row a state."""
    return np.array([[float(row[name]) for row in csv.DictReader(io.StringIO(text))] for text in texts])


def run_program(commands, threads):
    """Whole processes one after the other: wall, processor, peak KiB, tables."""
    wall = processor = 0.0
    peak, texts = 0, []
    for command in commands:
        start = time.monotonic()
        process = subprocess.Popen([*command, *(["--threads", str(threads)] if threads else [])], stdout=subprocess.PIPE)
        texts.append(process.stdout.read().decode())
        _, status, usage = os.wait4(process.pid, 0)
        wall += time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
        processor += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss)
    return wall, processor, peak, texts


def prepare(folder, program, case, small):
    """The folder that workers read: states.npy, masks.npy, case.json, and our own entropies with their errors."""
    folder = folder / ("small" if small else "full") / case.name
    description = {"problems": case.problems(small), "lattice": case.lattice(small), "family": case.cuts}
    if (folder / "case.json").exists():
        stored = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        if all(stored.get(key) == value for key, value in description.items()):
            return folder
    folder.mkdir(parents=True, exist_ok=True)
    states = np.stack([cutropy.values(problem, case.lattice(small)) for problem in case.problems(small)])
    np.save(folder / "states.npy", states.astype(np.uint8) if states.dtype == np.int8 else states)
    texts = run_program(commands(program, case, small), 0)[3]
    masks = [int(row["cut"], 16) for row in csv.DictReader(io.StringIO(texts[0]))]
    np.save(folder / "masks.npy", np.array(masks, dtype=np.int64))
    np.save(folder / "entropies.npy", column(texts, "entropy_bits"))
    np.save(folder / "errors.npy", column(texts, "entropy_err"))
    description.update(cuts=len(masks), states=len(states))
    (folder / "case.json").write_text(json.dumps(description), encoding="utf-8")
    return folder


def difference(folder, found, who):
    """The largest difference from our own entropies, bits. found: entropies, or a file of them, which is removed."""
    if not isinstance(found, np.ndarray):
        path, found = found, np.load(found)
        os.remove(path)
    ours, errors = np.load(folder / "entropies.npy"), np.load(folder / "errors.npy")
    apart = np.abs(found - ours) if found.shape == ours.shape else np.array(np.inf)
    if not (apart <= AGREE + errors).all():
        raise Disagreement(f"{who} on {folder.name}: entropies differ by {apart.max():.1e} bits")
    return float(apart.max())


# ---- a worker ----


def start_worker(arguments, memory):
    def limit():
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))

    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # peers choose their own kernels
        environment.pop(name, None)
    return subprocess.Popen([sys.executable, str(HERE / "worker.py"), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            start_new_session=True, preexec_fn=limit, env=environment)


def events(process, limit):
    """What a worker says, until it ends; last event `limit`: the system ended it after its processor seconds, or nothing but progress came for
    too long."""
    pending, patience = b"", PATIENCE * limit + 60
    deadline = time.monotonic() + patience
    while True:
        ready, _, _ = select.select([process.stdout], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            yield {"event": "limit"}
            return
        more = os.read(process.stdout.fileno(), 1 << 16)
        if not more:
            break
        *lines, pending = (pending + more).split(b"\n")
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:  # a package that talks
                continue
            if event["event"] != "progress":
                deadline = time.monotonic() + patience
            yield event
    words = process.stderr.read().decode(errors="replace").strip().splitlines()
    if process.wait() == -signal.SIGXCPU:
        yield {"event": "limit"}
    elif process.returncode:
        how = f"ended by signal {-process.returncode}" if process.returncode < 0 else f"exit code {process.returncode}"
        yield {"event": "error", "text": how + (f": {words[-1]}" if words else "")}


def measure(peer, folder, threads, options):
    """One row: a peer on a case."""
    cuts = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    row = {"note": ""}
    started = time.monotonic()
    process = start_worker([peer, folder, threads, options.limit * threads, options.seconds], options.memory << 30)
    seen, warm, done = {}, {"wall": [], "processor": []}, 0
    for event in events(process, options.limit):
        kind = event["event"]
        if kind == "progress":
            done = event["done"]
        elif kind == "error":
            row["note"] = event["text"]
        elif kind == "limit" and "first" not in seen:
            row["note"] = f"more than {options.limit * threads:g} s of the processor"
            if done:
                row["note"] += f": {done} of {cuts['cuts'] * cuts['states']} cuts"
        elif kind == "warm":
            warm["wall"].append(event["wall"] - seen["begin"]["wall"])
            warm["processor"].append(event["processor"] - seen["begin"]["processor"])
        seen[kind] = event
    if "imported" in seen:
        row["import"] = {"wall": seen["imported"]["wall"] - started, "processor": seen["imported"]["processor"]}
    if "first" in seen and not row["note"]:
        row["difference"] = difference(folder, seen["first"]["answer"], peer)
        row["peak_kib"] = seen["first"]["peak_kib"]
        row["whole"] = {"wall": seen["first"]["wall"] - started, "processor": seen["first"]["processor"]}
        row["cold"] = {clock: seen["first"][clock] - seen["loaded"][clock] for clock in ("wall", "processor")}
        if warm["wall"]:
            row["warm"] = warm
    return row


def measure_program(commands, threads, repetitions, seconds, folder=None):
    """A row of whole processes; folder: whose entropies the tables must have."""
    runs = []
    for _ in range(repetitions):
        runs.append(run_program(commands, threads))
        if folder:
            difference(folder, column(runs[-1][3], "entropy_bits"), PROGRAM)
        if sum(run[0] for run in runs) > seconds:
            break
    return {"note": "", "whole": {"wall": [run[0] for run in runs], "processor": [run[1] for run in runs]}, "peak_kib": max(run[2] for run in runs)}


# ---- agreement ----


def fingerprint(options):
    """Of everything that could change an answer."""
    text = json.dumps(versions())
    for path in [pathlib.Path(options.program), *sorted(set(HERE.glob("*.py")) - {HERE / "report.py"})]:
        text += hashlib.sha256(path.read_bytes()).hexdigest()
    return hashlib.sha256(text.encode()).hexdigest()


def agree_on(peer, folders, options):
    """{case: why there is no answer, or ""} of one peer on small sizes. Errors: Disagreement."""
    process, worst, found, words = start_worker([peer, *folders], options.memory << 30), 0.0, {}, "no answer on small sizes"
    for event in events(process, options.limit):
        folder = pathlib.Path(event.get("folder", ""))
        if event["event"] == "first":
            worst = max(worst, difference(folder, event["answer"], peer))
            found[folder.name] = ""
        elif event["event"] == "error" and "folder" in event:
            found[folder.name] = event["text"]
        elif event["event"] == "error":
            words = event["text"]
    for folder in folders:
        found.setdefault(folder.name, words)
    unable = sorted({f"\n    {text}" for text in found.values() if text})
    print(f"{peer}: agrees on {list(found.values()).count('')} of {len(folders)} small cases, largest difference {worst:.1e} bits{''.join(unable)}", flush=True)
    return found


def agree(options):
    """{(peer, case): why it cannot, or ""}, after all have agreed on the small sizes; what is known of earlier calls is not asked again."""
    kept, now = options.work / "agreed.json", fingerprint(options)
    stored = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    known = {(peer, case): text for peer, case, text in stored["known"]} if stored.get("fingerprint") == now else {}
    folders = [prepare(options.work / "states", options.program, CASES[name], True) for name in options.cases]
    for peer in options.peers:
        asked = [folder for folder in folders if (peer, folder.name) not in known]
        if peer != PROGRAM and asked:
            known.update({(peer, case): text for case, text in agree_on(peer, asked, options).items()})
    kept.write_text(json.dumps({"fingerprint": now, "known": [[*pair, text] for pair, text in known.items()]}), encoding="utf-8")
    return known


# ---- the whole ----


class Results:
    """The file of results: one row a case, peer and number of threads."""

    def __init__(self, path, options):
        self.path = path
        self.content = {"rows": []}
        if path.exists():
            self.content = json.loads(path.read_text(encoding="utf-8"))
        head = {"machine": machine(), "versions": versions(), "quick": options.quick}
        old = {key: self.content.get(key) for key in head}
        if self.content["rows"] and old != head:
            raise SystemExit(f"{path} has results of another machine, of other versions or sizes: move it away")
        self.content.update(head)

    def add(self, case, peer, threads, row):
        key = (case, peer, threads)
        row = {"case": case, "peer": peer, "threads": threads, "date": datetime.datetime.now(datetime.timezone.utc).isoformat(" ", "seconds"), **row}
        self.content["rows"] = [r for r in self.content["rows"] if (r["case"], r["peer"], r["threads"]) != key] + [row]
        temporary = self.path.with_suffix(".new")
        temporary.write_text(json.dumps(self.content, indent=1) + "\n", encoding="utf-8")
        os.replace(temporary, self.path)


def line(case, peer, threads, row):
    seconds = ""
    for part in ("whole", "cold", "warm"):
        if part in row:
            wall, processor = (np.median(row[part][clock]) for clock in ("wall", "processor"))
            seconds += f"  {part} {wall:.3f} ({processor:.3f})"
    print(f"{case}, {threads} thread{'s' if threads > 1 else ''}, {peer}:{seconds}{'  ' if row['note'] else ''}{row['note']}", flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the small sizes only")
    parser.add_argument("--agree", action="store_true", help="compare all answers on small sizes and time nothing")
    parser.add_argument("--cases", help="names with commas: " + ", ".join([START_UP, *CASES]) + " (all)")
    parser.add_argument("--peers", help="names with semicolons: " + "; ".join([PROGRAM, LIBRARY, *PEERS]) + " (all)")
    parser.add_argument("--threads", default="1,all", help="numbers with commas (%(default)s)")
    parser.add_argument("--limit", type=float, default=60, help="processor seconds of one call, times threads, after which a peer is ended (%(default)g)")
    parser.add_argument("--seconds", type=float, default=10, help="no further repetition after so many processor seconds a thread; three at most (%(default)g)")
    parser.add_argument("--memory", type=int, default=12, help="GiB of data that a peer may have (%(default)s)")
    parser.add_argument("--program", required=True, help="the program cutropy; its library beside it")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="a folder for states")
    parser.add_argument("--results", type=pathlib.Path, required=True, help="the file of results, made or extended")
    parser.add_argument("--commit", default="unknown", help="what the program was built from")
    options = parser.parse_args()
    options.cases = options.cases.split(",") if options.cases else [START_UP, *CASES]
    options.peers = [name.strip() for name in options.peers.split(";")] if options.peers else [PROGRAM, LIBRARY, *PEERS]
    for chosen, known in ((options.cases, [START_UP, *CASES]), (options.peers, [PROGRAM, LIBRARY, *PEERS])):
        for name in chosen:
            if name not in known:
                parser.error(f"no {name!r}; there are: {', '.join(known)}")
    everything = len(os.sched_getaffinity(0))
    options.threads = sorted({everything if text == "all" else int(text) for text in options.threads.split(",")})
    return options


def main():
    options = parse()
    options.work.mkdir(parents=True, exist_ok=True)
    results = Results(options.results, options)
    start_up, options.cases = START_UP in options.cases, [name for name in options.cases if name != START_UP]
    unable = agree(options) if options.cases else {}
    if options.agree:
        return
    if start_up and PROGRAM in options.peers:
        others = Others()
        row = measure_program([[options.program, "--version"]], 0, 21, 10)
        row.update(commit=options.commit, others=others.cores())
        results.add(START_UP, PROGRAM, 1, row)
        line(START_UP, PROGRAM, 1, row)
    for name in options.cases:
        folder = prepare(options.work / "states", options.program, CASES[name], options.quick)
        for threads in options.threads:
            for peer in options.peers:
                others = Others()
                if unable.get((peer, name)):
                    row = {"note": unable[peer, name]}
                elif peer == PROGRAM:
                    row = measure_program(commands(options.program, CASES[name], options.quick), threads, 3, options.seconds, folder)
                else:
                    row = measure(peer, folder, threads, options)
                if peer in (PROGRAM, LIBRARY):
                    row["commit"] = options.commit
                row["others"] = others.cores()
                results.add(name, peer, threads, row)
                line(name, peer, threads, row)


if __name__ == "__main__":
    try:
        main()
    except Disagreement as error:
        sys.exit(f"no times: {error}")
