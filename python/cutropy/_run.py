# SPDX-License-Identifier: Apache-2.0
"""Runs of the library on a thread of their own, so that the caller's can show progress and hear Ctrl-C.

The thread is fresh for each run.
"""

from __future__ import annotations

import _thread
import contextlib
import ctypes
import sys
import threading
from typing import Any, Callable, Iterable, Iterator, Optional, TypeVar, Union

from ._arguments import encoded, listed
from ._errors import Error, InputError, check
from ._library import Handle, lib

POLL_SECONDS = 0.1
STOP_SECONDS = 0.35  # how long an interrupted run may take to return before it is left alone

Show = Callable[[str, int, int], Any]
Progress = Union[None, bool, Show]
Found = TypeVar("Found")


# ---- options ----

def settings(*, threads: Optional[int] = None, memory: Union[None, int, str] = None, backend: Optional[str] = None,
             solver: Optional[str] = None, symmetry: bool = True, certify: bool = False, digits: Optional[int] = None,
             quantities: Union[None, str, Iterable[str]] = None, bracket: Optional[int] = None) -> dict[str, str]:
    """The options of a run as the library takes them: text by name."""
    chosen = {}
    if threads is not None:
        chosen["threads"] = str(threads)
    if memory is not None:
        chosen["memory"] = str(memory)
    if backend is not None:
        chosen["backend"] = str(backend)
    if solver is not None:
        chosen["solver"] = str(solver)
    if not symmetry:
        chosen["symmetry"] = "no"
    if certify:
        chosen["certify"] = "yes"
    if digits is not None:
        chosen["digits"] = str(digits)
    if bracket is not None:
        chosen["bracket"] = str(bracket)
    if quantities is not None:
        names = [quantities] if isinstance(quantities, str) else listed(quantities)
        if names is None or not all(isinstance(name, str) for name in names):
            raise InputError(f"quantities={quantities!r}: give a text such as 'spectrum,renyi:0.5', or a list of texts")
        if any(names):
            chosen["quantities"] = ",".join(names)
    return chosen


def make_options(chosen: dict[str, str], watch: Optional[Handle] = None) -> Handle:
    out = ctypes.c_void_p()
    check(lib.cutropy_options_create(ctypes.byref(out)))
    options = Handle(out.value, lib.cutropy_options_free, watch)
    for key, value in chosen.items():
        check(lib.cutropy_options_set(options.pointer, key.encode(), encoded(value, key)))
    if watch:
        lib.cutropy_options_set_progress(options.pointer, ctypes.cast(lib.cutropy_watch_progress, ctypes.c_void_p), watch.pointer)
    return options


def _make_watch() -> Handle:
    out = ctypes.c_void_p()
    check(lib.cutropy_watch_create(ctypes.byref(out)))
    return Handle(out.value, lib.cutropy_watch_free)


# ---- progress ----

class _Text:
    """One line on standard error, over and over."""

    def __init__(self) -> None:
        self._width = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        line = f"{stage} {done}/{total}" if total else f"{stage} {done}"
        sys.stderr.write("\r" + line.ljust(self._width))
        sys.stderr.flush()
        self._width = len(line)

    def close(self) -> None:
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()


class _Bar:
    """A bar of tqdm for each stage."""

    def __init__(self, tqdm: Any) -> None:
        self._tqdm, self._stage = tqdm, ""
        self._bar: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self.close()
            self._stage, self._bar = stage, self._tqdm(desc=stage, total=total or None, leave=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@contextlib.contextmanager
def shown(progress: Progress) -> Iterator[Optional[Show]]:
    """progress as a function of (stage, done, total), or None."""
    if progress is None or progress is False:
        yield None
    elif callable(progress):
        yield progress
    elif progress is True:
        try:
            from tqdm.auto import tqdm  # type: ignore[import-untyped,unused-ignore]
            show: Union[_Bar, _Text] = _Bar(tqdm)
        except ImportError:
            show = _Text()
        try:
            yield show
        finally:
            show.close()
    else:
        raise InputError(f"progress={progress!r}: give True, or a function of (stage, done, total)")


# ---- the run ----

def _read(watch: Handle) -> tuple[str, int, int]:
    stage, done, total = ctypes.create_string_buffer(64), ctypes.c_uint64(), ctypes.c_uint64()
    lib.cutropy_watch_read(watch.pointer, stage, 64, ctypes.byref(done), ctypes.byref(total))
    return stage.value.decode(), done.value, total.value


def run(start: Callable[[int], Found], chosen: dict[str, str], progress: Progress = None, busy: Optional[threading.Lock] = None) -> Found:
    """start(options), with the address of the options, on another thread; its result, or its exception. busy: held until start
    has returned, even where the caller was interrupted and has left.

    KeyboardInterrupt, and an exception of `progress`, stop the run and come out as they are; the rows that were finished are
    their attribute `table`, where the run answered in time."""
    watch = _make_watch()
    options = make_options(chosen, watch)
    outcome: dict[str, Any] = {}
    ended = threading.Lock()

    def work() -> None:
        try:
            outcome["value"] = start(options.pointer)
        except BaseException as error:  # it is raised in the caller's thread
            outcome["error"] = error
        finally:
            if busy is not None:
                busy.release()
            ended.release()

    with shown(progress) as show:
        if busy is not None:
            busy.acquire()
        ended.acquire()
        try:
            _thread.start_new_thread(work, ())
        except BaseException:
            if busy is not None:
                busy.release()
            raise
        try:
            while not ended.acquire(timeout=POLL_SECONDS):
                if show is not None:
                    stage, done, total = _read(watch)
                    if stage:
                        show(stage, done, total)
        except BaseException as stopped:
            lib.cutropy_watch_stop(watch.pointer)
            in_time = ended.acquire(timeout=STOP_SECONDS)
            finished = getattr(outcome.get("error"), "table", None) if in_time else None
            setattr(stopped, "table", finished)  # also of exceptions that are not ours
            raise
    error = outcome.get("error")
    if error is None:
        value: Found = outcome["value"]
        return value
    try:
        raise error
    finally:
        del error  # no circle through the traceback


__all__ = ["Progress", "Error", "make_options", "run", "settings", "shown"]
