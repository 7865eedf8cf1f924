"""Tokens into a tree by precedence, on explicit stacks."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from derive import limits
from derive.algebra import literals
from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Name, Neg, Num, Pow, cases
from derive.algebra.grammar.tokens import Token, tokens
from derive.errors import SpecError
from derive.ops import FUNCTIONS

BINARY = {"+": 1, "-": 1, "*": 3, "/": 3, "^": 5}
SIGN = 2
"""Level of a sign at the start of a term; after an operator it binds tighter."""
CASES = {"cases": (4,), "kink": (4,)}
"""Nodes that only our own tables may write."""


def parse(text: str, place: str = "expression") -> Expr:
    """The tree of a text.

    `place` names the text in messages. Raises SpecError with the column of
    the fault.
    """
    return _Parser(place, {name: f.arities for name, f in FUNCTIONS.items()}).run(
        tokens(text, place)
    )


def parse_row(text: str) -> Expr:
    """The tree of a text from our own tables, which may also say `cases` and `kink`."""
    functions = {name: f.arities for name, f in FUNCTIONS.items()}
    return _Parser("ops", functions | CASES).run(tokens(text, "ops"))


class _Frame(msgspec.Struct):
    """What an open parenthesis remembers."""

    column: int
    function: str | None
    arguments: list[Expr]
    base: int


class _Parser:
    """Operands and operators on two stacks; `depth` travels with each operand."""

    def __init__(self, place: str, functions: Mapping[str, tuple[int, ...]]) -> None:
        self.place = place
        self.functions = functions
        self.operands: list[tuple[Expr, int]] = []
        self.operators: list[tuple[str, int]] = []
        self.frames: list[_Frame] = []

    def fail(self, column: int, problem: str) -> SpecError:
        return SpecError(self.place, f"column {column}: {problem}")

    def run(self, tokens: list[Token]) -> Expr:
        if not tokens:
            raise SpecError(self.place, "an empty expression; write a formula such as x + y")
        operand_next = True
        for token, after in zip(tokens, [*tokens[1:], None], strict=True):
            if operand_next:
                operand_next = self.operand(token, after)
            else:
                operand_next = self.operator(token, after)
        end = tokens[-1].column + len(tokens[-1].text)
        if operand_next:
            raise self.fail(end, "something is missing after this; expected a number or name")
        if self.frames:
            raise self.fail(self.frames[-1].column, "this ( is never closed")
        self.reduce(0, 0)
        return self.operands.pop()[0]

    def operand(self, token: Token, after: Token | None) -> bool:
        """Take a token where a value may start; true if one is still due."""
        if token.kind == "number":
            self.check_number(token)
            self.push(Num(literals.normalise(token.text)), 1, token.column)
        elif token.kind == "id":
            self.push(Name(token.text), 1, token.column)
        elif token.kind == "name":
            opens = after is not None and after.text == "("
            if token.text not in self.functions:
                self.push(Name(token.text), 1, token.column)
            elif not opens:
                raise self.fail(
                    token.column, f"{token.text} is a function; write {token.text}(...)"
                )
            else:
                self.operators.append((token.text, 0))
                return True
        elif token.text in "+-":
            self.operators.append(("sign" + token.text, self.sign_level()))
            self.check_depth(len(self.operators), token.column)
            return True
        elif token.text == "(":
            self.open(token)
            return True
        else:
            raise self.fail(
                token.column, f"{token.text!r} where a number, a name or ( is expected"
            )
        return False

    def operator(self, token: Token, after: Token | None) -> bool:
        """Take a token that follows a value; true if a value must come next."""
        if token.text == ")":
            self.close(token)
            return False
        if token.text == ",":
            frame = self.frames[-1] if self.frames else None
            if frame is None or frame.function is None:
                raise self.fail(token.column, "a comma outside a function; decimals use a point")
            self.reduce(0, frame.base)
            frame.arguments.append(self.operands.pop()[0])
            return True
        if token.kind == "operator" and token.text in BINARY:
            level = BINARY[token.text]
            self.reduce(level + (token.text == "^"), self.base())
            self.operators.append((token.text, level))
            return True
        if token.kind == "number":
            raise self.fail(token.column, "a number right after a value; write * between them")
        self.reduce(BINARY["*"], self.base())
        self.operators.append(("*", BINARY["*"]))
        return self.operand(token, after)

    def sign_level(self) -> int:
        """A sign right after `*`, `/` or `^` belongs to the next value alone."""
        if len(self.operators) == self.base():
            return SIGN
        name, level = self.operators[-1]
        if name.startswith("sign"):
            return level
        return {"*": 4, "/": 4, "^": 5}.get(name, SIGN)

    def base(self) -> int:
        return self.frames[-1].base if self.frames else 0

    def open(self, token: Token) -> None:
        function = None
        if self.operators and self.operators[-1][0] in self.functions:
            function = self.operators.pop()[0]
        self.frames.append(_Frame(token.column, function, [], len(self.operators)))
        self.check_depth(len(self.frames), token.column)

    def close(self, token: Token) -> None:
        if not self.frames:
            raise self.fail(token.column, "this ) closes nothing")
        frame = self.frames[-1]
        self.reduce(0, frame.base)
        self.frames.pop()
        if frame.function is None:
            return
        inner, depth = self.operands.pop()
        arguments = (*frame.arguments, inner)
        wanted = self.functions[frame.function]
        if len(arguments) not in wanted:
            many = len(wanted) > 2  # noqa: PLR2004  two are named, more are a range
            counts = f"{wanted[0]} to {wanted[-1]}" if many else " or ".join(map(str, wanted))
            raise self.fail(
                frame.column, f"{frame.function} takes {counts} value(s), not {len(arguments)}"
            )
        node: Expr = Call(frame.function, arguments)
        if frame.function in CASES:
            node = cases(arguments, kink=frame.function == "kink")
        self.push(node, depth + 1, token.column)

    def push(self, expr: Expr, depth: int, column: int) -> None:
        self.check_depth(depth, column)
        self.operands.append((expr, depth))

    def check_number(self, token: Token) -> None:
        problem = literals.problem_with(token.text)
        if problem:
            raise self.fail(token.column, problem)

    def check_depth(self, depth: int, column: int) -> None:
        if depth > limits.EXPRESSION_DEPTH:
            raise self.fail(column, f"nested more than {limits.EXPRESSION_DEPTH} deep")

    def reduce(self, level: int, base: int) -> None:
        """Apply the waiting operators that bind at least as tightly as `level`."""
        while len(self.operators) > base:
            name, binding = self.operators[-1]
            if binding < level:
                return
            self.operators.pop()
            right, depth = self.operands.pop()
            if name.startswith("sign"):
                self.push(right if name == "sign+" else Neg(right), depth + 1, 1)
                continue
            left, left_depth = self.operands.pop()
            self.push(*_join(name, left, left_depth, right, depth), 1)


def _join(name: str, left: Expr, left_depth: int, right: Expr, depth: int) -> tuple[Expr, int]:
    """A binary node; sums and products written in a row stay in one node."""
    deeper = max(left_depth, depth) + 1
    if name in "+-":
        last = right if name == "+" else Neg(right)
        if isinstance(left, Add):
            return Add((*left.terms, last)), max(left_depth, depth + 2)
        return Add((left, last)), deeper + 1
    if name == "*":
        if isinstance(left, Mul):
            return Mul((*left.factors, right)), max(left_depth, depth + 1)
        return Mul((left, right)), deeper
    if name == "/":
        return Div(left, right), deeper
    return Pow(left, right), deeper
