"""What a sheet's answers can tell of known mistakes, as lines of text for `derive verify`."""

from __future__ import annotations

from derive.checking.diagnosability import Diagnosability, Distance

TOO_LARGE = "known mistakes: not compared, the exercise has too many steps\n"


def diagnosis(diagnosability: Diagnosability | None) -> str:
    """The lines; one that says so where the exercise is too large to compare."""
    if diagnosability is None:
        return TOO_LARGE
    if not diagnosability.possible:
        return "known mistakes: none of the catalogue fits this exercise\n"
    lines = [
        f"known mistakes that fit this exercise: {len(diagnosability.possible)}",
        f"no answer shows: {', '.join(diagnosability.unseen) or 'none'}",
        f"no answer tells apart: {_groups(diagnosability.alike)}",
        f"the new parameters alone do not tell apart: {_groups(diagnosability.alike_in_updates)}",
        f"smallest distance between two answers: {_distance(diagnosability.smallest)}",
        f"hardest to tell apart: {_distance(diagnosability.hardest)}",
    ]
    return "\n".join(lines) + "\n"


def _groups(groups: tuple[tuple[str, ...], ...]) -> str:
    return "; ".join(" = ".join(group) for group in groups) or "none"


def _distance(distance: Distance | None) -> str:
    if distance is None:
        return "-"
    one, other = distance.answers
    return f"{distance.distance} at {distance.id} ({one}, {other})"
