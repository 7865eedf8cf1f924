"""What scripts of networks and of circuits share: the print, the optimizer, the loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.exports.writing import INDENT, Lines, indent, quote, string, write_float
from derive.graph import Graph
from derive.naming import LEARNING_RATE

IMPORTS: Lines = ("import torch", "from torch import nn")
PRECISION: Lines = ("torch.set_default_dtype(torch.float64)",)


def guard_imports(message: str) -> Iterator[str]:
    """The imports of a notebook, which say what to install where PyTorch is missing."""
    yield "try:"
    yield from indent(IMPORTS)
    yield "except ImportError as missing:"
    yield f"{INDENT}raise ImportError({string(message)}) from missing"


def show(*, keep: bool) -> Iterator[str]:
    """The function that prints numbers by their ids; one that keeps them for a later check."""
    if keep:
        yield "computed = {}"
        yield ""
        yield ""
    yield 'def show(ids, values, after=""):'
    yield f"{INDENT}for name, value in zip(ids.split(), values, strict=True):"
    if keep:
        yield f"{INDENT * 2}computed[name + after] = value.item()"
    yield f'{INDENT * 2}print(f"{{name}}{{after}} = {{value.item():.12g}}")'


def descent(parameters: str, rate: str, *, ascends: bool = False) -> str:
    """The optimizer; PyTorch wants a positive rate and another word for going up."""
    down = rate.startswith("-") == ascends
    more = "" if down else ", maximize=True"
    return f"torch.optim.SGD({parameters}, lr={write_float(rate.lstrip('-'))}{more})"


def loop(updates: int, body: list[str]) -> Iterator[str]:
    """Every update after the first; `after` is the suffix of the ids it starts from."""
    yield f"for count in range(1, {updates}):"
    yield f'{INDENT}after = "+" if count == 1 else f"@{{count}}"'
    yield from indent(body)


def optimizer(parameters: str, graph: Graph) -> str:
    """The optimizer of an exercise that updates its parameters, as PyTorch makes it."""
    rate, method = graph[LEARNING_RATE].typed, graph.method
    if method is None:
        return descent(parameters, rate, ascends=graph.ascends)
    given = {"parameters": parameters, "rate": write_float(rate)}
    call = "torch.optim." + method.torch.format(**given, **settings(graph))
    return call.removesuffix(")") + ", maximize=True)" if graph.ascends else call


def settings(graph: Graph) -> dict[str, str]:
    """The settings of the optimizer by their keys, as Python numbers."""
    return {q.id: write_float(q.typed) for q in graph.of_role("setting")}


def show_tracks(
    graph: Graph, tensor: str, ids: Sequence[str], suffix: str, count: str
) -> Iterator[str]:
    """What the optimizer keeps and finds beside a tensor of parameters after update `count`."""
    method = graph.method
    if method is None:
        return
    given = settings(graph) | {"rate": write_float(graph[LEARNING_RATE].typed)}
    yield f"state = optimizer.state[{tensor}]"
    for track in method.tracks:
        text = track.torch.format(state="state", t=count, **given)
        names = quote(graph.track(track.letter, name) for name in ids)
        shown = f"({text})" if " " in text else text
        yield f"show({names}, {shown}.flatten(), {suffix})"
