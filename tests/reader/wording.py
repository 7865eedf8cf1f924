"""The sentences that a page may hold, from the wording itself, with slots to be judged."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2] / "templates" / "words"


@cache
def patterns(language: str) -> dict[str, list[tuple[str, re.Pattern]]]:
    words = tomllib.loads((ROOT / f"{language}.toml").read_text(encoding="utf-8"))
    return {
        part: [(key, compile_text(text)) for key, text in rows.items()]
        for part, rows in words.items()
    }


def compile_text(text: str) -> re.Pattern:
    """A sentence as a pattern; a slot that comes twice holds the same twice."""
    seen: set[str] = set()
    pieces = []
    for piece in re.split(r"(\{\w+(?::[^{}]*)?\})", normal(text)):
        noun = re.fullmatch(r"\{\w+:(.*)\}", piece)
        if noun:
            pieces.append(f"(?:{noun[1]})")
            continue
        slot = re.fullmatch(r"\{(\w+)\}", piece)
        if not slot:
            pieces.append(re.escape(piece))
        elif slot[1] in seen:
            pieces.append(f"(?P={slot[1]}_)")
        else:
            seen.add(slot[1])
            pieces.append(f"(?P<{slot[1]}_>.+?)")
    return re.compile("".join(pieces))


def normal(text: str) -> str:
    """One form for a sentence in every format."""
    text = re.sub(r"\\([_#&%*\[\]|])", r"\1", text)
    text = (
        text.replace("$\\approx$", "≈")
        .replace("$\\div$", "÷")
        .replace("$\\times$", "×")
        .replace("$\\rightarrow$", "→")
    )
    return re.sub(r"\s+", " ", text).strip()


def find(text: str, language: str, *parts: str) -> tuple[str, dict[str, str], str] | None:
    """The key of the sentence that says most of it, what stands in its slots, its part."""
    wording, plain = patterns(language), normal(text)
    matches = [
        (key, {k[:-1]: v for k, v in match.groupdict().items()}, part)
        for part in parts
        for key, pattern in wording[part]
        if (match := pattern.fullmatch(plain))
    ]
    return min(matches, key=lambda m: len("".join(m[1].values())), default=None)
