"""What a row of the table of functions says, and the rows of max and min of many values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from derive.ops import extremes

EXTREMES = 6
"""Values of one max or min; the formula of a tie doubles with each."""


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One line on the way from the differentiated definition to the slope.

    `rule` is a key of the wording, `text` an expression in the row's
    parameters and `y`.
    """

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function by name: its definition, slopes and proof, and how PyTorch and the page call it.

    `definition` is None for a primitive, which `numbers` evaluates itself.
    `slopes` has one text per parameter. `defaults` are the last values where
    they are not given. `tex` is the name in print. `torch` is Python that
    computes the function of the tensors `{0}`, `{1}`; each stands in it once, so
    that nesting costs nothing. `module` is PyTorch's module as the activation
    of a layer, "" if no layer may take it; `key` is the key of a spec for the
    second value, "slope" or "alpha", "" if there is none.

    `identity` are lines from the definition to another form worth knowing,
    `bound` lines from the slope to a form that shows how large it can get.
    Four fields are keys of the wording: `most` says how large the slope can get,
    `misnamed` what is often printed wrongly under this name, `corner` which slope
    holds where two cases meet, `meaning` what a primitive is.
    `conventions` is a number of last values: where they are numbers, a page names
    them once and prints the function without them. `extreme` marks max and min,
    which also take more values, up to EXTREMES. `narrow` is a form with the same
    value that holds its parameter once, where the definition holds it more often:
    a ball grows with each time, and 150 steps of tanh would leave nothing of it.
    `bounds` are numbers that its values stay between, None where there is no such number.
    """

    name: str
    parameters: tuple[str, ...]
    definition: str | None
    slopes: tuple[str, ...]
    proof: tuple[ProofLine, ...] = ()
    defaults: tuple[str, ...] = ()
    tex: str = ""
    torch: str = ""
    module: str = ""
    key: str = ""
    identity: tuple[ProofLine, ...] = ()
    corner: str = "kink"
    meaning: str = ""
    bound: tuple[ProofLine, ...] = ()
    most: str = ""
    misnamed: str = ""
    conventions: int = 0
    extreme: bool = False
    narrow: str = ""
    bounds: tuple[str | None, str | None] = (None, None)

    @property
    def computed(self) -> str | None:
        """The form that numbers are put into; None for a primitive."""
        return self.narrow or self.definition

    @property
    def arities(self) -> tuple[int, ...]:
        """How many values the function may be given."""
        most = len(self.parameters)
        return tuple(range(most - len(self.defaults), (EXTREMES if self.extreme else most) + 1))

    def take(self, count: int) -> Function:
        """The row for so many values: this one, or that of max or min of more than two."""
        return _extreme(self.name, count) if count > len(self.parameters) else self


@cache
def _extreme(name: str, count: int) -> Function:
    values = tuple(f"u{i}" for i in range(1, count + 1))
    tensors = ", ".join(f"{{{i}}}" for i in range(count))
    return Function(
        name,
        values,
        extremes.define(name, values),
        extremes.differentiate(name, values),
        tex=f"\\{name}",
        torch=f"torch.stack(({tensors})).a{name}(0)",
    )
