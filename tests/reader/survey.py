"""Counts the kinds of false lines over many exercises: `python survey.py 0 100 md,tex`."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict

from derive import api
from derive.errors import DeriveError
from derive.spec import loads

from model import load
from random_exercises import random_exercise
from reader import build, read


def survey(texts: list[str], forms: list[str]) -> str:
    """Pages, lines, refusals, and each kind with its shortest example."""
    lines, pages, counts, shortest = 0, 0, Counter(), defaultdict(str)
    for number, text in enumerate(texts):
        try:
            written = [write(loads(text), form) for form in forms for write in (key, guided)]
        except DeriveError as refusal:
            counts[f"refused: {str(refusal)[:60]}"] += 1
            continue
        spec = load(text)
        model = build(spec)
        for page in written:
            found = read(page, spec, model)
            lines, pages = lines + found.lines, pages + 1
            for finding in found.findings + found.unread:
                counts[finding.kind] += 1
                told, before = f"exercise {number}: {finding}", shortest[finding.kind]
                shortest[finding.kind] = min(told, before or told, key=len)
    kinds = (f"{n:6} {kind}\n       {shortest[kind]}" for kind, n in counts.most_common())
    return "\n".join([f"{pages} pages, {lines} lines", *kinds])


def key(spec, form: str) -> str:
    return text_of(api.key_page(spec, form))


def guided(spec, form: str) -> str:
    return text_of(api.page(spec, form, "guided"))


def text_of(content) -> str:
    return content if isinstance(content, str) else content.decode()


if __name__ == "__main__":
    first, last = map(int, sys.argv[1:3])
    exercises = [random_exercise(seed) for seed in range(first, last)]
    print(survey(exercises, (sys.argv[3:] or ["md"])[0].split(",")))  # noqa: T201
