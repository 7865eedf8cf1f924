"""Formulas of a circuit as people type them, to trees."""

from __future__ import annotations

import re

from tape import FUNCTIONS
from tokens import Unread, negate

TOKEN = re.compile(r"\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+|[A-Za-z][A-Za-z0-9_]*|\*\*|\S")


class Formula:
    """Sums of products of powers; a product needs no sign."""

    def __init__(self, text: str) -> None:
        self.tokens, self.at = TOKEN.findall(text), 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self) -> tuple:
        terms = [self.product()]
        while self.peek() in {"+", "-"}:
            sign = self.take()
            term = self.product()
            terms.append(("neg", term) if sign == "-" else term)
        return terms[0] if len(terms) == 1 else ("add", *terms)

    def product(self) -> tuple:
        tree = self.signed()
        while self.peek() and self.peek() not in {"+", "-", ")", ","}:
            if self.peek() == "/":
                self.take()
                tree = ("div", tree, self.signed())
            else:
                if self.peek() == "*":
                    self.take()
                tree = ("mul", tree, self.signed())
        return tree

    def signed(self) -> tuple:
        if self.peek() in {"-", "+"}:
            return ("neg", self.signed()) if self.take() == "-" else self.signed()
        return self.power()

    def power(self) -> tuple:
        base = self.atom()
        if self.peek() in {"^", "**"}:
            self.take()
            return ("pow", base, self.signed())
        return base

    def atom(self) -> tuple:
        token = self.take()
        if token == "(":
            tree = self.sum()
            self.take()
            return tree
        if re.match(r"[\d.]", token):
            return ("num", token)
        if token in FUNCTIONS and self.peek() == "(":
            self.take()
            args = [self.sum()]
            while self.take() == ",":
                args.append(self.sum())
            return ("call", token, *args)
        if not re.match(r"[A-Za-z]", token):
            raise Unread(f"formula at {token}")
        return ("sym", token.replace("_", ""))


def read_formula(text: str) -> tuple:
    return Formula(text).sum()


def names_in(tree) -> set[str]:
    if isinstance(tree, tuple) and tree and tree[0] == "sym":
        return {tree[1]}
    return set().union(*(names_in(t) for t in tree[1:])) if isinstance(tree, tuple) else set()


__all__ = ["names_in", "negate", "read_formula"]
