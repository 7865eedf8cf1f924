"""The road of a perceptron: the rule as books write it, over fractions, from the spec alone."""

from __future__ import annotations

import re
from fractions import Fraction

from mpmath import mpf

from derive.second.wiring import SkippedError
from derive.spec import Perceptron, Spec

ID = re.compile(r"(?P<letter>[xtzoeaWb])(?P<index>[\d_]*?)(?:_s(?P<sample>\d+))?", re.ASCII)


class Rule:
    """Any number of a perceptron's sheet by its id: w := w + rate (t - o) x, sample by sample.

    Raises SkippedError for any other kind of exercise.
    """

    def __init__(self, spec: Spec, digits: int = 0) -> None:
        """Nothing has been presented yet; fractions need no working digits."""
        if not isinstance(spec, Perceptron):
            raise SkippedError(f"{spec.kind} has no perceptron rule")
        del digits
        self.samples = [[Fraction(x) for x in row] for row in spec.inputs]
        self.targets = [Fraction(row[0]) for row in spec.targets]
        self.rate = Fraction(spec.learning_rate)
        self.low = min(Fraction(0), Fraction(spec.at_zero), *self.targets)
        self.at_zero = Fraction(spec.at_zero)
        self.weights = [[Fraction(w) for w in spec.weights]]
        self.biases = [None if spec.bias is None else Fraction(spec.bias)]
        self.told: list[tuple[Fraction, Fraction, Fraction]] = []

    def value(self, id_: str) -> mpf:
        """The number behind an id; KeyError for an id that means nothing here."""
        found = Fraction(self._exact(id_))
        return mpf(found.numerator) / found.denominator

    def _exact(self, id_: str) -> Fraction:
        core, count = _counted(id_)
        if core == "learning_rate":
            return self.rate
        match = ID.fullmatch(core)
        if match is None:
            raise KeyError(id_)
        place = int(match["index"].split("_")[-1]) - 1
        letter, sample = match["letter"], int(match["sample"] or 1) - 1
        if letter == "x":
            return self.samples[sample][place]
        if letter == "t":
            return self.targets[sample]
        self._present(count)
        if letter == "W":
            return self.weights[count][place]
        if letter == "b":
            bias = self.biases[count]
            if bias is None:
                raise KeyError(id_)
            return bias
        return self.told[count]["zoe".index(letter.replace("a", "o"))]

    def _present(self, count: int) -> None:
        """Show samples until this many updates, and the sum after them, are known."""
        while len(self.told) <= count:
            k = len(self.told)
            x, t = self.samples[k % len(self.samples)], self.targets[k % len(self.samples)]
            w, b = self.weights[k], self.biases[k]
            z = Fraction(b or 0)
            for weight, number in zip(w, x, strict=True):
                z += weight * number
            o = self.at_zero if z == 0 else Fraction(1) if z > 0 else self.low
            self.told.append((z, o, t - o))
            self.weights.append([v + self.rate * (t - o) * n for v, n in zip(w, x, strict=True)])
            self.biases.append(None if b is None else b + self.rate * (t - o))


def _counted(id_: str) -> tuple[str, int]:
    """`W1@3` as W1 and 3, `z1+` as z1 and 1."""
    if id_.endswith("+"):
        return id_[:-1], 1
    core, sign, count = id_.partition("@")
    return core, int(count) if sign else 0
