"""Variants made here, or in several processes of which any may die."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread

from derive.batches.folder import Sheet
from derive.batches.making import Made, Maker
from derive.errors import InternalError
from derive.spec import Spec

AHEAD = 4
"""Variants that wait for each process."""
DEATHS = 5
"""So many times workers may die in a row, nothing made between, before a run is given up."""
_own: list[Maker] = []
"""The maker of a worker process."""


def make_here(maker: Maker, indices: Iterable[int]) -> Iterator[Made]:
    """One variant after the other."""
    yield from map(maker.make, indices)


def make_in_processes(maker: Maker, indices: Iterable[int], jobs: int) -> Iterator[Made]:
    """Variants in any order; what a dead worker has not given back is made again."""
    left = _Left(indices)
    deaths = 0
    while left:
        pool = ProcessPoolExecutor(
            jobs, get_context("spawn"), initializer=_begin, initargs=maker.recipe
        )
        try:
            for made in _drain(pool, left, jobs * AHEAD):
                deaths = 0
                yield made
        except BrokenProcessPool:
            deaths += 1
            if deaths > DEATHS:
                raise InternalError("worker processes die one after the other") from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class _Left:
    """Indices that have not come back; those under way are kept until they do."""

    def __init__(self, indices: Iterable[int]) -> None:
        self._waiting = iter(indices)
        self._again: deque[int] = deque()
        self.under_way: dict[Future[Made], int] = {}

    def __bool__(self) -> bool:
        """Whether any is left; what is under way counts as lost."""
        self._again.extend(self.under_way.values())
        self.under_way.clear()
        if not self._again:
            self._again.extend(islice(self._waiting, 1))
        return bool(self._again)

    def submit(self, pool: ProcessPoolExecutor) -> bool:
        """Set the next one under way; False where there is none."""
        if not self._again:
            self._again.extend(islice(self._waiting, 1))
        if not self._again:
            return False
        with _holding_interrupts():
            self.under_way[pool.submit(_make, self._again[0])] = self._again[0]
        self._again.popleft()
        return True


@contextmanager
def _holding_interrupts() -> Iterator[None]:
    """Let an interrupt wait; processes that are started meanwhile never see one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _drain(pool: ProcessPoolExecutor, left: _Left, most: int) -> Iterator[Made]:
    """What comes back, with no more than so many under way."""
    while True:
        while len(left.under_way) < most and left.submit(pool):
            pass
        if not left.under_way:
            return
        ready, _ = wait(left.under_way, return_when=FIRST_COMPLETED)
        for future in ready:
            made = future.result()
            del left.under_way[future]
            yield made


def _begin(spec: Spec, secret: bytes, sheet: Sheet) -> None:
    """Get ready; an interrupt is for the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _own.append(Maker(spec, secret, sheet))


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, even if that was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make(index: int) -> Made:
    return _own[0].make(index)
