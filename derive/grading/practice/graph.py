"""Writes the graph of a practice page: formulas, known mistakes, other given numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from derive.algebra.expressions import Expr
from derive.answers import Aliases
from derive.checking.conventions import CONVENTIONS, Following
from derive.checking.earlier import EarlierAnswers
from derive.checking.judging import Judge
from derive.checking.misconceptions import Misconception
from derive.checking.samples import NOTHING, Point, list_moved
from derive.checking.spread import count_places
from derive.checking.targets import Target
from derive.checking.varying import list_together
from derive.checking.verdicts import Judgement
from derive.derivation.steps import Step
from derive.grading.practice.program import Aim, Mistake, Other, Program, Slip, Through
from derive.grading.practice.trees import Tree, list_functions, write_tree
from derive.grading.reports.saying import Voice
from derive.graph import Graph

MOST_LISTED = 1000
"""Ids up to which a page knows every one of the sheet."""
GIVEN = -1
"""In place of a formula: the number is typed in the spec."""
Say = Callable[[str], int]
"""The index of a sentence."""


class GraphWriter:
    """Writes the program of one page; each name, formula and set of given numbers once."""

    def __init__(self, judge: Judge, voice: Voice, aliases: Aliases, say: Say) -> None:
        """Write what is listed; `say` keeps the sentences."""
        self._judge, self._voice, self._aliases, self._say = judge, voice, aliases, say
        self._exercise = judge.exercise
        self._names: dict[str, int] = {}
        self._trees: dict[str, int] = {}
        self._formulas: list[Tree] = []
        self._plan: dict[int, int] = {}
        self._points: dict[tuple[str, ...], int] = {}
        self._through: dict[tuple[int, int], Through] = {}
        self._find_signal = EarlierAnswers(self._exercise).find_signal

    def program(self, asked: Sequence[str]) -> Program:
        """The program for some asked ids."""
        for name in self._list_ids(asked):
            self._names[name] = len(self._names)
        listed = len(self._names)
        ways = dict.fromkeys(n for name in asked for n in (name, *self._list_signals(name)))
        touching = self._judge.targets.list_touching(ways)
        rows = {row: self._write_mistake(row, asked) for row in touching}
        numbered = {row: i for i, row in enumerate(rows)}
        for point in list_moved(self._graph):
            self._add_point(point)
        aims = tuple(self._write_aim(name, numbered) for name in asked)
        self._write_plan()
        names = tuple(self._names)
        exercise = self._exercise
        stepwise = exercise.numbers.stepwise
        return Program(
            decimals=exercise.decimals,
            stepwise=stepwise,
            listed=listed,
            whole=len(self._aliases.order) <= MOST_LISTED,
            names=names,
            states=self._list_states(),
            keys=self._list_keys(),
            given=self._given,
            plan=tuple(self._plan[i] for i in range(len(names))),
            formulas=tuple(self._formulas),
            functions=list_functions(self._formulas),
            halves=tuple(map(self._count_places, names[:listed])),
            printed=tuple(map(self._print, names[:listed])) if stepwise else None,
            through=tuple(self._through.values()),
            mistakes=tuple(rows.values()),
            points=tuple(self._points),
            together=tuple(tuple(map(self._place, row)) for row in list_together(self._graph)),
            presented=self._graph.presented is not None,
            aims=aims,
            others=tuple(self._list_others(asked)),
            codes={code: self._voice.name_mistake(code) for code in self._voice.mistakes()},
        )

    @property
    def _graph(self) -> Graph:
        return self._exercise.graph

    @property
    def _given(self) -> dict[int, str]:
        """The typed number of every given quantity that has one."""
        typed = (q for q in self._graph.quantities.values() if q.typed)
        return {self._place(q.id): str(q.typed) for q in typed}

    def _list_ids(self, asked: Iterable[str]) -> list[str]:
        """What is given, asked or needed for it, all there is on a small sheet; in its order."""
        wanted = {q.id for q in self._graph.quantities.values() if q.typed}
        for name in asked:
            wanted |= {name, *self._exercise.list_needed(name)}
        order = self._aliases.order
        if len(order) <= MOST_LISTED:
            wanted |= order.keys()
        return sorted(wanted, key=lambda name: order.get(name, -1))

    def _write_mistake(self, row: Misconception, asked: Iterable[str]) -> Mistake:
        """A mistake with every formula it changes, also on ways that only it takes."""
        (wrong,) = (c for r, c in self._judge.targets.counterfactuals if r is row)
        for name in asked:
            wrong.value(name)
        changed = wrong.list_changed()
        return Mistake(
            row.id,
            tuple((self._place(name), self._add(name, expr)) for name, expr in changed.items()),
        )

    def _write_aim(self, name: str, numbered: dict[Misconception, int]) -> Aim:
        target = self._judge.targets[name]
        signals = self._list_signals(name)
        touching = self._judge.targets.list_touching((name, *signals))
        samples = self._judge.formulas.samples
        return Aim(
            name=self._place(name),
            signal=target.step.kind == "signal",
            value=str(target.value),
            shown=target.text,
            digits=target.digits,
            places=target.places,
            last=count_places(target.text),
            exact=target.exact,
            short=target.short,
            spread=float(target.spread.p) / float(target.spread.q),
            here=self._graph.presented is not None and target.step.kind != "update",
            said=tuple(
                (numbered[row], self._place_look(name, row), *self._explain(name, row))
                for row in touching
            ),
            alone=tuple(self._list_alone(name, touching, numbered)),
            slips=tuple(self._list_slips(target)),
            points=self._list_points(name, samples.choose(name, NOTHING)),
            plain=self._list_points(name, samples.choose(name, samples.find_given(()))),
        )

    def _list_points(self, name: str, chosen: Iterable[Point]) -> tuple[int, ...]:
        """Where formulas for an id are compared; nowhere if the sheet is another one there."""
        needed = (name, *self._exercise.list_needed(name))
        own = [self._exercise.step(used) for used in needed]
        for point in chosen:
            if [point.exercise.step(used) for used in needed] != own:
                return ()
        return tuple(self._add_point(point.exercise.graph) for point in chosen)

    def _list_others(self, asked: Sequence[str]) -> Iterator[Other]:
        """The conventions by which some id of the page has another value."""
        places = {name: i for i, name in enumerate(asked)}
        for row in CONVENTIONS:
            following = Following(row, self._judge.targets)
            values = {i: following.find_value(name) for name, i in places.items()}
            told = tuple((i, str(value)) for i, value in values.items() if value is not None)
            if told:
                proofs = tuple(places[name] for name in following.list_proofs(asked))
                yield Other(told, proofs, row.enough)

    def _list_slips(self, target: Target) -> Iterable[Slip]:
        for row in target.slips:
            expr = row.rewrite(target.step, self._exercise)
            if expr is not None:
                said = self._explain(target.name, row)
                yield Slip(row.id, self._add(target.name, expr), said)

    def _list_signals(self, name: str) -> list[str]:
        """The error signals of which gradients on the way to an id could be made."""
        steps = (self._exercise.step(n) for n in (*self._exercise.list_needed(name), name))
        found = (self._find_signal(step) for step in steps)
        return list(dict.fromkeys(signal for signal in found if signal is not None))

    def _place_look(self, name: str, row: Misconception) -> int:
        """The step that the sentences on a mistake say to look at again."""
        place = self._judge.explainer.find_place(name, row)
        return self._place(name if place is None else place.id)

    def _list_alone(
        self, name: str, rows: Iterable[Misconception], numbered: dict[Misconception, int]
    ) -> Iterator[tuple[int, ...]]:
        """Mistakes that change an id's own step and another before, with what the own one is."""
        find = self._judge.explainer.find_place
        for row in rows:
            first, own = find(name, row), find(name, row, here=True)
            if own is not None and first != own:
                yield (numbered[row], *self._explain(name, row, here=True))

    def _explain(self, name: str, row: Misconception, *, here: bool = False) -> tuple[int, ...]:
        """The sentences on a mistake that leads to an answer."""
        remarks = self._judge.explainer.explain(name, (row,), here=here)
        return tuple(map(self._say, self._voice.explain(Judgement("misconception", (), remarks))))

    def _write_plan(self) -> None:
        """The sheet's own formula of every name, also of names that only formulas bring in."""
        while len(self._plan) < len(self._names):
            name = list(self._names)[len(self._plan)]
            step = self._exercise.step(name)
            formula = GIVEN if step is None or step.expr is None else self._add(name, step.expr)
            self._plan[self._names[name]] = formula

    def _place(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))

    def _add(self, name: str, expr: Expr) -> int:
        """The index of a formula at a step, and how it goes by way of an own error signal."""
        formula = self._add_tree(expr)
        step = self._exercise.step(name)
        if step is not None and (self._place(name), formula) not in self._through:
            self._add_through(step, expr, formula)
        return formula

    def _add_through(self, step: Step, expr: Expr, formula: int) -> None:
        seen = msgspec.structs.replace(step, expr=expr)
        signal = self._find_signal(seen)
        if signal is None:
            return
        earlier = EarlierAnswers(self._exercise)
        earlier.written[signal] = self._judge.targets.truth.value(signal)
        other = earlier.use_own_signal(seen, self._exercise)
        if other is not None:
            name = self._place(step.id)
            made = Through(name, formula, self._place(signal), self._add_tree(other))
            self._through[name, formula] = made

    def _add_tree(self, expr: Expr) -> int:
        tree = write_tree(expr, self._place)
        key = msgspec.json.encode(tree).decode()
        if key not in self._trees:
            self._trees[key] = len(self._formulas)
            self._formulas.append(tree)
        return self._trees[key]

    def _add_point(self, graph: Graph) -> int:
        texts = tuple(str(q.typed) for q in graph.quantities.values() if q.typed)
        return self._points.setdefault(texts, len(self._points))

    def _list_keys(self) -> dict[str, str | None]:
        """The keys of quantities of which some state stands on this page."""
        known = {self._graph.split(name)[0] for name in self._names}
        return {k: n for k, n in self._aliases.keys.items() if n is None or n in known}

    def _list_states(self) -> dict[str, tuple[str, int]]:
        """Of every id that an update has changed the id before, and how many there were."""
        split = {name: self._graph.split(name) for name in self._names}
        return {name: (base, count) for name, (base, count) in split.items() if count}

    def _count_places(self, name: str) -> int | None:
        """The decimals of a number that is printed rounded; None of any other."""
        half = self._judge.targets.spread.find_half_unit(name)
        step = self._exercise.step(name)
        if half == 0 or step is None:
            return None
        return count_places(self._exercise.numbers.answer(step).shown.text)

    def _print(self, name: str) -> str | None:
        step = self._exercise.step(name)
        if step is None or step.expr is None:
            return None
        return self._exercise.numbers.answer(step).shown.text
