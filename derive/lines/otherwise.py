"""Other readings of a chain, for where the first one would be false.

People write `3 x (-4)`, `1,000`, a minus that looks like a bullet, and two chains side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from derive.lines.chains import Chain

CROSS = re.compile(r"(?<=[\d)])\s+[xX]\s+(?=[\d(])")
THOUSANDS = re.compile(r"(?<=\d)(?:\{,\}|,)(?=\d{3}(?!\d))")
NUMBERED = re.compile(r"(?<=\S)\s+\(\d{1,2}(?:\.\d{1,2})?\)$")
"""The number of an equation behind it."""
BESIDE = re.compile(
    r"([-+]?\s*[\d.,]+(?:e[-+]?\d+)?)\s*(?:\s|&|/|\(\d+\)|\|)\s*((?:\\|d\s*[A-Za-z]|∂|[A-Za-z]).*)"
)
"""A number, and behind it the name with which another chain begins."""
Readings = Iterator[tuple[Chain, ...]]


def list_others(chain: Chain) -> Readings:
    """The chains that a text may also hold."""
    if chain.dash:
        first, *rest = chain.members
        yield (msgspec.structs.replace(chain, members=(f"{chain.dash} {first}", *rest), dash=""),)
    for pattern, text in ((CROSS, " * "), (THOUSANDS, "")):
        members = tuple(pattern.sub(text, member) for member in chain.members)
        if members != chain.members:
            yield (msgspec.structs.replace(chain, members=members),)
    if NUMBERED.search(chain.members[-1]):
        members = (*chain.members[:-1], NUMBERED.sub("", chain.members[-1]))
        yield (msgspec.structs.replace(chain, members=members),)
    for place in range(1, len(chain.members) - 1):
        found = BESIDE.fullmatch(chain.members[place])
        if found is not None:
            yield _part(chain, place, *found.groups())


def _part(chain: Chain, place: int, end: str, start: str) -> tuple[Chain, ...]:
    """Two chains, the first of which ends inside a member."""
    first = (*chain.members[:place], end)
    second = (start, *chain.members[place + 1 :])
    return (
        msgspec.structs.replace(chain, members=first, signs=chain.signs[:place]),
        msgspec.structs.replace(chain, members=second, signs=chain.signs[place:], dash=""),
    )
