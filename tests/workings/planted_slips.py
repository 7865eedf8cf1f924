"""The slips that are planted: what was right, what is written, and what it may be called."""

# ruff: noqa: E501  rows of a table

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from planted_exercises import (
    BRACKETS,
    CIRCUIT,
    DECAY,
    EXERCISES,
    NETS,
    NEURON,
    POWERS,
    ROUTES,
    SINE,
    USED_TWICE,
    Exercise,
    parse,
    values_of,
)
from planted_writing import is_short, shorten


class Slip(NamedTuple):
    """One slip: its kind and labels, where it happens, and in which plans of a chain.

    A plan names the pieces behind the head (`-`: no head): R, Q the right formulas in names,
    r in numbers, t the right result; W, w, f the same of the wrong formula.
    """

    kind: str
    rules: frozenset[str]
    exercise: Exercise
    id: str
    right: str
    second: str
    wrong: str
    plans: tuple[str, ...]
    value: Decimal | None = None


NAMED = "W Wwf Wf RWwf RWf QWwf Wt"
NUMBERED = "Rwf QRwf -rwf"
ANY = "W Wwf RWwf Rwf QWwf QRwf Wf"
ALONE = "W Wf Rwf"
UPDATE = "W Wwf Rwf Rf Wf"

OUTPUT = f"""
sign-of-error | sign | {{e}} | -({{t}} - {{o}}) | {{o}} - {{t}} | {{t}} - {{o}} | {ANY} Rf
sign-of-error | sign | {{d}} | {{e}}*{{s}} | -({{t}} - {{o}})*{{o}}*(1 - {{o}}) | ({{t}} - {{o}})*{{o}}*(1 - {{o}}) | {ANY}
sign-of-error | sign | {{g}} | {{d}}*{{a}} | -({{t}} - {{o}})*{{o}}*(1 - {{o}})*{{a}} | ({{t}} - {{o}})*{{o}}*(1 - {{o}})*{{a}} | {ANY}
factor-dropped | factor slope | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{a}} | {{e}}*{{u}} | {NAMED}
factor-dropped | factor | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{s}}*{{u}} | {NAMED}
factor-dropped-in-numbers | factor slope | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{e}}*{{u}} | {NUMBERED}
factor-dropped-in-numbers | factor | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{s}}*{{u}} | {NUMBERED}
last-factor-dropped | factor | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{e}}*{{s}} | {ANY}
last-factor-dropped | factor slope | {{d}} | {{e}}*{{s}} | ({{o}} - {{t}})*{{o}}*(1 - {{o}}) | {{o}} - {{t}} | {NAMED}
last-factor-dropped | factor | dE_{{o}}/dh1 | {{d}}*d{{z}}/dh1 | {{d}}*{{W}} | {{d}} | {ANY}
last-factor-dropped | factor | dE_{{o}}/dh2 | {{d}}*d{{z}}/dh2 | {{d}}*{{V}} | {{d}} | {ANY}
slope-of-tanh | slope | {{s}} | {{o}}*(1 - {{o}}) | {{o}} - {{o}}^2 | 1 - {{o}}^2 | {ANY}
slope-of-tanh | slope | {{d}} | {{e}}*{{s}} | {{e}}*{{o}}*(1 - {{o}}) | {{e}}*(1 - {{o}}^2) | {ANY}
slope-one-minus | slope factor | {{s}} | {{o}}*(1 - {{o}}) | {{o}} - {{o}}^2 | 1 - {{o}} | {ANY}
slope-one-minus | slope factor | {{d}} | {{e}}*{{s}} | {{e}}*{{o}}*(1 - {{o}}) | {{e}}*(1 - {{o}}) | {ANY}
slope-one | slope factor | {{s}} | {{o}}*(1 - {{o}}) | {{o}} - {{o}}^2 | 1 | W Rwf RW
slope-one | slope factor | {{d}} | {{e}}*{{s}} | {{e}}*{{o}}*(1 - {{o}}) | {{e}}*1 | {ANY}
slope-itself | slope factor | {{s}} | {{o}}*(1 - {{o}}) | {{o}} - {{o}}^2 | {{o}} | {ALONE} RW
slope-itself | slope factor | {{d}} | {{e}}*{{s}} | {{e}}*{{o}}*(1 - {{o}}) | {{e}}*{{o}} | {ANY}
number-of-another | number name | {{z}} | {{W}}*{{a}} + {{V}}*{{b}}{{c}} | | {{V}}*{{a}} + {{V}}*{{b}}{{c}} | Rwf
number-of-another | number name | {{z}} | {{W}}*{{a}} + {{V}}*{{b}}{{c}} | | {{W}}*{{a}} + {{W}}*{{b}}{{c}} | Rwf
number-of-another | number name | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{e}}*{{s}}*{{b}} | {NUMBERED}
number-of-another | number name | dE_{{o}}/dh1 | {{d}}*d{{z}}/dh1 | {{d}}*{{W}} | {{d}}*{{V}} | {NUMBERED}
number-of-another | number name | {{e}} | -({{t}} - {{o}}) | {{o}} - {{t}} | -({{t}} - {{p}}) | {NUMBERED}
number-of-another | number name | {{w}}+ | {{w}} - learning_rate*{{g}} | | {{V}} - learning_rate*{{g}} | Rwf
number-of-another | number name | {{d}} | {{e}}*{{s}} | | {{e}}*{{o}} | Rwf
wrong-symbol | name | {{u}} | {{a}} | | {{b}} | {ALONE}
wrong-symbol | name | {{u}} | {{a}} | | {{w}} | {ALONE}
wrong-symbol | name | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{d}}*{{b}} | {NAMED}
wrong-symbol | name | dE_{{o}}/dh1 | {{d}}*d{{z}}/dh1 | {{d}}*{{W}} | {{d}}*{{V}} | {NAMED}
wrong-symbol | name | {{e}} | -({{t}} - {{o}}) | {{o}} - {{t}} | {{p}} - {{t}} | {NAMED}
wrong-symbol | name | {{z}} | {{W}}*{{a}} + {{V}}*{{b}}{{c}} | | {{W}}*{{b}} + {{V}}*{{a}}{{c}} | W Wwf Wf
wrong-symbol | name | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{e}}*{{s}}*d{{z}}/d{{V}} | {NAMED}
term-dropped | term | {{z}} | {{W}}*{{a}} + {{V}}*{{b}}{{c}} | | {{W}}*{{a}}{{c}} | {ANY}
term-dropped | term | {{z}} | {{W}}*{{a}} + {{V}}*{{b}}{{c}} | | {{V}}*{{b}}{{c}} | {ANY}
term-dropped | term | {{z}} | {{W}}*{{a}} + {{V}}*{{b}}{{c}} | | {{W}}*{{a}} + {{V}}*{{b}} | {ANY}
update-added | sign | {{w}}+ | {{w}} - learning_rate*{{g}} | | {{w}} + learning_rate*{{g}} | {UPDATE}
update-added | sign | {{V}}+ | {{V}} - learning_rate*{{y}} | | {{V}} + learning_rate*{{y}} | {UPDATE}
rate-left-out | factor | {{w}}+ | {{w}} - learning_rate*{{g}} | | {{w}} - {{g}} | {UPDATE}
rate-left-out | factor | {{V}}+ | {{V}} - learning_rate*{{y}} | | {{V}} - {{y}} | {UPDATE}
two-not-cancelled | factor power | {{e}} | -({{t}} - {{o}}) | {{o}} - {{t}} | -2*({{t}} - {{o}}) | {ANY}
two-not-cancelled | factor power | {{e}} | -({{t}} - {{o}}) | {{o}} - {{t}} | 2*({{o}} - {{t}}) | {ANY}
two-not-cancelled | factor power | {{e}} | -({{t}} - {{o}}) | {{o}} - {{t}} | -1/2*({{t}} - {{o}}) | {ANY}
half-forgotten | factor | {{E}} | 1/2*({{t}} - {{o}})^2 | | ({{t}} - {{o}})^2 | {ANY} Rf
square-left-out | power factor | {{E}} | 1/2*({{t}} - {{o}})^2 | | 1/2*({{t}} - {{o}}) | {ANY} Rf
square-left-out | power factor | {{E}} | 1/2*({{t}} - {{o}})^2 | | ({{t}} - {{o}})/2 | {ANY}
exp-sign | sign | {{o}} | sigmoid({{z}}) | 1/(1 + exp(-{{z}})) | 1/(1 + exp({{z}})) | {ANY} RWt
minus-lost | sign | {{s}} | {{o}}*(1 - {{o}}) | {{o}} - {{o}}^2 | {{o}}*(1 + {{o}}) | {ANY}
minus-lost | sign | {{e}} | -({{t}} - {{o}}) | {{o}} - {{t}} | {{t}} + {{o}} | {ANY}
minus-lost | sign | {{E}} | 1/2*({{t}} - {{o}})^2 | | 1/2*({{t}} + {{o}})^2 | {ANY}
bracket-ignored | arithmetic factor slope | {{s}} | {{o}}*(1 - {{o}}) | | {{o}}*1 - {{o}} | W Rwf RWwf Wwf
bracket-ignored | arithmetic factor term | {{E}} | 1/2*({{t}} - {{o}})^2 | | 1/2*{{t}} - {{o}}^2 | W Rwf RWwf
bracket-ignored | arithmetic sign term | {{e}} | -({{t}} - {{o}}) | | -{{t}} - {{o}} | W Rwf RWwf
bracket-ignored | arithmetic factor term | {{d}} | {{e}}*{{o}}*(1 - {{o}}) | | {{e}}*{{o}}*1 - {{o}} | W Rwf RWwf
"""
HIDDEN = f"""
factor-dropped | factor slope | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{a}} | {{e}}*{{u}} | {NAMED}
factor-dropped | factor | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{a}} | {{s}}*{{u}} | {NAMED}
factor-dropped-in-numbers | factor slope | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{e}}*{{u}} | {NUMBERED}
last-factor-dropped | factor | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{e}}*{{s}} | {ANY}
last-factor-dropped | factor slope | {{d}} | {{e}}*{{s}} | {{e}}*{{o}}*(1 - {{o}}) | {{e}} | {ALONE} RW
route-forgotten | route term | {{e}} | {{A}} + {{B}} | {{H}} + {{I}} | {{A}} | {ALONE} RWf Wt RW
route-forgotten | route term | {{e}} | {{A}} + {{B}} | {{H}} + {{I}} | {{B}} | {ALONE} RWf RW
route-forgotten | route term | {{e}} | {{A}} + {{B}} | {{H}} + {{I}} | {{H}} | {ANY}
route-forgotten | route term | {{e}} | {{A}} + {{B}} | {{H}} + {{I}} | {{I}} | {ANY}
route-subtracted | route sign | {{e}} | {{A}} + {{B}} | {{H}} + {{I}} | {{A}} - {{B}} | {ANY}
route-subtracted | route sign | {{e}} | {{A}} + {{B}} | {{H}} + {{I}} | {{B}} - {{A}} | {ANY}
route-subtracted | route sign | {{e}} | {{A}} + {{B}} | {{H}} + {{I}} | {{H}} - {{I}} | {ANY}
slope-of-tanh | slope | {{s}} | {{o}}*(1 - {{o}}) | {{o}} - {{o}}^2 | 1 - {{o}}^2 | {ANY}
slope-of-tanh | slope | {{d}} | {{e}}*{{s}} | {{e}}*{{o}}*(1 - {{o}}) | {{e}}*(1 - {{o}}^2) | {ANY}
slope-one-minus | slope factor | {{s}} | {{o}}*(1 - {{o}}) | {{o}} - {{o}}^2 | 1 - {{o}} | {ANY}
slope-one-minus | slope factor | {{d}} | {{e}}*{{s}} | {{e}}*{{o}}*(1 - {{o}}) | {{e}}*(1 - {{o}}) | {ANY}
slope-one | slope factor | {{s}} | {{o}}*(1 - {{o}}) | {{o}} - {{o}}^2 | 1 | W Rwf RW
slope-itself | slope factor | {{d}} | {{e}}*{{s}} | {{e}}*{{o}}*(1 - {{o}}) | {{e}}*{{o}} | {ANY}
number-of-another | number name | {{z}} | {{W}}*x1 + {{V}}*x2{{c}} | | {{W}}*x2 + {{V}}*x2{{c}} | Rwf
number-of-another | number name | {{z}} | {{W}}*x1 + {{V}}*x2{{c}} | | {{W}}*x1 + {{V}}*x1{{c}} | Rwf
number-of-another | number name | {{z}} | {{W}}*x1 + {{V}}*x2{{c}} | | {{V}}*x1 + {{W}}*x2{{c}} | Rwf
number-of-another | number name | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{e}}*{{s}}*{{b}} | {NUMBERED}
number-of-another | number name | {{e}} | {{A}} + {{B}} | | {{A}} + {{A}} | Rwf
wrong-symbol | name | {{u}} | {{a}} | | {{b}} | {ALONE}
wrong-symbol | name | {{e}} | {{A}} + {{B}} | {{H}} + {{I}} | {{J}} + {{K}} | {NAMED}
wrong-symbol | name | {{g}} | {{e}}*{{s}}*{{u}} | {{d}}*{{u}} | {{d}}*{{b}} | {NAMED}
wrong-symbol | name | {{o}} | sigmoid({{z}}) | | sigmoid({{Z}}) | W Wwf Wf
term-dropped | term | {{z}} | {{W}}*x1 + {{V}}*x2{{c}} | | {{W}}*x1{{c}} | {ANY}
term-dropped | term | {{z}} | {{W}}*x1 + {{V}}*x2{{c}} | | {{V}}*x2{{c}} | {ANY}
term-dropped | term | {{z}} | {{W}}*x1 + {{V}}*x2{{c}} | | {{W}}*x1 + {{V}}*x2 | {ANY}
term-dropped | term | E_total | E_o1 + E_o2 | | E_o{{j}} | {ALONE}
update-added | sign | {{w}}+ | {{w}} - learning_rate*{{g}} | | {{w}} + learning_rate*{{g}} | {UPDATE}
rate-left-out | factor | {{w}}+ | {{w}} - learning_rate*{{g}} | | {{w}} - {{g}} | {UPDATE}
exp-sign | sign | {{o}} | sigmoid({{z}}) | 1/(1 + exp(-{{z}})) | 1/(1 + exp({{z}})) | {ANY} RWt
minus-lost | sign | {{s}} | {{o}}*(1 - {{o}}) | {{o}} - {{o}}^2 | {{o}}*(1 + {{o}}) | {ANY}
bracket-ignored | arithmetic factor slope | {{s}} | {{o}}*(1 - {{o}}) | | {{o}}*1 - {{o}} | W Rwf RWwf Wwf
"""
CIRCUITS = (
    (
        SINE,
        f"""
product-rule | product term | df/dx | cos(x)*x + sin(x) | | cos(x)*x | {ANY}
product-rule | product term | df/dx | cos(x)*x + sin(x) | | sin(x) | {ANY}
product-rule | product slope | df/dx | cos(x)*x + sin(x) | | cos(x) | {ANY}
slope-of-another | slope | df/dx | cos(x)*x + sin(x) | | sin(x)*x + sin(x) | {ANY}
slope-of-another | slope sign | df/dx | cos(x)*x + sin(x) | | -cos(x)*x + sin(x) | {ANY}
slope-of-another | slope | df/dx | cos(x)*x + sin(x) | | x + sin(x) | {ANY}
""",
    ),
    (
        DECAY,
        f"""
product-rule | product term | df/dx | exp(-x) - x*exp(-x) | (1 - x)*exp(-x) | exp(-x) | {ANY}
product-rule | product term | df/dx | exp(-x) - x*exp(-x) | (1 - x)*exp(-x) | -x*exp(-x) | {ANY}
slope-of-another | slope sign | df/dx | exp(-x) - x*exp(-x) | (1 - x)*exp(-x) | exp(-x) + x*exp(-x) | {ANY}
minus-lost | sign | df/dx | exp(-x) - x*exp(-x) | (1 - x)*exp(-x) | (1 + x)*exp(-x) | {ANY}
""",
    ),
    (
        BRACKETS,
        f"""
product-rule | product term | df/dx | 2*x*(x - 3) + x^2 + 1 | 3*x^2 - 6*x + 1 | 2*x*(x - 3) | {ANY}
product-rule | product term | df/dx | 2*x*(x - 3) + x^2 + 1 | 3*x^2 - 6*x + 1 | x^2 + 1 | {ANY}
product-rule | product | df/dx | 2*x*(x - 3) + x^2 + 1 | 3*x^2 - 6*x + 1 | 2*x*1 | {ANY}
power-rule | power factor | df/dx | 2*x*(x - 3) + x^2 + 1 | 3*x^2 - 6*x + 1 | x*(x - 3) + x^2 + 1 | {ANY}
power-rule | power factor | df/dx | 2*x*(x - 3) + x^2 + 1 | 3*x^2 - 6*x + 1 | x^2*(x - 3) + x^2 + 1 | {ANY}
bracket-ignored | arithmetic factor term | f | (x^2 + 1)*(x - 3) | | x^2 + 1*x - 3 | W Rwf Wwf
bracket-ignored | arithmetic factor term | df/dx | 2*x*(x - 3) + x^2 + 1 | | 2*x*x - 3 + x^2 + 1 | W Rwf Wwf
""",
    ),
    (
        USED_TWICE,
        f"""
product-rule | product term factor | df/dx | df/du*du/dx + 2*u*x | x^2*y + 2*u*x | df/du*du/dx + u*x | {ANY}
route-forgotten | route term product | df/dx | df/du*du/dx + 2*u*x | x^2*y + 2*u*x | df/du*du/dx | {ANY}
route-forgotten | route term product | df/dx | df/du*du/dx + 2*u*x | x^2*y + 2*u*x | 2*u*x | {ANY}
route-subtracted | route sign | df/dx | df/du*du/dx + 2*u*x | x^2*y + 2*u*x | df/du*du/dx - 2*u*x | {ANY}
power-rule | power factor | df/du | x*x | x^2 | 2*x | {ANY}
wrong-symbol | name | du/dx | y | | x | {ALONE}
last-factor-dropped | factor | df/dy | df/du*du/dy | | df/du | {ALONE}
""",
    ),
    (
        POWERS,
        f"""
power-rule | power factor | df/dx | 2*x*y | | x*y | {ANY}
power-rule | power factor | df/dx | 2*x*y | | x^2*y | {ANY}
power-rule | power factor | df/dy | x^2 + 3*y^2 | | x^2 + 3*y | {ANY}
power-rule | power factor | df/dy | x^2 + 3*y^2 | | x^2 + y^2 | {ANY}
power-rule | power factor | df/dy | x^2 + 3*y^2 | | 2*x + 3*y^2 | {ANY}
term-dropped | term | df/dy | x^2 + 3*y^2 | | 3*y^2 | {ANY}
""",
    ),
    (
        ROUTES,
        f"""
route-forgotten | route term product | df/dx | df/dp*dp/dx + df/dq*dq/dx | q*2*x + p | df/dp*dp/dx | {ANY}
route-forgotten | route term product | df/dx | df/dp*dp/dx + df/dq*dq/dx | q*2*x + p | df/dq*dq/dx | {ANY}
route-subtracted | route sign | df/dx | df/dp*dp/dx + df/dq*dq/dx | q*2*x + p | df/dp*dp/dx - df/dq*dq/dx | {ANY}
product-rule | product term route | df/dx | df/dp*dp/dx + df/dq*dq/dx | q*2*x + p | 2*x*q | {ANY}
power-rule | power factor | dp/dx | 2*x | | x | {ALONE}
power-rule | power factor | dp/dx | 2*x | | x^2 | {ANY}
wrong-symbol | name | df/dp | q | | p | {ALONE}
""",
    ),
    (
        CIRCUIT,
        f"""
wrong-symbol | name | df/dq | z | | q | {ALONE}
wrong-symbol | name | df/dz | q | x + y | z | {ALONE}
number-of-another | number name | f | q*z | | q*y | Rwf
number-of-another | number name | q | x + y | | z + y | Rwf
term-dropped | term | q | x + y | | y | {ALONE}
""",
    ),
)
SIGNS_LOST = (("f", "q*z"), ("df/dx", "df/dq*dq/dx"), ("df/dy", "df/dq*dq/dy"))


def read_rows(table: str, exercise: Exercise, names: dict[str, str]) -> Iterator[Slip]:
    """The slips of a table, with the names of one unit, as far as the exercise has their ids."""
    for row in table.strip().splitlines():
        cells = [cell.strip() for cell in row.format(**names).split("|")]
        kind, rules, name, right, second, wrong, plans = cells
        if name in exercise.ways and wrong != right:
            labels = frozenset(rules.split())
            chosen = tuple(plan for plan in plans.split() if second or "Q" not in plan)
            yield Slip(kind, labels, exercise, name, right, second or right, wrong, chosen)


def name_output(exercise: Exercise, k: int, w: int) -> dict[str, str]:
    """The names around the weight to one output from one hidden unit, or from an input."""
    single = exercise is NEURON
    z, first = (1, 1) if single else (k + 2, 2 * k + 3)
    letter = "x" if single else "h"
    weight, o = f"W{first + w - 1}", f"o{k}"
    return {
        "o": o, "p": "t1" if single else f"o{3 - k}", "t": f"t{k}", "z": f"z{z}", "w": weight,
        "e": f"dE_total/d{o}", "s": f"d{o}/dz{z}", "d": f"dE_total/dz{z}",
        "u": f"dz{z}/d{weight}", "g": f"dE_total/d{weight}", "y": f"dE_total/dW{first + 1}",
        "W": f"W{first}", "V": f"W{first + 1}",
        "a": f"{letter}{w}", "b": f"{letter}{3 - w}",
        "c": f" + b{z}" if f"b{z}" in exercise.given else "",
        "E": "E_total" if single else f"E_{o}",
    }  # fmt: skip


def name_hidden(exercise: Exercise, j: int, w: int) -> dict[str, str]:
    """The names around the weight to one hidden unit from one input."""
    weight = f"W{2 * j - 2 + w}"
    return {
        "o": f"h{j}", "z": f"z{j}", "Z": f"z{3 - j}", "w": weight, "j": f"{j}",
        "e": f"dE_total/dh{j}", "s": f"dh{j}/dz{j}", "d": f"dE_total/dz{j}",
        "u": f"dz{j}/d{weight}", "g": f"dE_total/d{weight}",
        "W": f"W{2 * j - 1}", "V": f"W{2 * j}", "a": f"x{w}", "b": f"x{3 - w}",
        "A": f"dE_o1/dh{j}", "B": f"dE_o2/dh{j}",
        "H": f"dE_total/dz3*W{4 + j}", "I": f"dE_total/dz4*W{6 + j}",
        "J": f"dE_total/dz3*W{7 - j}", "K": f"dE_total/dz4*W{9 - j}",
        "c": f" + b{j}" if f"b{j}" in exercise.given else "",
    }  # fmt: skip


def list_structural() -> Iterator[Slip]:
    """Slips in a formula, or in what is put in for it."""
    for w in (1, 2):
        for exercise in NETS:
            for unit in (1, 2):
                yield from read_rows(as_first(OUTPUT, w), exercise, name_output(exercise, unit, w))
                yield from read_rows(as_first(HIDDEN, w), exercise, name_hidden(exercise, unit, w))
        yield from read_rows(as_first(OUTPUT, w), NEURON, name_output(NEURON, 1, w))
    for exercise, table in CIRCUITS:
        yield from read_rows(table, exercise, {})


def as_first(table: str, w: int) -> str:
    """The rows that hold for one weight only once: those about a whole unit go with the first."""
    if w == 1:
        return table
    rows = [row for row in table.strip().splitlines() if any(f"{{{c}}}" in row for c in "ug")]
    return "\n".join(rows)


def list_lost_signs() -> Iterator[Slip]:
    """A minus that gets lost in the multiplication of the circuit."""
    env = values_of(CIRCUIT)
    for name, right in SIGNS_LOST:
        labels = frozenset({"sign", "arithmetic"})
        yield Slip(
            "minus-lost", labels, CIRCUIT, name, right, right, right, ("Rrf", "Rf"), -env[name]
        )


def change_digit(value: Decimal) -> Decimal:
    """The first digit behind the leading zeros becomes another."""
    sign, digits, power = value.as_tuple()
    place = 1 if len(digits) > 1 else 0
    other = (digits[place] + 4) % 10
    return Decimal((sign, (*digits[:place], other, *digits[place + 1 :]), power))


def swap_digits(value: Decimal) -> Decimal:
    """The first two digits change places."""
    sign, digits, power = value.as_tuple()
    return Decimal((sign, (*digits[1::-1], *digits[2:]), power))


def shift_point(value: Decimal) -> Decimal:
    """The decimal point one place off."""
    return value * 10 if abs(value) < 1 else value / 10


CHANGES = {
    "arithmetic-digit": change_digit,
    "digits-swapped": swap_digits,
    "point-shifted": shift_point,
}


def list_arithmetic() -> Iterator[Slip]:
    """Right numbers under the head, and a result that does not follow from them."""
    for exercise in EXERCISES:
        env = values_of(exercise)
        for name, ways in exercise.ways.items():
            if "BinOp" not in type(parse(ways[0])).__name__:
                continue
            for kind, change in CHANGES.items():
                value = env[name] if is_short(env[name], 4) else shorten(env[name], 8)
                second = ways[1] if len(ways) > 1 else ways[0]
                plans = ("Rrf", "-rf", "rf", "Rf", *(("QRrf",) if len(ways) > 1 else ()))
                labels = frozenset({"arithmetic"})
                wrong = change(value.normalize())
                yield Slip(kind, labels, exercise, name, ways[0], second, ways[0], plans, wrong)


def list_slips() -> list[Slip]:
    """All slips there are to plant."""
    return [*list_structural(), *list_lost_signs(), *list_arithmetic()]
