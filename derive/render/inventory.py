"""What exists, as data: for `derive list` and for programs."""

from __future__ import annotations

from typing import Any

from derive.ops import ACTIVATIONS, LOSSES, OPTIMIZERS
from derive.render.formats import FORMATS
from derive.render.wording import languages
from derive.spec import builtin_units, load


def available() -> dict[str, Any]:
    """Built-in exercises, activations, losses, optimizers, formats, languages."""
    exercises = [
        {"name": name, "title": spec.title, "unit": unit, "kind": spec.kind}
        for unit, names in builtin_units().items()
        for name in names
        for spec in (load(name),)
    ]
    return {
        "exercises": exercises,
        "activations": list(ACTIVATIONS),
        "losses": list(LOSSES),
        "optimizers": list(OPTIMIZERS),
        "formats": list(FORMATS),
        "languages": languages(),
    }
