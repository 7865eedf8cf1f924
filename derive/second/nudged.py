"""Runs PyTorch scripts, each as it is and with every result moved by about a rounding error.

Started by its file name in an interpreter of its own, with the files of the
scripts. Prints as JSON what each script printed in each run, or why it stopped.
A float holds about 16 digits, fewer where terms cancel: what the moved runs do
not agree on, floats cannot tell.
"""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

Tensor = Any
"""A torch.Tensor; PyTorch is an extra, so types do not name it."""
SIZE = 2.0**-50
"""Relative: some units of a float's last place, as rounding moves a number."""
RUNS = ((0, 0), (1, 1), (1, -1), (2, 1), (2, -1))
"""Seed and direction of the moves; the first run has none, two of a seed lie on both sides."""


class Nudge(TorchFunctionMode):  # type: ignore[misc]  # it has no types here
    """Moves what every function of PyTorch gives; a zero stays zero."""

    def __init__(self, seed: int, direction: int) -> None:
        super().__init__()
        self._draw = torch.Generator().manual_seed(seed)
        self._size = SIZE * direction

    def __torch_function__(
        self,
        function: Callable[..., Tensor],
        _: object,
        args: tuple[Tensor, ...] = (),
        more: dict[str, Tensor] | None = None,
    ) -> Tensor:
        """Call the function; what it changed in place stays as it is."""
        given = function(*args, **(more or {}))
        if not isinstance(given, torch.Tensor) or given.dtype != torch.float64:
            return given
        if any(given is arg for arg in args):
            return given
        if function is torch.tensor:
            moved = torch.where(_held(given), given.detach(), self._move(given.detach()))
            return moved.requires_grad_(given.requires_grad)
        return self._move(given)

    def _move(self, value: Tensor) -> Tensor:
        drawn = torch.randint(0, 2, value.shape, generator=self._draw)
        return value * (1 + (2 * drawn - 1) * self._size)


def _held(value: Tensor) -> Tensor:
    """Where a typed decimal is a float exactly, so that its copies may cancel."""
    held = [Fraction(repr(number)) == Fraction(number) for number in value.flatten().tolist()]
    return torch.tensor(held).reshape(value.shape)


def run(path: str, seed: int, direction: int) -> str:
    """What a script prints."""
    out = io.StringIO()
    mode = Nudge(seed, direction) if direction else contextlib.nullcontext()
    with contextlib.redirect_stdout(out), mode:
        runpy.run_path(path)
    return out.getvalue()


def main(paths: list[str]) -> None:
    """Run all scripts; of one that fails the error stands in place of its results."""
    results: list[list[str] | str] = []
    for path in paths:
        try:
            results.append([run(path, *moves) for moves in RUNS])
        except Exception as error:  # noqa: BLE001  the caller says which script stopped and why
            results.append(f"{type(error).__name__}: {error}")
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
