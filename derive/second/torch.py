"""The road through PyTorch: its own forward pass in float64, every slope by autograd.

Imported only where torch is installed and numbers are compared. A float knows
about 16 digits, and fewer where terms cancel: so the same is computed four
times more with every result moved by about a rounding error, and a number is
told only where these runs agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import torch
from mpmath import mpf

from derive.second.differences import DIFF, ID
from derive.second.torch_functions import Tensor
from derive.second.torch_passes import CircuitPasses, NetworkPasses, Nudge, Passed
from derive.second.wiring import SkippedError
from derive.spec import Circuit, Network, Optimizer, Spec

BUDGET = 5_000_000
"""Slopes the road may keep: those of every unit by every weight, for each sample and pass."""
RUNS = ((0, 0), (1, 1), (1, -1), (2, 1), (2, -1))
"""Seed and direction of the nudges; the first run has none."""
RELATIVE, ABSOLUTE = 1e-10, 1e-13
"""How far the nudged runs may lie from the first: a tenth of what `agrees` forgives."""


class Torch:
    """Any number of a sheet by its id, to about 9 digits.

    Raises SkippedError where the road does not apply to the spec.
    """

    def __init__(self, spec: Spec, digits: int = 16) -> None:
        del digits  # a float has what it has
        _check(spec)
        self._runs = [Run(spec, Nudge(*run)) for run in RUNS]
        self._given = given_numbers(spec)
        for run in self._runs:
            run.signs(0)

    def value(self, id_: str) -> mpf | None:
        """The number behind an id after so many updates as the id says.

        None where it hangs on a case that floats cannot tell. Raises KeyError
        for an id that means nothing here, and where floats hold too few digits.
        """
        match = ID.fullmatch(id_)
        if match is None:
            raise KeyError(id_)
        core, k = match["core"], 1 if match["plus"] else int(match["k"] or 0)
        if core in self._given:
            return mpf(self._given[core])
        first, *others = (run.number(k, core) for run in self._runs)
        if not all(map(math.isfinite, (first, *others))):
            raise KeyError(id_)
        if all(math.isclose(first, o, rel_tol=RELATIVE, abs_tol=ABSOLUTE) for o in others):
            return mpf(first)
        if len({run.signs(k) for run in self._runs}) > 1:
            return None
        raise KeyError(id_)


def _check(spec: Spec) -> None:
    if isinstance(spec, Circuit):
        return
    if not isinstance(spec, Network):
        raise SkippedError(f"{spec.kind}: its rule takes no derivative")
    units = sum(len(layer.weights) for layer in spec.layers)
    weights = sum(len(layer.weights) * len(layer.weights[0]) for layer in spec.layers)
    if units * weights * len(spec.inputs) * (spec.steps + 1) > BUDGET:
        raise SkippedError(f"{weights} weights are too many for the slopes of {units} units")


def given_numbers(spec: Spec) -> dict[str, float]:
    """Typed numbers that no pass changes, by their ids."""
    typed: dict[str, str | None] = {}
    if isinstance(spec, Circuit):
        typed["learning_rate"] = spec.update.learning_rate if spec.update else None
    if isinstance(spec, Network):
        typed["learning_rate"] = spec.learning_rate
        tags = [f"_s{s}" for s, _ in enumerate(spec.inputs, 1)] if len(spec.inputs) > 1 else [""]
        for letter, rows in (("x", spec.inputs), ("t", spec.targets)):
            for tag, row in zip(tags, rows, strict=True):
                typed |= {f"{letter}{i}{tag}": value for i, value in enumerate(row, 1)}
        if spec.optimizer is not None:
            typed |= {key: getattr(spec.optimizer, key) for key in SETTINGS}
        if spec.regularisation is not None:
            square, size = spec.regularisation.l2, spec.regularisation.l1
            both = square is not None and size is not None
            typed |= {"lambda2": square, "lambda1": size} if both else {"lambda": square or size}
    return {name: float(Fraction(text)) for name, text in typed.items() if text is not None}


SETTINGS = ("momentum", "decay", "beta1", "beta2", "epsilon", "weight_decay")


class Run:
    """All passes of one run, computed when they are asked for."""

    def __init__(self, spec: Spec, nudge: Nudge) -> None:
        assert isinstance(spec, Circuit | Network)
        self._nudge = nudge
        self._passes = (
            CircuitPasses(spec, nudge) if isinstance(spec, Circuit) else NetworkPasses(spec, nudge)
        )
        self._now = [start.detach().clone().requires_grad_() for start in self._passes.start]
        self._found: list[Passed] = []
        self._states: list[dict[str, float]] = []
        pairs = zip(self._now, self._passes.names, self._passes.held, strict=True)
        self._moved = [(tensor, names) for tensor, names, held in pairs if not held]
        self._optimizer = Stepper(spec, [tensor for tensor, _ in self._moved])

    def number(self, k: int, core: str) -> float:
        """A value or a derivative after k updates; KeyError for an unknown id."""
        passed = self._at(k)
        if core in passed.places:
            return passed.places[core].number()
        match = DIFF.fullmatch(core)
        if match is None:
            return self._states[k][core]
        return passed.slope(match["top"], match["bottom"], local=bool(match["local"]))

    def signs(self, k: int) -> tuple[float, ...]:
        """The sign of every number that decided a case in the passes up to this one."""
        self._at(k)
        found = (sign for passed in self._found[: k + 1] for sign in passed.signs)
        return tuple(number for sign in found for number in sign.tolist())

    def _at(self, k: int) -> Passed:
        while len(self._found) <= k:
            count = len(self._found)
            if count:
                self._update(count)
            self._states.append(self._optimizer.kept(self._moved, count))
            parameters = [
                tensor.detach().clone().requires_grad_(not held)
                for tensor, held in zip(self._now, self._held(), strict=True)
            ]
            self._found.append(self._passes.forward(parameters))
        return self._found[k]

    def _held(self) -> list[bool]:
        """What has no slope: biases that are held; every value of a circuit has one."""
        circuit = isinstance(self._passes, CircuitPasses)
        return [held and not circuit for held in self._passes.held]

    def _update(self, count: int) -> None:
        objectives = self._passes.objectives
        slopes = self._found[-1].downhill(objectives[(count - 1) % len(objectives)])
        before = [tensor.detach().clone() for tensor, _ in self._moved]
        for (tensor, _), slope in zip(self._moved, slopes, strict=True):
            tensor.grad = torch.zeros_like(tensor) if slope is None else slope.clone()
        self._optimizer.step()
        with torch.no_grad():
            for (tensor, _), old in zip(self._moved, before, strict=True):
                tensor.copy_(self._nudge(tensor, tensor.abs() + old.abs()))


class Stepper:
    """The optimizer of torch.optim that a spec asks for, and what it keeps, by id."""

    def __init__(self, spec: Circuit | Network, tensors: Sequence[Tensor]) -> None:
        self._chosen = spec.optimizer if isinstance(spec, Network) else None
        self._optimizer = None
        rate, ascends = _rate(spec)
        self._rate = abs(rate)
        if rate and tensors:
            self._optimizer = _made(self._chosen, tensors, self._rate, up=(rate < 0) != ascends)

    def step(self) -> None:
        """One update by the gradients that the tensors hold; none without a learning rate."""
        if self._optimizer is not None:
            self._optimizer.step()

    def kept(self, moved: Sequence[tuple[Tensor, list[str]]], count: int) -> dict[str, float]:
        """What stands beside each parameter after so many updates, by its id."""
        found: dict[str, float] = {}
        if self._chosen is None or self._optimizer is None:
            return found
        for letter, read in READ[self._chosen.name, self._chosen.convention].items():
            for tensor, names in moved:
                state = self._optimizer.state[tensor] if count else {}
                if not state and "hat" in letter:
                    continue
                values = self._read(read, state, count) if state else torch.zeros_like(tensor)
                numbers = values.flatten().tolist()
                found |= {f"{letter}_{n}": v for n, v in zip(names, numbers, strict=True)}
        return found

    def _read(self, read: Read, state: dict[str, Tensor], count: int) -> Tensor:
        assert self._chosen is not None
        return read(state, self._chosen, self._rate, count)


Read = Callable[[dict[str, Tensor], Optimizer, float, int], Tensor]
"""From the state of a tensor, the settings, the rate and the number of updates."""


def _state(key: str) -> Read:
    return lambda state, *_: state[key]


def _fair(key: str, beta: str) -> Read:
    return lambda state, chosen, _, count: state[key] / (1 - _set(chosen, beta) ** count)


ADAM: dict[str, Read] = {
    "m": _state("exp_avg"),
    "v": _state("exp_avg_sq"),
    "mhat": _fair("exp_avg", "beta1"),
    "vhat": _fair("exp_avg_sq", "beta2"),
}
READ: dict[tuple[str, str | None], dict[str, Read]] = {
    ("momentum", "velocity"): {"v": _state("momentum_buffer")},
    ("momentum", "step"): {"v": lambda state, _, rate, __: -rate * state["momentum_buffer"]},
    ("nesterov", None): {"v": _state("momentum_buffer")},
    ("adagrad", None): {"s": _state("sum")},
    ("rmsprop", None): {"s": _state("square_avg")},
    ("adam", None): ADAM,
    ("adamw", None): ADAM,
}
"""By name and convention of an optimizer: where PyTorch keeps what stands beside a parameter."""


def _set(chosen: Optimizer, key: str) -> float:
    return float(Fraction(getattr(chosen, key)))


def _rate(spec: Circuit | Network) -> tuple[float, bool]:
    """The learning rate, 0 where nothing is updated, and whether updates go up."""
    if isinstance(spec, Network):
        return float(Fraction(spec.learning_rate or "0")), False
    if spec.update is None:
        return 0.0, False
    return float(Fraction(spec.update.learning_rate)), spec.update.direction == "ascent"


def _made(
    chosen: Optimizer | None, tensors: Sequence[Tensor], rate: float, *, up: bool
) -> torch.optim.Optimizer:
    """The optimizer as PyTorch makes it; raises SkippedError for one unknown here."""
    if chosen is None:
        return torch.optim.SGD(tensors, lr=rate, maximize=up)
    if (chosen.name, chosen.convention) not in READ:
        raise SkippedError(f"the optimizer {chosen.name} has no form in PyTorch here")
    if chosen.name in {"momentum", "nesterov"}:
        share, ahead = _set(chosen, "momentum"), chosen.name == "nesterov"
        return torch.optim.SGD(tensors, lr=rate, momentum=share, nesterov=ahead)
    small = _set(chosen, "epsilon")
    if chosen.name == "adagrad":
        return torch.optim.Adagrad(tensors, lr=rate, eps=small)
    if chosen.name == "rmsprop":
        return torch.optim.RMSprop(tensors, lr=rate, alpha=_set(chosen, "decay"), eps=small)
    betas = (_set(chosen, "beta1"), _set(chosen, "beta2"))
    if chosen.name == "adam":
        return torch.optim.Adam(tensors, lr=rate, betas=betas, eps=small)
    decay = _set(chosen, "weight_decay")
    return torch.optim.AdamW(tensors, lr=rate, betas=betas, eps=small, weight_decay=decay)
