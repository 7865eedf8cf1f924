"""What a network is in PyTorch's words: modules, numbers of tensors, loss, penalty."""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.rules import row_text
from derive.errors import InternalError
from derive.exports.formulas import Formula
from derive.exports.writing import INDENT, matrix, numbers, write_float
from derive.layers import PARAMETER, Layer, Row, Tensor, row_of
from derive.ops import ACTIVATIONS, LOSSES
from derive.spec import Network


def module_of(number: int) -> str:
    """Where the parameters of a layer stand: every layer is two modules."""
    return f"model[{2 * number - 2}]"


def rows_of(rows: tuple[Row, ...]) -> str:
    """One sample as a row, several as rows."""
    return numbers(rows[0]) if len(rows) == 1 else matrix(rows, "", 24)


def numbers_in(tensor: Tensor, before: int) -> str:
    """The numbers of a parameter as nested lists."""
    if len(tensor.shape) == 1:
        return numbers(tensor.typed)
    size = tensor.shape[-1]
    starts = range(0, len(tensor.typed), size)
    return matrix([tensor.typed[start : start + size] for start in starts], "", before)


def error(spec: Network, outputs: int) -> str:
    """The error of every output, of every sample at once; so many a sample has."""
    row = LOSSES[spec.loss]
    if not row.torch:
        raise InternalError(f"ops/losses.py: {row.name} has no text for PyTorch")
    delta = write_float(spec.delta or row.delta or "0")
    return row.torch.format(n=outputs, delta=delta)


def write_functions(spec: Network) -> Iterator[str]:
    """A module for each activation of the author's own."""
    for name, text in (spec.functions or {}).items():
        yield from (f"class {class_of(name)}(nn.Module):", f"{INDENT}def forward(self, x):")
        formula = Formula({PARAMETER: PARAMETER}).write(row_text(text))
        yield from (f"{INDENT * 2}return {formula}", "", "")


def class_of(name: str) -> str:
    """The class of an activation of the author's own."""
    return f"Function_{name}"


def module(layer: Layer) -> str:
    """The module of a layer's activation."""
    if layer.formula is not None:
        return f"{class_of(layer.activation)}()"
    row = ACTIVATIONS[layer.activation]
    if not row.torch:
        raise InternalError(f"ops/activations.py: {row.name} has no text for PyTorch")
    given = {row.key: write_float(getattr(layer, row.key) or row.default)} if row.key else {}
    return row.torch.format(**given)


def penalty(spec: Network) -> str:
    """The penalty on the weights of every layer."""
    given = spec.regularisation
    assert given is not None
    layers = "model[::2]"
    counted = {
        (module_of(number), tensor.attribute)
        for number, layer in enumerate(spec.layers, 1)
        for tensor in row_of(layer).tensors(layer)
        if tensor.is_weight
    }
    if counted != {(module_of(n), "weight") for n, _ in enumerate(spec.layers, 1)}:
        each = ", ".join(f"{place}.{attribute}" for place, attribute in sorted(counted))
        squares, sizes = (f"sum((w{text}).sum() for w in ({each},))" for text in ("**2", ".abs()"))
    else:
        squares = f"sum((layer.weight**2).sum() for layer in {layers})"
        sizes = f"sum(layer.weight.abs().sum() for layer in {layers})"
    parts = []
    if given.l2 is not None:
        parts.append(f"{write_float(given.l2)} / 2 * {squares}")
    if given.l1 is not None:
        parts.append(f"{write_float(given.l1)} * {sizes}")
    return parts[0] if len(parts) == 1 else "(\n    " + "\n    + ".join(parts) + "\n)"
