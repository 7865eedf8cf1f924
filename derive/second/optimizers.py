"""One update of one parameter by each optimizer, written a second time.

A form takes the parameter `w`, its slope `g`, what is kept beside it by its
letters, the settings, the learning `rate` and the `count` of the update, from 1.
It gives the new `w` and what is kept from now on.
"""

from __future__ import annotations

from collections.abc import Callable

from mpmath import mp, mpf

from derive.second.functions import SkippedError, exact
from derive.second.ids import LEARNING_RATE, track_id
from derive.second.recorder import Recorder, Values
from derive.spec import Optimizer

Form = Callable[[Values], Values]


def _descend(at: Values) -> Values:
    return {"w": at["w"] - at["rate"] * at["g"]}


def _velocity(at: Values) -> Values:
    speed = at["g"] + at["momentum"] * at["v"]
    return {"w": at["w"] - at["rate"] * speed, "v": speed}


def _step(at: Values) -> Values:
    way = at["momentum"] * at["v"] - at["rate"] * at["g"]
    return {"w": at["w"] + way, "v": way}


def _nesterov(at: Values) -> Values:
    speed = at["g"] + at["momentum"] * at["v"]
    return {"w": at["w"] - at["rate"] * (at["g"] + at["momentum"] * speed), "v": speed}


def _scale(at: Values, slope: mpf, square: mpf) -> mpf:
    """The parameter after a step by the slope over the root of its squares."""
    below = at["epsilon"] + mp.sqrt(square)
    return at["w"] - at["rate"] * slope / below if below else mp.nan


def _adagrad(at: Values) -> Values:
    total = at["g"] ** 2 + at["s"]
    return {"w": _scale(at, at["g"], total), "s": total}


def _rmsprop(at: Values) -> Values:
    total = at["g"] ** 2 + at["decay"] * (at["s"] - at["g"] ** 2)
    return {"w": _scale(at, at["g"], total), "s": total}


def _adam(at: Values) -> Values:
    mean = at["g"] + at["beta1"] * (at["m"] - at["g"])
    spread = at["g"] ** 2 + at["beta2"] * (at["v"] - at["g"] ** 2)
    fair, wide = (
        kept / (1 - at[beta] ** at["count"]) for kept, beta in ((mean, "beta1"), (spread, "beta2"))
    )
    return {"w": _scale(at, fair, wide), "m": mean, "v": spread, "mhat": fair, "vhat": wide}


def _adamw(at: Values) -> Values:
    moved = _adam(at)
    return moved | {"w": moved["w"] - at["rate"] * at["weight_decay"] * at["w"]}


FORMS: dict[tuple[str, str | None], tuple[str, Form]] = {
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


class Rule:
    """An optimizer of so many steps; raises SkippedError where it has no second definition."""

    def __init__(self, chosen: Optimizer | None, steps: int) -> None:
        self.letters, self.settings = "", Values()
        self._form: Form = _descend
        if chosen is None or not steps:
            return
        if (chosen.name, chosen.convention) not in FORMS:
            raise SkippedError(f"the optimizer {chosen.name} has no second definition here")
        self.letters, self._form = FORMS[chosen.name, chosen.convention]
        typed = {key: getattr(chosen, key) for key in SETTINGS}
        self.settings = {key: exact(text) for key, text in typed.items() if text is not None}

    def before(self, name: str) -> Values:
        """What is kept beside a parameter before the first update: nothing but zeros."""
        return {track_id(letter, name): mpf(0) for letter in self.letters}

    def move(self, recorder: Recorder, name: str, slope: mpf) -> Values:
        """A parameter and all that stands beside it after one more update, by their ids."""
        kept = {letter: recorder.value(track_id(letter, name)) for letter in self.letters}
        now = {"w": recorder.value(name), "g": slope, "count": mpf(recorder.count + 1)}
        new = self._form({**self.settings, **kept, **now, "rate": recorder.start[LEARNING_RATE]})
        return {name: new.pop("w")} | {track_id(letter, name): v for letter, v in new.items()}
