"""An exercise made of what another tool holds."""

from derive.imports.torch import from_torch

__all__ = ["from_torch"]
