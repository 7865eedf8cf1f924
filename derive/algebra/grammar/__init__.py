"""Expressions as text: one grammar for definitions, answers, keys and `derive diff`.

Tokens are cut by one regular expression, operators are resolved by precedence
on explicit stacks: linear time, no recursion, and every nesting is counted, so
that ten thousand parentheses cost an error message and nothing else. Text is
never given to `eval` or to a parser of SymPy.

Precedence, loosest first: `+ -` < sign < `* /` and implicit products (left to
right: `1/2x` is `x/2`) < `^ **` (right to left, above the sign: `-2^2 = -4`).
"""

from derive.algebra.grammar.parser import parse, parse_row
from derive.algebra.grammar.tokens import check_name, tokens, unknown_name
from derive.algebra.grammar.writer import to_text

__all__ = ["check_name", "parse", "parse_row", "to_text", "tokens", "unknown_name"]
