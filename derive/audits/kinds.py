"""The functions that an audit knows by name."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec


class Kind(msgspec.Struct, frozen=True):
    """A row of the table: its name in print, words and signs, for many values its marks."""

    title: str
    words: list[str]
    signs: list[str]
    shown: str = ""
    needs: str = ""


@cache
def load_kinds() -> dict[str, Kind]:
    """The table of functions."""
    text = Path(__file__).with_name("functions.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Kind])
