"""A readable report for a terminal; colour only where somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator

from derive.checking.marking import Marked
from derive.errors import excerpt
from derive.grading.reports.saying import Voice
from derive.grading.reports.tallies import Tally

MARKS = {
    "correct": "✓",
    "rounded": "≈",
    "carried": "→",
    "misconception": "✗",
    "wrong": "✗",
    "unreadable": "?",
    "blank": "·",
}
COLOURS = {
    "correct": "32",
    "rounded": "32",
    "carried": "33",
    "misconception": "31",
    "wrong": "31",
    "unreadable": "35",
    "blank": "2",
}


def member_report(marked: Marked, voice: Voice, *, colour: bool) -> Iterator[str]:
    """One member's answers, a line each, with what there is to say below it."""
    if marked.student is not None:
        yield f"\n{excerpt(marked.student)}\n"
    width = max((len(result.id) for result in marked.results), default=0)
    for result in marked.results:
        mark = MARKS[result.verdict]
        if colour:
            mark = f"\x1b[{COLOURS[result.verdict]}m{mark}\x1b[0m"
        answer = excerpt(result.answer.strip(), 32)
        name = f"{excerpt(result.id):<{min(width, 40)}}"
        yield f"{mark} {name}  {answer:<14}  {voice.verdict(result)}\n"
        for sentence in voice.sentences(result):
            yield f"    {sentence}\n"
    for sentence in voice.joint(marked.joint):
        yield f"{sentence}\n"
    yield voice.word("report", "total", right=str(marked.right), asked=str(marked.asked)) + "\n"


def summary_report(tally: Tally, voice: Voice) -> Iterator[str]:
    """Members and steps side by side, where there is more than one member."""
    if len(tally.members) <= 1:
        return
    yield f"\n{voice.word('report', 'members')}\n"
    for line in tally.members:
        first = line.first_error or voice.word("report", "nobody")
        name = excerpt(line.student or voice.word("report", "nobody"), 24)
        mistakes = voice.list_mistakes(line.mistakes)
        yield f"  {name:<24} {line.right:>4} / {line.asked:<4} {first:<18} {mistakes}\n"
    for shared in tally.shared():
        yield f"  {voice.name_mistake(shared.mistake)}: {', '.join(shared.members)}\n"
    if tally.missing:
        names = ", ".join(excerpt(line.name) for line in tally.missing)
        yield f"\n{voice.word('report', 'missing')}: {names}\n"
    yield f"\n{voice.word('report', 'steps')}\n"
    for step in tally.steps():
        count = f"{step.right:>4} / {step.answered:<4}"
        commonest = voice.name_mistake(step.commonest) if step.commonest else ""
        yield f"  {step.id:<18} {step.share:>6}  {count} {commonest}".rstrip() + "\n"
