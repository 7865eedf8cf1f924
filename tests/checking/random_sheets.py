"""Random networks whose mistakes can be told apart: no zeros, no round rates, small numbers."""

from __future__ import annotations

import itertools
import re
from random import Random

ACTIVATIONS = ("sigmoid", "sigmoid", "tanh", "relu", "leaky_relu", "identity")
LOSSES = ("half_squared_error", "half_squared_error", "squared_error", "mean_squared_error")
RATES = ("0.3", "0.7", "0.15", "0.35", "0.6")


def random_sheet(seed: int, *, kinks: bool = False, small: bool = False, steps: int = 1) -> str:
    """One spec: depth and widths 1 to 4, one to three samples, 7 to 9 decimals.

    `small` are one or two layers of at most three units, and one sample.

    With `kinks` the first unit of a layer without biases gets zero weights, so
    that ReLU stands at 0 there.
    """
    draw = Random(seed)  # noqa: S311 - reproducible exercises, not secrets
    depth = draw.randint(1, 2 if small else 4)
    widths = [draw.randint(1, 3 if small else 4) for _ in range(depth + 1)]
    samples = 1 if small else draw.choice((1, 1, 2, 3))
    lines = [
        f"inputs = {_samples(draw, samples, widths[0])}",
        f"targets = {_samples(draw, samples, widths[-1])}",
        f'loss = "{draw.choice(LOSSES)}"',
        f"learning_rate = {draw.choice(RATES)}",
        f"decimals = {draw.randint(7, 9)}",
        f"steps = {steps}",
        f'notation = "{draw.choice(("flat", "indexed"))}"',
        f'reduction = "{draw.choice(("mean", "sum"))}"',
        f"update_biases = {draw.choice(('true', 'true', 'false'))}",
    ]
    for received, units in itertools.pairwise(widths):
        lines += ["", "[[layers]]", f'activation = "{draw.choice(ACTIVATIONS)}"']
        rows = [_row(draw, received) for _ in range(units)]
        biased = draw.random() < 0.6
        if kinks and not biased:
            rows[0] = f"[{', '.join(['0'] * received)}]"
        lines.append(f"weights = [{', '.join(rows)}]")
        if biased:
            lines.append(f"biases = {_row(draw, units)}")
    return "\n".join(lines) + "\n"


def entropy_sheet(seed: int, **options: bool) -> str:
    """The same with binary cross entropy, sigmoids at the end, targets between 0 and 1."""
    text = re.sub('loss = ".*"', 'loss = "binary_cross_entropy"', random_sheet(seed, **options))
    head, last = text.rsplit("activation", 1)
    head = re.sub("targets = .*", lambda found: found.group().replace("-", ""), head)
    return head + "activation" + re.sub('".*"', '"sigmoid"', last, count=1)


def _samples(draw: Random, samples: int, width: int) -> str:
    if samples == 1:
        return _row(draw, width)
    return f"[{', '.join(_row(draw, width) for _ in range(samples))}]"


def _row(draw: Random, width: int) -> str:
    return f"[{', '.join(_number(draw) for _ in range(width))}]"


def _number(draw: Random) -> str:
    """Two or three decimals, mostly positive, from 0.05 to 0.95."""
    sign = "-" if draw.random() < 0.2 else ""
    digits = draw.choice((2, 3))
    return f"{sign}0.{draw.randint(5 * 10 ** (digits - 2), 95 * 10 ** (digits - 2)):0{digits}d}"
