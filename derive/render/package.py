"""Where the templates and words that come with derive lie."""

from __future__ import annotations

from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
"""The package as it is installed; a plain folder, so that nothing slow is imported to read it."""


def templates() -> Path:
    """The folder of templates: inside an installed wheel, beside the package in a checkout."""
    inside = HOME / "templates"
    return inside if inside.is_dir() else HOME.parent / "templates"
