"""Derive: the mathematics of small neural networks, written out by hand, step by step.

    >>> import derive
    >>> sheet = derive.sheet("two-two-two")
    >>> sheet.numbers.shown("dE_total/dW5").text
    '0.02592286'

Names are imported when they are first used, so that `derive --help` starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.api import (
        Worksheet,
        audit,
        diff,
        diff_page,
        draw,
        examples,
        export,
        fragment,
        gradient_check,
        key,
        key_page,
        page,
        plot,
        practice_page,
        schema,
        sheet,
        slides,
        symbolic,
        train,
        verify,
        working,
    )
    from derive.batches.checks import check
    from derive.batches.classes import batch, quiz
    from derive.batches.secrets import secret
    from derive.checking.marking import Marked
    from derive.checking.verdicts import Result
    from derive.errors import AnswerError, DeriveError, InternalError, SpecError
    from derive.imports.torch import from_torch
    from derive.pages.choosing import Choice
    from derive.render.inventory import available
    from derive.render.version import VERSION as __version__  # noqa: N811  the name Python expects
    from derive.spec import Spec, load, loads

_HOMES = {
    "derive.api": (
        "Worksheet",
        "audit",
        "diff",
        "diff_page",
        "draw",
        "examples",
        "export",
        "fragment",
        "gradient_check",
        "key",
        "key_page",
        "page",
        "plot",
        "practice_page",
        "schema",
        "sheet",
        "slides",
        "symbolic",
        "train",
        "verify",
        "working",
    ),
    "derive.batches.checks": ("check",),
    "derive.batches.classes": ("batch", "quiz"),
    "derive.batches.secrets": ("secret",),
    "derive.checking.marking": ("Marked",),
    "derive.checking.verdicts": ("Result",),
    "derive.errors": ("AnswerError", "DeriveError", "InternalError", "SpecError"),
    "derive.render.inventory": ("available",),
    "derive.pages.choosing": ("Choice",),
    "derive.imports.torch": ("from_torch",),
    "derive.spec": ("Spec", "load", "loads"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AnswerError",
    "Choice",
    "DeriveError",
    "InternalError",
    "Marked",
    "Result",
    "Spec",
    "SpecError",
    "Worksheet",
    "__version__",
    "audit",
    "available",
    "batch",
    "check",
    "diff",
    "diff_page",
    "draw",
    "examples",
    "export",
    "fragment",
    "from_torch",
    "gradient_check",
    "key",
    "key_page",
    "load",
    "loads",
    "page",
    "plot",
    "practice_page",
    "quiz",
    "schema",
    "secret",
    "sheet",
    "slides",
    "symbolic",
    "train",
    "verify",
    "working",
]


def __dir__() -> list[str]:
    """Every public name, also those that are not imported yet."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> object:
    """Import a public name from where it lives."""
    if name == "__version__":
        return import_module("derive.render.version").VERSION
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'derive' has no attribute {name!r}")
    return getattr(import_module(home), name)
