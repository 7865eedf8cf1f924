"""Specs of any width for the benchmarks; the same seed gives the same text."""

from __future__ import annotations

import itertools
from random import Random


def network(widths: tuple[int, ...], seed: int = 0) -> str:
    """A sigmoid network of these widths (inputs first), without biases, as TOML.

    Weights shrink with the width, so that no unit of a wide net saturates.
    """
    draw = Random(seed)  # noqa: S311  reproducible exercises, not secrets
    size = 1 + max(widths) // 8
    lines = [
        f"inputs = {_numbers(draw, widths[0], 1)}",
        f"targets = {_numbers(draw, widths[-1], 1)}",
        "learning_rate = 0.5",
    ]
    for received, units in itertools.pairwise(widths):
        rows = ", ".join(_numbers(draw, received, size) for _ in range(units))
        lines += ["[[layers]]", 'activation = "sigmoid"', f"weights = [{rows}]"]
    return "\n".join(lines) + "\n"


def square(weights: int) -> tuple[int, int, int]:
    """Three equal widths with about so many weights in the two layers between them."""
    width = round((weights / 2) ** 0.5)
    return (width, width, width)


def count(widths: tuple[int, ...]) -> int:
    """The weights between these widths."""
    return sum(a * b for a, b in itertools.pairwise(widths))


def _numbers(draw: Random, amount: int, size: int) -> str:
    """Decimals of three places, within 1/size, negative ones among them."""
    row = (draw.choice((1, 1, -1)) * draw.randint(10, 999) / size for _ in range(amount))
    return f"[{', '.join(f'{value / 1000:.3f}' for value in row)}]"
