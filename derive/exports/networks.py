"""A network as a PyTorch script: nn.Sequential, backward, a step of SGD."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from derive.exports.modules import (
    error,
    module,
    module_of,
    numbers_in,
    penalty,
    rows_of,
    write_functions,
)
from derive.exports.tools import loop, optimizer, show_tracks
from derive.exports.writing import (
    INDENT,
    Script,
    indent,
    quote,
    string,
    strings,
    write_comments,
)
from derive.layers import Layer, Module, Tensor, row_of
from derive.naming import DATA, PENALTY, TOTAL
from derive.numbers import Numbers
from derive.render.wording import sentence
from derive.spec import Network


class NetworkScript:
    """Writes a network's script in sections; `with_digits` adds the sheet's digits as comments."""

    def __init__(self, digits: Numbers, *, with_digits: bool) -> None:
        """Find the ids of every layer."""
        spec = digits.derivation.graph.spec
        assert isinstance(spec, Network)
        self.digits, self.spec, self.with_digits = digits, spec, with_digits
        self.updates = digits.derivation.updates
        self.graph = digits.derivation.graph
        self.samples = [self.graph.blocks_of(self.graph[root].sample) for root in self.graph.roots]
        self.alone = len(self.samples) == 1
        self.batches = self.graph.batches
        self.first = "[0]" if len(self.batches) > 1 else ""

    def script(self) -> Script:
        """All sections."""
        many, last = self.updates > 1, self.graph.after("", self.updates)
        return Script(
            setup=tuple(self.setup()),
            forward=(*self.definition(), "", "", f"loss = forward(){self.first}"),
            backward=("loss.backward()", *self.gradients(with_digits=self.with_digits)),
            update=("optimizer.step()", *self.show_moved('"+"', "1")) if self.updates else (),
            later=tuple(loop(self.updates, list(self.later()))) if many else (),
            check=(f"loss = forward({string(last)})",) if self.updates else (),
            gradients=frozenset(self.list_differentiated()),
        )

    def list_differentiated(self) -> Iterator[str]:
        """Every derivative of the total error, or that of the data, which the script prints."""
        for _, ids in self.tensors():
            for batch in self.batches:
                yield from (self.graph.derivative(batch.objective, name) for name in ids)
        data = self.digits.derivation.graph.data
        for ids in self.module_ids() if self.alone else ():
            yield from (self.graph.derivative(data, name) for name in ids)
        yield from self.input_derivatives()

    def setup(self) -> Iterator[str]:
        """Samples, model, weights, optimizer."""
        modules = list(self.modules())
        yield from write_functions(self.spec)
        for definition in dict.fromkeys(made.definition for made in modules if made.definition):
            yield from (*definition.splitlines(), "", "")
        plain = self.samples[0][0].parameters and not self.graph.input_derivatives
        tracked = "" if plain else ".requires_grad_()"
        yield f"inputs = torch.tensor({rows_of(self.spec.inputs)}){tracked}"
        given = "target" if self.spec.upstream is None else "upstream"
        yield f"{given} = torch.tensor({rows_of(self.spec.targets)})"
        yield "model = nn.Sequential("
        for layer, made in zip(self.spec.layers, modules, strict=True):
            yield f"{INDENT}{made.call},"
            yield f"{INDENT}{module(layer)},"
        yield ")"
        yield f"units = {strings(self.module_ids())}"
        yield "with torch.no_grad():"
        lines = [
            line
            for number, layer in enumerate(self.spec.layers, 1)
            for line in self.weights(number, layer)
        ]
        yield from indent(lines or ["pass"])
        if self.updates:
            yield f"optimizer = {optimizer('model.parameters()', self.graph)}"

    def modules(self) -> Iterator[Module]:
        """What runs before the activation of each layer."""
        for layer, block in zip(self.spec.layers, self.samples[0], strict=True):
            make = row_of(layer).module
            assert make is not None
            yield make(layer, len(block.inputs))

    def weights(self, number: int, layer: Layer) -> Iterator[str]:
        """The parameters of a layer as typed; biases that are held have no gradient."""
        for tensor, ids in self.own(number, layer):
            place = f"{module_of(number)}.{tensor.attribute}"
            yield from write_comments(ids, f"{place}: ")
            table = numbers_in(tensor, len(place) + 27)
            yield f"{place}.copy_(torch.tensor({table}))"
            if not tensor.is_weight and not self.spec.update_biases:
                held = sentence(self.spec.language, "script.held")
                yield f"{place}.requires_grad_(False)  # {held}"

    def own(self, number: int, layer: Layer) -> Iterator[tuple[Tensor, list[str]]]:
        """The parameters of a layer letter by letter, with their ids."""
        ids = iter(self.samples[0][number - 1].parameters)
        for tensor in row_of(layer).tensors(layer):
            yield tensor, list(islice(ids, len(tensor.typed)))

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
        body += [f"errors = {error(spec, len(spec.targets[0]))}"]
        errors = [name for root in self.graph.roots for name in self.graph[root].uses]
        body.append(f"show({quote(errors, INDENT)}, errors.flatten(), after)")
        if not self.alone:
            body.append("errors = errors.sum(dim=1)")
            body.append(f"show({quote(self.graph.roots, INDENT)}, errors, after)")
        reduction = "sum" if self.alone else spec.reduction
        if spec.regularisation is None:
            body += [f"total = errors.{reduction}()", f'show("{TOTAL}", [total], after)']
        else:
            body.append(f"data = errors.{reduction}()")
            body += [f"penalty = {penalty(spec)}", "total = data + penalty"]
            body.append(f'show("{DATA} {PENALTY} {TOTAL}", [data, penalty, total], after)')
        if self.first:
            body += [*self.of_batches(reduction)]
        yield from indent([*body, "return batches" if self.first else "return total"])

    def of_batches(self, reduction: str) -> Iterator[str]:
        """What each update of an epoch goes down on."""
        size = self.spec.batch_size
        yield f"batches = [part.{reduction}() for part in errors.split({size})]"
        yield f"show({quote(batch.data for batch in self.batches)}, batches, after)"
        if self.spec.regularisation is not None:
            yield "batches = [batch + penalty for batch in batches]"
            yield f"show({quote(batch.objective for batch in self.batches)}, batches, after)"

    def module_ids(self) -> Iterator[list[str]]:
        """What each module of the model gives: pre-activations, then activations."""
        for blocks in zip(*self.samples, strict=True):
            yield [name for block in blocks for name in block.pre]
            yield [name for block in blocks for name in block.out]

    def tensors(self) -> Iterator[tuple[str, list[str]]]:
        """Every tensor that is updated, with the ids of its numbers."""
        for number, layer in enumerate(self.spec.layers, 1):
            for tensor, ids in self.own(number, layer):
                if tensor.is_weight or self.spec.update_biases:
                    yield f"{module_of(number)}.{tensor.attribute}", ids

    def gradients(self, after: str = "", *, with_digits: bool = False) -> Iterator[str]:
        """Each gradient with its ids, perhaps with the sheet's digits in a comment."""
        for tensor, ids in self.tensors():
            names = [self.graph.derivative(self.batches[0].objective, name) for name in ids]
            if with_digits:
                digits = (f"{name} = {self.digits.shown(name).text}" for name in names)
                yield f"# {tensor}.grad"
                yield from write_comments(digits, "  ")
            printed_names = quote(names)
            if after and self.first:
                printed_names = (
                    f'" ".join(f"d{{objective}}/d{{name}}" for name in {quote(ids)}.split())'
                )
            yield f"show({printed_names}, {tensor}.grad.flatten(){suffix_of(after)})"
        if self.alone:
            yield from self.signals(after)
        names = list(self.input_derivatives())
        if names:
            mean = not self.alone and self.spec.reduction == "mean"
            own = f"(inputs.grad * {len(self.samples)})" if mean else "inputs.grad"
            yield f"show({quote(names)}, {own}.flatten(){suffix_of(after)})"
            yield "inputs.grad = None"

    def input_derivatives(self) -> Iterator[str]:
        """Each sample's error by its inputs, where all samples move the parameters together."""
        if self.graph.input_derivatives and not self.first:
            for root, (block, *_) in zip(self.graph.roots, self.samples, strict=True):
                yield from (self.graph.derivative(root, x) for x in block.inputs)

    def signals(self, after: str) -> Iterator[str]:
        """The error by everything that passed; of several samples each has its own error."""
        comment = sentence(self.spec.language, "script.signals")
        prefix = self.graph.derivative(self.digits.derivation.graph.data, "")
        yield f"for ids, output in passed.items():  # {comment}"
        yield f'{INDENT}names = " ".join("{prefix}" + name for name in ids.split())'
        yield f"{INDENT}show(names, output.grad.flatten(){suffix_of(after)})"

    def parameters(self, after: str) -> Iterator[str]:
        """Each tensor with its ids after an update."""
        for tensor, ids in self.tensors():
            yield f"show({quote(ids)}, {tensor}.flatten(), {after})"

    def show_moved(self, after: str, count: str) -> Iterator[str]:
        """What the optimizer keeps and finds beside each parameter; then the parameters."""
        for tensor, ids in self.tensors():
            yield from show_tracks(self.graph, tensor, ids, after, count)
        yield from self.parameters(after)

    def later(self) -> Iterator[str]:
        """One more forward and backward pass and update."""
        yield "optimizer.zero_grad()"
        if self.first:
            objectives = [batch.objective for batch in self.batches]
            yield f"place = count % {len(objectives)}"
            yield f"objective = {quote(objectives)}.split()[place]"
            yield "forward(after)[place].backward()"
        else:
            yield "forward(after).backward()"
        yield from self.gradients("after")
        yield "optimizer.step()"
        yield from self.show_moved('f"@{count + 1}"', "(count + 1)")


def suffix_of(after: str) -> str:
    """The argument of `show` for what ends each id, if there is one."""
    return f", {after}" if after else ""
