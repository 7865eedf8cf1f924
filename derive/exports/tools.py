"""What scripts of networks and of circuits share: the print, the optimizer, the loop."""

from __future__ import annotations

from collections.abc import Iterator

from derive.exports.writing import INDENT, Lines, indent, string, write_float
from derive.spec import Network, Typed
from derive.spec.training import method_of

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


def descent(parameters: str, rate: Typed, *, ascends: bool = False) -> str:
    """The optimizer; PyTorch wants a positive rate and another word for going up."""
    down = rate.startswith("-") == ascends
    more = "" if down else ", maximize=True"
    return f"torch.optim.SGD({parameters}, lr={write_float(rate.lstrip('-'))}{more})"


def loop(updates: int, body: list[str]) -> Iterator[str]:
    """Every update after the first; `after` is the suffix of the ids it starts from."""
    yield f"for count in range(1, {updates}):"
    yield f'{INDENT}after = "+" if count == 1 else f"@{{count}}"'
    yield from indent(body)


def optimizer(parameters: str, spec: Network) -> str:
    """The optimizer of a network as PyTorch makes it."""
    assert spec.learning_rate is not None
    method = method_of(spec)
    if method is None:
        return descent(parameters, spec.learning_rate)
    given = {"parameters": parameters, "rate": write_float(spec.learning_rate)}
    return "torch.optim." + method.torch.format(**given, **settings(spec))


def settings(spec: Network) -> dict[str, str]:
    """The settings of the optimizer by their keys, as Python numbers."""
    method = method_of(spec)
    rows = method.settings if method else ()
    return {setting.key: write_float(getattr(spec.optimizer, setting.key)) for setting in rows}
