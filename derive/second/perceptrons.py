"""The passes of a perceptron: pass k shows one sample by the rule as books write it."""

from __future__ import annotations

from collections.abc import Iterator

from mpmath import mpf

from derive.layers import Shape
from derive.second import ids
from derive.second.functions import exact, sign
from derive.second.recorder import Note, Recorder, Values
from derive.spec import Perceptron


class PerceptronPass:
    """w := w + rate (t - o) x, or rate t x where it is wrong; nothing is differentiated."""

    def __init__(self, spec: Perceptron) -> None:
        self.spec, self.ids = spec, ids.Ids(spec)
        at_zero = 0 if spec.at_zero == "mistake" else spec.at_zero
        low = min(0, at_zero, *(int(row[0]) for row in spec.targets))
        self.outputs = (mpf(at_zero), mpf(1), mpf(low))
        """By the sign of z: at zero, above, below."""

    def start(self) -> Values:
        """The learning rate."""
        return {ids.LEARNING_RATE: exact(self.spec.learning_rate)}

    def run(self, recorder: Recorder) -> Iterator[None]:
        """Show one sample; what was typed of the others stands there too."""
        spec, rows = self.spec, []
        for number, sample in enumerate(zip(spec.inputs, spec.targets, strict=True), 1):
            note = Note(recorder, self.ids, 0, number if len(spec.inputs) > 1 else 0)
            rows.append([
                note.row(letter, row, Shape(len(row))).units_at()
                for letter, row in zip("xt", sample, strict=True)
            ])  # fmt: skip
        note, (x, t) = Note(recorder, self.ids, 1, 0), rows[recorder.count % len(rows)]
        z = mpf(0) if spec.bias is None else note.parameter("b", spec.bias, 1)
        for source, (typed, received) in enumerate(zip(spec.weights, x, strict=True), 1):
            z += note.parameter("W", typed, 1, source) * received
        output = note("h", self.outputs[sign(note("z", z, 1))], 1)
        wrong = t[0] if t[0] != output else mpf(0)
        recorder.note(ids.DIFFERENCE, wrong if spec.rule == "label" else t[0] - output)
        yield

    def update(self, recorder: Recorder, _: object) -> Values:
        """Weights and bias after one more sample."""
        x = map(exact, self.spec.inputs[recorder.count % len(self.spec.inputs)])
        received = [*x] if self.spec.bias is None else [mpf(1), *x]
        step = recorder.start[ids.LEARNING_RATE] * recorder.value(ids.DIFFERENCE)
        pairs = zip(recorder.parameters, received, strict=True)
        return recorder.start | {name: recorder.value(name) + step * x for name, x in pairs}
