"""The sentences of the checker that the page's script fills itself."""

from __future__ import annotations

from derive.grading.reports.saying import Voice

REMARKS = ("after_rounded", "carried", "partly_numbers")
UNREADABLE = ("chain", "division_by_zero", "itself", "later", "plus_minus")
"""Why a formula is refused here as derive check refuses it."""
VERDICTS = ("correct", "rounded", "carried", "misconception", "wrong", "unreadable")


def write_sentences(voice: Voice) -> dict[str, object]:
    """Verdicts, remarks and reasons with their slots."""
    sections = (("verdict", VERDICTS), ("remark", REMARKS), ("unreadable", UNREADABLE))
    return {
        section: {key: voice.sentence(section, key) for key in keys} for section, keys in sections
    } | {"first": voice.sentence("look", "first"), "line": voice.sentence("remark", "line")}
