"""What a drawing can tell: values with derivatives, new weights, the routes of a derivative."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from derive.algebra.expressions import Name, Num, Value
from derive.derivation.steps import Step
from derive.errors import SpecError
from derive.graph import Graph, Quantity
from derive.numbers import Numbers
from derive.pages.columns import list_columns, list_connections
from derive.pages.document import Part, Row, Tone, Words, cell
from derive.pages.picture import Scene, Toned
from derive.pages.routes import SHARED, number_routes

GOOD, FAIR = 80, 50
"""Shares of a hundred from which on a step is well or fairly done."""


def show_values(numbers: Numbers) -> Scene:
    """Over each quantity its value, under it the derivative of the error (or output) by it."""
    graph = numbers.derivation.graph
    root = graph.roots[0]

    def value(name: str) -> tuple[Toned, ...]:
        return ((cell(Value(name)), "value"),)

    def gradient(name: str) -> tuple[Toned, ...]:
        derivative = graph.derivative(root, name)
        if numbers.derivation.step(derivative) is None:
            return ()
        return ((cell(Value(derivative)), "gradient"),)

    def on(weight: str) -> tuple[Toned, ...]:
        return ((_write_equation(weight), "value"), *gradient(weight))

    caption = Words("drawing.with_values", {"error": Name(root)})
    return Scene(value, gradient, on, root, caption=caption, count=numbers.count_characters)


def show_given(numbers: Numbers) -> Scene:
    """Over the given quantities their values, the weights on their wires."""
    graph = numbers.derivation.graph
    return _show_numbers(numbers, lambda name: name if graph[name].typed else None)


def show_forward(numbers: Numbers) -> Scene:
    """Over each quantity its value, the weights on their wires."""
    return replace(
        _show_numbers(numbers, lambda name: name), root=numbers.derivation.graph.roots[0]
    )


def show_updated(numbers: Numbers) -> Scene:
    """The values of the first new forward pass, the new weights on their wires."""
    derivation = numbers.derivation

    def new(name: str) -> str:
        return derivation.graph.after(name, 1) if derivation.varies(name) else name

    caption = Words("drawing.updated")
    return replace(_show_numbers(numbers, new), root=derivation.graph.roots[0], caption=caption)


def show_presentation(numbers: Numbers) -> Scene:
    """A perceptron's first presentation: values over the names, weights on their wires."""
    caption = Words("drawing.presented")
    return replace(_show_numbers(numbers, lambda name: name), caption=caption)


def show_last_weights(numbers: Numbers) -> Scene:
    """The weights after a perceptron's last presentation, on their wires."""
    graph, last_update = numbers.derivation.graph, numbers.derivation.updates

    def last(name: str) -> str | None:
        return graph.after(name, last_update) if name in graph.parameters else None

    return replace(_show_numbers(numbers, last), caption=Words("drawing.last_weights"))


def _show_numbers(numbers: Numbers, shown: Callable[[str], str | None]) -> Scene:
    """Values only; `shown` is the id whose value stands at a name, None for no value."""

    def value(name: str) -> tuple[Toned, ...]:
        number = shown(name)
        return () if number is None else ((cell(Value(number)), "value"),)

    def on(weight: str) -> tuple[Toned, ...]:
        return ((_write_equation(shown(weight) or weight), "value"),)

    return Scene(above=value, on=on, count=numbers.count_characters)


def show_shares(graph: Graph, shares: Mapping[str, int]) -> Scene:
    """Over each name how many of a hundred answers are right, under it those of its derivative."""
    root = graph.roots[0]

    def tell(name: str) -> tuple[Toned, ...]:
        share = shares.get(name)
        return () if share is None else ((cell(Num(str(share))), _grade(share)),)

    def tell_derivative(name: str) -> tuple[Toned, ...]:
        return tell(graph.derivative(root, name))

    def on(weight: str) -> tuple[Toned, ...]:
        return ((cell(Name(weight)), "name"), *tell_derivative(weight))

    return Scene(tell, tell_derivative, on, root, caption=Words("drawing.shares"))


def _grade(share: int) -> Tone:
    """How a share of a hundred is coloured."""
    return "good" if share >= GOOD else "fair" if share >= FAIR else "poor"


def show_routes(graph: Graph, step: Step) -> Scene:
    """The routes along which a derivative comes back.

    Raises SpecError for a step that is no derivative.
    """
    if not step.of:
        raise SpecError(step.id, "is no derivative, so it has no routes")
    top = graph[step.of]
    low = graph[graph.source(step.wrt)]
    sample = low.sample or top.sample
    root = graph.root_of(sample) if sample else graph.roots[0]
    shown = [name for column in list_columns(graph, root) for name in column]
    lines = list(list_connections(graph, shown))
    start = _find_place(graph, low, shown)
    goal = root if top.role in ("error", "unit_error") else _find_place(graph, top, shown)
    numbered = number_routes(lines, start, goal) if start and goal else {}
    own = {(line.low, line.high): SHARED for line in lines if line.weight == low.id}
    ends = {"from": Name(low.id), "to": Name(step.of)}
    caption = Words("drawing.routes", ends)
    return Scene(root=root, routes=own | numbered, chosen=low.id, caption=caption)


def _find_place(graph: Graph, quantity: Quantity, shown: list[str]) -> str | None:
    """The dot at which a quantity enters the drawing: its own, or the first that it leads to."""
    waiting = [quantity.id]
    for name in waiting:
        if name in shown:
            return name
        waiting += graph.consumers.get(name, ())
    return None


def _write_equation(name: str) -> Row:
    return Row(Name(name), (Part("is", Value(name)),))
