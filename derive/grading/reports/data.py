"""Results for other programs, as `derive check --json` prints them."""

from __future__ import annotations

from typing import Any

from derive.checking.marking import Marked
from derive.checking.verdicts import Result
from derive.grading.reports.saying import Voice


def record(result: Result, voice: Voice) -> dict[str, Any]:
    """One answer as data."""
    return {
        "student": result.student,
        "id": result.id,
        "answer": result.answer,
        "verdict": result.verdict,
        "misconceptions": list(result.judgement.misconceptions),
        "message": voice.message(result),
        "first_error": result.first_error,
    }


def together(marked: Marked) -> dict[str, Any] | None:
    """What explains one member's answers together, as data; None where nothing does."""
    if marked.joint is None:
        return None
    return {
        "student": marked.student,
        "explanations": [list(mistakes) for mistakes in marked.joint.explanations],
        "ask": marked.joint.ask,
    }
