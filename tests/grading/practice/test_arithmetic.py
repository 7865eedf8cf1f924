"""Each operation of the page's script against the checker's, at random points."""

from random import Random

import flint
import msgspec
import pytest
from page_logic import run_logic

from derive.algebra.grammar import parse
from derive.algebra.rules import row_text
from derive.grading.practice.trees import list_functions, write_tree
from derive.numbers import balls, rounding
from derive.numbers.balls import NotDefined, Undecided
from derive.ops import FUNCTIONS

BITS = 163
HALF_WIDTHS = (
    "0",
    "0",
    "5e-11",
    "5e-9",
    "1e-7",
    "2e-7",
    "4e-7",
    "8e-7",
    "5e-6",
    "5e-5",
    "5e-3",
    "0.05",
)
FORMULAS = (
    "x + y",
    "x - y - z",
    "x * y",
    "x * y * z",
    "x / y",
    "1 / x",
    "-x",
    "x^2",
    "x^3",
    "x^(0-2)",
    "x^5",
    "(x*x)^(1/2)",
    "(x*x)^(3/2)",
    "(x*x)^y",
    "0 * (1/x)",
    *(f"{name}(x)" for name, row in FUNCTIONS.items() if 1 in row.arities),
    *(f"{name}(x, y)" for name, row in FUNCTIONS.items() if 2 in row.arities),
    "step(x, y, z)",
)
EVALUATE = """
return input.cases.map(([tree, values]) => {
  const balls = values.map(([m, r]) => (r === "0" ? exact(m) : widen(exact(m), Number(r))));
  try {
    const value = evaluate(tree, (name) => balls[name], input.functions);
    const number = ball(value);
    return { exact: isExact(value), m: number.m, r: number.r, e: number.e };
  } catch (problem) {
    return { problem: String(problem) };
  }
});
"""
ROUND = """
return input.map(([text, decimals]) => {
  const shown = printed(exact(text), decimals);
  return [String(shown.n), String(shown.d)];
});
"""


def points(text, count):
    """Typed numbers and half widths for x, y and z; some around 0, some exact."""
    draw = Random(text)  # noqa: S311  no secret
    for _ in range(count):
        yield tuple(
            (
                f"{draw.choice(('', '-'))}{draw.choice((0, 0, 1, 3))}.{draw.randint(0, 9999):04}",
                draw.choice(HALF_WIDTHS),
            )
            for _ in "xyz"
        )


def by_checker(expr, values):
    """The value as the checker's worlds have it."""
    with balls.precision(BITS):
        found = {
            name: balls.exact(m)
            if r == "0"
            else flint.arb(balls.exact(m)) + flint.arb(0, float(r))
            for name, (m, r) in zip("xyz", values, strict=True)
        }
        try:
            return balls.evaluate(expr, found.__getitem__)
        except NotDefined:
            return "not defined"
        except Undecided:
            return "undecided"


def agrees(told, value):
    """Whether the ends of the page's ball are those of the checker's, as far as it says."""
    if isinstance(value, str) or "problem" in told:
        return told.get("problem") == value or told.get("problem") == "too close"
    if told["exact"] != balls.is_exact(value):
        return False
    middle, half = float(flint.arb(value).mid()), float(flint.arb(value).rad())
    slack = told["e"] + 1e-16 * abs(middle)
    low = abs((told["m"] - told["r"]) - (middle - half))
    return low <= slack and abs((told["m"] + told["r"]) - (middle + half)) <= slack


@pytest.mark.parametrize("text", FORMULAS)
def test_an_operation_gives_what_the_checker_gets(text):
    expr = parse(text)
    tree = write_tree(expr, "xyz".index)
    tried = list(points(text, 500))
    told = run_logic(
        EVALUATE,
        {"functions": list_functions_as_json([tree]), "cases": [(tree, v) for v in tried]},
    )
    wrong = [
        (values, found, by_checker(expr, values))
        for values, found in zip(tried, told, strict=True)
        if not agrees(found, by_checker(expr, values))
    ]
    assert wrong == []
    close = sum(found.get("problem") == "too close" for found in told)
    assert close <= len(tried) / 20


def list_functions_as_json(trees):
    return msgspec.json.decode(msgspec.json.encode(list_functions(trees)))


def test_a_choice_by_sign_takes_the_checkers_side():
    expr = row_text("cases(x, y, 0, z)")
    tree = write_tree(expr, "xyz".index)
    tried = [tuple((m, r) for m in (first, "2", "3")) for first in ("-1", "0", "1") for r in "0"]
    tried.append((("0.001", "0.05"), ("2", "0"), ("3", "0")))
    told = run_logic(EVALUATE, {"functions": {}, "cases": [(tree, values) for values in tried]})
    assert [found.get("m", found.get("problem")) for found in told] == [2, 0, 3, "undecided"]


def test_numbers_are_printed_as_the_sheet_prints_them():
    draw = Random(0)  # noqa: S311  no secret
    cases = [
        (f"{draw.choice(('', '-'))}{draw.randint(0, 10**9)}e-{draw.randint(0, 14)}", decimals)
        for decimals in (2, 4, 8)
        for _ in range(100)
    ]
    cases += [("0.5", 0), ("0.125", 2), ("-0.125", 2), ("0.00012345", 4), ("0.0001", 4)]
    told = run_logic(ROUND, cases)
    for (text, decimals), (n, d) in zip(cases, told, strict=True):
        shown = rounding.show(balls.exact(text), decimals)
        assert flint.fmpq(int(n), int(d)) == balls.exact(shown.text), (text, decimals)
