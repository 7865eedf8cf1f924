"""The line in every generated file that says what made it."""

from __future__ import annotations

from derive.pages.choosing import Choice
from derive.render.version import VERSION
from derive.spec import Spec, digest


def origin(spec: Spec) -> str:
    """Which program and which spec made a file; no date."""
    return origin_of(digest(spec))


def origin_of(digest_of_spec: str) -> str:
    """The same of a spec by its digest."""
    return f"derive {VERSION}, spec {digest_of_spec}"


def form_origin(spec: Spec, level: str | None, choice: Choice) -> str:
    """Of a form also its sheet, if it belongs to one: `level guided, weights W5 W1, blanks 20`."""
    return with_sheet(origin(spec), level, choice)


def with_sheet(made: str, level: str | None, choice: Choice) -> str:
    """An origin, and the sheet that a form belongs to."""
    parts = [made]
    if level is not None:
        parts.append(f"level {level}")
    if choice.weights:
        parts.append(f"weights {' '.join(choice.weights)}")
    if choice.blanks is not None:
        parts.append(f"blanks {choice.blanks}")
    return ", ".join(parts)
