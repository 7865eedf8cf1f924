"""What a well-typed spec must still satisfy: shapes, names, ranges, budgets."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from derive import limits
from derive.algebra import grammar
from derive.algebra.expressions import names
from derive.algebra.literals import Typed
from derive.errors import SpecError, counted, excerpt, nearest, spell
from derive.graph import Spec
from derive.layers import Shape, row_of
from derive.layers.shapes import VECTOR, At
from derive.naming import LEARNING_RATE, track_id
from derive.ops import ACTIVATIONS, LOSSES
from derive.spec.layouts import check_layers
from derive.spec.model import Circuit, Network
from derive.spec.own_functions import check_slopes
from derive.spec.perceptron import check_perceptron
from derive.spec.samples import choose_kind, is_plain, list_entries
from derive.spec.signs import check_signs
from derive.spec.symbols import check_symbols
from derive.spec.training import (
    check_batches,
    check_matrices,
    check_optimizer,
    check_regularisation,
    method_of,
)
from derive.spec.wiring import wire


def check(spec: Spec) -> None:
    """Raise SpecError at the first rule that does not hold."""
    _within("decimals", spec.decimals, 1, limits.DECIMALS)
    _within("steps", spec.steps, 0, limits.STEPS)
    if len(spec.title) > limits.TITLE_CHARACTERS:
        raise SpecError("title", f"longer than {limits.TITLE_CHARACTERS} characters")
    if any(unicodedata.category(c) == "Cs" for c in spec.title):
        raise SpecError("title", "holds half of a character pair; type it again")
    check_symbols(spec.symbols)
    CHECKS[spec.kind](spec)
    check_signs(spec)


def _within(place: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        shown = excerpt(spell(value), 32)
        raise SpecError(place, f"expected a whole number from {low} to {high}, got {shown}")


def check_samples(spec: Network) -> None:
    """Raise SpecError where there are no layers or samples, or samples of several lengths."""
    _count("layers", spec.layers, limits.LAYERS)
    _count("inputs", spec.inputs, limits.SAMPLES)
    if choose_kind(spec.input, spec.layers) != VECTOR:
        return
    width = len(spec.inputs[0])
    for index, sample in enumerate(spec.inputs, 1):
        place = "inputs" if len(spec.inputs) == 1 else f"inputs[{index}]"
        if not sample:
            raise SpecError(place, "an empty list; a sample has at least one number")
        if len(sample) != width:
            raise SpecError(
                place, f"expected {counted(width, 'number')} as in inputs[1], got {len(sample)}"
            )


def _check_network(spec: Network) -> None:
    check_samples(spec)
    _check_targets(spec, check_layers(spec))
    if spec.loss not in LOSSES:
        raise SpecError("loss", f"unknown loss {excerpt(spec.loss)}{nearest(spec.loss, LOSSES)}")
    _check_delta(spec)
    _check_range(spec)
    _check_rate(LEARNING_RATE, spec.learning_rate, needed=spec.steps > 0)
    check_optimizer(spec.optimizer, spec.learning_rate)
    check_regularisation(spec.regularisation)
    check_batches(spec)
    _check_coupling(spec)
    check_matrices(spec)
    _check_work(spec)


def _check_work(spec: Network) -> None:
    weights = pairs = 0
    for wired in wire(spec):
        layer, shape = wired.layer, wired.shape
        if layer is None:
            continue
        weights += row_of(layer).work(layer, wired.shapes, shape)
        coupled = layer.formula is None and ACTIVATIONS[layer.activation].vector
        pairs += shape.units * shape.count if coupled else 0
    if not is_plain(choose_kind(spec.input, spec.layers), spec.layers):
        _check_local(weights + pairs)
    work = (weights + pairs) * len(spec.inputs) * (spec.steps + 1)
    if work > limits.WORK:
        raise SpecError(
            "steps",
            f"{weights} weights x {len(spec.inputs)} samples x {spec.steps + 1} passes are more "
            f"than {limits.WORK} products; take fewer steps, samples or units",
        )


def _check_coupling(spec: Network) -> None:
    """A batch norm takes its statistics from all samples, so it knows no mini-batches."""
    coupled = any(row_of(layer).coupled(layer) for layer in spec.layers)
    if coupled and spec.batch_size not in (None, len(spec.inputs)):
        raise SpecError(
            "batch_size", "batch_norm takes the statistics of all samples; leave it out"
        )


def _check_local(count: int) -> None:
    if count > limits.LOCAL_DERIVATIVES:
        raise SpecError(
            "layers",
            f"about {count} local derivatives of a sample; at most {limits.LOCAL_DERIVATIVES}; "
            "take fewer maps, units, steps or a smaller input",
        )


def _count(place: str, items: tuple[object, ...], most: int) -> None:
    if not items:
        raise SpecError(place, "an empty list; expected at least one entry")
    if len(items) > most:
        raise SpecError(place, f"{len(items)} entries; at most {most}")


def _check_targets(spec: Network, shape: Shape) -> None:
    if shape.kind != VECTOR:
        return
    width = shape.units
    key = "targets" if spec.upstream is None else "upstream"
    if len(spec.targets) != len(spec.inputs):
        raise SpecError(
            key,
            f"expected {counted(len(spec.inputs), 'row')}, as many as samples in inputs, "
            f"got {len(spec.targets)}",
        )
    for index, row in enumerate(spec.targets, 1):
        if len(row) != width:
            place = key if len(spec.targets) == 1 else f"{key}[{index}]"
            raise SpecError(
                place, f"expected {counted(width, 'number')}, one per output unit, got {len(row)}"
            )


def _check_delta(spec: Network) -> None:
    if spec.delta is None:
        return
    if LOSSES[spec.loss].delta is None:
        takers = ", ".join(name for name, row in LOSSES.items() if row.delta is not None)
        raise SpecError("delta", f"{spec.loss} has no delta; these have: {takers}")
    if spec.delta.exact <= 0:
        raise SpecError("delta", f"expected a number above 0, got {spec.delta}")


def _check_range(spec: Network) -> None:
    """Targets must be those that the loss is made for."""
    wanted = LOSSES[spec.loss].targets
    if wanted is None:
        return
    low, high = Fraction(wanted.low), Fraction(wanted.high)
    for place, row in _list_target_rows(spec):
        for typed in row:
            between = low <= typed.exact <= high
            if not between or (wanted.ends and typed.exact not in (low, high)):
                raise SpecError(place, f"{spec.loss} takes targets {wanted}, got {typed}")
        whole = sum(map(Decimal, row))
        if LOSSES[spec.loss].shares and whole != 1:
            raise SpecError(
                place,
                f"{spec.loss} takes targets that add up to 1 (1 at the right class, else 0), "
                f"here they add up to {whole:f}",
            )


def _list_target_rows(spec: Network) -> Iterator[tuple[str, list[Typed]]]:
    """The targets of all units at one place, with the place of their sample in the spec."""
    shape = wire(spec)[-1].shape
    for index, sample in enumerate(spec.targets, 1):
        rows: dict[At, list[Typed]] = {}
        for _, at, typed in list_entries(sample, shape):
            rows.setdefault(at, []).append(typed)
        for row in rows.values():
            yield "targets" if len(spec.targets) == 1 else f"targets[{index}]", row


def _check_rate(place: str, rate: str | None, *, needed: bool) -> None:
    if not needed:
        return
    if rate is None:
        raise SpecError(place, "is missing; needed for an update, or say steps = 0")
    if not rate.lower().split("e")[0].strip("-0."):
        raise SpecError(place, "0 updates nothing; give a number such as 0.5, or say steps = 0")


def _check_circuit(spec: Circuit) -> None:
    if not spec.definitions:
        raise SpecError("definitions", "an empty table; define at least the output")
    count = len(spec.definitions) + len(spec.values)
    if count > limits.DEFINITIONS:
        raise SpecError("definitions", f"{count} names; at most {limits.DEFINITIONS}")
    _check_names(spec)
    if spec.output not in spec.definitions:
        hint = nearest(spec.output, spec.definitions)
        raise SpecError("output", f"{excerpt(spec.output)} is not among definitions{hint}")
    known = [*spec.values, *spec.definitions]
    needs: dict[str, tuple[str, ...]] = {}
    for name, text in spec.definitions.items():
        place = f"definitions.{name}"
        formula = grammar.parse(text, place)
        check_slopes(formula, place)
        needs[name] = names(formula)
        for used in needs[name]:
            if used not in known:
                raise grammar.unknown_name(used, place, known)
    order(needs)
    _check_update(spec)


def _check_names(spec: Circuit) -> None:
    for section, table in (("values", spec.values), ("definitions", spec.definitions)):
        for name in table:
            grammar.check_name(name, f"{section}.{excerpt(name)}")
    for name in spec.definitions:
        if name in spec.values:
            raise SpecError(f"definitions.{name}", "stands in values too; a name has one meaning")


def order(needs: dict[str, tuple[str, ...]]) -> list[str]:
    """Definitions so that each comes after those it uses; a cycle is a SpecError.

    As early as the author's order allows.
    """
    done: dict[str, None] = {}
    for start in needs:
        path: dict[str, None] = {}
        _visit(start, needs, done, path)
    return list(done)


def _visit(
    start: str, needs: dict[str, tuple[str, ...]], done: dict[str, None], path: dict[str, None]
) -> None:
    stack = [start]
    while stack:
        name = stack[-1]
        if name in done:
            path.pop(stack.pop(), None)
            continue
        path[name] = None
        waiting = [used for used in needs[name] if used in needs and used not in done]
        for used in waiting:
            if used in path:
                loop = [*list(path)[list(path).index(used) :], used]
                raise SpecError(
                    f"definitions.{used}", f"a cycle: {' needs '.join(loop[:8])}; break it"
                )
        if waiting:
            stack.append(waiting[0])
        else:
            done[name] = None
            path.pop(stack.pop(), None)


def _check_taken(spec: Circuit) -> None:
    """Raise SpecError for a name that is an id of the update itself: `learning_rate`, `v_x`."""
    method = method_of(spec)
    taken = {LEARNING_RATE: "the update's rate"}
    if method is not None:
        taken |= {setting.key: "a setting of the optimizer" for setting in method.settings}
        taken |= {
            track.letter: "a number of the optimizer" for track in method.tracks if not track.kept
        }
        taken |= {
            track_id(track.letter, name): "what the optimizer keeps beside a value"
            for track in method.tracks
            for name in spec.values
        }
    for section, table in (("values", spec.values), ("definitions", spec.definitions)):
        for name in table:
            if name in taken:
                raise SpecError(f"{section}.{name}", f"is the id of {taken[name]}; rename it")


def _check_update(spec: Circuit) -> None:
    update = spec.update
    if update is None:
        return
    check_optimizer(update.optimizer, update.learning_rate, "update.")
    _check_taken(spec)
    for name in update.parameters:
        if name not in spec.values:
            raise SpecError(
                "update.parameters", f"{excerpt(name)} is not a value{nearest(name, spec.values)}"
            )
    if len(set(update.parameters)) != len(update.parameters):
        raise SpecError("update.parameters", "a name stands twice")
    _check_rate("update.learning_rate", update.learning_rate, needed=spec.steps > 0)


CHECKS: dict[str, Callable[[Any], None]] = {
    "network": _check_network,
    "circuit": _check_circuit,
    "perceptron": check_perceptron,
}
