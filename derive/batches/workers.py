"""Variants made here, or in several processes of which any may die.

Each process has a pipe of its own and no lock is shared, so that none that dies in the
middle of something can hold up another one.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from threading import Thread

from derive.batches.folder import Sheet
from derive.batches.making import Made, Maker
from derive.errors import InternalError
from derive.spec import Spec

AHEAD = 4
"""Variants that wait for each process."""
DEATHS = 5
"""So many times all may die, nothing made between, before a run is given up."""
Recipe = tuple[Spec, bytes, Sheet]


def make_here(maker: Maker, indices: Iterable[int]) -> Iterator[Made]:
    """One variant after the other."""
    yield from map(maker.make, indices)


def make_in_processes(maker: Maker, indices: Iterable[int], jobs: int) -> Iterator[Made]:
    """Variants in any order; what a dead worker has not given back is made again."""
    left = iter(indices)
    workers: list[_Worker] = []
    deaths = 0
    try:
        while True:
            _hand_out(left, workers, jobs, maker.recipe)
            busy = {worker.pipe: worker for worker in workers if worker.under_way}
            if not busy:
                return
            ready = wait(list(busy))
            for worker in [worker for pipe, worker in busy.items() if pipe in ready]:
                made = worker.take()
                if made is not None:
                    deaths = 0
                    yield made
                    continue
                workers.remove(worker)
                left = chain(worker.end(), left)
                deaths += 1
                if deaths > DEATHS * jobs:
                    raise InternalError("worker processes die one after the other")
    finally:
        for worker in workers:
            worker.end()


def _hand_out(left: Iterator[int], workers: list[_Worker], jobs: int, recipe: Recipe) -> None:
    """Give everybody enough to do; first those that are wanting are started."""
    while len(workers) < jobs or min(len(worker.under_way) for worker in workers) < AHEAD:
        index = next(left, None)
        if index is None:
            return
        if len(workers) < jobs:
            workers.append(_Worker(recipe))
            workers[-1].give(index)
        else:
            min(workers, key=lambda worker: len(worker.under_way)).give(index)


class _Worker:
    """A process that makes variants; `under_way` are those it was given, the oldest first."""

    def __init__(self, recipe: Recipe) -> None:
        context = get_context("spawn")
        self.under_way: deque[int] = deque()
        self.pipe, end = context.Pipe()
        self._process = context.Process(target=_work, args=(end,), daemon=True)
        with _holding_interrupts():
            self._process.start()
        end.close()
        self._send(recipe)

    def give(self, index: int) -> None:
        """Have one made; if the process is dead, `take` tells."""
        self.under_way.append(index)
        self._send(index)

    def _send(self, message: Recipe | int) -> None:
        with suppress(OSError):
            self.pipe.send(message)

    def take(self) -> Made | None:
        """What it has made next; None if it has died. Raises what went wrong with it."""
        try:
            made: Made | Exception = self.pipe.recv()
        except (EOFError, OSError):
            return None
        self.under_way.popleft()
        if isinstance(made, Exception):
            raise made
        return made

    def end(self) -> list[int]:
        """End the process, also in the middle of its work; gives what it has not given back."""
        self.pipe.close()
        if self.under_way:
            self._process.terminate()
        self._process.join()
        return list(self.under_way)


@contextmanager
def _holding_interrupts() -> Iterator[None]:
    """Let an interrupt wait; processes that are started meanwhile never see one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its start would let interrupts in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection) -> None:
    """What a process does: it makes what it is asked for until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        maker = Maker(*pipe.recv())
        while True:
            index = pipe.recv()
            try:
                made: Made | Exception = maker.make(index)
            except Exception as error:  # noqa: BLE001  told by the process that asked
                made = error
            pipe.send(made)


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, even if that was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
