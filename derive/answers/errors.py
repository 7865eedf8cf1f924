"""Why an answer cannot be read: a key and its slots, no sentence."""

from __future__ import annotations

from derive.errors import AnswerError, excerpt


class Unreadable(AnswerError):
    """An answer that has no one meaning; nothing is guessed, nothing is marked wrong.

    `reason` is a key of the wording's table `unreadable`, `slots` fills its
    sentence with short, printable excerpts of what was typed.
    """

    def __init__(self, reason: str, **slots: str) -> None:
        """Keep the key and the slots; the message names both for a developer."""
        self.reason = reason
        self.slots = {name: excerpt(text) for name, text in slots.items() if text}
        told = ", ".join(f"{name}={text}" for name, text in self.slots.items())
        super().__init__(f"{reason} ({told})" if told else reason)

    @property
    def sentence(self) -> str:
        """The key of the sentence: that with a suggestion where there is one."""
        return f"{self.reason}_near" if "near" in self.slots else self.reason
