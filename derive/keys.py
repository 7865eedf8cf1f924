"""What answers are checked against: a key file, a spec, or a built-in exercise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from derive import lemmas
from derive.errors import SpecError, excerpt
from derive.render.key import FORMAT
from derive.spec import Spec, builtin_names, digest, from_plain, load
from derive.spec.reading import read_text
from derive.worksheet import Worksheet


@contextmanager
def opened(source: str) -> Iterator[Worksheet]:
    """The worksheet that answers belong to.

    A key is rebuilt from the spec it holds, without SymPy: its rules were
    proved when it was made. Its formulas are never run and its numbers never
    trusted. Raises SpecError where the digest does not fit the spec, which
    finds accidents, not intent.
    """
    if source in builtin_names() or Path(source).suffix.lower() != ".json":
        yield Worksheet(load(source))
        return
    spec = spec_of_key(_object(read_text(Path(source))))
    with lemmas.proved_before():
        yield Worksheet(spec)


def spec_of_key(key: dict[str, Any]) -> Spec:
    """The spec inside a key, checked like an author's."""
    if key.get("format") != FORMAT:
        told = excerpt(str(key.get("format")))
        raise SpecError(
            "format", f"expected {FORMAT}, got {told}; make it: derive key SPEC --format json"
        )
    try:
        spec = from_plain(key.get("spec"))
    except SpecError as error:
        raise SpecError(f"spec.{error.place}".rstrip("."), error.problem) from None
    if key.get("digest") != digest(spec):
        raise SpecError(
            "digest", "does not fit the spec; make the key again: derive key SPEC --format json"
        )
    return spec


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SpecError("", f"is no JSON: {excerpt(str(error), 120)}") from None
    if not isinstance(found, dict):
        raise SpecError("", "expected the object of a key; make it: derive key SPEC --format json")
    return found
