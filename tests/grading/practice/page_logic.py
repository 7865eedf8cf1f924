"""The page's script without a page: run by Node on the data that a page holds."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import msgspec
import pytest

import derive
from derive.checking.marking import Given
from derive.grading.assessment import open_marker
from derive.grading.practice.page import write_data
from derive.grading.practice.script import logic
from derive.grading.reports.saying import Voice
from derive.pages.document import Entries
from derive.pages.entries import with_entries
from derive.render.wording import section
from derive.spec import override

RUNNER = Path(__file__).parent / "logic.cjs"
JUDGE = """
const sheet = new Sheet(input.data);
const names = input.data.table.columns.map(({ id }) => id);
return input.sets.map((texts) => {
  const found = sheet.judgeAll(names.map((name) => texts[name] ?? ""));
  return Object.fromEntries(names.map((name, i) => [name, found[i]]).filter(([, one]) => one));
});
"""


def run_logic(body, given):
    """What a piece of JavaScript returns for an input."""
    if shutil.which("node") is None:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("node is missing; .ci/run installs it")
    sent = json.dumps({"logic": logic(), "body": body, "input": given})
    done = subprocess.run(["node", str(RUNNER)], input=sent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Practice:
    """A sheet with its checker, its voice, and the data of its page at a level."""

    def __init__(self, name, level, changes):
        sheet = derive.sheet(override(derive.load(name), changes))
        self.marker = open_marker(sheet.numbers)
        language = sheet.spec.language
        self.voice = Voice(language, "hint", self.marker.judge.explainer)
        document = with_entries(sheet.document(level), tuple(self.marker.exercise.order))
        blocks = [block for block in document.blocks if isinstance(block, Entries)]
        self.names = tuple(entry.id for block in blocks for entry in block.entries)
        data = write_data(self.marker, self.voice, self.names)
        written = {**data, "words": section(language, "practice")}
        self.data = msgspec.json.decode(msgspec.json.encode(written))

    def judge(self, sets):
        """What the page says of some sets of answers, by id."""
        return run_logic(JUDGE, {"data": self.data, "sets": sets})

    def check(self, texts):
        """What `derive check` says of a set of answers, by id: verdict and sentences."""
        rows = [Given(None, name, text) for name, text in texts.items()]
        results = self.marker.mark(None, rows).results
        return {result.id: (result.verdict, self.list_sentences(result)) for result in results}

    def list_sentences(self, result):
        said = [self.voice.verdict(result), *self.voice.explain(result.judgement)]
        if result.first_error and result.verdict != "carried":
            said.append(self.voice.word("look", "first", step=result.first_error))
        return said


@cache
def _practice(name, level, changes):
    return Practice(name, level, dict(changes))


def practice(name, level="blank", **changes):
    """A sheet to practise on, each made once."""
    return _practice(name, level, tuple(changes.items()))
