"""What msgspec refuses, told by the place as the author wrote it and in our words."""

from __future__ import annotations

import re
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from derive.algebra.literals import Typed
from derive.errors import SpecError, excerpt, nearest
from derive.layers import DENSE, LAYERS, LayerType
from derive.spec.model import BRITISH, KINDS, Optimizer, Regularisation, Update
from derive.spec.typed import read_typed
from derive.spec.variants import SECTION

if TYPE_CHECKING:
    import msgspec

TABLES: dict[str, type[msgspec.Struct]] = {
    "update": Update,
    "optimizer": Optimizer,
    "update.optimizer": Optimizer,
    BRITISH: Regularisation,
}
"""Tables of a spec that have keys of their own, but for layers."""


def locate(message: str, plain: dict[str, Any], *, numbers_as_text: bool) -> SpecError:
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
        layer = _layer_at(place, plain)
        others = [row.name for row in LAYERS.values() if layer and key in keys_of(row)]
        if layer and others:
            owners = ", ".join(others)
            return SpecError(where, f"{layer.name} has no such key; it belongs to {owners}")
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
                read_typed(value, numbers_as_text=numbers_as_text)
            except ValueError:
                return name
    return next(iter(table))


def _layer_at(place: str, plain: dict[str, Any]) -> LayerType | None:
    """The type of the layer that a place is in."""
    layer = re.match(r"layers\[(\d+)\]", place)
    if layer is None:
        return None
    given = plain["layers"][int(layer.group(1)) - 1]
    kind = given.get("type", DENSE.name) if isinstance(given, dict) else ""
    return LAYERS.get(kind) if isinstance(kind, str) else None


def _fields_at(place: str, plain: dict[str, Any]) -> tuple[str, ...]:
    layer = _layer_at(place, plain)
    if layer is not None:
        return keys_of(layer)
    if place in TABLES:
        return TABLES[place].__struct_fields__
    fields = KINDS[plain.get("kind", "network")].__struct_fields__
    return tuple(sorted(fields, key=lambda key: key == SECTION))  # what few specs have is last


def keys_of(row: LayerType) -> tuple[str, ...]:
    """What a layer of a type may say; the formula of its activation stands in `[functions]`."""
    return tuple(key for key in row.model.__struct_encode_fields__ if key != "formula")


def _allowed(place: str, plain: dict[str, Any]) -> str:
    """What would be right, for the keys that take one of a few words."""
    section, _, key = place.rpartition(".")
    layer, table = _layer_at(section, plain), plain
    model: type[msgspec.Struct] | None
    if layer is not None:
        model = layer.model
        table = plain["layers"][int(re.findall(r"\d+", section)[0]) - 1]
    else:
        model = TABLES.get(section) if section else KINDS[plain.get("kind", "network")]
        for part in section.split(".") if section else ():
            table = table.get(part) or {}
    kind = get_type_hints(model).get(key) if model else None
    value = table.get(key)
    parts = [kind] if get_origin(kind) is Literal else get_args(kind)
    words = [word for part in parts if get_origin(part) is Literal for word in get_args(part)]
    only = all(get_origin(part) is Literal or part is NoneType for part in parts)
    return nearest(str(value), words) if words and (only or isinstance(value, str)) else ""
