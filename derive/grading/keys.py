"""What answers are checked against: a key file, a spec, or a built-in exercise."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from derive import limits
from derive.algebra import lemmas
from derive.errors import SpecError, excerpt, spell
from derive.pages import Worksheet
from derive.render.key import FORMAT
from derive.spec import Spec, builtin_names, digest, from_plain, load
from derive.spec.files import read_regular


class Key(msgspec.Struct, frozen=True):
    """What a key file is opened for; its answers are skipped, since they are never trusted."""

    format: Any = None
    digest: Any = None
    spec: msgspec.Raw = msgspec.Raw(b"null")


@contextmanager
def open_key(source: str) -> Iterator[Worksheet]:
    """The worksheet that answers belong to.

    A key is rebuilt from the spec it holds, without SymPy: its rules were
    proved when it was made. Its formulas are never run and its numbers never
    trusted. Raises SpecError where the digest does not fit the spec, which
    finds accidents, not intent.
    """
    if source in builtin_names() or Path(source).suffix.lower() != ".json":
        yield Worksheet(load(source))
        return
    raw = read_regular(
        Path(source), limits.KEY_BYTES, "the key.json", smaller="give the spec in its place"
    )
    spec = spec_of_key(_key(raw.removeprefix(BOM_UTF8)))
    with lemmas.trust_proofs():
        yield Worksheet(spec)


def spec_of_key(key: Key) -> Spec:
    """The spec inside a key, checked like an author's."""
    if key.format != FORMAT:
        given = excerpt(spell(key.format))
        raise SpecError(
            "format", f"expected {FORMAT}, got {given}; make it: derive key SPEC --format json"
        )
    if len(key.spec) > limits.FILE_BYTES:
        raise SpecError("spec", f"larger than {limits.FILE_BYTES} bytes; a spec is small")
    try:
        spec = from_plain(msgspec.json.decode(key.spec))
    except SpecError as error:
        place = error.place if error.place.startswith("spec") else f"spec.{error.place}"
        raise SpecError(place.rstrip("."), error.problem) from None
    if key.digest != digest(spec):
        raise SpecError(
            "digest", "does not fit the spec; make the key again: derive key SPEC --format json"
        )
    return spec


def _key(raw: bytes) -> Key:
    try:
        return msgspec.json.decode(raw, type=Key)
    except msgspec.ValidationError:
        raise SpecError(
            "", "expected the object of a key; make it: derive key SPEC --format json"
        ) from None
    except (ValueError, RecursionError) as error:
        raise SpecError("", f"is no JSON: {excerpt(str(error), 120)}") from None
