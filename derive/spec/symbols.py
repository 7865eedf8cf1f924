r"""`[symbols]`: how a lecturer writes the quantities; safe TeX only.

A value is a symbol such as `\alpha`, or a pattern in which `#` stands for the
index (`target_{o#}` gives target_{o1}) and `@` for the unit's name
(`net_{@}` gives net_{h1}). Without either, the index becomes a subscript.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from derive import limits
from derive.errors import SpecError, excerpt, nearest

GREEK = tuple(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu "  # noqa: SIM905  a list of words reads best as words
    "xi pi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma "
    "Phi Psi Omega".split()
)
STYLES = ("mathrm", "mathit", "mathbf", "mathcal", "hat", "bar", "tilde")
SIGNS = ("ell", "times", "cdot", "prime", "star")
ROLES = {
    "learning_rate": "\\alpha",
    "input": "x",
    "target": "t",
    "upstream": "u",
    "output": "o",
    "activation": "h",
    "preactivation": "z",
    "weight": "W",
    "bias": "b",
    "error": "E",
    "difference": "e",
    "product": "\\times",
    "sigmoid": "\\sigma",
}
"""Every role with its default."""
TOKEN = re.compile(r"\\([A-Za-z]+)|[A-Za-z0-9]|[_^{} ,'()#@]")


def check_symbols(symbols: Mapping[str, str]) -> None:
    """Raise SpecError for an unknown role or a value that is not safe TeX."""
    for role, value in symbols.items():
        if role not in ROLES:
            raise SpecError(f"symbols.{excerpt(role)}", f"unknown role{nearest(role, ROLES)}")
        problem = _problem(value)
        if problem:
            raise SpecError(f"symbols.{role}", problem)
        if role == "product" and value not in {"\\times", "\\cdot"}:
            raise SpecError(f"symbols.{role}", "expected \\times or \\cdot")


def _problem(value: str) -> str | None:
    if not value or len(value) > limits.SYMBOL_CHARACTERS:
        return f"expected 1 to {limits.SYMBOL_CHARACTERS} characters of TeX"
    position = depth = 0
    while position < len(value):
        match = TOKEN.match(value, position)
        if match is None:
            return (
                f"{excerpt(value[position:], 12)!r} is not allowed; use letters, digits, "
                "_ ^ { } # @ and names such as \\alpha or \\mathrm{net}"
            )
        command = match.group(1)
        if command and command not in (*GREEK, *STYLES, *SIGNS):
            return f"\\{excerpt(command)} is not allowed{nearest(command, (*GREEK, *STYLES))}"
        depth += {"{": 1, "}": -1}.get(match.group(0), 0)
        if depth < 0:
            return "a } closes nothing"
        position = match.end()
    if depth:
        return "a { is never closed"
    if re.search(rf"[_^]\s*(?:[_^}}]|$)|\\(?:{'|'.join(STYLES)})(?![{{A-Za-z])", value):
        return "a _ , ^ or command without its argument; write for example o_{#}"
    flat, before = value, ""
    while flat != before:
        before, flat = flat, re.sub(r"\{[^{}]*\}", "x", flat)
    if len(re.findall(r"[\^']", value)) > 1 or re.search(r"_\s*.\s*_", flat):
        return "two superscripts or two subscripts in a row; put them into one { }"
    return None
