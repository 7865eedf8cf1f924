"""Makes labelled.csv: answers with the verdict they deserve, found without the checker.

Values come from `float_networks`, a program that imports nothing of derive;
wrong ones from the mistakes made by hand in it, slips from random digits, odd
spellings and formulas from the lists below. The verdict follows from how an
answer was made. Several mistakes can lead to one number: a label names every
one that does, within half a unit of the last digit and 1.5 units of the sheet.
An answer that lands near a border of these rules is not taken.

    python tests/checking/label.py     writes labelled.csv anew
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from random import Random

from float_networks import MISTAKES, FloatNetwork, fixed, printed
from hand_written import BLANKS, FORMULAS, MEMBERS, SPELLINGS, UNREADABLE

HERE = Path(__file__).parent
FAR = 1000
"""Units of the sheet that a wrong number is away from the right one, at least."""
COLUMNS = ("spec", "member", "id", "answer", "verdict", "mistakes")


@dataclass
class Row:
    """One answer: of which member to which id, what was typed, what it deserves."""

    spec: str
    member: str
    id: str
    answer: str
    verdict: str
    mistakes: tuple[str, ...] = ()

    def cells(self) -> tuple[str, ...]:
        return (*self.line()[:-1], " ".join(self.mistakes))

    def line(self) -> tuple[str, str, str, str, str, str]:
        return (self.spec, self.member, self.id, self.answer, self.verdict, "")


@dataclass
class Sheet:
    """One network: right values, and those after each mistake, made everywhere or here alone."""

    name: str
    draw: Random
    members: int = 0
    used: set[str] = field(default_factory=set)

    @cached_property
    def text(self) -> str:
        return (HERE / "labelled" / f"{self.name}.toml").read_text("utf-8")

    @cached_property
    def right(self) -> FloatNetwork:
        return FloatNetwork(self.text)

    @cached_property
    def unit(self) -> Decimal:
        return Decimal(1).scaleb(-self.right.decimals)

    @cached_property
    def mistaken(self) -> dict[str, dict[str, float]]:
        # M38 runs forward anew inside one step; who rounds each step has no line for that.
        made = [m for m in MISTAKES if m != "M38" or not self.right.stepwise]
        return {m: FloatNetwork(self.text, m).values for m in made}

    @cached_property
    def ids(self) -> list[str]:
        return list(self.right.values)

    def shown(self, name: str) -> str:
        return printed(self.right.values[name], self.right.decimals)

    def led_to(self, name: str, answer: str, written: Decimal) -> tuple[str, ...]:
        """Every mistake that leads to an answer, made everywhere or at this id alone."""
        slack = float(written / 2 + self.unit * 3 / 2)
        found = []
        for mistake, values in self.mistaken.items():
            alone = FloatNetwork(self.text, mistake, only=name).values[name]
            if any(abs(v - float(answer)) <= slack for v in (values[name], alone)):
                found.append(mistake.split()[0])
        for mistake, values in self.slips(name).items():
            if any(abs(v - float(answer)) <= slack for v in values):
                found.append(mistake)
        return tuple(sorted(set(found), key=lambda m: int(re.sub(r"\D", "", m))))

    def slips(self, name: str) -> dict[str, list[float]]:
        """What comes of the mistakes that are made at one id alone."""
        right, value = self.right, self.right.values[name]
        samples = len(right.inputs)
        found = {"M59": right.misplaced.get(name, [])}
        if name.startswith("dE_total/d") and name[10] in "Wb" and right.steps:
            found["M60"] = [value * right.rate]
        if name.startswith("dE_") and "_s" in name and samples > 1 and right.mean:
            found["M63"] = [value / samples]
        return found

    def far(self, name: str, value: float, units: int = FAR) -> bool:
        return abs(value - self.right.values[name]) > units * self.unit

    def member(self) -> str:
        self.members += 1
        return f"{self.name}-{self.members:03d}"

    def row(
        self,
        name: str,
        answer: str,
        verdict: str,
        mistakes: tuple[str, ...] = (),
        member: str = "",
    ) -> Row:
        return Row(self.name, member or self.member(), name, answer, verdict, mistakes)

    def some(self, count: int) -> list[str]:
        """Ids that print with all decimals and digits behind the point, none twice."""
        good = [
            i
            for i in self.ids
            if i not in self.used
            and len(self.shown(i).partition(".")[2]) == self.right.decimals
            and "e" not in self.shown(i)
        ]
        chosen = self.draw.sample(good, min(count, len(good)))
        self.used.update(chosen)
        return chosen


def right_answers(sheet: Sheet, count: int) -> Iterator[Row]:
    """The printed value, and the value with three to six significant digits."""
    for name in sheet.some(count):
        yield sheet.row(name, sheet.shown(name), "correct")
    for name in sheet.some(count // 2):
        digits = sheet.draw.randint(3, 6)
        value = sheet.right.values[name]
        if Decimal(f"{value:.{digits}g}").as_tuple().exponent >= -sheet.right.decimals:
            yield sheet.row(name, f"{value:#.{digits}g}", "correct")


def few_digits(sheet: Sheet, count: int) -> Iterator[Row]:
    """Two significant digits, and digits cut off where the next one rounds up."""
    for name in sheet.some(count):
        value = sheet.right.values[name]
        two = f"{value:.2g}"
        if "e" not in two and len(two.lstrip("-0.")) == 2:
            yield sheet.row(name, two, "rounded")
        cut = sheet.shown(name)[:-1]
        dropped = sheet.shown(name)[-1]
        clear = "6" <= dropped <= "8" and len(cut.lstrip("-0.")) > 3
        if clear and not by_rounding(sheet, name, cut):
            yield sheet.row(name, cut, "rounded")


def is_cut(value: float, answer: str) -> bool:
    """Whether a value goes on behind the digits of an answer, cut off towards 0."""
    written, right = Decimal(answer), Decimal(value)
    unit = Decimal(1).scaleb(written.as_tuple().exponent)
    return written * right > 0 and abs(written) < abs(right) < abs(written) + unit


def by_rounding(sheet: Sheet, name: str, answer: str) -> bool:
    """Whether rounding every step to fewer decimals ends in exactly this number."""
    wrong = Decimal(answer)
    for places in range(2, sheet.right.decimals):
        value = FloatNetwork(sheet.text, places=places).values[name]
        if wrong in (Decimal(fixed(value, places)), Decimal(printed(value, sheet.right.decimals))):
            return True
    return False


def factors(sheet: Sheet, name: str) -> tuple[str, ...] | None:
    """The ids whose product a gradient of one sample is."""
    of, _, wrt = name.partition("/d")
    if not of.startswith("dE_total") or wrt[:1] not in "Wb" or "+" in name:
        return None
    ids = sheet.right.values
    last = next((i for i in ids if i.endswith(f"/d{wrt}") and i.startswith("dz")), None)
    if last is None or "_s" in last:
        return None
    z = last.partition("/d")[0][1:]
    slope = next((i for i in ids if i.endswith(f"/d{z}") and i[1] in "hoa"), "")
    return f"dE_total/d{slope.partition('/d')[0][1:]}", slope, last


def printed_factors(sheet: Sheet, count: int) -> Iterator[Row]:
    """A gradient from the printed factors, where the last digit ends otherwise."""
    found = 0
    for name in sheet.ids:
        parts = factors(sheet, name)
        if parts is None or found == count:
            continue
        product = Decimal(1)
        for part in parts:
            product *= Decimal(sheet.shown(part))
        answer = fixed(float(product), sheet.right.decimals)
        if answer != sheet.shown(name) and len(answer) == len(sheet.shown(name)):
            found += 1
            yield sheet.row(name, answer, "rounded")


def early_rounding(sheet: Sheet, count: int) -> Iterator[Row]:
    """M17: a gradient from factors rounded to a few decimals, written with all digits."""
    found = 0
    for name in sheet.ids:
        parts = factors(sheet, name)
        if parts is None or found == count or sheet.draw.random() < 0.5:
            continue
        places = sheet.draw.randint(2, 4)
        product = Decimal(1)
        for part in parts:
            typed = "x" in part.partition("/d")[0] or sheet.shown(part) == "1"
            near = Decimal(fixed(sheet.right.values[part], places))
            product *= Decimal(sheet.shown(part)) if typed else near
        answer = fixed(float(product), sheet.right.decimals)
        cut = is_cut(sheet.right.values[name], answer)
        far = sheet.far(name, float(answer), 100) and not cut
        if far and not sheet.led_to(name, answer, sheet.unit):
            found += 1
            yield sheet.row(name, answer, "misconception", ("M17",))


def every_step_rounded(sheet: Sheet, count: int) -> Iterator[Row]:
    """M17: every step rounded to a few decimals, the last one too."""
    found = 0
    for name in sheet.draw.sample(sheet.ids, len(sheet.ids)):
        places = sheet.draw.randint(3, 4)
        value = FloatNetwork(sheet.text, places=places).values[name]
        answer = fixed(value, places)
        unit = Decimal(1).scaleb(-places)
        digits = len(answer.lstrip("-0."))
        if found == count or digits < 3 or not sheet.right.decimals > places:
            continue
        gap = abs(Decimal(answer) - Decimal(sheet.right.values[name]))
        far = gap > unit * Decimal("0.6") and not is_cut(sheet.right.values[name], answer)
        if far and not sheet.led_to(name, answer, unit):
            found += 1
            yield sheet.row(name, answer, "misconception", ("M17",))


def planted(sheet: Sheet, each: int) -> Iterator[Row]:
    """Every mistake that can be made here, each at some ids that it changes."""
    for mistake, values in sheet.mistaken.items():
        if mistake.split()[0] == "M16" and len(sheet.right.inputs) == 1:
            continue
        changed = [i for i in sheet.ids if sheet.far(i, values[i])]
        for name in sheet.draw.sample(changed, min(each, len(changed))):
            answer = printed(values[name], sheet.right.decimals)
            exact = answer == "0" or len(answer.partition(".")[2]) < sheet.right.decimals
            if exact and "e" not in answer:
                answer = fixed(values[name], sheet.right.decimals)
            names = sheet.led_to(name, answer, sheet.unit)
            assert mistake.split()[0] in names
            yield sheet.row(name, answer, "misconception", names)


def planted_slips(sheet: Sheet, count: int) -> Iterator[Row]:
    """A mistake made at one id alone: an operand of another place, the step, 1/N."""
    pairs = [(i, v) for i in sheet.ids for vs in sheet.slips(i).values() for v in vs]
    pairs = [(i, v) for i, v in pairs if sheet.far(i, v, 100)]
    for name, value in sheet.draw.sample(pairs, min(count, len(pairs))):
        answer = fixed(value, sheet.right.decimals)
        if len(answer.lstrip("-0.").replace(".", "")) < 3:
            continue
        yield sheet.row(name, answer, "misconception", sheet.led_to(name, answer, sheet.unit))


def planted_short(sheet: Sheet, count: int) -> Iterator[Row]:
    """A mistake's value with four significant digits: far from right, perhaps near others."""
    made = sheet.mistaken.items()
    pairs = [(m, i) for m, values in made for i in sheet.ids if sheet.far(i, values[i])]
    for mistake, name in sheet.draw.sample(pairs, count):
        value = sheet.mistaken[mistake][name]
        answer = f"{value:#.4g}"
        if value == 0 or "e" in answer:
            continue
        unit = Decimal(1).scaleb(Decimal(answer).as_tuple().exponent)
        if abs(value - sheet.right.values[name]) < 5 * float(unit):
            continue
        names = sheet.led_to(name, answer, unit)
        if names == sheet.led_to(name, answer, unit * Decimal("1.02")) and names:
            yield sheet.row(name, answer, "misconception", names)


def slips(sheet: Sheet, count: int) -> Iterator[Row]:
    """Another digit, the point moved, the sign, two digits exchanged: nobody's known mistake."""
    for name in sheet.some(count):
        text = sheet.shown(name)
        digits = list(text)
        spots = [i for i, c in enumerate(digits) if c.isdigit()]
        kind = sheet.draw.choice(("digit", "digit", "shift", "swap", "sign"))
        if kind == "digit":
            spot = sheet.draw.choice(spots[-5:-2])
            digits[spot] = sheet.draw.choice([c for c in "123456789" if c != digits[spot]])
            answer = "".join(digits)
        elif kind == "shift":
            answer = f"{Decimal(text) * 10:f}"
        elif kind == "sign":
            answer = text[1:] if text.startswith("-") else f"-{text}"
        else:
            a, b = spots[-4], spots[-3]
            digits[a], digits[b] = digits[b], digits[a]
            answer = "".join(digits)
        if not sheet.far(name, float(answer), 50) or by_rounding(sheet, name, answer):
            continue
        names = sheet.led_to(name, answer, sheet.unit)
        yield sheet.row(name, answer, "misconception" if names else "wrong", names)


def carried(sheet: Sheet, count: int, after: int) -> Iterator[Row]:
    """One slip, and right work from there on: the next steps are carried."""
    made = 0
    for name in sheet.draw.sample(sheet.ids, len(sheet.ids)):
        if made == count or "+" in name or sheet.shown(name) == "0":
            continue
        slip = fixed(sheet.right.values[name] * sheet.draw.choice((0.83, 1.21)), 6)
        if not sheet.far(name, float(slip)) or by_rounding(sheet, name, slip):
            continue
        if sheet.led_to(name, slip, Decimal(1).scaleb(-6)) or len(slip.lstrip("-0.")) < 3:
            continue
        own = FloatNetwork(sheet.text, own={name: float(slip)})
        later = [i for i in sheet.ids if i != name and sheet.far(i, own.values[i])]
        if len(later) < after:
            continue
        made += 1
        member = sheet.member()
        yield sheet.row(name, slip, "wrong", member=member)
        for other in sheet.draw.sample(later, after):
            answer = printed(own.values[other], sheet.right.decimals)
            yield sheet.row(other, answer, "carried", member=member)


def carried_by_signal(sheet: Sheet, count: int) -> Iterator[Row]:
    """A slip in an error signal, and the gradients as that signal times the last factor."""
    signals = [i for i in sheet.ids if i.startswith("dE") and "/dz" in i and "+" not in i]
    for name in sheet.draw.sample(signals, min(count, len(signals))):
        slip = fixed(sheet.right.values[name] * 1.13, 6)
        own = FloatNetwork(sheet.text, own={name: float(slip)}, by_signal=True)
        later = [i for i in sheet.ids if i != name and sheet.far(i, own.values[i], 100)]
        gradients = [i for i in later if "/dW" in i]
        if not gradients or not sheet.far(name, float(slip), 100):
            continue
        if by_rounding(sheet, name, slip) or sheet.led_to(name, slip, Decimal(1).scaleb(-6)):
            continue
        member = sheet.member()
        yield sheet.row(name, slip, "wrong", member=member)
        for other in {sheet.draw.choice(gradients): 0, sheet.draw.choice(later): 0}:
            answer = printed(own.values[other], sheet.right.decimals)
            yield sheet.row(other, answer, "carried", member=member)


def carried_after_mistake(sheet: Sheet, count: int) -> Iterator[Row]:
    """A known mistake in one step alone, and right work from there on."""
    made = 0
    pairs = [(m, i) for m in sheet.mistaken for i in sheet.ids if "+" not in i]
    for mistake, name in sheet.draw.sample(pairs, len(pairs)):
        if made == count:
            return
        alone = FloatNetwork(sheet.text, mistake, only=name)
        answer = fixed(alone.values[name], sheet.right.decimals)
        own = FloatNetwork(sheet.text, own={name: float(answer)})
        later = [i for i in sheet.ids if i != name and sheet.far(i, own.values[i])]
        if not sheet.far(name, float(answer)) or not later or float(answer) == 0:
            continue
        made += 1
        member, other = sheet.member(), sheet.draw.choice(later)
        names = sheet.led_to(name, answer, sheet.unit)
        yield sheet.row(name, answer, "misconception", names, member)
        text = printed(own.values[other], sheet.right.decimals)
        yield sheet.row(other, text, "carried", member=member)


def after_rounded(sheet: Sheet, count: int) -> Iterator[Row]:
    """Right but short answers, and right work from them on: rounded, nobody's slip."""
    made = 0
    for name in sheet.draw.sample(sheet.ids, len(sheet.ids)):
        digits = 2 + made % 2
        short = f"{sheet.right.values[name]:.{digits}g}"
        if made == count or "+" in name or len(short.lstrip("-0.")) < digits or "e" in short:
            continue
        own = FloatNetwork(sheet.text, own={name: float(short)})
        later = [i for i in sheet.ids if i != name and sheet.far(i, own.values[i], 100)]
        if not later:
            continue
        made += 1
        member, other = sheet.member(), sheet.draw.choice(later)
        yield sheet.row(name, short, "rounded" if digits < 3 else "correct", member=member)
        text = fixed(own.values[other], sheet.right.decimals)
        yield sheet.row(other, text, "rounded", member=member)


AMOUNTS = {"deck": 3, "deep": 6, "curved": 6, "kinked": 6, "samples": 6, "stepwise": 5}


def network_rows(name: str) -> Iterator[Row]:
    amount = AMOUNTS[name]
    sheet = Sheet(name, Random(name))  # noqa: S311 - reproducible labels, not secrets
    yield from right_answers(sheet, amount)
    yield from slips(sheet, amount + 3)
    yield from few_digits(sheet, amount)
    yield from printed_factors(sheet, amount)
    if not sheet.right.stepwise:
        yield from early_rounding(sheet, amount // 2)
        yield from every_step_rounded(sheet, amount // 2)
    yield from planted(sheet, 1)
    yield from planted_slips(sheet, 2 * amount)
    yield from planted_short(sheet, amount)
    yield from carried(sheet, amount // 2, 2)
    yield from carried_by_signal(sheet, amount // 2)
    yield from carried_after_mistake(sheet, amount // 2)
    yield from after_rounded(sheet, amount // 2)


def written_rows() -> Iterator[Row]:
    """What cannot be computed: spellings, formulas, texts without a meaning, whole members."""
    count = 0
    for table, verdict in ((SPELLINGS, "correct"), (BLANKS, "blank"), (UNREADABLE, "unreadable")):
        for spec, name, answer in table:
            count += 1
            yield Row(spec, f"by hand-{count:03d}", name, answer, verdict)
    for spec, name, answer, mistakes in FORMULAS:
        count += 1
        named = () if mistakes == "wrong" else tuple(mistakes.split())
        verdict = {"": "correct", "wrong": "wrong"}.get(mistakes, "misconception")
        yield Row(spec, f"by hand-{count:03d}", name, answer, verdict, named)
    for member, rows in MEMBERS.items():
        for spec, name, answer, verdict, mistakes in rows:
            yield Row(spec, member, name, answer, verdict, tuple(mistakes.split()))


def labelled() -> Iterator[Row]:
    for name in AMOUNTS:
        yield from network_rows(name)
    yield from written_rows()


def main() -> None:
    with (HERE / "labelled.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(row.cells() for row in labelled())


if __name__ == "__main__":
    main()
