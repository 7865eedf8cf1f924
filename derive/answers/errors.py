"""Why an answer cannot be read: a key and its slots, no sentence."""

from __future__ import annotations

import re

from derive.errors import AnswerError, excerpt

COLUMN = re.compile(r"column \d+: ")
PROBLEMS = (
    ("a number right after a value", "two_numbers"),
    ("a comma outside a function", "two_numbers"),
    ("nested more than", "too_deep"),
    ("an expression of", "too_large"),
    ("something is missing after", "unfinished"),
    ("an empty expression", "unfinished"),
    ("this ( is never closed", "brackets"),
    ("this ) closes nothing", "brackets"),
    ("a number of", "too_many_digits"),
    ("outside 1e-", "exponent"),
)
"""How a complaint of the parser begins, and the reason it is for a learner."""


class Unreadable(AnswerError):
    """An answer that has no one meaning; nothing is guessed, nothing is marked wrong.

    `reason` is a key of the wording's table `unreadable`, `slots` fills its
    sentence with short, printable excerpts of what was typed.
    """

    def __init__(self, reason: str, **slots: str) -> None:
        """Keep the key and the slots; the message names both for a developer."""
        self.reason = reason
        self.slots = {name: excerpt(text) for name, text in slots.items() if text}
        message = ", ".join(f"{name}={text}" for name, text in self.slots.items())
        super().__init__(f"{reason} ({message})" if message else reason)

    @property
    def sentence(self) -> str:
        """The key of the sentence: that with a suggestion where there is one."""
        return f"{self.reason}_near" if "near" in self.slots else self.reason


def explain_parser(problem: str, depth: int) -> Unreadable:
    """A complaint of the parser about a translated text, told without its column."""
    message = COLUMN.sub("", problem, count=1)
    for start, reason in PROBLEMS:
        if message.startswith(start):
            return Unreadable(reason, limit=str(depth) if reason == "too_deep" else "")
    match = re.match(r"(\w+) (?:is a function|takes )", message)
    return Unreadable("function", name=match.group(1)) if match else Unreadable("syntax")
