# SPDX-License-Identifier: Apache-2.0
"""Threads, forks, progress, Ctrl-C."""

import multiprocessing
import os
import signal
import sys
import threading
import time

import numpy as np
import pytest

import cutropy
from test_errors import in_python


def test_eight_threads(rng):
    values = rng.normal(size=1 << 8)
    state = cutropy.State(values, "chain:8")
    wanted = [state.table("all").csv(), cutropy.table("connected", "3x3", "all").csv()]
    found = [None] * 8

    def work(k):
        try:
            for _ in range(3):
                found[k] = [state.table("all").csv(), cutropy.table("connected", "3x3", "all").csv()]
            with pytest.raises(cutropy.InputError, match=f"nonsense{k}"):  # messages are those of their own thread
                cutropy.table("connected", "3x3", f"nonsense{k}")
        except BaseException as error:
            found[k] = error

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 8


def test_others_go_on():
    """The interpreter is free while the library computes."""
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    start = time.monotonic()
    cutropy.table("page", "chain:20", "half", threads=1)
    end = time.monotonic()
    stop.set()
    thread.join()
    assert sum(start < tick < end for tick in ticks) > 5


def in_child(queue):
    queue.put(cutropy.table("connected", "3x3", "all").csv())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_fork():
    """A child may run what its parent ran, although the threads of the library do not follow it; the state too."""
    wanted = cutropy.table("connected", "3x3", "all").csv()
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=in_child, args=(queue,))
    child.start()
    assert queue.get(timeout=60) == wanted
    child.join(60)
    assert child.exitcode == 0


def test_progress(capsys):
    seen = []
    cutropy.table("page", "chain:23", "half", threads=1, progress=lambda *report: seen.append(report))
    assert seen and {stage for stage, _, _ in seen} <= {"evaluate", "cuts", "eigenvalues"} and all(0 <= done <= total for _, done, total in seen)
    cutropy.table("page", "chain:24", "0x1", threads=1, progress=True)  # long enough to be seen
    assert "evaluate" in capsys.readouterr().err


def test_progress_without_tqdm(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    cutropy.table("page", "chain:24", "0x1", threads=1, progress=True)  # long enough to be seen
    assert "\revaluate " in capsys.readouterr().err


def test_an_exception_of_progress_stops_the_run():
    class Mine(Exception):
        pass

    def progress(stage, done, total):
        raise Mine(stage)

    start = time.monotonic()
    with pytest.raises(Mine) as caught:
        cutropy.table("page", "chain:26", "half", progress=progress)
    assert time.monotonic() - start < 5 and caught.value.table is None


INTERRUPTED = """
import os, signal, threading, time, cutropy
{setup}
threading.Timer(0.4, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
start = time.monotonic()
try:
    {call}
    print("finished")
except KeyboardInterrupt:
    print(time.monotonic() - start - 0.4 < {limit})
"""


@pytest.mark.parametrize("setup, call", [
    ("", "cutropy.table('page', 'chain:26', 'half', threads=1)"),  # evaluation
    ("state = cutropy.State('random', '4x4')", "state.table('all', digits=500)"),  # proofs
    ("def f(x):\n    while True: pass", "cutropy.table(f, '4x4')"),  # an endless callable
])
def test_interrupt(setup, call):
    # half a second on a machine of one's own; tests run on busy ones
    done = in_python(INTERRUPTED.format(setup=setup, call=call, limit=2))
    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr


def test_what_was_finished_comes_with_the_interrupt(monkeypatch):
    from cutropy import _run

    monkeypatch.setattr(_run, "STOP_SECONDS", 60)

    def progress(stage, done, total):
        if stage == "cuts" and done:
            raise KeyboardInterrupt

    try:
        cutropy.table("random", "4x4", "all", threads=1, progress=progress)
    except KeyboardInterrupt as stopped:
        assert stopped.table is not None and 0 < len(stopped.table) < 32767 and stopped.table.partial
        assert not np.isnan(stopped.table.entropy).any()
    else:
        pytest.fail("it was faster than its progress")


def test_a_state_after_an_interrupt():
    """A run that was left alone ends by itself, and the next one waits for it."""
    state = cutropy.State("random", "4x4")

    def progress(stage, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        state.table("all", certify=True, progress=progress)
    assert len(state.table("half")) == 1


def test_runs_leave_no_memory_behind():
    """Each run has a thread of its own, and FLINT keeps numbers for every thread until it is told that it ends."""
    done = in_python("""
import cutropy
def held():
    return int(open('/proc/self/statm').read().split()[1]) * 4
state = cutropy.State('connected', '3x3')
def runs(count):
    for _ in range(count):
        state.table('half', certify=True)
runs(50)
before = held()
runs(200)
print(held() - before)
""")
    assert not done.returncode, done.stderr
    assert int(done.stdout) < 10_000  # KiB; it was 46,000


@pytest.mark.parametrize("order", ["import torch, cutropy", "import cutropy, torch", "import numpy, cutropy", "import cutropy"])
def test_orders_of_import(order):
    if "torch" in order:
        pytest.importorskip("torch")
    torch = "torch.ones(300, 300) @ torch.ones(300, 300)" if "torch" in order else "0"
    done = in_python(f"{order}\nprint(cutropy.table('connected', '3x3', 'half').entropy[0])\n{torch}\n"
                     "print(cutropy.table('random', '3x4', 'all').entropy.max() > 1)")
    assert done.returncode == 0 and done.stdout.endswith("True\n"), done.stderr


def test_signals_of_the_system_are_left_alone():
    handler = signal.getsignal(signal.SIGINT)
    cutropy.table("connected", "3x3")
    assert signal.getsignal(signal.SIGINT) is handler


CLOSED = """
import sys, threading, time, cutropy
uses = {uses}

def use(state, ask):
    for _ in range(200):
        try:
            ask(state)
        except cutropy.InputError as error:
            assert str(error) == "the state is closed", error
            return

for k in range(40):
    state = cutropy.State("random", "4x3")
    threads = [threading.Thread(target=use, args=(state, ask)) for ask in uses]
    for thread in threads:
        thread.start()
    time.sleep(0.001 * (k % 5))
    state.close()
    for thread in threads:
        thread.join()
print("ended")
"""


@pytest.mark.parametrize("uses", [
    "[lambda state: state.values()] * 4", "[lambda state: state.images()] * 4",
    "[lambda state: (state.norm, state.norm_err, state.checksum, state.ones)] * 4",
    "[lambda state: state.table('all'), lambda state: state.sample(5), lambda state: state.density([0, 1]), lambda state: state.order()]"])
def test_closed_while_others_read(uses):
    done = in_python(CLOSED.format(uses=uses))
    assert (done.stdout, done.returncode) == ("ended\n", 0), done.stderr


def test_closed_by_the_progress_of_its_own_run():
    """What runs ends, and then the memory is freed; what is asked meanwhile is closed."""
    state = cutropy.State("page", "chain:22")
    told = []

    def progress(*report):
        if not told:
            told.append(state.norm)
            state.close()

    assert len(state.table("half", threads=1, progress=progress)) == 1 and told
    with pytest.raises(cutropy.InputError, match="the state is closed"):
        state.norm
