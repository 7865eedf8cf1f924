"""The forward pass of a network: layer by layer, sample by sample, then the errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import msgspec
from mpmath import mp, mpf

from derive.layers import LAYERS, Shape
from derive.layers.plain import Field
from derive.layers.shapes import SEQUENCE
from derive.second import ids
from derive.second.functions import LOSSES, Functions, SkippedError, check_activation, exact
from derive.second.optimizers import Rule
from derive.second.recorder import Note, Recorder, Values
from derive.spec import Network, Regularisation, Typed
from derive.spec.wiring import Wired, input_shape, wire

BUDGET = 5_000_000
"""Products that differences may spend: they compute forward twice for each parameter."""
CONSTANTS: dict[str, Callable[[Network], Fraction]] = {
    "half_squared_error": lambda _: Fraction(1, 2),
    "squared_error": lambda _: Fraction(1),
    "huber": lambda spec: Fraction(spec.delta or "1"),
}
"""What stands before (t - o)^2, or where a loss becomes straight."""
MEAN = "mean_squared_error"
"""The loss that is divided by the number of all outputs."""
TOGETHER = -1
"""In the place of a sample, where a layer computes all of them at once."""


def copy_outputs(_: object, received: Field, note: Note, functions: Functions) -> Field:
    """What the last layer hands on under the names of outputs."""
    del functions
    copies = {
        (unit, at): note("h", value, unit, at=at) for (unit, at), value in received.numbers.items()
    }
    return Field(received.shape, copies)


def _number_tokens(spec: Network, sample: Any) -> Any:  # noqa: ANN401  nested tuples
    """A sample with the row of each token in its place; any other as it is."""
    words = next((getattr(layer, "vocabulary", None) for layer in spec.layers), None)
    if not isinstance(sample[0], str | int) or isinstance(sample[0], Typed):
        return sample
    return tuple(words.index(t) + 1 if isinstance(t, str) and words else t for t in sample)


class NetworkPass:
    """The forward pass of a network; raises SkippedError for what has no second definition."""

    def __init__(self, spec: Network) -> None:
        _check(spec)
        self.spec, self.ids, self.rule = spec, ids.Ids(spec), Rule(spec.optimizer, spec.steps)
        self.samples = range(1, len(spec.inputs) + 1) if len(spec.inputs) > 1 else range(1)
        self.wired, self.shape = wire(spec), input_shape(spec)
        self.inputs = [_number_tokens(spec, row) for row in spec.inputs]
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
        rows: dict[tuple[int, int], Field] = {}
        for note, inputs in zip(self._notes(recorder, 0, self.shape), self.inputs, strict=True):
            read = partial(note.row, "x", inputs, self.shape)
            rows[0, note.sample] = recorder.part((0, note.sample), (), read)
        for wired in self.wired:
            notes = self._notes(recorder, wired.number, wired.shape)
            for place, taken, forward in self._list_parts(wired, notes, rows, functions):
                made = recorder.part(place, taken, forward)
                fields = made if place[1] == TOGETHER else [made]
                own = notes if place[1] == TOGETHER else [n for n in notes if n.sample == place[1]]
                for note, field in zip(own, fields, strict=True):
                    rows[wired.number, note.sample] = field
                yield
        errors, shape = [], self.wired[-1].shape
        notes = self._notes(recorder, 0, shape)
        for note, targets in zip(notes, self.spec.targets, strict=True):
            measure = partial(self._measure, note, functions, targets)
            field = rows[self.wired[-1].number, note.sample]
            errors.append(recorder.part(("E", note.sample), (field,), measure))
            yield
        self._reduce(recorder, functions, errors)
        if not recorder.count and recorder.move is None:
            for name in self._trained(recorder):
                recorder.values |= self.rule.before(name)

    def _notes(self, recorder: Recorder, layer: int, shape: Shape) -> list[Note]:
        """What names the numbers of a layer, for each sample."""
        steps = shape.kind == SEQUENCE
        return [Note(recorder, self.ids, layer, sample, steps) for sample in self.samples]

    def _list_parts(
        self, wired: Wired, notes: list[Note], rows: dict[tuple[int, int], Field],
        functions: Functions,
    ) -> Iterator[tuple[tuple[int, int], tuple[Field, ...], Callable[..., Any]]]:  # fmt: skip
        """The passes of a layer: one for each sample, or one for all that depend on each other."""
        layer = wired.layer
        together = LAYERS[layer.type].plain_together if layer is not None else None
        if together is not None:
            place = (wired.number, TOGETHER)
            own = [replace(note, part=place) for note in notes]
            taken = tuple(rows[wired.sources[0], note.sample] for note in notes)
            yield place, taken, partial(together, layer, notes=own, functions=functions)
            return
        for note in notes:
            taken = tuple(rows[source, note.sample] for source in wired.sources)
            plain = LAYERS[layer.type].plain if layer is not None else copy_outputs
            forward = partial(plain, layer, note=note, functions=functions)
            yield (wired.number, note.sample), taken, forward

    def _measure(
        self, note: Note, functions: Functions, typed: Sequence[Typed], outputs: Field
    ) -> mpf:
        """The error of each output, of each step, and of the sample."""
        spec, sample, shape = self.spec, note.sample, outputs.shape
        given = note.row("u" if spec.upstream is not None else "t", typed, shape)
        constant = (
            mpf(1) / shape.count
            if spec.loss == MEAN
            else (exact(CONSTANTS[spec.loss](spec)) if spec.loss in CONSTANTS else mpf(0))
        )
        steps: list[mpf] = []
        for at in shape.list_places():
            errors = []
            for unit in range(1, shape.units + 1):
                value = functions.error(
                    spec.loss, given.at(unit, at), outputs.at(unit, at), constant
                )
                name = note.spell("E_o", (unit,), at, None, sample)
                errors.append(note.recorder.note(name, value))
            steps.append(mp.fsum(errors))
            if note.steps and shape.size[0] > 1:
                name = note.spell("E", (), (), at[0], sample)
                steps[-1] = note.recorder.note(name, steps[-1])
        mean = spec.step_reduction == "mean" and note.steps
        total = mp.fsum(steps) / (len(steps) if mean else 1)
        name = self.ids.spell("E", 0, (), None, sample)
        return note.recorder.note(name, total) if sample else total

    def _reduce(self, recorder: Recorder, functions: Functions, errors: list[mpf]) -> None:
        """Everything that an update may go down on."""
        size, added = self.spec.batch_size or len(errors), mpf(0)
        if self.factors:
            data = recorder.note(ids.DATA, self._mean(errors))
            names = [n for n, letter in recorder.parameters.items() if not _is_bias(letter)]
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
        return [n for n, letter in known if not _is_bias(letter) or self.spec.update_biases]

    def update(self, recorder: Recorder, slope: Callable[[str, str], mpf]) -> Values:
        """Parameters, and what the optimizer keeps beside them, after one more update."""
        new, objectives = dict(recorder.start), self.objectives()
        objective = objectives[recorder.count % len(objectives)]
        for name in self._trained(recorder) if ids.LEARNING_RATE in new else ():
            new |= self.rule.move(recorder, name, slope(objective, name))
        return new


def _is_bias(letter: str) -> bool:
    """Whether what is added at the end, and no weight, has this letter: b, bU, bi, shift."""
    return letter[0] == "b" or letter == "shift"


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
