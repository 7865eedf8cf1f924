"""Sentences and terms of one language: a TOML file with named slots, nothing else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache

from derive.errors import InternalError, SpecError, nearest
from derive.render.package import templates

SLOT = re.compile(r"\{([a-z_]+)\}")
NOUN = re.compile(r"\{([a-z_]+):([^{|}]+)\|([^{|}]+)\}")
"""`{count:sample|samples}`: the first where what stands in the slot is 1, else the second."""


def languages() -> list[str]:
    """The languages there are words for."""
    folder = templates() / "words"
    return sorted(
        f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")
    )


@cache
def wording(language: str) -> dict[str, str]:
    """All sentences of a language by dotted key; raises SpecError if there is none."""
    known = languages()
    if language not in known:
        raise SpecError("language", f"no words for it{nearest(language, known)}")
    text = (templates() / "words" / f"{language}.toml").read_text("utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def section(language: str, name: str) -> dict[str, str]:
    """The sentences of one section by the rest of their keys."""
    sentences = wording(language).items()
    return {k.removeprefix(f"{name}."): text for k, text in sentences if k.startswith(f"{name}.")}


def _flat(table: dict[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, str(value)


def translate_title(language: str, title: str) -> str:
    """The title of a built-in exercise in a language; any other title is its author's."""
    return wording(language).get(f"title.{title}", title)


def sentence(language: str, key: str) -> str:
    """The sentence of a key; a missing one is a defect of ours."""
    text = wording(language).get(key)
    if text is None:
        raise InternalError(f"words/{language}.toml has no {key}")
    return text


def agree(text: str, ones: Collection[str]) -> str:
    """A sentence whose nouns stand in the singular behind the slots that hold a 1."""
    return NOUN.sub(lambda noun: noun[2] if noun[1] in ones else noun[3], text)


def list_ones(slots: Mapping[str, object]) -> frozenset[str]:
    """The slots that hold a 1."""
    return frozenset(name for name, value in slots.items() if value == "1")
