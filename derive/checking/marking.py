"""All answers of one member: each judged once, in the order of the key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from derive.answers import Aliases, Reading, Unreadable, find_id, is_blank, read
from derive.checking.claims import read_claim
from derive.checking.conventions import CONVENTIONS, Convention, Following
from derive.checking.converting import convert
from derive.checking.earlier import EarlierAnswers
from derive.checking.exercise import Exercise
from derive.checking.joint import Joint, explain_jointly
from derive.checking.judging import Judge
from derive.checking.spread import HALF
from derive.checking.targets import SLACK
from derive.checking.verdicts import FAULTY, RIGHT, Judgement, Remark, Result
from derive.errors import SpecError, excerpt
from derive.numbers import Numbers

BLANK = Judgement("blank")
MISSED = (*FAULTY, "carried")
"""Verdicts on answers that may be right by another convention."""


class Given(msgspec.Struct, frozen=True):
    """One row of a table of answers: who, which id as typed, what as typed.

    `working` are the lines that lead to the answer, where they were typed, too.
    """

    student: str | None
    id: str
    answer: str
    working: str = ""


class Marked(msgspec.Struct, frozen=True):
    """The results of one member in the order of the rows, and what explains them together.

    `code` is that of the member's own sheet, where there is one.
    """

    student: str | None
    results: tuple[Result, ...]
    asked: int
    right: int
    joint: Joint | None = None
    code: str | None = None


class Marker:
    """Marks the sheets of any number of members of one exercise."""

    def __init__(
        self,
        exercise: Exercise,
        symbols: Mapping[str, str],
        spell: Callable[[str], str],
        conventions: Sequence[Convention] = CONVENTIONS,
        aliases: Aliases | None = None,
    ) -> None:
        """Compute nothing yet; `symbols` and `spell` tell how the sheet writes (`Aliases`).

        `conventions` are those that members may follow in place of the sheet's. `aliases`
        are those of the same exercise with other numbers.
        """
        self.exercise = exercise
        self.judge = Judge(self.exercise)
        self.aliases = aliases or Aliases(exercise.derivation, symbols, spell)
        self._spelling = symbols, spell
        self._followings = [Following(row, self.judge.targets) for row in conventions]
        self._telling: dict[str, tuple[int, ...]] = {}
        self._converted: dict[Convention, Marker] = {}

    def renew(self, numbers: Numbers) -> Marker:
        """The marker of the same exercise with other given numbers."""
        exercise = Exercise(numbers, structure=self.exercise.structure)
        return Marker(exercise, *self._spelling, aliases=self.aliases)

    def mark(self, student: str | None, rows: Sequence[Given]) -> Marked:
        """Judge the rows of one member; each costs only itself, whatever the others hold.

        A defect of ours costs this member's verdicts and nobody else's; it stands in
        each row. Raises SpecError where the exercise itself has no digits to judge by.
        """
        try:
            return self._mark_by_any(student, rows)
        except SpecError:
            raise
        except Exception as error:  # noqa: BLE001  the others' sheets shall be judged
            what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            defect = unreadable("defect", {"error": excerpt(what, 120)})
            results = tuple(Result(student, row.id, row.answer, defect) for row in rows)
            return Marked(student, results, len(self.exercise.order), 0)

    def _mark_by_any(self, student: str | None, rows: Sequence[Given]) -> Marked:
        """By the sheet's conventions, or by another one that the member follows throughout."""
        marked, earlier = self.mark_rows(student, rows)
        missed = (result.id for result in marked.results if result.verdict in MISSED)
        faulty = [name for name in missed if name in earlier.answers]
        for following in self._list_telling(faulty):
            shown = following.find_shown(earlier, faulty)
            if not shown:
                continue
            other, _ = self._convert(following.convention).mark_rows(student, rows)
            simpler = _is_explained(marked) and not _is_right(other)
            if not simpler and following.is_followed(shown, other.results, earlier):
                results = tuple(following.mark(result, shown) for result in other.results)
                return msgspec.structs.replace(other, results=results)
        return marked

    def _list_telling(self, faulty: Sequence[str]) -> list[Following]:
        """The conventions by which some wrong answers would have another value."""
        places: set[int] = set()
        for name in faulty:
            telling = self._telling.get(name)
            if telling is None:
                found = (i for i, one in enumerate(self._followings) if one.tells(name))
                telling = self._telling[name] = tuple(found)
            places.update(telling)
        return [self._followings[i] for i in sorted(places)]

    def _convert(self, convention: Convention) -> Marker:
        """The marker of the exercise by another convention."""
        if convention not in self._converted:
            exercise = convert(self.exercise, convention.rewrites)
            self._converted[convention] = Marker(exercise, *self._spelling, conventions=())
        return self._converted[convention]

    def mark_rows(
        self, student: str | None, rows: Sequence[Given]
    ) -> tuple[Marked, EarlierAnswers]:
        """The results by the conventions of this sheet alone, and the answers that were read."""
        ids = [find_id(row.id, self.aliases) for row in rows]
        repeated = self._find_repeated(ids, rows)
        judged: dict[int, Judgement] = {}
        read_rows: list[tuple[int, str, Reading]] = []
        for index, (name, row) in enumerate(zip(ids, rows, strict=True)):
            reading = self._read(name, row, repeated=name in repeated)
            if isinstance(reading, Judgement):
                judged[index] = reading
            else:
                read_rows.append((index, name or "", reading))
        order = self.exercise.order
        earlier = EarlierAnswers(self.exercise, self.judge.plans)
        for index, name, reading in sorted(read_rows, key=lambda item: order[item[1]]):
            judged[index] = self._judge(name, reading, earlier)
        results = tuple(
            Result(
                student,
                name or row.id,
                row.answer,
                judged[i],
                self._find_first_error(name, judged[i], earlier),
            )
            for i, (name, row) in enumerate(zip(ids, rows, strict=True))
        )
        right = sum(result.verdict in RIGHT for result in results)
        joint = explain_jointly(self.judge, earlier, results)
        return Marked(student, results, len(order), right, joint), earlier

    def _find_repeated(self, ids: Sequence[str | None], rows: Sequence[Given]) -> set[str]:
        """Ids that stand twice with something written: nobody can tell which row counts."""
        if len(set(ids)) == len(ids):
            return set()
        texts: dict[str, list[str]] = {}
        for name, row in zip(ids, rows, strict=True):
            if name is not None:
                texts.setdefault(name, []).append(row.answer)
        several = {name: own for name, own in texts.items() if len(own) > 1}
        return {name for name, own in several.items() if sum(not is_blank(t) for t in own) > 1}

    def _read(self, name: str | None, row: Given, *, repeated: bool) -> Reading | Judgement:
        """What a row says, or why it says nothing."""
        if name is None:
            near = self.aliases.find_nearest(row.id)
            return (
                unreadable("unknown_id_near", {"near": near}) if near else unreadable("unknown_id")
            )
        if name not in self.exercise.order:
            return unreadable("not_asked", {"name": name})
        if repeated:
            return unreadable("twice", {"name": name})
        try:
            reading = read(row.answer, name, self.aliases, self.exercise.decimals)
        except Unreadable as problem:
            return unreadable(problem.sentence, problem.slots)
        return BLANK if reading is None else reading

    def _judge(self, name: str, reading: Reading, earlier: EarlierAnswers) -> Judgement:
        if not self._agrees_throughout(name, reading, earlier):
            return unreadable("chain")
        judgement = self.judge.judge(name, reading.last, earlier)
        claim = self.judge.evaluate(name, reading.last, earlier)
        earlier.note(self.judge.targets[name], claim, judgement)
        return judgement

    def _agrees_throughout(self, name: str, reading: Reading, earlier: EarlierAnswers) -> bool:
        """Whether all members of `a = b = c` are one number, within the digits written."""
        if len(reading.members) == 1:
            return True
        target = self.judge.targets[name]
        end = self.judge.evaluate(name, reading.last, earlier)
        for member in reading.members[:-1]:
            value = self.judge.evaluate(name, member, earlier)
            if value is None or end is None:
                return False
            slack = target.spread + target.unit
            for part in (member, reading.last):
                if part.value is not None:
                    slack += read_claim(target, part).unit
            if abs(value.value - end.value) > slack:
                return False
        return True

    def _find_first_error(
        self, name: str | None, judgement: Judgement, earlier: EarlierAnswers
    ) -> str | None:
        """The first wrong step that an answer comes of; None for one wrong of itself alone."""
        if name is None or judgement.verdict in (*RIGHT, "blank", "unreadable"):
            return None
        for remark in judgement.remarks:
            if remark.key == "carried":
                return remark.slots["step"]
        faults = earlier.list_faults(name)
        if faults and judgement.verdict == "misconception":
            alone = self._list_mistakes(name, earlier)
            if not alone.isdisjoint(judgement.misconceptions):
                return None
        return next(iter(faults), None)

    def _list_mistakes(self, name: str, earlier: EarlierAnswers) -> set[str]:
        """The known mistakes that lead to an answer from right numbers."""
        target, written = self.judge.targets[name], earlier.answers.get(name)
        if written is None:
            return set()
        value, reach = written.claim.value, written.claim.unit * HALF + SLACK * target.unit
        return {m.row.id for m in target.list_near(value - reach, value + reach)}


def _is_explained(marked: Marked) -> bool:
    """Whether one known mistake explains all that a member has written."""
    joint = marked.joint
    return joint is not None and any(len(rows) == 1 for rows in joint.explanations)


def _is_right(marked: Marked) -> bool:
    """Whether nothing that a member has written is wrong."""
    return not any(result.verdict in MISSED for result in marked.results)


def unreadable(reason: str, slots: dict[str, str] | None = None) -> Judgement:
    """The verdict `unreadable` with its reason, a key of the checker's words."""
    return Judgement("unreadable", remarks=(Remark(f"unreadable.{reason}", slots or {}),))
