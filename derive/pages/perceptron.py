"""The sheet of a perceptron: what is given, the rule and why it helps, what is worked in full."""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.expressions import (
    ONE,
    ZERO,
    Add,
    Call,
    Cases,
    Expr,
    Mul,
    Name,
    Num,
    Pow,
    add,
    substitute,
)
from derive.naming import LEARNING_RATE
from derive.pages.document import (
    Block,
    Lines,
    Part,
    Row,
    Slot,
    Words,
)
from derive.pages.ending import FEW, EndingSheet
from derive.pages.epochs import COUNT
from derive.pages.legend import explain_ids
from derive.pages.picture import picture
from derive.spec.model import MISTAKE
from derive.spec.presenting import Presentation

AT_ZERO = {1: "at_zero_upper", MISTAKE: "at_zero_mistake"}
"""The sentence on the step at 0, where that is not the lower label."""
RULES = {
    (False, True): "rule",
    (False, False): "rule_without_bias",
    (True, True): "rule_label",
    (True, False): "rule_label_without_bias",
}
"""The sentence on the rule, by whether the target alone moves, and whether there is a bias."""


class PerceptronSheet(EndingSheet):
    """Blocks of a perceptron's sheet in reading order."""

    def forward(self) -> Iterator[Block]:
        """The rule, and the presentations that are worked in full."""
        yield from self.rule()
        yield from self.worked()

    def backward(self) -> Iterator[Block]:
        """Nothing: a step function passes no derivative back."""
        yield from ()

    def movement(self) -> Iterator[Block]:
        """Presentation after presentation, epoch by epoch, to the end of the run."""
        yield from self.epochs()
        yield from self.ending()

    def appendix(self) -> Iterator[Block]:
        """Nothing is taken for granted."""
        yield from ()

    def given(self) -> Iterator[Block]:
        """Samples, first weights, the step function and its value at 0."""
        yield self.heading("given")
        yield self.say("perceptron")
        yield picture(self.graph)
        yield self.given_table(self.groups())
        yield self.formulas()
        yield Lines(self.step_rows())
        value, step = Num(str(self.perceptron.zero)), Call("step", (ZERO,))
        yield self.say(
            AT_ZERO.get(self.perceptron.at_zero, "at_zero_lower"), step=step, value=value
        )
        first, second = (Name(self.graph.after(self.graph.parameters[0], k)) for k in (1, 2))
        if len(self.run.presentations) > 1:
            yield self.say("legend_presentations", first=first, second=second, k=COUNT)
        else:
            yield self.say("legend_presentation", first=first)
        yield from explain_ids(self.graph)
        yield self.rounding()

    def groups(self) -> list[tuple[Words, list[str]]]:
        """Given numbers: a row for each sample, the first weights, the learning rate."""
        table = self.graph.quantities.values()
        groups: list[tuple[Words, list[str]]] = []
        for sample in dict.fromkeys(q.sample for q in table if q.role == "input"):
            names = [q.id for q in table if q.role in ("input", "target") and q.sample == sample]
            groups.append((Words("term.sample", {"number": str(sample or 1)}), names))
        groups.append((Words("given.first_weights"), list(self.graph.parameters)))
        groups.append((Words("given.rate"), [LEARNING_RATE]))
        return groups

    def formulas(self) -> Lines:
        """The formulas of any sample, without its number."""
        bare = self.bare()
        rows = [
            Row(Name(name), (Part("=", substitute(self.graph[name].expr or ZERO, bare)),))
            for name in (self.z, self.o, self.e)
        ]
        return Lines(tuple(rows))

    def step_rows(self) -> tuple[Row, ...]:
        """The step function case by case."""
        z = Name("z")
        low, zero = Num(str(self.perceptron.low)), Num(str(self.perceptron.zero))
        return (Row(Call("step", (z,)), (Part("=", Cases(z, low, zero, ONE)),)),)

    def rule(self) -> Iterator[Block]:
        """How the weights move, and that this moves z towards the target."""
        yield self.heading("rule")
        yield self.say(RULES[self.run.by_label, bool(self.bias)], difference=Name(self.e))
        yield Lines(self.rule_rows())
        if self.level == "blank":
            return
        yield self.say("why", z=Name(self.z))
        yield Lines(self.why_rows())
        yield self.say(
            "why_side" if self.bias else "why_side_without_bias",
            z=Name(self.z),
            difference=Name(self.e),
        )

    def rule_rows(self) -> tuple[Row, ...]:
        """The update of each weight, for any sample."""
        bare = self.bare()
        steps = self.steps(*(self.graph.after(p, 1) for p in self.graph.parameters))
        return tuple(
            Row(Name(step.id), (Part("=", substitute(step.expr or ZERO, bare)),)) for step in steps
        )

    def why_rows(self) -> tuple[Row, ...]:
        """The same sample's z with the new weights, sorted into the old z and what is added."""
        new, moved, squares = [], [], []
        rows = self.rule_rows()
        for weight, x, row in zip(self.weights, self.inputs, rows, strict=False):
            new.append(Mul((Name(f"{weight}+"), Name(x))))
            moved.append(Mul((row.parts[0].expr, Name(x))))
            squares.append(Pow(Name(x), Num("2")))
        more = [rows[-1].parts[0].expr] if self.bias else []
        old = substitute(self.graph[self.z].expr or ZERO, self.bare())
        grown = add(*squares, *([ONE] if self.bias else []))
        change = Mul((Name(LEARNING_RATE), Name(self.e), grown))
        terms = old.terms if isinstance(old, Add) else (old,)
        shown = add(*new, *(Name(f"{b}+") for b in self.bias))
        first = Part("=", add(*moved, *more))
        short = len(self.inputs) <= FEW
        begin = (Row(shown, (first,)),) if short else (_alone(shown), Row(None, (first,)))
        return (
            *begin,
            Row(None, (Part("=", Add((*terms, change))),)),
            Row(None, (Part("=", Add((Name(self.z), change))),)),
        )

    def worked(self) -> Iterator[Block]:
        """The first presentation in full, and the first that moves a weight if it is another."""
        yield self.heading("presentations")
        if self.level == "blank":
            return
        first, moving = self.run.presentations[0], self.first_moving()
        yield self.say("first_presentation")
        yield from self.write.block(self.steps_of(first))
        if moving != first:
            yield self.say("first_moved", **place_of(moving))
            yield from self.write.block(self.steps_of(moving))


def place_of(presentation: Presentation) -> dict[str, Slot]:
    """Which presentation it is, for a sentence."""
    return {"k": COUNT, "number": str(presentation.number), "sample": str(presentation.sample)}


def _alone(expr: Expr) -> Row:
    """A line that the next one goes on from."""
    return Row(None, (Part("", expr),))
