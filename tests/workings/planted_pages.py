"""How people set chains on a page: lines, rows, displays, lists, sentences, two in a line."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from planted_writing import Look


class Chain(NamedTuple):
    """Pieces of one chain as texts, and the signs between them."""

    pieces: tuple[str, ...]
    signs: tuple[str, ...]

    def rows(self) -> list[str]:
        """The first piece with its sign and the second one; then a row for each further one."""
        first = f"{self.pieces[0]} {self.signs[0]} {self.pieces[1]}"
        rest = zip(self.signs[1:], self.pieces[2:], strict=True)
        return [first, *(f"{sign} {piece}" for sign, piece in rest)]

    def flat(self) -> str:
        """The chain on one line."""
        return " ".join(self.rows())


class Page(NamedTuple):
    """Lines of a text, and the line at which each chain begins, from 1."""

    lines: list[str]
    starts: list[int]


One = Callable[[Chain, int, Random], tuple[list[str], int]]
"""One chain as lines, and the place among them of the line it begins on."""

ENGLISH = (
    "so {}.", "Then {}.", "Hence {}", "we get {}.", "therefore {}.", "That gives {}.",
    "Next, {}.", "and now {}",
)  # fmt: skip
KOREAN = (
    "따라서 {} 이다.", "그러므로 {} 입니다.", "이제 {} 가 된다.", "먼저 {} 이다.", "즉 {} 입니다.",
    "대입하면 {} 이다.", "그래서 {} 가 나온다.",
)  # fmt: skip
HEADINGS = {
    "english": (
        "Forward and backward", "Here is my work:", "We use the chain rule.", "Step by step",
    ),
    "korean": ("풀이", "연쇄 법칙을 쓴다.", "순서대로 계산해 보겠습니다.", "## 풀이 과정"),
}  # fmt: skip


def on_line(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [chain.flat()], 0


def in_rows(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    first, *rest = chain.rows()
    return [first, *(f"    {row}" for row in rest)], 0


def trailing(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    ended = zip(chain.pieces, (*chain.signs, ""), strict=True)
    return [f"{piece} {sign}".rstrip() for piece, sign in ended], 0


def in_dollars(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [f"$${chain.flat()}$$"], 0


def in_one_dollar(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [f"${chain.flat()}$"], 0


def displayed(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [r"\[", chain.flat(), r"\]"], 1


def aligned_rows(chain: Chain) -> list[str]:
    """The rows of a chain with their marks of alignment."""
    first, *rest = chain.rows()
    head = chain.pieces[0]
    return [f"{head} &{first.removeprefix(head).lstrip()}", *(f"&{row}" for row in rest)]


def aligned(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    rows = [row + r" \\" for row in aligned_rows(chain)]
    rows[-1] = rows[-1].removesuffix(r" \\")
    return ["$$", r"\begin{aligned}", *rows, r"\end{aligned}", "$$"], 2


def aligned_in_line(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    rows = r" \\ ".join(aligned_rows(chain))
    return [rf"$$\begin{{aligned}} {rows} \end{{aligned}}$$"], 0


def in_bullets(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [f"- {chain.flat()}"], 0


def in_numbers(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [f"{place + 1}. {chain.flat()}"], 0


def in_bold(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    ends = (f"**{chain.pieces[0]}**", *chain.pieces[1:-1], f"**{chain.pieces[-1]}**")
    return [f"- {Chain(ends, chain.signs).flat()}"], 0


def all_bold(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [f"**{chain.flat()}**"], 0


def in_english(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [draw.choice(ENGLISH).format(chain.flat())], 0


def in_korean(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [draw.choice(KOREAN).format(chain.flat())], 0


def dollars_in_korean(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [draw.choice(KOREAN).format(f"${chain.flat()}$")], 0


def dollars_in_english(chain: Chain, place: int, draw: Random) -> tuple[list[str], int]:
    return [draw.choice(ENGLISH).format(rf"\({chain.flat()}\)")], 0


ONES: dict[str, One] = {
    "line": on_line, "rows": in_rows, "trailing": trailing, "dollars": in_dollars,
    "dollar": in_one_dollar, "displayed": displayed, "aligned": aligned,
    "aligned line": aligned_in_line, "bullets": in_bullets, "numbers": in_numbers,
    "bold": in_bold, "all bold": all_bold, "english": in_english, "korean": in_korean,
    "tex korean": dollars_in_korean, "tex english": dollars_in_english,
}  # fmt: skip
JOINTS = {"semicolon": "; ", "arrow": " ⇒ ", "typed arrow": " => ", "tex arrow": r" \Rightarrow "}


def choose_heading(look: Look, draw: Random) -> list[str]:
    """Nothing, a blank line, or a line of words above the chains."""
    tongue = "korean" if "korean" in look.layout else "english"
    return draw.choice(
        ([], [], [draw.choice(HEADINGS[tongue])], [draw.choice(HEADINGS[tongue]), ""])
    )


def set_each(chains: list[Chain], look: Look, draw: Random) -> Page:
    """Chains below each other, now and then with a blank line between them."""
    lines, starts = choose_heading(look, draw), []
    for place, chain in enumerate(chains):
        rows, start = ONES[look.layout](chain, place, draw)
        starts.append(len(lines) + start + 1)
        lines += [*rows, *([""] if draw.random() < 0.3 else [])]
    return Page(lines, starts)


def set_joined(chains: list[Chain], look: Look, draw: Random) -> Page:
    """Two chains on each line with a sign that parts them."""
    lines, starts = choose_heading(look, draw), []
    for place in range(0, len(chains), 2):
        pair = [chain.flat() for chain in chains[place : place + 2]]
        starts += [len(lines) + 1] * len(pair)
        text = JOINTS[look.layout].join(pair)
        lines.append(f"${text}$" if look.script == "tex" else text)
    return Page(lines, starts)


def set_system(chains: list[Chain], look: Look, draw: Random) -> Page:
    """All chains in one block of aligned rows."""
    lines, starts = [*choose_heading(look, draw), r"\begin{aligned}"], []
    for chain in chains:
        starts.append(len(lines) + 1)
        lines += [row + r" \\" for row in aligned_rows(chain)]
    return Page([*lines, r"\end{aligned}"], starts)


def set_page(chains: list[Chain], look: Look, draw: Random) -> Page:
    """Chains on a page as a hand sets them."""
    if look.layout == "system":
        return set_system(chains, look, draw)
    return (set_joined if look.layout in JOINTS else set_each)(chains, look, draw)
