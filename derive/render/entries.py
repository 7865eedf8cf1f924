"""Blanks to type into as strings of a format: number, id as text and as a formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.algebra.expressions import Name
from derive.pages.document import Entries
from derive.render.safe import Safe


def entries_view(block: Entries, check: Safe, formula: Callable[[Name], str]) -> dict[str, Any]:
    """What `entries.j2` of a format places; `check` names the button."""
    return {
        "type": "entries",
        "check": check,
        "entries": [
            {"number": entry.number, "id": entry.id, "label": Safe(formula(Name(entry.id)))}
            for entry in block.entries
        ],
    }
