"""From plain data to a checked spec; what does not fit is told by its place, in our words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from derive.algebra import literals
from derive.algebra.literals import Typed
from derive.errors import SpecError, excerpt, nearest, spell
from derive.graph import Spec
from derive.layers import DENSE, LAYERS, Layer
from derive.ops import LOSSES
from derive.spec import checks
from derive.spec.classes import read_classes
from derive.spec.layouts import read_layout
from derive.spec.model import (
    IN_PLACE_OF_TARGETS,
    Circuit,
    Network,
    Optimizer,
    Perceptron,
    Regularisation,
    Update,
)
from derive.spec.training import complete_spec

KINDS: dict[str, type[Spec]] = {
    "network": Network,
    "circuit": Circuit,
    "perceptron": Perceptron,
}
NEEDED: dict[type[Spec], tuple[str, ...]] = {
    Network: ("inputs", "layers"),
    Circuit: ("output", "values", "definitions"),
    Perceptron: ("inputs", "targets", "weights", "learning_rate"),
}
"""Keys without a default, by kind."""
TARGETS = ("targets", *IN_PLACE_OF_TARGETS)
"""One of these a network has besides."""
BRITISH, AMERICAN = "regularisation", "regularization"
"""Two spellings of one table; messages and keys have the first."""


def convert(plain: dict[str, Any], *, numbers_as_text: bool) -> Spec:
    """The checked spec; a table in its American spelling is named so in messages."""
    if AMERICAN not in plain:
        return _check_entries(plain, numbers_as_text=numbers_as_text)
    if BRITISH in plain:
        raise SpecError(AMERICAN, f"stands there as {BRITISH} too; give one")
    british = {BRITISH if key == AMERICAN else key: value for key, value in plain.items()}
    try:
        return _check_entries(british, numbers_as_text=numbers_as_text)
    except SpecError as error:
        raise SpecError(error.place.replace(BRITISH, AMERICAN), error.problem) from None


def _check_entries(plain: dict[str, Any], *, numbers_as_text: bool) -> Spec:
    kind = plain.get("kind", "network")
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        shown = spell(kind)
        raise SpecError("kind", f"unknown kind {excerpt(shown)}{nearest(shown, KINDS)}")
    author, plain = plain, dict(plain)
    _missing(plain, NEEDED[model])
    if model is Network:
        _choose_targets(plain)
        samples = {"inputs", "targets", "upstream"} & plain.keys()
        plain |= {key: _as_samples(plain[key]) for key in samples}
    elif model is Perceptron:
        plain |= {"inputs": _as_samples(plain["inputs"]), "targets": _as_rows(plain["targets"])}

    _no_decimal_for_text(plain)

    def typed(wanted: type, value: object) -> object:
        return _typed(value, numbers_as_text=numbers_as_text) if wanted is Typed else value

    given = plain.get("layers")
    try:
        layers = tuple(_layers(given, typed)) if isinstance(given, list | tuple) else None
        rest = plain if layers is None else plain | {"layers": ()}
        spec: Spec = msgspec.convert(rest, model, dec_hook=typed)
    except msgspec.ValidationError as error:
        raise _locate(str(error), author, numbers_as_text=numbers_as_text) from None
    if layers is not None:
        spec = replace(spec, layers=layers)
    if isinstance(spec, Network):
        spec = _read_forms(spec)
    checks.check(spec)
    return complete_spec(spec) if isinstance(spec, Network) else spec


def _choose_targets(plain: dict[str, Any]) -> None:
    """Raise SpecError unless a network has one of the keys that say what its outputs should be."""
    loss = plain.get("loss")
    takes = LOSSES[loss].given if isinstance(loss, str) and loss in LOSSES else TARGETS[0]
    given = [key for key in TARGETS if key in plain]
    if not given:
        _missing(plain, (takes,))
    if len(given) > 1:
        raise SpecError(given[1], f"stands there beside {given[0]}; give one of them")
    if takes != TARGETS[0] and given != [takes]:
        raise SpecError(given[0], f"loss {loss} takes {takes} in its place")
    if given == ["upstream"] and takes != "upstream":
        raise SpecError("upstream", 'needs loss = "upstream"; other losses take targets')


def _read_forms(spec: Network) -> Network:
    """The spec in the one form that all else knows."""
    spec = read_layout(spec)
    if spec.classes is not None:
        checks.check_samples(spec)
        return read_classes(spec)
    return spec if spec.upstream is None else replace(spec, targets=spec.upstream)


def _layers(given: Sequence[object], typed: Callable[[type, object], object]) -> Iterator[Layer]:
    """Each layer by the keys of its type."""
    for index, plain in enumerate(given):
        kind = plain.get("type", DENSE.name) if isinstance(plain, dict) else DENSE.name
        if isinstance(kind, str) and kind not in LAYERS:
            place = f"layers[{index + 1}].type"
            raise SpecError(place, f"unknown type {excerpt(kind)}{nearest(kind, LAYERS)}")
        row = LAYERS[kind] if isinstance(kind, str) else DENSE
        try:
            yield msgspec.convert(plain, row.model, dec_hook=typed)
        except msgspec.ValidationError as error:
            problem, at, path = str(error).partition(" - at `$")
            where = f"{at or ' - at `$'}.layers[{index}]{path or '`'}"
            raise msgspec.ValidationError(problem + where) from None


def _no_decimal_for_text(plain: dict[str, Any]) -> None:
    """A decimal is text to msgspec, since we keep it as typed; it is none to the author."""
    for key in ("title", "language", "loss", "output"):
        if isinstance(plain.get(key), Typed):
            raise SpecError(key, "expected a string, got a decimal")
    for section in ("definitions", "symbols"):
        table = plain.get(section)
        for name, value in table.items() if isinstance(table, dict) else ():
            if isinstance(value, Typed):
                place = f"{section}.{excerpt(name)}"
                raise SpecError(place, "expected a string, got a decimal")


def _missing(plain: dict[str, Any], keys: tuple[str, ...]) -> None:
    for key in keys:
        if key not in plain:
            typo = nearest(key, [k for k in plain if k not in keys])
            hint = typo if typo.startswith("; did") else "; see: derive new NAME"
            raise SpecError(key, f"is missing{hint}")


def _as_samples(value: object) -> object:
    """One bare sample is a list of one sample."""
    if isinstance(value, list | tuple) and not any(
        isinstance(item, list | tuple) for item in value
    ):
        return [value]
    return value


def _as_rows(value: object) -> object:
    """One number per sample is a row of one number per sample."""
    if not isinstance(value, list | tuple):
        return value
    return [item if isinstance(item, list | tuple) else [item] for item in value]


def _typed(value: object, *, numbers_as_text: bool) -> Typed:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"expected a number, got {_kind_of(value)}")  # noqa: TRY004  msgspec passes it on
    if isinstance(value, str) and not isinstance(value, Typed) and not numbers_as_text:
        raise ValueError("expected a number, got a string; write it without quotes")
    text = spell(value)
    problem = literals.problem_with(text)
    if problem:
        raise ValueError(problem)
    return Typed(literals.normalise(text))


def _kind_of(value: object) -> str:
    names = {bool: "true or false", dict: "a table", list: "a list", str: "a string"}
    return names.get(type(value), "a date or another value")


def _locate(message: str, plain: dict[str, Any], *, numbers_as_text: bool) -> SpecError:
    """Msgspec's `... - at `$.layers[0].weights`` as our place and sentence."""
    problem, _, path = message.partition(" - at `$")
    steps = [key or index for key, index in re.findall(r"\.([^.\[`]+)|\[(\d+|\.\.\.)\]", path)]
    steps, value = _as_written(steps, plain, numbers_as_text=numbers_as_text)
    place = "".join(f"[{int(s) + 1}]" if s.isdigit() else f".{excerpt(s)}" for s in steps)
    place = place.lstrip(".")
    unknown = re.search(r"unknown field `(.*)`", problem, re.DOTALL)
    if unknown:
        key = unknown.group(1)
        where = f"{place}.{excerpt(key)}" if place else excerpt(key)
        return SpecError(where, f"unknown key{nearest(key, _fields_at(place, plain))}")
    if isinstance(value, Typed):
        problem = problem.replace("got `str`", "got a decimal")
    lowered = problem[:1].lower() + problem[1:].replace(" | null`", "`")
    for theirs, ours in SENTENCES:
        lowered = lowered.replace(theirs, ours)
    return SpecError(place, excerpt(lowered, 200) + _allowed(place, plain))


SENTENCES = (
    ("`array`", "a list"),
    ("`object`", "a table"),
    ("`str`", "a string"),
    ("`int`", "a whole number"),
    ("`bool`", "true or false"),
    ("`float`", "a number"),
    ("object missing required field ", "missing key "),
    ("enum value", "value"),
)
"""Msgspec's words and ours."""


def _as_written(
    steps: list[str], plain: dict[str, Any], *, numbers_as_text: bool
) -> tuple[list[str], object]:
    """The path as the author wrote it, and what stands there.

    One bare sample has no index of its own; msgspec leaves out which name of a
    table is meant.
    """
    if steps[:1] == ["targets"] and plain.get("kind") == "perceptron":
        steps = steps[: 2 if _is_flat_at(plain["targets"], steps[1:2]) else 3]
    elif steps[:1] in (["inputs"], ["targets"], ["upstream"]) and steps[1:2] == ["0"]:
        value = plain[steps[0]]
        if isinstance(value, list | tuple) and not any(isinstance(v, list | tuple) for v in value):
            steps = [steps[0], *steps[2:]]
    at: Any = plain
    path: list[str] = []
    for step in steps:
        name = step
        if step == "..." and isinstance(at, dict):
            name = _wrong_entry(path[-1], at, numbers_as_text=numbers_as_text)
        path.append(name)
        try:
            at = at[int(name)] if name.isdigit() else at[name]
        except (KeyError, IndexError, TypeError):
            return path, None
    return path, at


def _is_flat_at(rows: object, place: list[str]) -> bool:
    """Whether the author wrote no row, but one number, at this place of a list."""
    return bool(place) and isinstance(rows, list) and not isinstance(rows[int(place[0])], list)


def _wrong_entry(section: str, table: dict[str, Any], *, numbers_as_text: bool) -> str:
    """The first name of a table whose value is of the wrong type."""
    for name, value in table.items():
        if section != "values" and not isinstance(value, str):
            return name
        if section == "values":
            try:
                _typed(value, numbers_as_text=numbers_as_text)
            except ValueError:
                return name
    return next(iter(table))


def _fields_at(place: str, plain: dict[str, Any]) -> tuple[str, ...]:
    layer = re.match(r"layers\[(\d+)\]", place)
    if layer:
        kind = plain["layers"][int(layer.group(1)) - 1].get("type", DENSE.name)
        return LAYERS[kind].model.__struct_fields__
    tables = {"update": Update, "optimizer": Optimizer, BRITISH: Regularisation}
    if place in tables:
        return tables[place].__struct_fields__
    return KINDS[plain.get("kind", "network")].__struct_fields__


def _allowed(place: str, plain: dict[str, Any]) -> str:
    """What would be right, for the keys that take one of a few words."""
    words = {
        "notation": ("flat", "indexed", "matrix"),
        "rounding": ("exact", "stepwise"),
        "reduction": ("mean", "sum"),
        "rule": ("difference", "label"),
        "at_zero": ("mistake",) if isinstance(plain.get("at_zero"), str) else (),
        "weights_layout": ("units_by_inputs", "inputs_by_units"),
        "update.direction": ("descent", "ascent"),
    }.get(place)
    if not words:
        return ""
    section, _, key = place.rpartition(".")
    value = (plain.get(section) or {}).get(key) if section else plain.get(key)
    return nearest(str(value), words)
