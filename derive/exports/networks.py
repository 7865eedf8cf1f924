"""A network as a PyTorch script: nn.Sequential, backward, a step of SGD."""

from __future__ import annotations

from collections.abc import Iterator

from derive.errors import InternalError
from derive.exports.tools import loop, optimizer, settings
from derive.exports.writing import (
    INDENT,
    Script,
    comments,
    indented,
    matrix,
    numbers,
    quoted,
    real,
    string,
    strings,
)
from derive.naming import (
    DATA,
    PENALTY,
    TOTAL,
    after_updates,
    derivative_id,
    naming_for,
    track_id,
)
from derive.numbers import Numbers
from derive.ops import ACTIVATIONS, KEYS, LOSSES
from derive.render.wording import sentence
from derive.spec import Layer, Network, Regularisation
from derive.spec.model import Row
from derive.spec.training import method_of


class NetworkScript:
    """Writes the sections of a network's script; `told` puts the printed digits into comments."""

    def __init__(self, digits: Numbers, *, told: bool) -> None:
        """Find the ids of every layer."""
        spec = digits.derivation.graph.spec
        assert isinstance(spec, Network)
        self.digits, self.spec, self.told = digits, spec, told
        self.updates = digits.derivation.updates
        self.layers = spec.layers
        self.widths = (len(spec.inputs[0]), *(len(layer.weights) for layer in spec.layers))
        self.naming = naming_for(spec.notation, self.widths)
        count = len(spec.inputs)
        self.alone = count == 1
        self.batches = digits.derivation.graph.batches
        self.first = "[0]" if len(self.batches) > 1 else ""
        self.tags = [f"_s{s}" for s in range(1, count + 1)] if count > 1 else [""]

    def script(self) -> Script:
        """All sections."""
        many, last = self.updates > 1, after_updates("", self.updates)
        return Script(
            setup=tuple(self.setup()),
            forward=(*self.definition(), "", "", f"loss = forward(){self.first}"),
            backward=("loss.backward()", *self.gradients(told=self.told)),
            update=("optimizer.step()", *self.moved('"+"', "1")) if self.updates else (),
            later=tuple(loop(self.updates, list(self.later()))) if many else (),
            check=(f"loss = forward({string(last)})",) if self.updates else (),
            gradients=frozenset(self.differentiated()),
        )

    def differentiated(self) -> Iterator[str]:
        """Every derivative of the total error, or that of the data, which the script prints."""
        for _, ids in self.tensors():
            for batch in self.batches:
                yield from (derivative_id(batch.objective, name) for name in ids)
        data = self.digits.derivation.graph.data
        for ids in self.module_ids() if self.alone else ():
            yield from (derivative_id(data, name) for name in ids)

    def setup(self) -> Iterator[str]:
        """Samples, model, weights, optimizer."""
        yield f"inputs = torch.tensor({self.samples(self.spec.inputs)})"
        yield f"target = torch.tensor({self.samples(self.spec.targets)})"
        yield "model = nn.Sequential("
        for source, layer in zip(self.widths, self.layers, strict=False):
            bias = "" if layer.biases is not None else ", bias=False"
            yield f"{INDENT}nn.Linear({source}, {len(layer.weights)}{bias}),"
            yield f"{INDENT}{module(layer)},"
        yield ")"
        yield f"units = {strings(self.module_ids())}"
        yield "with torch.no_grad():"
        for number, layer in enumerate(self.layers, 1):
            yield from indented(self.weights(number, layer))
        if self.updates:
            yield f"optimizer = {optimizer('model.parameters()', self.spec)}"

    def samples(self, rows: tuple[Row, ...]) -> str:
        """One sample as a row, several as rows."""
        return numbers(rows[0]) if len(rows) == 1 else matrix(rows, "", 24)

    def weights(self, number: int, layer: Layer) -> Iterator[str]:
        """The weights and biases of a layer as typed; biases that are held have no gradient."""
        place = linear(number)
        yield from comments(self.weight_ids(number), f"{place}.weight: ")
        table = matrix(layer.weights, "", len(place) + 34)
        yield f"{place}.weight.copy_(torch.tensor({table}))"
        if layer.biases is None:
            return
        yield from comments(self.bias_ids(number), f"{place}.bias: ")
        yield f"{place}.bias.copy_(torch.tensor({numbers(layer.biases)}))"
        if not self.spec.update_biases:
            held = sentence(self.spec.language, "script.held")
            yield f"{place}.bias.requires_grad_(False)  # {held}"

    def definition(self) -> Iterator[str]:
        """The function that runs the model and prints every number of the forward pass."""
        spec = self.spec
        if self.alone:
            yield from ("passed = {}", "", "")
        yield 'def forward(after=""):'
        body = ["output = inputs"]
        body += ["for module, ids in zip(model, units, strict=True):"]
        body += [f"{INDENT}output = module(output)"]
        if self.alone:
            body += [f"{INDENT}output.retain_grad()", f"{INDENT}passed[ids] = output"]
        body += [f"{INDENT}show(ids, output.flatten(), after)"]
        body += [f"errors = {_error(spec)}"]
        errors = [self.naming.unit_error(j) for j in range(1, self.widths[-1] + 1)]
        body.append(f"show({self.tagged(errors)}, errors.flatten(), after)")
        if not self.alone:
            body.append("errors = errors.sum(dim=1)")
            body.append(f"show({self.tagged(['E'])}, errors, after)")
        reduction = "sum" if self.alone else spec.reduction
        if spec.regularisation is None:
            body += [f"total = errors.{reduction}()", f'show("{TOTAL}", [total], after)']
        else:
            body.append(f"data = errors.{reduction}()")
            body += [f"penalty = {_penalty(spec.regularisation)}", "total = data + penalty"]
            body.append(f'show("{DATA} {PENALTY} {TOTAL}", [data, penalty, total], after)')
        if self.first:
            body += [*self.of_batches(reduction)]
        yield from indented([*body, "return batches" if self.first else "return total"])

    def of_batches(self, reduction: str) -> Iterator[str]:
        """What each update of an epoch goes down on."""
        size = self.spec.batch_size
        yield f"batches = [part.{reduction}() for part in errors.split({size})]"
        yield f"show({quoted(batch.data for batch in self.batches)}, batches, after)"
        if self.spec.regularisation is not None:
            yield "batches = [batch + penalty for batch in batches]"
            yield f"show({quoted(batch.objective for batch in self.batches)}, batches, after)"

    def module_ids(self) -> Iterator[list[str]]:
        """What each module of the model gives: pre-activations, then activations."""
        for number, layer in enumerate(self.layers, 1):
            units = range(1, len(layer.weights) + 1)
            for name in (self.naming.preactivation, self.naming.activation):
                yield [name(number, unit) + tag for tag in self.tags for unit in units]

    def tagged(self, ids: list[str]) -> str:
        """Ids of every sample, sample by sample, as a Python string."""
        return quoted([name + tag for tag in self.tags for name in ids], INDENT)

    def weight_ids(self, number: int) -> list[str]:
        """The ids of a layer's weights, row by row."""
        units, sources = self.widths[number], self.widths[number - 1]
        return [
            self.naming.weight(number, unit, source)
            for unit in range(1, units + 1)
            for source in range(1, sources + 1)
        ]

    def bias_ids(self, number: int) -> list[str]:
        """The ids of a layer's biases."""
        return [self.naming.bias(number, unit) for unit in range(1, self.widths[number] + 1)]

    def tensors(self) -> Iterator[tuple[str, list[str]]]:
        """Every tensor that is updated, with the ids of its numbers."""
        for number, layer in enumerate(self.layers, 1):
            yield f"{linear(number)}.weight", self.weight_ids(number)
            if layer.biases is not None and self.spec.update_biases:
                yield f"{linear(number)}.bias", self.bias_ids(number)

    def gradients(self, after: str = "", *, told: bool = False) -> Iterator[str]:
        """Each gradient with its ids, perhaps with the sheet's digits in a comment."""
        for tensor, ids in self.tensors():
            names = [derivative_id(self.batches[0].objective, name) for name in ids]
            if told:
                digits = (f"{name} = {self.digits.shown(name).text}" for name in names)
                yield f"# {tensor}.grad"
                yield from comments(digits, "  ")
            suffix = f", {after}" if after else ""
            told_names = quoted(names)
            if after and self.first:
                told_names = (
                    f'" ".join(f"d{{objective}}/d{{name}}" for name in {quoted(ids)}.split())'
                )
            yield f"show({told_names}, {tensor}.grad.flatten(){suffix})"
        if self.alone:
            yield from self.signals(after)

    def signals(self, after: str) -> Iterator[str]:
        """The error by everything that passed; of several samples each has its own error."""
        told = sentence(self.spec.language, "script.signals")
        suffix = f", {after}" if after else ""
        prefix = derivative_id(self.digits.derivation.graph.data, "")
        yield f"for ids, output in passed.items():  # {told}"
        yield f'{INDENT}names = " ".join("{prefix}" + name for name in ids.split())'
        yield f"{INDENT}show(names, output.grad.flatten(){suffix})"

    def parameters(self, after: str) -> Iterator[str]:
        """Each tensor with its ids after an update."""
        for tensor, ids in self.tensors():
            yield f"show({quoted(ids)}, {tensor}.flatten(), {after})"

    def moved(self, after: str, count: str) -> Iterator[str]:
        """What the optimizer keeps and finds beside each parameter; then the parameters."""
        method = method_of(self.spec)
        given = settings(self.spec)
        rate = real(self.spec.learning_rate or "0")
        for tensor, ids in self.tensors() if method else ():
            yield f"state = optimizer.state[{tensor}]"
            for track in method.tracks if method else ():
                text = track.torch.format(state="state", rate=rate, t=count, **given)
                names = quoted(track_id(track.letter, name) for name in ids)
                shown = f"({text})" if " " in text else text
                yield f"show({names}, {shown}.flatten(), {after})"
        yield from self.parameters(after)

    def later(self) -> Iterator[str]:
        """One more forward and backward pass and update."""
        yield "optimizer.zero_grad()"
        if self.first:
            objectives = [batch.objective for batch in self.batches]
            yield f"place = count % {len(objectives)}"
            yield f"objective = {quoted(objectives)}.split()[place]"
            yield "forward(after)[place].backward()"
        else:
            yield "forward(after).backward()"
        yield from self.gradients("after")
        yield "optimizer.step()"
        yield from self.moved('f"@{count + 1}"', "(count + 1)")


def _penalty(given: Regularisation) -> str:
    """The penalty on the weights of every layer."""
    parts = []
    if given.l2 is not None:
        parts.append(
            f"{real(given.l2)} / 2 * sum((layer.weight**2).sum() for layer in model[::2])"
        )
    if given.l1 is not None:
        parts.append(f"{real(given.l1)} * sum(layer.weight.abs().sum() for layer in model[::2])")
    return parts[0] if len(parts) == 1 else "(\n    " + "\n    + ".join(parts) + "\n)"


def linear(number: int) -> str:
    """Where a layer's weights stand: every layer is two modules."""
    return f"model[{2 * number - 2}]"


def _error(spec: Network) -> str:
    """The error of every output, of every sample at once."""
    row = LOSSES[spec.loss]
    if not row.torch:
        raise InternalError(f"ops/losses.py: {row.name} has no text for PyTorch")
    delta = real(spec.delta or row.delta or "0")
    return row.torch.format(n=len(spec.targets[0]), delta=delta)


def module(layer: Layer) -> str:
    """The module of a layer's activation."""
    row = ACTIVATIONS[layer.activation]
    if not row.torch:
        raise InternalError(f"ops/activations.py: {row.name} has no text for PyTorch")
    given = {key: real(getattr(layer, key) or getattr(row, key) or "0") for key in KEYS}
    return row.torch.format(**given)
