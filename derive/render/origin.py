"""The line in every generated file that says what made it."""

from __future__ import annotations

from derive.render.version import VERSION
from derive.spec import Spec, digest


def origin(spec: Spec) -> str:
    """Which program and which spec made a file; no date."""
    return f"derive {VERSION}, spec {digest(spec)}"


def form_origin(spec: Spec, level: str | None) -> str:
    """Of a form also the level of its sheet, if it belongs to one."""
    return origin(spec) + (f", level {level}" if level else "")
