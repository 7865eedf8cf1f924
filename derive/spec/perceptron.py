"""What a perceptron's spec must satisfy beyond its types."""

from __future__ import annotations

from derive import limits
from derive.algebra.literals import Typed
from derive.errors import SpecError, counted, excerpt, spell
from derive.spec.model import MISTAKE, Perceptron

LABELS = ((0, 1), (-1, 1))


def check_perceptron(spec: Perceptron) -> None:
    """Raise SpecError at the first rule that does not hold, with its place."""
    _check_shape(spec)
    _check_labels(spec)
    if spec.learning_rate.exact <= 0:
        raise SpecError("learning_rate", f"expected a number above 0, got {spec.learning_rate}")
    if not 1 <= spec.epochs <= limits.EPOCHS:
        shown = excerpt(spell(spec.epochs), 32)
        raise SpecError(
            "epochs", f"expected a whole number from 1 to {limits.EPOCHS}, got {shown}"
        )
    _check_length(spec)
    _check_rounding(spec)


def _check_shape(spec: Perceptron) -> None:
    if len(spec.inputs) > limits.SAMPLES:
        raise SpecError("inputs", f"{len(spec.inputs)} entries; at most {limits.SAMPLES}")
    width = len(spec.inputs[0])
    if not 1 <= width <= limits.UNIT_INPUTS:
        raise SpecError("inputs[1]", f"expected 1 to {limits.UNIT_INPUTS} numbers, got {width}")
    for index, sample in enumerate(spec.inputs, 1):
        if len(sample) != width:
            place = f"inputs[{index}]"
            raise SpecError(
                place, f"expected {counted(width, 'number')} as in inputs[1], got {len(sample)}"
            )
    if len(spec.weights) != width:
        raise SpecError(
            "weights",
            f"expected {counted(width, 'number')}, one per input, got {len(spec.weights)}",
        )
    if len(spec.targets) != len(spec.inputs):
        raise SpecError(
            "targets",
            f"expected {counted(len(spec.inputs), 'number')}, one per sample in inputs, "
            f"got {len(spec.targets)}",
        )
    for index, row in enumerate(spec.targets, 1):
        if len(row) != 1:
            place = f"targets[{index}]"
            raise SpecError(place, f"expected 1 number, as there is one unit, got {len(row)}")


def _check_labels(spec: Perceptron) -> None:
    """All targets are of one pair of labels, and so is the value of the step at 0."""
    if spec.at_zero not in (-1, 0, 1, MISTAKE):
        raise SpecError(
            "at_zero",
            f'expected one of the two labels, 1 or the lower one, or "{MISTAKE}", '
            f"got {spec.at_zero}",
        )
    pair = next(pair for pair in LABELS if pair[0] == spec.low)
    labels = f"{pair[0]} and {pair[1]}"
    for index, (target,) in enumerate(spec.targets, 1):
        if target.exact not in (-1, 0, 1):
            raise SpecError(
                f"targets[{index}]",
                f"expected one of the labels 0 and 1, or -1 and 1, got {target}",
            )
        if target.exact not in pair:
            raise SpecError(
                f"targets[{index}]",
                f"expected one of the labels {labels} as elsewhere, got {target}",
            )
    for key, given in (("rule", spec.by_label), ("at_zero", spec.at_zero == MISTAKE)):
        if given and spec.low == 0:
            raise SpecError(key, f'"{getattr(spec, key)}" is for the labels -1 and 1; give these')
    if spec.at_zero not in (*pair, MISTAKE):
        raise SpecError("at_zero", f"expected one of the labels {labels}, got {spec.at_zero}")


def _check_length(spec: Perceptron) -> None:
    """The longest run that the spec allows must fit on a page."""
    each = len(spec.weights) + 4
    shown = spec.steps or spec.epochs * len(spec.inputs)
    if shown * each > limits.PAGE_STEPS:
        counted = f"{spec.steps} presentations"
        if not spec.steps:
            counted = f"{spec.epochs} epochs of {len(spec.inputs)} samples"
        raise SpecError(
            "steps" if spec.steps else "epochs",
            f"{counted} are up to {shown * each} numbers, more than the {limits.PAGE_STEPS} "
            "of a page; take fewer",
        )


def _check_rounding(spec: Perceptron) -> None:
    """Rounding each step must change nothing: the numbers of a run all end."""
    if spec.rounding != "stepwise":
        return
    inputs = max(map(_places, (x for row in spec.inputs for x in row)))
    own = (*spec.weights, *((spec.bias,) if spec.bias is not None else ()))
    weights = max(*map(_places, own), _places(spec.learning_rate) + inputs)
    if weights + inputs > spec.decimals:
        raise SpecError(
            "rounding",
            f"this run has numbers of {weights + inputs} decimals, and rounding them would move "
            f'its steps; take rounding = "exact", or decimals = {weights + inputs}',
        )


def _places(typed: Typed) -> int:
    """How many digits stand behind the point."""
    mantissa, _, exponent = typed.lower().partition("e")
    return max(len(mantissa.partition(".")[2]) - int(exponent or 0), 0)
