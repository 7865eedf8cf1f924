"""Random network specs as TOML text: every option, small tame numbers."""

from __future__ import annotations

import itertools
from random import Random

ACTIVATIONS = ("identity", "linear", "sigmoid", "tanh", "relu", "leaky_relu", "prelu")
LOSSES = ("half_squared_error", "squared_error", "mean_squared_error")
SLOPES = ("0.1", "0.01", "0.25", "0.2")
RATES = ("0.5", "0.1", "0.05", "0.25", "0.3", "0.01")


def random_network(seed: int) -> str:
    """One spec; the same seed gives the same text.

    Depth and width 1 to 5, one or three samples, 0 to 2 updates, 4 to 12
    decimals, typed numbers of 1 to 3 digits, some of them 0 or negative.
    """
    draw = Random(seed)  # noqa: S311 - reproducible exercises, not secrets
    widths = [draw.randint(1, 5) for _ in range(draw.randint(1, 5) + 1)]
    samples = draw.choice((1, 1, 3))
    lines = [
        f'title = "random network {seed}"',
        f"inputs = {_rows(draw, samples, widths[0])}",
        f"targets = {_rows(draw, samples, widths[-1])}",
        f'loss = "{draw.choice(LOSSES)}"',
        f"learning_rate = {draw.choice(RATES)}",
        f"decimals = {draw.randint(4, 12)}",
        f"steps = {draw.randint(0, 2)}",
        f'notation = "{draw.choice(("flat", "indexed"))}"',
        f'reduction = "{draw.choice(("mean", "sum"))}"',
        f"update_biases = {draw.choice(('true', 'true', 'false'))}",
    ]
    for received, units in itertools.pairwise(widths):
        lines += _layer(draw, received, units)
    return "\n".join(lines) + "\n"


def _layer(draw: Random, received: int, units: int) -> list[str]:
    activation = draw.choice(ACTIVATIONS)
    weights = [_numbers(draw, received) for _ in range(units)]
    lines = ["", "[[layers]]", f'activation = "{activation}"']
    if activation in {"leaky_relu", "prelu"} and draw.random() < 0.7:
        lines.append(f"slope = {draw.choice(SLOPES)}")
    lines.append(f"weights = [{', '.join(weights)}]")
    if draw.random() < 0.5:
        lines.append(f"biases = {_numbers(draw, units)}")
    return lines


def _rows(draw: Random, samples: int, width: int) -> str:
    if samples == 1:
        row = _numbers(draw, width)
        return f"[{row}]" if draw.random() < 0.2 else row
    return f"[{', '.join(_numbers(draw, width) for _ in range(samples))}]"


def _numbers(draw: Random, count: int) -> str:
    return f"[{', '.join(_number(draw) for _ in range(count))}]"


def _number(draw: Random) -> str:
    """0, a whole number, or 1 to 3 decimals; seldom above 1, so that no unit runs away."""
    kind = draw.random()
    if kind < 0.06:
        return draw.choice(("0", "0.0"))
    sign = "-" if draw.random() < 0.35 else ""
    if kind < 0.12:
        return sign + draw.choice(("1", "2", "1.5", "1.25"))
    digits = draw.randint(1, 3)
    return f"{sign}0.{draw.randint(1, 10**digits - 1):0{digits}d}"
