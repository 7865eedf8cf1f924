"""The spec: what one exercise is, read from one TOML file and nothing else.

The only place where an author's input is read; everything after it is plain,
checked, frozen data.
"""

from derive.spec.model import (
    Circuit,
    Layer,
    Network,
    Optimizer,
    Perceptron,
    Regularisation,
    Spec,
    Typed,
    Update,
    digest,
    to_plain,
)
from derive.spec.reading import (
    builtin_names,
    builtin_units,
    example_path,
    from_plain,
    load,
    loads,
    overridden,
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
    "builtin_names",
    "builtin_units",
    "digest",
    "example_path",
    "from_plain",
    "load",
    "loads",
    "overridden",
    "template",
    "to_plain",
]
