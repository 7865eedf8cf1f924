"""Ids into TeX: the one place that knows how a quantity looks."""

from __future__ import annotations

import re
from functools import lru_cache

from derive.naming import LEARNING_RATE, split_derivative, split_track, split_updates
from derive.spec import Circuit, Spec
from derive.spec.networks import extents
from derive.spec.symbols import GREEK, ROLES

DIRECT = "|local"
ID = re.compile(
    r"(?P<letter>[xtWbzhoae]|E_o|E)_?(?P<index>\d+(?:_\d+)*|total|data|batch\d+)?(?:_s(?P<sample>\d+))?",
    re.ASCII,
)
HATS = {"mhat": r"\hat{m}", "vhat": r"\hat{v}"}
"""Of what an optimizer keeps, those that are corrected."""
SETTINGS = {
    "momentum": r"\mu",
    "decay": r"\rho",
    "weight_decay": r"\lambda_{\mathrm{w}}",
}
"""Settings of an optimizer that books write with a letter of their own."""
ROLE_OF = {
    "x": "input",
    "t": "target",
    "W": "weight",
    "b": "bias",
    "z": "preactivation",
    "h": "activation",
    "a": "activation",
    "o": "output",
    "e": "difference",
}
MATRIX_ID = re.compile(r"\[(\w+)(?:,([\dl+-]+))?\]", re.ASCII)
SLOPES = {"slopes": "z", "Slopes": "Z"}
"""The slopes of all activations of a layer are written at its pre-activations."""
REMEMBERED = 20_000
"""Ids of one style whose TeX is remembered."""
INDEXED_DEFAULTS = {"activation": "a"}
WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")


@lru_cache(maxsize=16)
def known_symbols(
    circuit: bool,  # noqa: FBT001  part of what a style is, not a switch
    hidden: int,
    symbols: tuple[tuple[str, str], ...],
) -> dict[str, str]:
    """The TeX of ids in one style, as far as it has been asked for; shared by all its specs."""
    del circuit, hidden, symbols
    return {}


class Notation:
    """The TeX of every id of one spec, with the lecturer's symbols."""

    def __init__(self, spec: Spec) -> None:
        """Read the roles once."""
        self.circuit = isinstance(spec, Circuit)
        indexed = {} if spec.notation == "flat" else INDEXED_DEFAULTS
        self.symbols = ROLES | indexed | spec.symbols
        self.product = self.symbols["product"]
        self._widths = self._unit_counts(spec)
        hidden = self._widths if any("@" in symbol for symbol in self.symbols.values()) else 0
        self._known = known_symbols(self.circuit, hidden, tuple(self.symbols.items()))

    @staticmethod
    def _unit_counts(spec: Spec) -> int:
        return sum(layer.units for layer in extents(spec)[:-1])

    def symbol(self, name: str) -> str:
        r"""The TeX of an id: `W_5^{+}`, `\frac{\partial E_{\mathrm{total}}}{\partial W_5}`."""
        found = self._known.get(name)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[name] = self._symbol(name)
        return found

    def _symbol(self, name: str) -> str:
        base, updates = split_updates(name)
        raised = "" if updates == 0 else "+" if updates == 1 else f"[{updates}]"
        pair = split_derivative(base)
        if pair is None:
            return self.plain(base, raised)
        of, wrt = pair
        bare = wrt.removesuffix(DIRECT)
        fraction = (
            rf"\frac{{\partial {self.plain(of, raised)}}}{{\partial {self.plain(bare, raised)}}}"
        )
        if bare != wrt:
            return rf"\left.{fraction}\right|_{{\mathrm{{local}}}}"
        return fraction

    def plain(self, base: str, raised: str = "") -> str:
        """The TeX of a quantity that is no derivative."""
        if base == LEARNING_RATE:
            return styled(self.symbols["learning_rate"])
        if base.startswith("["):
            return self._matrix(base, raised)
        found = ID.fullmatch(base)
        if self.circuit:
            return circuit_name(base, raised)
        if found is None:
            return self._setting(base, raised)
        letter, index, sample = found.group("letter", "index", "sample")
        if not index and letter not in ("E", "E_o"):
            return circuit_name(base, raised)
        if letter in ("E", "E_o"):
            return self._error(letter, index or "", sample, raised)
        return self._unit(letter, index or "", sample, raised)

    def _setting(self, base: str, raised: str) -> str:
        r"""`\mu`, or what stands beside a parameter: `v_{W_5}^{+}`, `\hat{m}_{W_5}`."""
        if base in HATS:
            return HATS[base]
        track = split_track(base)
        if track is None:
            return SETTINGS.get(base) or circuit_name(base, raised)
        letter, parameter = track
        head = HATS.get(letter, letter)
        return f"{head}_{{{self.plain(parameter)}}}" + (f"^{{{raised}}}" if raised else "")

    def _matrix(self, base: str, raised: str) -> str:
        """All quantities of a letter in one layer, as one bold letter; signals are Greek."""
        found = MATRIX_ID.fullmatch(base)
        assert found is not None
        letter, layer = found.groups()
        if letter in SLOPES:
            inside = self._matrix(base.replace(letter, SLOPES[letter], 1), raised)
            return rf"f^{{\prime}}({inside})"
        symbol = f"\\{letter}" if letter in GREEK else rf"\mathbf{{{letter}}}"
        return symbol + scripts("", (f"({layer})" if layer else "") + raised)

    def _error(self, letter: str, index: str, sample: str | None, raised: str) -> str:
        parts = []
        if index in ("total", "data"):
            parts.append(rf"\mathrm{{{index}}}")
        elif index.startswith("batch"):
            parts += [r"\mathrm{batch}", index.removeprefix("batch")]
        elif index:
            parts.append(("o" if letter == "E_o" else "") + index)
        if sample:
            parts.append(f"s{sample}")
        return styled(self.symbols["error"]) + scripts(",".join(parts), raised)

    def _unit(self, letter: str, index: str, sample: str | None, raised: str) -> str:
        pattern = self.symbols[ROLE_OF[letter]]
        numbers = index.split("_")
        layer = ""
        if len(numbers) > 1:
            layer = f"({numbers[0]})"
            numbers = numbers[1:]
        comma = "," if any(len(n) > 1 for n in numbers) else ""
        subscript = comma.join(numbers)
        shown = subscript + (f",s{sample}" if sample else "")
        if "@" in pattern:
            return with_scripts(
                pattern.replace("@", self._board_name(letter, shown)), "", layer + raised
            )
        if "#" in pattern:
            return with_scripts(pattern.replace("#", shown), "", layer + raised)
        return with_scripts(pattern, shown, layer + raised)

    def _board_name(self, letter: str, shown: str) -> str:
        """`h1` or `o1` for the unit whose z is meant."""
        number, comma, rest = shown.partition(",")
        if letter == "z" and number.isdigit():
            hidden = int(number) <= self._widths
            name = f"h{number}" if hidden else f"o{int(number) - self._widths}"
            return name + comma + rest
        return letter + shown


def with_scripts(pattern: str, subscript: str, raised: str) -> str:
    """A symbol with a subscript and a superscript."""
    return styled(pattern) + scripts(subscript, raised)


def scripts(subscript: str, raised: str) -> str:
    """`_5^{+}`, `^{(1)}_{21}`: braces only where TeX needs them."""
    upper = f"^{{{raised}}}" if raised else ""
    lower = ""
    if subscript:
        lower = f"_{subscript}" if len(subscript) == 1 else f"_{{{subscript}}}"
    return upper + lower if raised.startswith("(") else lower + upper


@lru_cache(maxsize=256)
def styled(symbol: str) -> str:
    """Words of two letters and more stand in italics of their own."""
    return WORD.sub(
        lambda found: (
            rf"\mathit{{{found.group()}}}"
            if not _argument(symbol, found.start())
            else found.group()
        ),
        symbol,
    )


def _argument(symbol: str, start: int) -> bool:
    """Whether a word stands inside a style that somebody has chosen."""
    return bool(re.search(r"\\[A-Za-z]+\{[^{}]*$", symbol[:start])) or bool(
        re.search(r"_\{?[^{}]*$", symbol[:start])
    )


@lru_cache(maxsize=1024)
def circuit_name(base: str, raised: str) -> str:
    """A user's own name: `q` as it is, `beta` as a Greek letter, `x1` with an index."""
    stem, *rest = base.split("_")
    found = re.fullmatch(r"([A-Za-z]+?)(\d*)", stem)
    if found is None:
        return rf"\mathit{{{stem}}}" + scripts(",".join(rest), raised)
    letters, digits = found.groups()
    if letters in GREEK:
        head = f"\\{letters}"
    else:
        head = letters if len(letters) == 1 else rf"\mathit{{{letters}}}"
    tail = ",".join(
        part if len(part) == 1 or part.isdigit() else rf"\mathrm{{{part}}}"
        for part in rest
        if part
    )
    index = ",".join(part for part in (digits, tail) if part)
    return head + scripts(index, raised)
