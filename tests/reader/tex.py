"""TeX of a page to trees: sums of products of powers of atoms."""

from __future__ import annotations

import re

from reading import key_of, read_atom
from tokens import RELATIONS, Unread, negate, tokenize


class Parser:
    """One formula; `notes` says what is read but not in order."""

    def __init__(self, tokens: list[str], notes: list[str]) -> None:
        self.tokens, self.at, self.notes = tokens, 0, notes

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise Unread(
                f"{wanted or 'more'} expected at {' '.join(self.tokens[self.at :][:9])!r}"
            )
        self.at += 1
        return token

    def group(self) -> list[str]:
        """The tokens between braces, or the one token that stands for them."""
        if self.peek() != "{":
            return [self.take()]
        start, depth = self.at + 1, 0
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return self.tokens[start : self.at - 1]

    def inner(self) -> tuple:
        return self.parse(self.group())

    def parse(self, tokens: list[str]) -> tuple:
        return parse_tokens(tokens, self.notes)

    def sum(self) -> tuple:
        terms = [self.product()]
        while self.peek() in {"+", "-"}:
            sign = self.take()
            if self.peek() in {"+", "-"}:
                self.notes.append("bare-negative")
            term = self.product()
            terms.append(("neg", term) if sign == "-" else term)
        return terms[0] if len(terms) == 1 else ("add", *terms)

    def product(self) -> tuple:
        if self.peek() in {"-", "+"}:
            sign = self.take()
            if self.peek() in {"-", "+"}:
                self.notes.append("bare-negative")
            body = self.product()
            return negate(body) if sign == "-" else body
        factors = [self.power()]
        while True:
            token = self.peek()
            if token in {"\\times", "\\cdot", "\\odot"}:
                self.take()
                if self.peek() == "-":
                    self.notes.append("bare-negative")
                    self.take()
                    factors.append(negate(self.power()))
                elif token == "\\odot":
                    left = factors[0] if len(factors) == 1 else ("mul", *factors)
                    factors = [("had", left, self.power())]
                else:
                    factors.append(self.power())
            elif token and self.starts(token):
                factors.append(self.power())
            else:
                return factors[0] if len(factors) == 1 else ("mul", *factors)

    @staticmethod
    def starts(token: str) -> bool:
        if token in {"\\right", "\\cr", "\\\\", "\\text"} or token.startswith(
            ("\\end", "\\right")
        ):
            return False
        return bool(re.match(r"[\w(\\|{]", token)) and token not in RELATIONS and token != "}"

    def power(self) -> tuple:
        base = self.atom()
        while self.peek() == "^":
            self.take()
            exponent = self.group()
            turned = exponent == ["\\top"]
            base = ("T", base) if turned else ("pow", base, self.parse(exponent))
        return base

    def atom(self) -> tuple:
        return read_atom(self)


def parse_tokens(tokens: list[str], notes: list[str]) -> tuple:
    parser = Parser(tokens, notes)
    tree = parser.sum()
    if parser.peek():
        raise Unread(f"not read: {' '.join(parser.tokens[parser.at :][:12])}")
    return tree


def parse(text: str, notes: list[str] | None = None) -> tuple:
    return parse_tokens(tokenize(text), [] if notes is None else notes)


def key(text: str) -> str:
    return key_of(tokenize(text))
