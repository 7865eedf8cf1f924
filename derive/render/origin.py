"""The line in every generated file that says what made it."""

from __future__ import annotations

from derive.pages.choosing import Choice
from derive.render.version import VERSION
from derive.spec import Spec, digest


def origin(spec: Spec) -> str:
    """Which program and which spec made a file; no date."""
    return f"derive {VERSION}, spec {digest(spec)}"


def form_origin(spec: Spec, level: str | None, choice: Choice) -> str:
    """Of a form also its sheet, if it belongs to one: `level guided, weights W5 W1, blanks 20`."""
    parts = [origin(spec)]
    if level is not None:
        parts.append(f"level {level}")
    if choice.weights:
        parts.append(f"weights {' '.join(choice.weights)}")
    if choice.blanks is not None:
        parts.append(f"blanks {choice.blanks}")
    return ", ".join(parts)
