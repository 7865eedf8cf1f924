"""What every exercise has: named nodes, typed numbers, derivatives; from the spec alone."""

from __future__ import annotations

import re
import tomllib

from mpmath import mpf

from tape import Node, adjoints


class Typed(str):
    """A number as it stands in the spec."""

    __slots__ = ()


def load(text: str) -> dict:
    return tomllib.loads(text, parse_float=Typed)


def num(value) -> mpf:
    return mpf(str(value))


def suffix(k: int) -> str:
    return "" if k == 0 else "+" if k == 1 else f"[{k}]"


class Model:
    """Values by name; `typed` are the texts of given numbers."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.typed: dict[str, str] = {}
        self.roots: dict[str, Node] = {}
        self.cache: dict[tuple[int, bool], dict[int, mpf]] = {}
        self.local_unless: str | None = None
        self.facts: dict[str, object] = {}

    def give(self, name: str, text) -> Node:
        """A given number; a name given twice keeps both texts, for the page to be judged."""
        node = Node(num(text))
        self.nodes[name] = node
        self.typed[name] = str(text)
        return node

    def put(self, name: str, value) -> Node:
        """A computed quantity: a leaf of its own whose only parent is its formula."""
        if not isinstance(value, Node):
            value = Node(value)
        node = Node(value.value, ((value, mpf(1)),))
        self.nodes[name] = node
        return node

    def put_leaf(self, name: str, k: int, value: mpf) -> Node:
        """A parameter after k updates."""
        self.nodes[name + suffix(k)] = node = Node(value)
        return node

    def has(self, key: str) -> bool:
        return self.lookup(key) is not None

    def lookup(self, key: str) -> Node | None:
        """The value of a name or of a derivative; None where the exercise has none."""
        if key in self.nodes:
            return self.nodes[key]
        parts = re.fullmatch(r"d\((.*)\)/d\((.*?)\)(\|local)?", key)
        if not parts or parts[1] not in self.nodes or parts[2] not in self.nodes:
            return None
        step = re.search(r"(\+|\[\d+\])?$", parts[1])[0]
        top, below = self.nodes[parts[1]], self.nodes.get(parts[2] + step, self.nodes[parts[2]])
        local = bool(parts[3]) or self.is_local(parts[1])
        return Node(self.derive(top, local=local).get(id(below), mpf(0)))

    def is_local(self, top: str) -> bool:
        if self.local_unless is None:
            return False
        return re.sub(r"(\+|\[\d+\])$", "", top) != self.local_unless

    def derive(self, top: Node, *, local: bool) -> dict[int, mpf]:
        place = (id(top), local)
        if place not in self.cache:
            cut = frozenset(id(n) for n in self.nodes.values()) if local else frozenset()
            self.cache[place] = adjoints(top, cut)
        return self.cache[place]
