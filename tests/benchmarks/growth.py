"""How the cost of all gradients grows with the size of a net."""

from __future__ import annotations

import gc
from math import log
from statistics import fmean
from time import process_time
from typing import Any


def gradients(spec: Any) -> tuple[float, int]:
    """CPU seconds for every dE_total/d(parameter) of a spec, and how many there are."""
    from derive.derivation.derivation import Derivation
    from derive.numbers import Numbers
    from derive.numbers.gradients import compute_gradients as all_gradients
    from derive.spec import build

    gc.collect()
    begun = process_time()
    graph = build(spec)
    found = all_gradients(Numbers(Derivation(graph)))
    return process_time() - begun, len(found)


def exponent(points: list[tuple[int, float]]) -> float:
    """The slope of log seconds over log size, by least squares."""
    x, y = [log(n) for n, _ in points], [log(s) for _, s in points]
    mean_x, mean_y = fmean(x), fmean(y)
    up = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return up / sum((a - mean_x) ** 2 for a in x)
