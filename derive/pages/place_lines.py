"""One place of a layer worked line by line, the others as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from derive.algebra.expressions import Add, Expr, Mul, Name, Pick, Value, add
from derive.derivation.steps import Step
from derive.graph import Quantity
from derive.numbers import Numbers
from derive.pages.document import (
    Block,
    Level,
    Lines,
    Part,
    Row,
    say_of,
)
from derive.pages.place_tables import count_left_out, list_letters, tabulate
from derive.pages.proofs import ProofSheet
from derive.pages.writing import Treatment, with_values

MOST_USES = 12
"""Uses of a shared parameter that are written out, one a line."""


class PlaceLines(ProofSheet):
    """What the parts of a sheet with places are written from, forward and back."""

    def __init__(self, numbers: Numbers, level: Level) -> None:
        """Find the layers of each sample."""
        super().__init__(numbers, level)
        assert self.derivation.chain is not None
        self.chain = self.derivation.chain

    @cached_property
    def samples(self) -> tuple[int, ...]:
        """The samples in order; 0 alone where there is one only."""
        return tuple(dict.fromkeys(block.sample for block in self.graph.blocks))

    @cached_property
    def own(self) -> dict[tuple[int, int], list[Quantity]]:
        """What each layer computes for each sample; what is of no sample goes with the first."""
        made: dict[tuple[int, int], list[Quantity]] = {}
        for q in self.graph.quantities.values():
            if q.role in ("preactivation", "activation", "inner"):
                made.setdefault((q.place.layer, q.sample or self.samples[0]), []).append(q)
        return made

    @cached_property
    def corners(self) -> set[str]:
        """Quantities whose derivative needed a convention, such as a cell that ties."""
        steps = (s for s in self.derivation.steps({"backward"}) if not s.updates and s.expr)
        kinked = (step for step in steps if self.numbers.settle_cases(step).kink)
        return {name for step in kinked for name in (step.of, self.graph.source(step.wrt))}

    def work_and_list(self, names: list[str], worked: list[str], of: str = "") -> Iterator[Block]:
        """Some quantities, or the derivatives of `of` by them: a few line by line, all others."""
        ids = {name: self.graph.derivative(of, name) if of else name for name in names}
        worked = worked if self.level != "blank" else []
        for name in worked:
            yield from self.work(self.write.step(ids[name]))
        if len(worked) == len(names):
            return
        if worked:
            yield self.say("others_alike")
        yield from self.tabulate_ids(ids, worked)

    def tabulate_ids(self, ids: dict[str, str], known: Sequence[str] = ()) -> Iterator[Block]:
        """Tables of some ids, each in the place of the quantity that it belongs to.

        What is `known` from a line before stands there with its number. A guided page asks
        for the first and the last of the others and prints the rest.
        """
        asked = self._choose_asked([name for name in ids if name not in known])

        def write(name: str) -> Row:
            told = name not in asked
            number = self.write.value(ids[name]) if told else self.number_or_blank(ids[name])
            return Row(Name(ids[name]), (number,), of=ids[name])

        yield from tabulate(self.graph, ids, write, self.corners)
        left = count_left_out(self.graph, ids, self.corners)
        if left:
            yield say_of("left_out", count=str(left))

    def _choose_asked(self, names: list[str]) -> set[str]:
        """Of some quantities those that a page asks for: of each letter two where it guides."""
        if self.level != "guided":
            return set(names)
        letters = list_letters(self.graph[name] for name in names)
        return {own[place].id for own in letters.values() for place in (0, -1)}

    def work(self, step: Step, treatment: Treatment | None = None) -> Iterator[Block]:
        """The lines of a step; a sum of routes without those that give 0."""
        shown = treatment or self.treatment(first=True)
        if (
            step.kind == "routes"
            and shown == "worked"
            and step.expr
            and self._drop_zeros(step.expr)[1]
        ):
            yield from self.write_sum(step.id, step.expr)
        else:
            yield from self.write.block([step], shown)

    def write_sum(self, name: str, expr: Expr) -> Iterator[Block]:
        """What an id is as a sum of products; in numbers without those that are 0."""
        kept, dropped = self._drop_zeros(expr)
        parts = [Part("=", expr)]
        if kept is not None:
            parts.append(Part("=", with_values(kept), echo=True))
        parts.append(Part("is", Value(name), echo=True))
        yield Lines((Row(Name(name), tuple(parts), of=name),))
        if dropped:
            yield say_of("zero_terms", count=str(dropped))

    def _drop_zeros(self, expr: Expr) -> tuple[Expr | None, int]:
        """A sum of products without those whose last factor is 0, and how many these are."""
        if not isinstance(expr, Add):
            return expr, 0
        kept = [term for term in expr.terms if not self._is_zero(term)]
        return (add(*kept) if kept else None), len(expr.terms) - len(kept)

    def _is_zero(self, term: Expr) -> bool:
        """Whether a part is 0 because a factor of it, or the part itself, is exactly 0."""
        factors = term.factors if isinstance(term, Mul) else (term,)
        return any(self.numbers.is_zero(f.id) for f in factors if isinstance(f, Name))

    def choose_worked(self, own: list[Quantity]) -> list[str]:
        """The place with most routes; of steps the last, which comes first, and the first."""
        times = [q.place.time for q in own if q.place.time is not None]
        if not times:
            return [max(own, key=self._count_routes).id]
        ends = dict.fromkeys((max(times), min(times)))
        return [next(q.id for q in own if q.place.time == time) for time in ends]

    def _count_routes(self, q: Quantity) -> int:
        """How many quantities use one and hand something back."""
        users = (self.graph[user] for user in self.graph.consumers.get(q.id, ()))
        return sum(
            not isinstance(user.expr, Pick)
            or not self._is_zero(Name(self.graph.derivative(user.id, q.id)))
            for user in users
        )

    def work_back(self, root: str, names: list[str], worked: list[str]) -> Iterator[Block]:
        """The derivatives of the root by some quantities."""
        for name in worked:
            users = self.chain.list_inner_users(root, name)
            steps = self.steps(*(self.graph.derivative(user, name) for user in users))
            shown = [step for step in steps if not isinstance(step.expr, Name)]
            yield from self.write.block(shown, self.treatment(first=True))
        yield from self.work_and_list(names, worked, root)

    def work_parameters_back(self, root: str, names: list[str], *, first: bool) -> Iterator[Block]:
        """The gradients of the parameters of one letter: the first with every use."""
        worked = names[0]
        uses = self.chain.list_uses(root, worked)
        if first and 1 < len(uses) <= MOST_USES:
            yield self.say("uses", parameter=Name(worked), count=str(len(uses)))
            ids = [self.graph.derivative(root, self.graph.use(worked, use)) for use in uses]
            kept = [name for name in ids if not self._is_zero(Name(name))]
            yield from self.write.block(self.steps(*kept), self.treatment(first=True))
            if len(kept) < len(ids):
                yield say_of("zero_parts", count=str(len(ids) - len(kept)))
        yield from self.work_and_list(names, [worked] if first else [], root)
