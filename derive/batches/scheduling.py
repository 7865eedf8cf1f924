"""Variants made by the workers of a Dask scheduler (extra `dask`), on this machine or others.

A worker gets the spec and the secret and gives files back; this process writes them.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from derive.batches.making import Made, Maker
from derive.errors import InternalError, SpecError

LOCAL = "local"
"""In place of an address: a scheduler of our own, with a worker for each processor."""
AHEAD = 8
"""Variants that wait for each worker."""
SECONDS = 20
"""Within which a scheduler has to answer."""


def make_by_scheduler(maker: Maker, indices: Iterable[int], address: str) -> Iterator[Made]:
    """Variants in any order; the scheduler gives those of a dead worker to another one.

    Raises SpecError where there is no scheduler, or none of its workers lives.
    """
    distributed = package()
    recipe = pickle.dumps(maker.recipe)
    waiting = iter(indices)
    with open_client(distributed, address) as client:
        room = AHEAD * max(len(client.scheduler_info()["workers"]), 1)
        futures = distributed.as_completed(loop=client.loop)
        for _ in range(room):
            _submit(client, futures, recipe, waiting)
        try:
            for future in futures:
                yield future.result()
                _submit(client, futures, recipe, waiting)
        except distributed.KilledWorker as error:
            raise SpecError("--scheduler", f"its workers die: {error}") from None


def _submit(client: Any, futures: Any, recipe: bytes, waiting: Iterator[int]) -> None:  # noqa: ANN401
    """Ask for the next variant, if there is one."""
    index = next(waiting, None)
    if index is not None:
        futures.add(client.submit(make_there, recipe, index, pure=False))


def make_there(recipe: bytes, index: int) -> Made:
    """One variant, in a worker; the maker is kept for the next ones."""
    return _open_maker(recipe).make(index)


@lru_cache(maxsize=4)
def _open_maker(recipe: bytes) -> Maker:
    return Maker(*pickle.loads(recipe))  # noqa: S301  made by `make_by_scheduler`


def open_client(distributed: Any, address: str) -> Any:  # noqa: ANN401
    """A client of a scheduler; of one of our own it closes the workers, too."""
    try:
        if address == LOCAL:
            return distributed.Client(
                threads_per_worker=1,
                dashboard_address=None,
                host="127.0.0.1",
                set_as_default=False,
            )
        return distributed.Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise SpecError("--scheduler", f"no scheduler at {address} ({error})") from None
    except RuntimeError as error:
        raise InternalError(f"Dask refuses to start: {error}") from None


def package() -> Any:  # noqa: ANN401  an extra
    """The distributed package; raises SpecError with the extra that brings it."""
    try:
        import distributed  # noqa: PLC0415  an extra, and only a scheduler needs it
    except ImportError:
        raise SpecError(
            "--scheduler", "needs the extra dask; pip install 'derive-by-hand[dask]'"
        ) from None
    return distributed
