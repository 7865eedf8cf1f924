"""One update of one parameter by each optimizer, written a second time.

Numbers in, numbers out: what stands beside the parameter is found by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mpmath import mp, mpf

from derive.second.functions import exact
from derive.second.wiring import SkippedError
from derive.spec import Network, Optimizer

Values = Mapping[str, mpf]
Found = dict[str, mpf]


@dataclass(frozen=True, slots=True)
class Moment:
    """A parameter just before an update: value, slope, what is kept beside it.

    `count` is the number of the update, from 1, `rate` the learning rate, `set`
    the settings of the optimizer.
    """

    weight: mpf
    slope: mpf
    kept: Values
    count: int
    rate: mpf
    set: Values


def plain(at: Moment) -> tuple[mpf, Found]:
    """Gradient descent."""
    return at.weight - at.rate * at.slope, {}


def _velocity(at: Moment) -> tuple[mpf, Found]:
    speed = at.slope + at.set["momentum"] * at.kept["v"]
    return at.weight - at.rate * speed, {"v": speed}


def _step(at: Moment) -> tuple[mpf, Found]:
    way = at.set["momentum"] * at.kept["v"] - at.rate * at.slope
    return at.weight + way, {"v": way}


def _nesterov(at: Moment) -> tuple[mpf, Found]:
    share = at.set["momentum"]
    speed = at.slope + share * at.kept["v"]
    return at.weight - at.rate * at.slope - at.rate * share * speed, {"v": speed}


def _scaled(at: Moment, sum_: mpf) -> tuple[mpf, Found]:
    below = at.set["epsilon"] + mp.sqrt(sum_)
    return (mp.nan if below == 0 else at.weight - at.rate * at.slope / below), {"s": sum_}


def _adagrad(at: Moment) -> tuple[mpf, Found]:
    return _scaled(at, at.slope * at.slope + at.kept["s"])


def _rmsprop(at: Moment) -> tuple[mpf, Found]:
    new = at.slope * at.slope
    return _scaled(at, new + at.set["decay"] * (at.kept["s"] - new))


def _adam(at: Moment) -> tuple[mpf, Found]:
    one, two = at.set["beta1"], at.set["beta2"]
    mean = at.slope + one * (at.kept["m"] - at.slope)
    square = at.slope * at.slope
    spread = square + two * (at.kept["v"] - square)
    fair, wide = mean / (1 - one**at.count), spread / (1 - two**at.count)
    below = mp.sqrt(wide) + at.set["epsilon"]
    new = mp.nan if below == 0 else at.weight - at.rate * fair / below
    return new, {"m": mean, "v": spread, "mhat": fair, "vhat": wide}


def _adamw(at: Moment) -> tuple[mpf, Found]:
    new, found = _adam(at)
    return new - at.rate * at.set["weight_decay"] * at.weight, found


FORMS: dict[tuple[str, str | None], tuple[str, Callable[[Moment], tuple[mpf, Found]]]] = {
    ("momentum", "velocity"): ("v", _velocity),
    ("momentum", "step"): ("v", _step),
    ("nesterov", None): ("v", _nesterov),
    ("adagrad", None): ("s", _adagrad),
    ("rmsprop", None): ("s", _rmsprop),
    ("adam", None): ("mv", _adam),
    ("adamw", None): ("mv", _adamw),
}
"""By name and convention: the letters of what is kept, and the update."""
SETTINGS = ("momentum", "decay", "beta1", "beta2", "epsilon", "weight_decay")


@dataclass(frozen=True, slots=True)
class Rule:
    """An optimizer with its numbers."""

    letters: str
    form: Callable[[Moment], tuple[mpf, Found]]
    set: dict[str, mpf]

    def start(self, parameters: tuple[str, ...]) -> Found:
        """What is kept before the first update: nothing but zeros."""
        return {f"{letter}_{p}": mpf(0) for p in parameters for letter in self.letters}

    def moved(self, name: str, values: Values, slope: mpf, count: int, rate: mpf) -> Found:
        """A parameter and all that stands beside it after one more update, by their ids."""
        kept = {letter: values[f"{letter}_{name}"] for letter in self.letters}
        at = Moment(values[name], slope, kept, count, rate, self.set)
        new, found = self.form(at)
        return {name: new} | {f"{letter}_{name}": value for letter, value in found.items()}


PLAIN = Rule("", plain, {})


def rule_of(spec: Network) -> Rule:
    """The optimizer of a spec; raises SkippedError for one without a second definition."""
    chosen = spec.optimizer
    if chosen is None or not spec.steps:
        return PLAIN
    key = (chosen.name, chosen.convention)
    if key not in FORMS:
        raise SkippedError(f"the optimizer {chosen.name} has no second definition here")
    letters, form = FORMS[key]
    return Rule(letters, form, settings(chosen))


def settings(chosen: Optimizer) -> dict[str, mpf]:
    """The given numbers of an optimizer by their ids."""
    found = {key: getattr(chosen, key) for key in SETTINGS}
    return {key: exact(typed) for key, typed in found.items() if typed is not None}
