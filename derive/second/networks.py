"""The forward pass of a network: layer by layer, sample by sample, then the errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

import msgspec
from mpmath import mp, mpf

from derive.layers import LAYERS
from derive.second import ids
from derive.second.functions import LOSSES, Functions, SkippedError, check_activation, exact
from derive.second.optimizers import Rule
from derive.second.recorder import Note, Recorder, Values
from derive.spec import Network, Regularisation, Typed

BUDGET = 5_000_000
"""Products that differences may spend: they compute forward twice for each parameter."""
CONSTANTS: dict[str, Callable[[Network], Fraction]] = {
    "half_squared_error": lambda _: Fraction(1, 2),
    "squared_error": lambda _: Fraction(1),
    "mean_squared_error": lambda spec: Fraction(1, len(spec.targets[0])),
    "huber": lambda spec: Fraction(spec.delta or "1"),
}
"""What stands before (t - o)^2, or where a loss becomes straight."""


class NetworkPass:
    """The forward pass of a network; raises SkippedError for what has no second definition."""

    def __init__(self, spec: Network) -> None:
        _check(spec)
        self.spec, self.ids, self.rule = spec, ids.Ids(spec), Rule(spec.optimizer, spec.steps)
        self.samples = range(1, len(spec.inputs) + 1) if len(spec.inputs) > 1 else range(1)
        self.factors = _factors(spec.regularisation)

    def start(self) -> Values:
        """Typed numbers that no part of the pass takes, by their ids."""
        typed = dict(self.factors)
        if self.spec.learning_rate is not None:
            typed[ids.LEARNING_RATE] = self.spec.learning_rate
        return self.rule.settings | {name: exact(text) for name, text in typed.items()}

    def run(self, recorder: Recorder) -> Iterator[None]:
        """Compute everything; pauses after each part."""
        functions = Functions(recorder.side)
        notes = [Note(recorder, self.ids, 0, sample) for sample in self.samples]
        rows: list[Sequence[mpf]] = [
            recorder.part((0, note.sample), (), partial(note.row, "x", inputs))
            for note, inputs in zip(notes, self.spec.inputs, strict=True)
        ]
        for number, layer in enumerate(self.spec.layers, 1):
            for at, sample in enumerate(self.samples):
                note = Note(recorder, self.ids, number, sample)
                forward = partial(LAYERS[layer.type].plain, layer, note=note, functions=functions)
                rows[at] = recorder.part((number, sample), (rows[at],), forward)
                yield
        errors = []
        for note, row, targets in zip(notes, rows, self.spec.targets, strict=True):
            measure = partial(self._measure, note, functions, targets)
            errors.append(recorder.part(("E", note.sample), (row,), measure))
            yield
        self._reduce(recorder, functions, errors)
        if not recorder.count and recorder.move is None:
            for name in self._trained(recorder):
                recorder.values |= self.rule.before(name)

    def _measure(
        self, note: Note, functions: Functions, typed: Sequence[Typed], outputs: Sequence[mpf]
    ) -> mpf:
        """The error of each output, and of the sample."""
        spec, sample, errors = self.spec, note.sample, []
        constant = exact(CONSTANTS[spec.loss](spec)) if spec.loss in CONSTANTS else mpf(0)
        given = note.row("u" if spec.upstream is not None else "t", typed)
        for unit, (t, o) in enumerate(zip(given, outputs, strict=True), 1):
            name = self.ids.spell("E_o", 0, (unit,), None, sample)
            errors.append(note.recorder.note(name, functions.error(spec.loss, t, o, constant)))
        name = self.ids.spell("E", 0, (), None, sample)
        return note.recorder.note(name, mp.fsum(errors)) if sample else mp.fsum(errors)

    def _reduce(self, recorder: Recorder, functions: Functions, errors: list[mpf]) -> None:
        """Everything that an update may go down on."""
        size, added = self.spec.batch_size or len(errors), mpf(0)
        if self.factors:
            data = recorder.note(ids.DATA, self._mean(errors))
            names = [n for n, letter in recorder.parameters.items() if letter[0] != "b"]
            weights = [recorder.value(name) for name in names]
            penalty = recorder.part("R", weights, partial(self._penalty, functions))
            added = recorder.note(ids.PENALTY, penalty)
            recorder.note(ids.TOTAL, data + added)
        else:
            recorder.note(ids.TOTAL, self._mean(errors))
        for number, objective in enumerate(self.objectives() if self.spec.batch_size else (), 1):
            mean = self._mean(errors[(number - 1) * size : number * size])
            batch = recorder.note(f"{ids.BATCH}{number}", mean)
            if self.factors:
                recorder.note(objective, batch + added)

    def _mean(self, errors: list[mpf]) -> mpf:
        return mp.fsum(errors) / (len(errors) if self.spec.reduction == "mean" else 1)

    def _penalty(self, functions: Functions, *weights: mpf) -> mpf:
        given = self.spec.regularisation
        square, size = (exact(getattr(given, key) or "0") for key in ("l2", "l1"))
        sizes = mp.fsum(functions("abs", w) for w in weights if size)
        return square / 2 * mp.fsum(w**2 for w in weights) + size * sizes

    def objectives(self) -> list[str]:
        """What one update after the other goes down on, again and again."""
        if self.spec.batch_size is None:
            return [ids.TOTAL]
        letter = ids.OBJECTIVE if self.factors else ids.BATCH
        return [f"{letter}{i + 1}" for i in range(-(-len(self.samples) // self.spec.batch_size))]

    def _trained(self, recorder: Recorder) -> list[str]:
        """The parameters that updates change."""
        known = recorder.parameters.items()
        return [n for n, letter in known if letter[0] != "b" or self.spec.update_biases]

    def update(self, recorder: Recorder, slope: Callable[[str, str], mpf]) -> Values:
        """Parameters, and what the optimizer keeps beside them, after one more update."""
        new, objectives = dict(recorder.start), self.objectives()
        objective = objectives[recorder.count % len(objectives)]
        for name in self._trained(recorder) if ids.LEARNING_RATE in new else ():
            new |= self.rule.move(recorder, name, slope(objective, name))
        return new


def _factors(given: Regularisation | None) -> dict[str, str]:
    """The factors of the penalty by their ids: `lambda`, of two `lambda2` and `lambda1`."""
    factors = {key[1:]: getattr(given, key) for key in ("l2", "l1") if getattr(given, key, None)}
    return {f"lambda{digit if len(factors) > 1 else ''}": v for digit, v in factors.items()}


def _check(spec: Network) -> None:
    count = sum(_count(msgspec.structs.astuple(layer)) for layer in spec.layers)
    if count**2 * len(spec.inputs) * (spec.steps + 1) > BUDGET:
        raise SkippedError(f"{count} typed numbers are too many for central differences")
    if spec.loss not in LOSSES:
        raise SkippedError(f"the loss {spec.loss} has no second definition here")
    for layer in spec.layers:
        if layer.formula is None:
            check_activation(layer.activation)


def _count(part: object) -> int:
    """How many typed numbers a part of a layer holds."""
    if isinstance(part, Mapping):
        part = tuple(part.values())
    return sum(map(_count, part)) if isinstance(part, tuple) else isinstance(part, Typed)
