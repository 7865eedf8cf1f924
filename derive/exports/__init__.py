"""The same exercise as a program for another tool."""

from __future__ import annotations

from collections.abc import Callable

from derive.exports.sympy import write_sympy
from derive.exports.torch import write_script, write_sections
from derive.exports.writing import PARTS, Part, Script
from derive.pages import Worksheet

EXPORTS: dict[str, Callable[[Worksheet], str]] = {
    "torch": write_script,
    "sympy": write_sympy,
}
"""Every tool by the name that `--to` takes."""

__all__ = ["EXPORTS", "PARTS", "Part", "Script", "write_script", "write_sections"]
