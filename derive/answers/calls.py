r"""A function in front of its argument: plain, its slope (`tanh'(z)`), a power (`tanh^2(z)`)."""

from __future__ import annotations

from typing import NamedTuple

from derive.answers.patterns import Pattern
from derive.ops import FUNCTIONS

CALL = Pattern(
    r"\\?(?:(?:mathrm|operatorname|text)\{)?([A-Za-z_]+|σ)\}?"
    r"(?:('|\^\{?\\prime\}?)|\^\s*(?:\{\s*(\d{1,2})\s*\}|(\d)))?"
    r"(?=\s*(?:\\left|\\[bB]igg?l?)?\s*[({\[])"
)
CALL_TAIL = Pattern(r"['^].*")
PARAMETER = Pattern(r"\b[yz]\b")


class Called(NamedTuple):
    """A function that is called: its slope, or a power of it; `start` is where it stands."""

    name: str
    sloped: bool
    power: str
    start: int


class Bracket(NamedTuple):
    """What an open bracket closes with and means, and the call in front of it."""

    closing: str
    meaning: str
    call: Called | None = None


def has_one_slope(name: str) -> bool:
    """Whether a prime behind a function can mean one thing only: it takes one value."""
    return len(FUNCTIONS[name].parameters) == 1


def finish_call(call: Called, whole: str) -> str:
    """The text of a call with the power behind it, or of its slope.

    `whole` is the call itself, `tanh(z1)`.
    """
    if call.power:
        return f"{whole}^{call.power}"
    if not call.sloped:
        return whole
    values = {"y": f"({whole})", "z": f"({whole.removeprefix(call.name)})"}
    slope = FUNCTIONS[call.name].slopes[0]
    return f"({PARAMETER.sub(lambda match: values[match.group()], slope)})"
