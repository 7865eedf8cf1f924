"""A part of a page written with masked numbers, and which questions its text has depended on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from operator import itemgetter

from derive.algebra.expressions import Expr, Num, children, rebuild
from derive.derivation.steps import Step
from derive.numbers import Back, Settled, Shown, may_be_corner
from derive.press.faces import ZEROS, Faces, Working, cut_digits
from derive.press.masks import TO_ZERO, Masks
from derive.render.filling import Filler

Side = tuple[bool, Hashable]
"""Digits that are compared: those of a key, or of a number that is the same on all sheets."""
Question = tuple[str, Hashable]
"""`form` of a key; `settled` of an id; `alike`, whether pairs of digits are the same."""
Pair = tuple[Side, Side]


class Trace:
    """Numbers of a sheet as `Filler` asks for them, masked; `asked` are the questions in order."""

    def __init__(self, faces: Faces, working: Callable[[Expr, str], Working]) -> None:
        """`working` gives the one object of a line and its result."""
        self.faces = faces
        self.masks = Masks()
        self.asked: dict[Question, None] = {}
        self.stepwise = faces.numbers.stepwise
        self._working = working

    def step(self, name: str) -> Step:
        """The step of an id."""
        return self.faces.numbers.step(name)

    def shown(self, name: str) -> Shown:
        """How an id prints, masked."""
        self.asked["form", name] = None
        shown = self.faces.shown(name)
        return Shown(self.masks.mask(name, shown.text), shown.exact)

    def settle_cases(self, step: Step) -> Settled:
        """The formula of a step with the branch taken in each case."""
        if step.expr is not None and may_be_corner(step.expr):
            self.asked["settled", step.id] = None
        return self.faces.numbers.settle_cases(step)

    def work_back(self, numbers: Expr, name: str) -> Back:
        """What printed numbers give, masked."""
        working = self._working(numbers, name)
        self.asked["form", working] = None
        back = self.faces.work_back(working)
        other = back.other
        return Back(other and self.masks.mask(working, other), same=back.same)

    def compare(self, pairs: tuple[Pair, ...]) -> bool:
        """Whether pairs of digits are the same."""
        if not pairs:
            return True
        self.asked["alike", pairs] = None
        return are_same(self.faces, pairs)


class TracingFiller(Filler):
    """Puts masked numbers into a part of a page."""

    def __init__(self, trace: Trace) -> None:
        """Print nothing yet."""
        super().__init__(trace)
        self._trace = trace

    def are_alike(self, one: Expr, other: Expr) -> bool:
        """Whether two formulas read the same, with the digits that they have on the sheet."""
        pairs = tuple(self._pair(one, other))
        return None not in pairs and self._trace.compare(tuple(filter(None, pairs)))

    def _pair(self, one: Expr, other: Expr) -> Iterator[Pair | None]:
        """The digits that must be the same; None where formulas differ in anything else."""
        if isinstance(one, Num) and isinstance(other, Num):
            if one.text != other.text:
                yield self._pair_digits(one.text, other.text)
            return
        below, others = children(one), children(other)
        if type(one) is not type(other) or len(below) != len(others):
            yield None
        elif not below:
            yield from () if one == other else (None,)
        elif rebuild(one, others) != other:
            yield None
        else:
            for part, beside in zip(below, others, strict=True):
                yield from self._pair(part, beside)

    def _pair_digits(self, one: str, other: str) -> Pair | None:
        """Digits of which one or both are masked, in numbers of one form."""
        keys = tuple(map(self._trace.masks.key, (one, other)))
        if keys == (None, None) or _blacken(one) != _blacken(other):
            return None
        left, right = (
            (False, cut_digits(text)) if key is None else (True, key)
            for key, text in zip(keys, (one, other), strict=True)
        )
        return left, right


def _blacken(text: str) -> tuple[str, str]:
    """A number, masked or not, with 0 for each digit of its mantissa; its exponent."""
    mantissa, _, power = text.partition("e")
    return mantissa.translate(TO_ZERO).translate(ZEROS), power


def are_same(faces: Faces, pairs: Iterable[Pair]) -> bool:
    """Whether pairs of digits are the same on a sheet."""
    digits = faces.digits

    def read(side: Side) -> object:
        kept, key = side
        return digits[key] if kept else key  # type: ignore[index]

    return all(read(one) == read(other) for one, other in pairs)


def prepare(asked: tuple[Question, ...]) -> Callable[[Faces], Hashable]:
    """What asks a sheet some questions at once."""
    forms = [key for kind, key in asked if kind == "form"]
    look = itemgetter(*forms) if forms else lambda _: ()
    settled = [key for kind, key in asked if kind == "settled"]
    alike = [key for kind, key in asked if kind == "alike"]

    if not settled and not alike:
        return lambda faces: look(faces.forms)

    def ask(faces: Faces) -> Hashable:
        numbers = faces.numbers
        return (
            look(faces.forms),
            *(numbers.settle_cases(numbers.step(str(name))) for name in settled),
            *(are_same(faces, pairs) for pairs in alike),  # type: ignore[arg-type]
        )

    return ask
