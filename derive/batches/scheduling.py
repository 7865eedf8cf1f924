"""Variants made by the workers of a Dask scheduler (extra `dask`), on this machine or others.

A worker gets the spec and the secret and gives files back; this process writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from threading import Lock
from typing import Any

import msgspec

from derive.batches.folder import Sheet
from derive.batches.making import Made, Maker
from derive.errors import InternalError, SpecError
from derive.spec import Spec, from_plain, to_plain

LOCAL = "local"
"""In place of an address: a scheduler of our own, with a worker for each processor."""
AHEAD = 8
"""Variants that wait for each worker."""
TURN = Lock()
SECONDS = 20
"""Within which a scheduler has to answer."""


def make_by_scheduler(maker: Maker, indices: Iterable[int], address: str) -> Iterator[Made]:
    """Variants in any order; the scheduler gives those of a dead worker to another one.

    Raises SpecError where there is no scheduler, or none of its workers lives.
    """
    distributed = package()
    recipe = write_recipe(*maker.recipe)
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


class Recipe(msgspec.Struct, frozen=True):
    """What a worker makes variants from; the spec is data, and is checked again there."""

    spec: Any
    secret: bytes
    sheet: Sheet


def write_recipe(spec: Spec, secret: bytes, sheet: Sheet) -> bytes:
    """The same as JSON."""
    return msgspec.json.encode(Recipe(to_plain(spec), secret, sheet))


def _submit(client: Any, futures: Any, recipe: bytes, waiting: Iterator[int]) -> None:  # noqa: ANN401
    """Ask for the next variant, if there is one."""
    index = next(waiting, None)
    if index is not None:
        futures.add(client.submit(make_there, recipe, index, pure=False))


def make_there(recipe: bytes, index: int) -> Made:
    """One variant, in a worker; the maker is kept for the next ones.

    A worker may have several threads, and a maker keeps what it has met: they take turns.
    """
    with TURN:
        return _open_maker(recipe).make(index)


@lru_cache(maxsize=4)
def _open_maker(recipe: bytes) -> Maker:
    plain = msgspec.json.decode(recipe, type=Recipe)
    return Maker(from_plain(plain.spec), plain.secret, plain.sheet)


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
