"""What a chain is about: the id at its head, in the state that is meant."""

from __future__ import annotations

import re

import msgspec

from derive.algebra.expressions import ONE, Expr, Name, names, transform
from derive.answers import Unreadable, name_left
from derive.checking.marking import Marker
from derive.lines import Chain
from derive.workings.comparing import Comparer
from derive.workings.decimals import SheetLiterals
from derive.workings.memory import Memory
from derive.workings.names import OWN, OwnNames
from derive.workings.parts import Part, is_short, read_part

PRIME = re.compile(r"(?:['′’]|\^\{?\\prime\}?)\s*$")  # noqa: RUF001
OLD = re.compile(
    r"(?<=[\w}])(?:\^(?:t|\{\s*\(?t\)?\s*\})|[_^](?:old|\{\s*\(?(?:old|이전|기존)\)?\s*\})|\s?\(old\))"
    r"(?![\w+])"
)
"""The sign of an old value: `W_5^{t}`, `W5_old`."""
LABEL = re.compile(r"^([A-Za-z\\∂][^\s:=]{0,60})\s*:\s+(?=\S)")
"""A name, and a colon before what it is."""
RATE = re.compile(
    r"^\s*(?:학습률|learning rate)\s*\(?\s*([^\s()]+)\s*\)?\s*$|^\s*(\S+)\s*\(학습률\)\s*$"
)
"""The learning rate by its name and its sign at once."""


class Heads:
    """Names of one member's lines, before and after updates."""

    def __init__(
        self,
        marker: Marker,
        own: OwnNames,
        comparer: Comparer,
        literals: SheetLiterals,
        memory: Memory,
    ) -> None:
        """Look at nothing yet; what the member has written so far is asked of `memory`."""
        self._exercise = marker.exercise
        self._aliases = marker.aliases
        self._names = own
        self._comparer = comparer
        self._literals = literals
        self._memory = memory

    def find(self, chain: Chain, asked: str, updates: int = 0, states: int = 0) -> str | None:
        """The id that a chain is about: the one at its head, else the one that is asked.

        One that does not say its state is meant so many updates later, where states of an
        optimizer in what follows are meant so many more.
        """
        text = RATE.sub(lambda found: found.group(1) or found.group(2), chain.members[0])
        text = self.drop_old(text)
        if not text:
            return asked or None
        try:
            name = name_left(text, asked, self._aliases)
        except Unreadable:
            return None
        if name and self.split(name)[1]:
            return self._choose_slope(name, text, chain)
        if not name:
            return None
        return self._put_off(self._choose_state(name, chain, states), updates)

    def split_label(self, chain: Chain) -> tuple[str, Chain] | None:
        """The id before a colon that a chain begins with, and the chain behind it.

        None where there is none, and where what follows is not that id's value: then nobody
        can tell what the colon means.
        """
        label = LABEL.match(chain.members[0])
        name = self._names.sheet.find(label.group(1)) if label else None
        if label is None or name is None:
            return None
        behind = msgspec.structs.replace(
            chain, members=(chain.members[0][label.end() :], *chain.members[1:])
        )
        first = read_part(behind.members[0], "", "", self._names, self._exercise.decimals)
        return (name, behind) if self.is_value_of(name, first) else None

    def find_target(self, text: str, part: Part) -> str | None:
        """The id before an arrow whose new value a member is."""
        name = self._names.sheet.find(text)
        new = None if name is None else self._find_renewed(name)
        return new if new is not None and self.is_value_of(new, part) else None

    def is_value_of(self, name: str, part: Part) -> bool:
        """Whether a member has the value of an id."""
        head = Part(name, None, name)
        return self._comparer.compare(head, part, self._memory.truth) in ("true", "rounded")

    def _choose_state(self, name: str, chain: Chain, states: int) -> str:
        """The new value of a parameter where a formula with its old one stands behind it."""
        new = self._find_renewed(name)
        if new is None:
            return name
        part = self._read_first(chain)
        if part is None or part.member is None:
            old, behind = chain.members[0].strip(), chain.members[1].strip()
            return new if old and behind.startswith(old) and behind != old else name
        part = self.put_off_part(part, 0, states) if states else part
        if self._fits(name, part):
            return name
        renewed = self._fits(new, part) and not is_short(part)
        itself = chain.signs[0].startswith(":") or name in names(part.expr or ONE)
        return new if renewed or itself or not part.is_number else name

    def _find_renewed(self, name: str) -> str | None:
        """The new value of a given parameter; None for anything else."""
        if (
            self._exercise.kind(name) not in ("parameter", "state")
            or self._exercise.graph.split(name)[1]
        ):
            return None
        return self._aliases.find_updated(name, 1)

    def _choose_slope(self, name: str, text: str, chain: Chain) -> str:
        """The slope of a unit where a prime behind it means that: `o1' = o1 (1 - o1)`."""
        base = self.split(name)[0]
        if not PRIME.search(text):
            return name
        order = self._exercise.order
        slope = next(
            (s for s in order if self._exercise.is_slope(s) and self._exercise.pair(s)[0] == base),  # type: ignore[index]
            None,
        )
        part = self._read_first(chain)
        if slope is None or part is None or self._fits(name, part):
            return name
        return slope if self._fits(slope, part) else name

    def _read_first(self, chain: Chain) -> Part | None:
        """What stands behind the first sign; None where it is not read."""
        part = read_part(
            chain.members[1], chain.signs[0], "", self._names, self._exercise.decimals
        )
        return None if part.member is None else part

    def _fits(self, name: str, part: Part) -> bool:
        """Whether a member may have the value of an id."""
        self._literals.turn_to(name)
        return self._comparer.compare(Part(name, None, name), part, self._memory.truth) != "false"

    def drop_old(self, text: str) -> str:
        """A text without the sign that a name has its old value."""
        return text if self._names.find("t") else OLD.sub("", text)

    def split(self, name: str) -> tuple[str, int]:
        """An id before all updates, and how many it has had."""
        return self._exercise.graph.split(name)

    def put_off_part(self, part: Part, updates: int, states: int = 0) -> Part:
        """A member with every name so many updates later, states so many more."""
        if part.name is not None and not part.name.startswith(OWN):
            return msgspec.structs.replace(part, name=self._put_off(part.name, updates, states))
        if part.member is None or part.is_number:
            return part

        def put_off(node: Expr) -> Expr | None:
            if not isinstance(node, Name) or node.id.startswith(OWN):
                return None
            return Name(self._put_off(node.id, updates, states))

        member = msgspec.structs.replace(part.member, expr=transform(part.member.expr, put_off))
        return msgspec.structs.replace(part, member=member)

    def _put_off(self, name: str, updates: int, states: int = 0) -> str:
        """An id so many updates later; itself, if it has no such state."""
        base, done = self.split(name)
        updates += states if self._exercise.kind(base) == "state" else 0
        return self._aliases.find_updated(base, done + updates) or name
