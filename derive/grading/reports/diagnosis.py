"""What a sheet's answers can tell of known mistakes, as lines of text for `derive verify`."""

from __future__ import annotations

from derive.checking.diagnosability import Diagnosability, Distance

TOO_LARGE = "known mistakes: not compared, the exercise has too many steps\n"


def diagnosis(found: Diagnosability | None) -> str:
    """The lines; one that says so where the exercise is too large to compare."""
    if found is None:
        return TOO_LARGE
    if not found.possible:
        return "known mistakes: none of the catalogue fits this exercise\n"
    lines = [
        f"known mistakes that fit this exercise: {len(found.possible)}",
        f"no answer shows: {', '.join(found.unseen) or 'none'}",
        f"no answer tells apart: {_groups(found.alike)}",
        f"the new parameters alone do not tell apart: {_groups(found.alike_in_updates)}",
        f"smallest distance between two answers: {_distance(found.smallest)}",
        f"hardest to tell apart: {_distance(found.hardest)}",
    ]
    return "\n".join(lines) + "\n"


def _groups(groups: tuple[tuple[str, ...], ...]) -> str:
    return "; ".join(" = ".join(group) for group in groups) or "none"


def _distance(found: Distance | None) -> str:
    if found is None:
        return "-"
    one, other = found.answers
    return f"{found.distance} at {found.id} ({one}, {other})"
