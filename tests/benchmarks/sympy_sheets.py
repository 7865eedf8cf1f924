"""The baseline of a class: a sheet and a key of one network by SymPy and Jinja, each anew.

What a careful programmer writes: each document derives the network with local partials
(`sympy_local.py`), writes each step's formula as LaTeX, puts the numbers in with `subs`,
evaluates with 30 digits, and renders two templates that are compiled once. One line a step:
no teaching, no check that a printed line holds.
"""

from __future__ import annotations

import json
from typing import Any

import jinja2
import sympy as sp
import sympy_local

PAGE = """# {{ title }}

{% for step in steps %}
$$
{{ step.symbol }} = {{ step.formula }} = {{ step.numbers }} \\approx {{ step.shown }}
$$
{% endfor %}
"""
KEY = """{"title": {{ title }}, "answers": [
{% for step in steps %} {"id": "{{ step.id }}", "stage": "{{ step.stage }}",
 "formula": {{ step.text }}, "value": "{{ step.value }}", "shown": "{{ step.shown }}"}
{%- if not loop.last %},{% endif %}
{% endfor %}
]}
"""
ENVIRONMENT = jinja2.Environment(autoescape=False)  # noqa: S701  TeX and JSON, own numbers only
PAGE_TEMPLATE, KEY_TEMPLATE = map(ENVIRONMENT.from_string, (PAGE, KEY))


def write_sheet(text: str) -> tuple[str, str]:
    """The page and the key of a spec."""
    local = sympy_local.Local(text)
    steps = [_describe(local, *step) for step in local.steps()]
    page = PAGE_TEMPLATE.render(title="A network by hand", steps=steps)
    key = KEY_TEMPLATE.render(title=json.dumps("A network by hand"), steps=steps)
    return page, key


def _describe(
    local: sympy_local.Local, name: str, stage: str, formula: Any, value: Any
) -> dict[str, str]:
    known = {symbol: local.numbers.get(symbol, symbol) for symbol in formula.free_symbols}
    numbers = {
        symbol: sp.Symbol(f"{sp.N(number, 8)}") if number.is_number else symbol
        for symbol, number in known.items()
    }
    return {
        "id": name,
        "stage": stage,
        "symbol": sp.latex(sp.Symbol(name)),
        "formula": sp.latex(formula),
        "text": json.dumps(str(formula)),
        "numbers": sp.latex(formula.subs(numbers)),
        "value": str(sp.N(value, sympy_local.DIGITS)),
        "shown": f"{sp.N(value, sympy_local.DIGITS):.8f}",
    }
