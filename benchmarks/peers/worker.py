# SPDX-License-Identifier: Apache-2.0
"""One peer in a fresh process. Lines of JSON say what has happened.

    worker.py PEER FOLDER THREADS LIMIT SECONDS    times one case
    worker.py PEER FOLDER..                        answers of several cases on one thread, nothing timed

A folder has states.npy (one state a row), masks.npy and case.json. Clocks: the wall's, which all processes share, and processor seconds
of this process with its children. The first call is cold (compilers, caches, memory) and may take LIMIT processor seconds, then the system
ends the process; further ones are warm: three, fewer when all took more than SECONDS of each thread."""

from __future__ import annotations

import json
import math
import os
import resource
import sys
import time

MANY = 64  # cuts, from which they go to several processes


def processor():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def say(event, **what):
    print(json.dumps({"event": event, "wall": time.monotonic(), "processor": processor(), **what}), flush=True)


def described(folder):
    with open(os.path.join(folder, "case.json"), encoding="utf-8") as file:
        return json.load(file)


def loaded(folder):
    import numpy as np
    return np.load(os.path.join(folder, "states.npy")), np.load(os.path.join(folder, "masks.npy")).tolist()


def answer(folder, found):
    import numpy as np
    name = os.path.join(folder, f"answer-{os.getpid()}.npy")
    np.save(name, found)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    say("first", folder=folder, answer=name, peak_kib=peak)


def limit_threads(count):
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[variable] = str(count)


def caller(name, case, threads):
    from peers import LIBRARY, PEERS
    if name == LIBRARY:
        limit_threads(threads)
        return ours(case, threads)
    peer = PEERS[name]
    processes = threads if peer.processes and case["cuts"] >= MANY else 1
    limit_threads(threads if processes == 1 else 1)
    return theirs(peer, threads, processes)


def complain(folder, error):
    """In a peer's own words."""
    text = " ".join(str(error).split())
    say("error", folder=folder, text=f"{type(error).__name__}: {text}"[:300])


def agree(name, folders):
    for folder in folders:
        try:
            answer(folder, caller(name, described(folder), 1)(*loaded(folder)))
        except Exception as error:
            complain(folder, error)


def measure(name, folder, threads, limit, seconds):
    call = caller(name, described(folder), threads)
    say("imported")
    states, masks = loaded(folder)
    say("loaded")
    start = processor()
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(processor() + limit), resource.RLIM_INFINITY))
    found = call(states, masks)
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    spent = processor() - start
    answer(folder, found)
    for _ in range(3):
        if spent > seconds * threads:
            break
        say("begin")
        call(states, masks)
        say("warm")
        spent = processor() - start


def ours(case, threads):
    import cutropy

    def call(states, masks):
        return [cutropy.table(f, case["lattice"], case["family"], threads=threads, backend="cpu").entropy for f in states]

    return call


def theirs(peer, threads, processes):
    entropies = peer.start()

    def share(states, masks, inner, first, step):
        import numpy as np
        mine, n, last = masks[first::step], states.shape[1].bit_length() - 1, time.monotonic()
        found = np.full((len(states), len(mine)), np.nan)
        for row, f in zip(found, states):
            for places, values in entropies(f, n, mine, inner):
                row[places] = values
                if step == 1 and time.monotonic() - last > 0.5:
                    last = time.monotonic()
                    say("progress", done=int(np.isfinite(found).sum()))
        return found

    if processes == 1:
        return lambda states, masks: share(states, masks, threads, 0, 1)

    def call(states, masks):
        import multiprocessing
        import numpy as np
        global task  # children find states and masks in the memory that they share with us
        task = lambda first: share(states, masks, 1, first, processes)
        found = np.empty((len(states), len(masks)))
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            for first, part in enumerate(pool.map(run_task, range(processes), 1)):
                found[:, first::processes] = part
            pool.close()
            pool.join()
        return found

    return call


def run_task(first):
    return task(first)


if __name__ == "__main__":
    if len(sys.argv) == 6 and sys.argv[3].isdigit():
        try:
            measure(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5]))
        except Exception as error:
            complain(sys.argv[2], error)
    else:
        agree(sys.argv[1], sys.argv[2:])
