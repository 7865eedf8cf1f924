"""Presentation after presentation, until an epoch without a mistake or a state seen before."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

from derive.spec.model import Perceptron

Weights = tuple[Fraction, ...]
"""The weights in order, then the bias if there is one."""
Ending = Literal["clean", "cycle", "unfinished"]
"""An epoch without a mistake; two epochs that start with the same weights; neither so far."""


class Presentation(msgspec.Struct, frozen=True):
    """One sample shown once: its number from 0, its epoch and its sample from 1."""

    number: int
    epoch: int
    sample: int
    wrong: bool


class Run(msgspec.Struct, frozen=True):
    """All presentations and how they end.

    `last` are the weights after the last of them. Of a clean run `epoch` is the
    first epoch without a mistake; of a cycle, the epoch whose first weights
    come back, and `again` counts the presentations until they do. `size` is the
    number of samples, `low` the label below 0, `at_zero` that at 0; `by_label` says
    that a mistake moves the weights by the target, not by the difference.
    """

    presentations: tuple[Presentation, ...]
    ending: Ending
    last: Weights
    epoch: int = 0
    again: int = 0
    size: int = 0
    low: int = 0
    at_zero: int = 1
    by_label: bool = False


def run_of(spec: Perceptron) -> Run:
    """The run that a spec asks for: exactly `steps` presentations, or as long as it changes."""
    size = len(spec.inputs)
    most = spec.steps or spec.epochs * size
    shown: list[Presentation] = []
    now = first_weights(spec)
    seen: dict[Weights, int] = {}
    mistakes, end = 0, Run((), "unfinished", now)
    for number in range(most + 1):
        epoch, sample = number // size + 1, number % size
        if sample == 0 and end.ending == "unfinished":
            end = _ending(epoch, number, mistakes, seen.get(now), now)
            mistakes = 0
            seen.setdefault(now, epoch)
        over = end.ending != "unfinished" and not spec.steps
        if over or number == most:
            break
        moved = update_weights(spec, now, sample)
        wrong = moved is not None
        mistakes += wrong
        now = now if moved is None else moved
        shown.append(Presentation(number, epoch, sample + 1, wrong))
    return msgspec.structs.replace(
        end,
        presentations=tuple(shown),
        last=now,
        size=size,
        low=spec.low,
        at_zero=spec.zero,
        by_label=spec.by_label,
    )


def _ending(epoch: int, number: int, mistakes: int, before: int | None, now: Weights) -> Run:
    """How the run stands at the start of an epoch."""
    if number and not mistakes:
        return Run((), "clean", now, epoch=epoch - 1)
    if before is not None:
        return Run((), "cycle", now, epoch=before, again=number)
    return Run((), "unfinished", now)


def first_weights(spec: Perceptron) -> Weights:
    """The weights that the spec starts from."""
    bias = () if spec.bias is None else (spec.bias,)
    return tuple(typed.exact for typed in (*spec.weights, *bias))


def sources(spec: Perceptron, sample: int) -> Weights:
    """What each weight is multiplied by, of a sample from 0: its inputs, 1 for the bias."""
    one = () if spec.bias is None else (Fraction(1),)
    return (*(typed.exact for typed in spec.inputs[sample]), *one)


def update_weights(spec: Perceptron, now: Weights, sample: int) -> Weights | None:
    """The weights after one presentation; None where the unit is right."""
    inputs = sources(spec, sample)
    z = sum((w * x for w, x in zip(now, inputs, strict=True)), Fraction(0))
    output = 1 if z > 0 else spec.low if z < 0 else spec.zero
    target = spec.targets[sample][0].exact
    if target == output:
        return None
    rate = spec.learning_rate.exact * (target if spec.by_label else target - output)
    return tuple(w + rate * x for w, x in zip(now, inputs, strict=True))
