"""The table `[variants]` of a spec: from which numbers those of each member are drawn."""

from __future__ import annotations

from typing import Any

import msgspec

from derive import limits
from derive.algebra.literals import Typed
from derive.errors import SpecError, excerpt, nearest
from derive.graph import Span, Variants
from derive.spec.typed import read_typed

SECTION = "variants"
PARTS = ("from", "to", "step")
"""The keys of a grid."""


def read_variants(plain: object, *, numbers_as_text: bool) -> Variants:
    """The table as its author wrote it; raises SpecError with the place of what is wrong."""
    if not isinstance(plain, dict):
        raise SpecError(SECTION, "expected a table")
    reader = _Reader(numbers_as_text)
    ranges = {
        name: reader.read_range(value, f"{SECTION}.{excerpt(name)}")
        for name, value in plain.items()
        if name not in ("keep", "distance")
    }
    return Variants(ranges, _read_keep(plain.get("keep", [])), _read_distance(plain))


def write_variants(variants: Variants) -> dict[str, Any]:
    """The table as data, in the form in which it is read."""
    ranges = {
        name: dict(zip(PARTS, map(str, msgspec.structs.astuple(value)), strict=True))
        if isinstance(value, Span)
        else list(map(str, value))
        for name, value in variants.ranges.items()
    }
    return ranges | {"keep": list(variants.keep), "distance": variants.distance}


def _read_keep(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(type(name) is str for name in value):
        raise SpecError(f"{SECTION}.keep", 'expected keys or ids, such as ["targets", "b1"]')
    return tuple(value)


def _read_distance(plain: dict[str, Any]) -> int:
    value = plain.get("distance", Variants().distance)
    if type(value) is not int or not 0 <= value <= limits.VARIANT_DISTANCE:
        most, given = limits.VARIANT_DISTANCE, excerpt(str(value))
        problem = f"expected a whole number from 0 to {most}, got {given}"
        raise SpecError(f"{SECTION}.distance", problem)
    return value


class _Reader:
    """Reads ranges, whose numbers are text or decimals."""

    def __init__(self, numbers_as_text: bool) -> None:  # noqa: FBT001  as the readers of specs
        self._as_text = numbers_as_text

    def read_range(self, value: object, place: str) -> Span | tuple[Typed, ...]:
        if isinstance(value, dict):
            return self._read_span(value, place)
        if not isinstance(value, list) or not value:
            problem = "expected { from = 0.1, to = 0.9, step = 0.1 }, or a list of numbers"
            raise SpecError(place, problem)
        if len(value) > limits.VARIANT_CHOICES:
            raise SpecError(place, f"{len(value)} numbers; at most {limits.VARIANT_CHOICES}")
        numbers = tuple(self._read(v, f"{place}[{i}]") for i, v in enumerate(value, 1))
        exact = [typed.exact for typed in numbers]
        twice = next((n for n in numbers if exact.count(n.exact) > 1), None)
        if twice is not None:
            raise SpecError(place, f"{excerpt(twice)} stands twice")
        return numbers

    def _read_span(self, value: dict[str, Any], place: str) -> Span:
        for key in value:
            if key not in PARTS:
                raise SpecError(f"{place}.{excerpt(key)}", f"unknown key{nearest(key, PARTS)}")
        for key in PARTS:
            if key not in value:
                raise SpecError(f"{place}.{key}", "is missing; a grid has from, to and step")
        span = Span(*(self._read(value[key], f"{place}.{key}") for key in PARTS))
        if span.step.exact <= 0:
            raise SpecError(f"{place}.step", f"expected a number above 0, got {span.step}")
        if span.last.exact < span.first.exact:
            raise SpecError(f"{place}.to", f"expected {span.first} or more, got {span.last}")
        if (span.last.exact - span.first.exact) / span.step.exact > limits.VARIANT_GRID:
            raise SpecError(f"{place}.step", f"more than {limits.VARIANT_GRID} numbers")
        return span

    def _read(self, value: object, place: str) -> Typed:
        try:
            return read_typed(value, numbers_as_text=self._as_text)
        except ValueError as error:
            raise SpecError(place, str(error)) from None
