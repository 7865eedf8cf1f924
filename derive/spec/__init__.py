"""The spec: what one exercise is, read from one TOML file and nothing else.

The only place where an author's input is read; everything after it is plain,
checked, frozen data.
"""

from derive.algebra.literals import Typed
from derive.graph import Spec
from derive.layers import Layer
from derive.spec.lowering import build
from derive.spec.model import (
    Circuit,
    Network,
    Optimizer,
    Perceptron,
    Regularisation,
    Update,
    digest,
    digest_plain,
    to_plain,
)
from derive.spec.reading import (
    builtin_names,
    builtin_units,
    example_path,
    from_plain,
    load,
    loads,
    override,
    read_example,
    template,
)

__all__ = [
    "Circuit",
    "Layer",
    "Network",
    "Optimizer",
    "Perceptron",
    "Regularisation",
    "Spec",
    "Typed",
    "Update",
    "build",
    "builtin_names",
    "builtin_units",
    "digest",
    "digest_plain",
    "example_path",
    "from_plain",
    "load",
    "loads",
    "override",
    "read_example",
    "template",
    "to_plain",
]
