"""Formulas of web pages as TeX: their annotation where there is one, else their elements."""

from __future__ import annotations

import re
from collections.abc import Callable

TEX_NOTE = "application/x-tex"
INVISIBLE = re.compile("[\u2061-\u2064]")
"""Signs of a product, a call, a comma that nobody sees."""
Parts = list[str]


def _script(parts: Parts) -> str:
    base, low, high = [*parts, "", ""][:3]
    return f"{base}_{{{low}}}^{{{high}}}"


WRITERS: dict[str, Callable[[Parts], str]] = {
    "mfrac": lambda p: r"\frac{" + "}{".join([*p, ""][:2]) + "}",
    "msup": lambda p: f"{p[0] if p else ''}^{{{''.join(p[1:])}}}",
    "msub": lambda p: f"{p[0] if p else ''}_{{{''.join(p[1:])}}}",
    "msubsup": _script,
    "msqrt": lambda p: f"\\sqrt({''.join(p)})",
    "mtext": lambda p: f"\\text{{{''.join(p)}}}",
    "mtr": lambda p: "".join(p) + r" \\\\ ",
    "annotation-xml": lambda _: "",
}
"""How an element is written, by its parts; any other one is its parts."""
LEAVES = ("mi", "mn", "mo", "mtext", "ms", "annotation")


class MathWriter:
    """One formula, element by element."""

    def __init__(self) -> None:
        """Nothing is read."""
        self._open: list[tuple[str, Parts]] = [("math", [])]
        self._note: str | None = None

    def open(self, tag: str, given: dict[str, str | None]) -> None:
        """An element begins."""
        if tag == "mspace":
            self._open[-1][1].append(" ")
            return
        named = tag if tag != "annotation" or given.get("encoding") == TEX_NOTE else "other"
        self._open.append((named, []))

    def take(self, data: str) -> None:
        """The text of an element."""
        if self._open[-1][0] in LEAVES:
            self._open[-1][1].append(INVISIBLE.sub("", data))

    def close(self, tag: str) -> None:
        """An element ends; one that was never begun ends nothing."""
        if len(self._open) == 1 or (tag == "mspace"):
            return
        name, parts = self._open.pop()
        if name == "annotation":
            self._note = "".join(parts)
        elif name != "other":
            self._open[-1][1].append(WRITERS.get(name, "".join)(parts))

    def write(self) -> str:
        """The whole formula, between dollars where it is TeX that somebody wrote."""
        while len(self._open) > 1:
            self.close("")
        return f"${self._note}$" if self._note is not None else "".join(self._open[0][1])
