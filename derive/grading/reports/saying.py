"""The checker's sentences in one language: a TOML file with named slots."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache, cached_property

from derive.checking.explaining import HINTS, Explainer
from derive.checking.joint import Joint
from derive.checking.verdicts import RIGHT, Judgement, Remark, Result
from derive.errors import InternalError, SpecError, check_known, nearest
from derive.grading.reports.spelling import Speller
from derive.render.package import templates
from derive.render.wording import SLOT, agree, list_ones

REVEALS = ("none", "hint", "full")
NAMED = 3
"""So many known mistakes are named; of more the others by their code."""
SPELT = {"here", "look", "step", "uses", "formula", "right", "wrong"}
"""Slots that hold ids and formulas."""
HINTS_SHOWN = 2
"""Hints printed below a wrong answer; the third is for those who ask for more."""


def languages() -> list[str]:
    """The languages the checker speaks."""
    folder = templates() / "checking"
    names = (file.name for file in folder.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def words(language: str) -> dict[str, dict[str, str]]:
    """All sentences of a language by section; raises SpecError if there is none."""
    known = languages()
    if language not in known:
        raise SpecError("--lang", f"no words for it{nearest(language, known)}")
    text = (templates() / "checking" / f"{language}.toml").read_text("utf-8")
    sections: dict[str, dict[str, str]] = tomllib.loads(text)
    return sections


class Voice:
    """Says results in one language, and as much as is to be revealed.

    `none` names verdicts, mistakes and steps, no formula and no number of the
    key; `hint` adds formulas and hints; `full` adds the numbers.
    """

    def __init__(self, language: str, reveal: str, explainer: Explainer) -> None:
        """Raises SpecError for an unknown language or grade of help."""
        check_known("--reveal", "grade", reveal, REVEALS)
        self.language = language
        self._words = words(language)
        self.reveal = reveal
        self.explainer = explainer

    @cached_property
    def _spell(self) -> Speller:
        return Speller(self.explainer.exercise.derivation)

    def word(self, section: str, key: str, **slots: str) -> str:
        """One sentence with its slots filled."""
        text = agree(self.sentence(section, key), list_ones(slots))
        slots |= {name: self._spell(slots[name]) for name in SPELT & slots.keys()}
        return SLOT.sub(lambda slot: slots.get(slot.group(1), ""), text)

    def sentence(self, section: str, key: str) -> str:
        """One sentence with its slots open."""
        text = self._words.get(section, {}).get(key)
        if text is None:
            raise InternalError(f"the checker has no words for {section}.{key}")
        return text

    def name_mistake(self, code: str) -> str:
        """A known mistake by its short name, its code behind: `learning rate left out (M14)`."""
        return f"{self.word('name', code)} ({code})"

    def list_mistakes(self, codes: Sequence[str]) -> str:
        """Several of them, the first three by name."""
        names = [self.name_mistake(code) for code in codes[:NAMED]]
        return ", ".join([*names, *codes[NAMED:]])

    def mistakes(self) -> list[str]:
        """The codes of all known mistakes, in the order of the catalogue."""
        return list(self._words["name"])

    def describe_mistake(self, code: str) -> str:
        """What a known mistake is, whatever the numbers of one answer."""
        return self.word("mistake", code, places="k")

    def verdict(self, result: Result) -> str:
        """The verdict in words, with the names of known mistakes."""
        said = self.word("verdict", result.verdict)
        mistakes = self.list_mistakes(result.judgement.misconceptions)
        return f"{said}: {mistakes}" if mistakes else said

    def message(self, result: Result) -> str:
        """Everything to say about one answer, as one line."""
        return " ".join(self.sentences(result))

    def sentences(self, result: Result) -> list[str]:
        """The same sentence by sentence; hints last."""
        said = self.explain(result.judgement)
        if result.first_error and result.verdict != "carried":
            said.append(self.word("look", "first", step=result.first_error))
        if result.verdict not in (*RIGHT, "unreadable"):
            said += self.help(result)
        return said

    def explain(self, judgement: Judgement) -> list[str]:
        """What a judgement itself has to say, sentence by sentence."""
        return [text for remark in judgement.remarks for text in self._said(remark)]

    def help(self, result: Result) -> list[str]:
        """Hints for an answer that is not right, as many as may be revealed."""
        if self.reveal == "none" or result.verdict == "carried":
            return []
        levels = range(1, (HINTS if self.reveal == "full" else HINTS_SHOWN) + 1)
        if result.verdict == "blank" and self.reveal == "hint":
            levels = range(1, 2)
        said = [self.give_hint(result.id, level) for level in levels]
        if self.reveal == "full":
            said.append(self.solution(result.id))
        return said

    def give_hint(self, name: str, level: int) -> str:
        """One hint."""
        remark = self.explainer.give_hint(name, level)
        section, _, key = remark.key.partition(".")
        return self.word(section, key, **remark.slots)

    def solution(self, name: str) -> str:
        """The value of an id as the key prints it."""
        shown = self.explainer.exercise.numbers.shown(name).text
        return self.word("hint", "solution", here=name, value=shown)

    def _said(self, remark: Remark) -> list[str]:
        section, _, key = remark.key.partition(".")
        if not key:
            return [self.word("remark", section, **remark.slots)]
        said = [self.word(section, key, **remark.slots)]
        if section == "mistake" and "look" in remark.slots:
            whole = self.reveal != "none" and remark.slots["right"]
            said.append(self.word("look", "formulas" if whole else "step", **remark.slots))
        return said

    def joint(self, joint: Joint | None) -> list[str]:
        """What explains a member's answers together, and what to ask next."""
        if joint is None:
            return []
        both = self.word("look", "and")
        sets = [both.join(map(self.name_mistake, codes)) for codes in joint.explanations]
        key = "joint_several" if sets else "joint_many"
        if len(sets) == 1:
            key = "joint_one" if len(joint.explanations[0]) == 1 else "joint_two"
        said = [self.word("look", key, mistakes=self.word("look", "or").join(sets))]
        if joint.ask is not None:
            said.append(self.word("look", "ask", id=joint.ask))
        return said
