"""What stands left of an equals sign: the asked quantity, however it is called, or another.

`W5'`, `W5(new)`, `새 W5` and plain `W5` are the new value where that is asked; `z`
stands for `z1`, and `기울기` for the derivative that is asked.
"""

from __future__ import annotations

from derive.algebra.expressions import Name
from derive.answers import names
from derive.answers.aliases import Aliases
from derive.answers.patterns import Pattern

NEW_BEFORE = Pattern(
    r"(?:the\s+)?(?:new|updated)\s+|(?:새로운|새|업데이트(?:된|한|후)?|갱신(?:된|한|후)?)\s+"
)
NEW_BEHIND = Pattern(
    r"\s*(?:'|\^?\s*\{?\s*\\?(?:prime|star)\s*\}?|[_^]?\s*[({]?\s*(?:new|updated|neu|새|t\s*\+\s*1)\s*[)}]?)$"
)
NEW_INSIDE = Pattern(r"\s*,\s*(?:new|updated|새)\s*\}$")
DIGITS = Pattern(r"[0-9_]+")
SPOKEN = {
    "derivative": (
        *("기울기", "미분", "편미분", "미분값", "그래디언트", "도함수"),
        *("gradient", "grad", "derivative", "slope"),
    ),
    "error": ("오차", "손실", "error", "loss"),
    "unit_error": ("오차", "손실", "error", "loss"),
    "activation": ("출력", "출력값", "활성값", "활성화 값", "output", "activation"),
    "preactivation": ("가중합", "net", "net input"),
    "parameter": ("가중치", "편향", "새 가중치", "새 편향", "weight", "bias", "new weight"),
}
"""What a quantity of a role is called where it needs no name."""


def name_left(text: str, asked: str, aliases: Aliases) -> str | None:
    """The id that a text left of an equals sign names; None if it is no name."""
    text = text.strip()
    name = aliases.find(text)
    if name == asked:
        return asked
    if name is not None:
        old, _ = aliases.derivation.graph.split(asked)
        return asked if name == old else name
    if _is_spoken(text, asked, aliases) or _is_letter(text, asked, aliases):
        return asked
    return _name_new(text, asked, aliases)


def find_id(text: str, aliases: Aliases) -> str | None:
    """The id a text names, also as a new value: `W5'`, `W5(new)`, `새 W5`."""
    return aliases.find(text) or _find_updated(_drop_new(text), aliases)


def is_copy(text: str, asked: str, aliases: Aliases) -> bool:
    """Whether a text names what the asked id is a copy of: `z` for df/dq = z."""
    name, step = aliases.find(text.strip()), aliases.derivation.step(asked)
    return name is not None and step is not None and step.expr == Name(name)


def _name_new(text: str, asked: str, aliases: Aliases) -> str | None:
    """The new value of a quantity: the asked one, if that is one of its states."""
    bare = _drop_new(text)
    old, done = aliases.derivation.graph.split(asked)
    return asked if done and aliases.find(bare) == old else _find_updated(bare, aliases)


def _drop_new(text: str) -> str:
    """A text without the word or sign for a new value; empty where there is none."""
    bare = NEW_INSIDE.sub("}", NEW_BEFORE.sub("", text.strip(), 1), 1)
    bare = NEW_BEHIND.sub("", bare, 1)
    return "" if bare == text.strip() else bare


def _find_updated(bare: str, aliases: Aliases) -> str | None:
    """The first new value of a quantity, None where it has none."""
    name = aliases.find(bare) if bare else None
    return None if name is None else aliases.find_updated(name, 1)


def _is_spoken(text: str, asked: str, aliases: Aliases) -> bool:
    """Whether a text is a word for what is asked: `기울기` for a derivative."""
    base, done = aliases.derivation.graph.split(asked)
    quantity = aliases.derivation.graph.quantities.get(base)
    role = "derivative" if aliases.derivation.graph.parts(base) else ""
    if quantity is not None:
        role = quantity.role
    if role == "parameter" and not done:
        return False
    return text.lower().removeprefix("the ") in SPOKEN.get(role, ())


def _is_letter(text: str, asked: str, aliases: Aliases) -> bool:
    """Whether a text is the letter of the asked id, which nothing else is called."""
    base, _ = aliases.derivation.graph.split(asked)
    letter = DIGITS.sub("", base)
    return letter != base and names.make_key(text) == names.make_key(letter)
