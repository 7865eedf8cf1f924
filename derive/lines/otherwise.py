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
REMARKED = re.compile(
    r"(?<=[^\W_])\s+\(\d{1,2}(?:\.\d{1,2})?\)$|(?<=\d)\s+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)$"
)
"""The number of an equation behind it, or how a number came about: `0.08 (W1*x1 + W2*x2)`."""
SQUARED = re.compile(r"(\\?[A-Za-z]+_(?:\{\w+\}|\w))\s*\^\s*\{?2\}?(?!\d)")
"""A square, where a symbol with a square in it may be meant."""
BESIDE = re.compile(
    r"([-+]?\s*[\d.,]+(?:e[-+]?\d+)?)\s*(?:\s|&|/|\(\d+\)|\|)\s*"
    r"((?![^=]*\\(?:times|cdot|div|ast|frac\s*\{?\s*\d))[A-Za-z∂\\][\w{}^_\\/∂ @+']*)"
)
"""A number, and behind it the name with which another chain begins."""
Readings = Iterator[tuple[Chain, ...]]


def list_others(chain: Chain) -> Readings:
    """The chains that a text may also hold."""
    if chain.dash:
        first, *rest = chain.members
        yield (msgspec.structs.replace(chain, members=(f"{chain.dash} {first}", *rest), dash=""),)
    crossed = tuple(CROSS.sub(" * ", member) for member in chain.members)
    if crossed != chain.members:
        yield (msgspec.structs.replace(chain, members=crossed),)
    yield from ((other,) for other in list_grouped(chain))
    if REMARKED.search(chain.members[-1]):
        members = (*chain.members[:-1], REMARKED.sub("", chain.members[-1]))
        yield (msgspec.structs.replace(chain, members=members),)
    squared = tuple(SQUARED.sub(r"(\1)^{2}", member) for member in chain.members)
    if squared != chain.members:
        yield (msgspec.structs.replace(chain, members=squared),)
    places = [i for i in range(1, len(chain.members) - 1) if BESIDE.fullmatch(chain.members[i])]
    for place in places:
        yield _part(chain, [place])
    if len(places) > 1:
        yield _part(chain, places)


def list_grouped(chain: Chain) -> Iterator[Chain]:
    """The chain with commas that part thousands, if it has any."""
    members = tuple(THOUSANDS.sub("", member) for member in chain.members)
    if members != chain.members:
        yield msgspec.structs.replace(chain, members=members)


def _part(chain: Chain, places: list[int]) -> tuple[Chain, ...]:
    """Several chains, each but the last of which ends inside a member."""
    parts, head, start = [], chain.members[0], 0
    for place in places:
        found = BESIDE.fullmatch(chain.members[place])
        assert found is not None
        members = (head, *chain.members[start + 1 : place], found.group(1))
        parts.append(
            msgspec.structs.replace(chain, members=members, signs=chain.signs[start:place])
        )
        head, start = found.group(2), place
    members = (head, *chain.members[start + 1 :])
    parts.append(msgspec.structs.replace(chain, members=members, signs=chain.signs[start:]))
    return tuple(parts)
