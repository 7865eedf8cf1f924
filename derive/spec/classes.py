"""`classes`: the right class of each sample, counted from 1, in place of one-hot targets."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from derive.algebra.literals import Typed
from derive.errors import SpecError, counted, excerpt, spell
from derive.layers import Row
from derive.layers.shapes import VECTOR
from derive.ops import LOSSES
from derive.spec.layouts import check_layers
from derive.spec.model import Network


def read_classes(spec: Network) -> Network:
    """The spec with targets of 1 at the right class, else 0; its samples are known to be sound.

    Raises SpecError for a class out of range, and for another number of them than of samples.
    """
    shape = check_layers(spec)
    classes, outputs, samples = spec.classes or (), shape.units, len(spec.inputs)
    if shape.kind != VECTOR:
        raise SpecError("classes", f"are for a vector of outputs, got {shape}; give targets")
    if outputs == 1:
        raise SpecError("classes", "one output unit has no classes; give targets")
    if len(classes) != samples:
        raise SpecError(
            "classes",
            f"expected {counted(samples, 'number')}, one per sample in inputs, got {len(classes)}",
        )
    wanted = LOSSES[spec.loss].targets if spec.loss in LOSSES else None
    if wanted is not None and wanted.low != "0":
        raise SpecError("classes", f"are targets 0 and 1; {spec.loss} takes targets {wanted}")
    return replace(spec, targets=tuple(_write_rows(classes, outputs)))


def _write_rows(classes: tuple[int, ...], outputs: int) -> Iterator[Row]:
    for index, number in enumerate(classes, 1):
        if not 1 <= number <= outputs:
            raise SpecError(
                f"classes[{index}]",
                f"expected a whole number from 1 to {outputs}, one class per output unit, "
                f"got {excerpt(spell(number), 32)}",
            )
        yield tuple(Typed("1" if unit == number else "0") for unit in range(1, outputs + 1))
