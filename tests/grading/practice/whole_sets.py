"""Whole sets of answers of made-up members: slips carried on, rounding, formulas, gaps."""

from random import Random

import flint
from typed_numbers import rounded_text, text_of

from derive.algebra.expressions import Num, substitute
from derive.checking.counterfactuals import Counterfactual
from derive.checking.earlier import EarlierAnswers
from derive.checking.explaining import write_readable
from derive.numbers import balls, rounding
from derive.numbers.rounding import power_of_ten

LONGEST = 100
"""Characters that the page's boxes take."""
SHAPES = (
    "{formula}",
    "({formula})",
    "-({formula})",
    "{formula} + 0",
    "{formula}*2",
    "1 * ({formula}) / 1",
    "{formula} + 0.001",
)
ODD = (
    "1/0",
    "({formula}",
    "{formula} +",
    "foo*2",
    "{name}*2",
    "zz",
    "3 4",
    "1/({formula}-({formula}))",
    r"\left({formula}\right)",
)
"""What the page need not read; the last one derive check does."""


class Member:
    """Goes on from what stands on the own sheet, with so many decimals and some slips."""

    def __init__(self, marker, *seeds):
        self.draw = draw = Random(" ".join(map(str, seeds)))  # noqa: S311  no secret
        self.exercise, self.targets = marker.exercise, marker.judge.targets
        self.decimals = self.exercise.decimals
        self.places = draw.choice((2, 3, 4, 5, self.decimals, self.decimals, self.decimals + 2))
        self.cuts = draw.random() < 0.15
        self.gaps = draw.choice((0, 0, 0.2, 0.5, 0.8))
        self.formulas = draw.choice((0, 0, 0.1, 0.4))
        self.slips = draw.choice((0, 0.03, 0.06, 0.15, 0.4))
        rows = [row.rewrite for row, _ in self.targets.counterfactuals]
        made = draw.sample(rows, draw.choice((0, 0, 1, 1, 2)))
        self.written = {}
        if draw.random() < 0.3:
            made.append(self.go_by_signal)
        self.world = Counterfactual(
            self.exercise, made, own=self.written, truth=self.targets.truth
        )

    def go_by_signal(self, step, exercise):
        """A gradient made of the own error signal."""
        earlier = EarlierAnswers(exercise)
        earlier.written = self.written
        return earlier.use_own_signal(step, exercise)

    def answers(self):
        """Texts by id, in the order of the key."""
        order = list(self.exercise.order)
        if self.draw.random() < 0.5:
            order = sorted(self.draw.sample(order, max(1, len(order) // 3)), key=order.index)
        texts = {}
        for name in order:
            value = self.world.value(name)
            if self.draw.random() < self.gaps or value is None:
                continue
            texts[name], kept = self.answer(name, self.targets[name].approximate(value))
            if kept is not None:
                self.written[name] = kept
        return texts

    def answer(self, name, near):
        """What is typed for an id, and the number with which this member goes on."""
        if self.draw.random() < self.formulas:
            return self.type_formula(name, near)
        if self.draw.random() < self.slips:
            near = self.slip(self.targets[name], near)
        places = self.places
        if 0 < abs(near) < power_of_ten(-places):
            places = min(3 - rounding.measure_magnitude(near), self.decimals + 2)
        text = rounded_text(near, places)
        if self.cuts:
            count = int((abs(near) * power_of_ten(places)).floor())
            text = text_of(count if near >= 0 else -count, -places)
        return text, balls.exact(text)

    def slip(self, target, near):
        """A number that is off."""
        slips = (
            lambda: -near,
            lambda: near * 10,
            lambda: near * self.draw.randint(11, 99) / 50,
            lambda: near + power_of_ten(-self.draw.randint(1, self.decimals)),
            lambda: self.draw.choice([m.value for m in target.mistaken] or [near / 2]),
            lambda: flint.fmpq(self.draw.randint(-999, 999), 1000),
        )
        return self.draw.choice(slips)()

    def type_formula(self, name, near):
        """A formula: the sheet's, that of a mistake, one with numbers in it, or nonsense."""
        step = self.exercise.step(name)
        changes = [planned[1] for planned in self.targets.list_changes(name).values()]
        slips = (row.rewrite(step, self.exercise) for row in self.targets[name].slips)
        known = [expr for expr in slips if expr is not None]
        expr = self.draw.choice([step.expr, step.expr, *changes, *known])
        if self.draw.random() < 0.3:
            used = [u for u in step.uses if self.draw.random() < 0.6]
            numbers = self.exercise.numbers
            expr = substitute(expr, {u: Num(numbers.shown(u).text) for u in used})
        text = write_readable(expr)
        shape = self.draw.choice(ODD if self.draw.random() < 0.15 else SHAPES)
        typed = shape.format(formula=text, name=name)
        if len(typed) > LONGEST or any(sign in text for sign in "[<~") or " ahead " in text:
            return rounded_text(near, self.decimals), near
        return typed, None


def list_sets(marker, name, count):
    """The answers of so many members of a sheet."""
    sets = (Member(marker, name, i).answers() for i in range(count))
    return [texts for texts in sets if texts]


def carry_on(marker, slips):
    """Every answer of somebody who makes some slips and goes on rightly with all digits."""
    targets = marker.judge.targets
    own = {name: balls.exact(text) for name, text in slips.items()}
    world = Counterfactual(marker.exercise, own=own, truth=targets.truth)
    texts = {}
    for name in marker.exercise.order:
        near = targets[name].approximate(world.value(name))
        texts[name] = slips.get(name) or rounded_text(near, targets[name].places)
    return texts
