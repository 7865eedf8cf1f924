"""The practice page as a file: complete in itself, honest, and safe with anybody's text."""

import base64
import hashlib
import json
import re

import pytest
from random_specs import random_network

import derive
from derive import limits
from derive.api import asked
from derive.checking.exercise import Exercise
from derive.checking.judging import Judge
from derive.checking.lookup import Lookup
from derive.checking.verdicts import WRONG
from derive.grading.practice.script import LOGIC, read_part, script
from derive.grading.practice.table import COARSEST
from derive.pages.document import Entries
from derive.pages.entries import with_entries
from derive.render.package import templates
from derive.spec import loads, override

SIZE_OF_LOOKING_UP = 299_101
"""Bytes of the page of two-two-two when it looked up each number alone."""
HOSTILE = '</script><script>alert(1)</script><!-- & "\u2028'


@pytest.fixture(scope="module")
def page():
    return derive.practice_page("neuron")


def data_of(page):
    (found,) = re.findall(
        r'<script type="application/json" id="table">(.*?)</script>', page, re.DOTALL
    )
    return json.loads(found)


def test_it_says_that_it_holds_its_answers(page):
    assert "This page holds its answers" in page
    korean = derive.practice_page(override(derive.load("circuit"), {"language": "ko"}))
    assert "이 페이지에는 정답이 들어 있습니다" in korean


def test_nothing_is_loaded_and_only_its_own_script_and_style_may_run(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page).group(1)
    for part, tag in (("style-src", "style"), ("script-src", "script")):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{part} &#x27;sha256-{digest}&#x27;" in policy
    assert policy.startswith("default-src &#x27;none&#x27;;")
    assert "unsafe" not in policy
    assert not re.search(
        r'https?:|\ssrc=|\shref=|\sstyle="|\son\w+="|innerHTML|\beval\(|new Function', page
    )


def test_the_script_is_made_of_every_part_and_of_each_once():
    folder = templates() / "practice" / "script"
    names = sorted(path.name.removesuffix(".js") for path in folder.iterdir())
    assert sorted((*LOGIC, "page")) == names
    assert all(read_part(name) in script() for name in names)


def test_the_page_stays_small():
    made = derive.practice_page("two-two-two")
    assert len(made.encode()) < 2 * SIZE_OF_LOOKING_UP


def test_a_text_of_the_author_ends_no_script_and_opens_no_tag():
    page = derive.practice_page(override(derive.load("circuit"), {"title": HOSTILE}))
    assert page.count("<script") == 2
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in page
    assert not set("<>&\u2028\u2029") & set(re.search(r'id="table">(.*?)</script>', page).group(1))


def test_the_table_holds_the_stretches_of_the_checker(page):
    table = data_of(page)["table"]
    judge = Judge(Exercise(derive.sheet("neuron").numbers))
    for column in table["columns"][:4]:
        lookup = Lookup(judge, column["id"])
        for i, packed in enumerate(column["stretches"]):
            numbers = [int(text) for text in packed.split()]
            end, found = 0, []
            for gap, length, ruling in zip(*[iter(numbers)] * 3, strict=True):
                end += gap + length
                found.append((end - length, end, table["rulings"][ruling]["verdict"]))
            expected = lookup.list_stretches(COARSEST - i)
            assert found == [(s.low, s.high, s.judgement.verdict) for s in expected]
    assert table["rulings"][0]["verdict"] == WRONG.verdict


@pytest.mark.parametrize("seed", range(5))
def test_every_numbered_blank_has_one_place_to_type(seed):
    sheet = derive.sheet(loads(random_network(seed)))
    names = [step.id for step in asked(sheet)]
    blocks = with_entries(sheet.document("blank"), names).blocks
    entries = [e for block in blocks if isinstance(block, Entries) for e in block.entries]
    assert sorted(entry.number for entry in entries) == list(range(1, len(names) + 1))
    assert all(names[entry.number - 1] == entry.id for entry in entries)


def test_the_command_writes_it_beside_the_other_pages(run, folder):
    code, out, _ = run("worksheet", "circuit", "--practice", "--format", "md", "--level", "blank")
    assert code == 0
    assert "output/circuit/practice.html" in out
    written = (folder / "output" / "circuit" / "practice.html").read_text("utf-8")
    assert written == derive.practice_page("circuit", "blank")
    assert run("worksheet", "circuit", "-o", "plain")[1].count("practice") == 0


def test_a_level_without_blanks_is_refused(run):
    code, _, err = run("worksheet", "circuit", "--practice", "--level", "full")
    assert code == 2
    assert "--practice: this level has no blanks; take --level guided or blank" in err


def test_a_page_too_large_to_hand_on_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "PRACTICE_BLANKS", 2)
    with pytest.raises(derive.SpecError, match="holds at most 2 blanks, this sheet has 3"):
        derive.practice_page("circuit")
    many = override(derive.load("circuit"), {"decimals": limits.PRACTICE_DECIMALS + 1})
    monkeypatch.setattr(limits, "PRACTICE_BLANKS", 9)
    with pytest.raises(derive.SpecError, match="take --decimals 16"):
        derive.practice_page(many)
