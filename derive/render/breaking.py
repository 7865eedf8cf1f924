"""Where a page may end: never between lines that are read together, nor before a single one."""

from __future__ import annotations

from collections.abc import Sequence

from derive.render.lines import View
from derive.render.safe import Safe

SHORT = 7
"""Rows of a table up to which it stands on one page."""
CHAIN, PROOF = 10, 4
"""Lines of one quantity up to which they stay together: symbols, numbers, value; and reasons."""
LINE, TALL_LINE = 0.75, 1.15
"""About the heights of a line and of one with fractions, in centimetres."""
ROOM = 5.0
"""Of lines that one block holds, where a format breaks no block."""


def keep_lines(views: Sequence[View]) -> list[bool]:
    """For each line whether the next one must stand on the same page."""
    kept = [False] * len(views)
    for start, end in _cut(views):
        proof = any(view.remarks or not view.relation for view in views[start:end])
        short = end - start <= (PROOF if proof else CHAIN)
        for at in range(start, end - 1):
            kept[at] = short or views[at + 1].goes_on or at in (start, end - 2)
    return _keep_ends(kept)


def keep_rows(heads: Sequence[str]) -> list[bool]:
    """The same for the rows of a table by their first cells; an empty one goes on."""
    if len(heads) <= SHORT:
        return [True] * len(heads)
    return _keep_ends([not head for head in heads[1:]] + [False])


def _keep_ends(kept: list[bool]) -> list[bool]:
    """No line stands alone: the first one keeps the second, and the last but one the last."""
    if len(kept) > 1:
        kept[0] = kept[-2] = True
    return [*kept[:-1], False]


def group(kept: Sequence[bool]) -> list[int]:
    """The sizes of the groups that stay together."""
    sizes = [0]
    for stays in kept:
        sizes[-1] += 1
        if not stays:
            sizes.append(0)
    return [size for size in sizes if size]


def cut_blocks(views: Sequence[View]) -> list[list[View]]:
    """Lines as blocks that need no break: as many groups in each as there is room for."""
    blocks: list[list[View]] = []
    at, room, ghost = 0, 0.0, Safe()
    kept = keep_lines(views)
    for view, keep in zip(views, kept, strict=True):
        view.keep = keep
    for size in group(kept):
        part = list(views[at : at + size])
        ghost = part[0].left or ghost
        height = sum(TALL_LINE if view.tall else LINE for view in part)
        if not blocks or height > room:
            blocks.append([])
            room = ROOM
            part[0].ghost = ghost
        blocks[-1] += part
        at, room = at + size, room - height
    return blocks


def _cut(views: Sequence[View]) -> list[tuple[int, int]]:
    """Where the lines of each quantity begin and end: a left side begins another one."""
    starts = [at for at, view in enumerate(views) if view.left or not at]
    return list(zip(starts, [*starts[1:], len(views)], strict=True))
