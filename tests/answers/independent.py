"""A second reader of answers, sharing no code with derive: what a text could honestly mean.

It is generous: it gives every value that a text may stand for, by each
convention for commas, for `W5+` and for products without a sign, and it takes
for granted that the last member of a chain counts. So it cannot tell what an
answer must be read as; but a verdict `correct` on a text that by no convention
has the right value is a fault.
"""

# ruff: noqa: RUF001  signs that people type are what is read here

import math
import re
import unicodedata
from fractions import Fraction
from itertools import product

FUNCTIONS = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "sigma": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "exp": math.exp,
    "ln": math.log,
    "log": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "abs": abs,
    "relu": lambda z: max(z, 0),
}
ALIASES = {
    "learning_rate": ("alpha", "eta", "lr", "learningrate"),
    "E_total": ("E", "Etotal", "Etot"),
}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", "0123456789+-()", strict=True))
SIGNS = (
    dict.fromkeys("−‐‑‒–—―", "-")
    | dict.fromkeys("×·⋅∙•∗✕✖⨯", "*")
    | dict.fromkeys("÷∕⁄", "/")
    | dict.fromkeys("≈≒≅≃≐⇒∴", "=")
    | {"σ": " sigma ", "α": " alpha ", "η": " eta ", "∂": " d ", "’": "'", "′": "'"}
)
DROPPED = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle|textstyle|limits|q?quad)(?![A-Za-z])\.?"
    r"|\\(?:[!,;:\[\]()]|\s)|[$`&\u200b\ufeff]|\*\*(?=[^*]*\*\*$)|^\*\*"
)
STYLE = re.compile(
    r"\\(?:mathrm|mathit|mathbf|mathcal|mathsf|operatorname|textit|textrm|text|rm|boxed|fbox)"
    r"(?![A-Za-z])"
)
NUMBER = re.compile(r"(\d[\d_]*(?:[.,][\d_,]*)?|[.,]\d[\d_]*)(?:[eE]([+-]?\d+))?", re.ASCII)
DEPTH = 80


class UnreadError(Exception):
    """No meaning was found."""


def plain(text):
    """One line of ASCII where possible: signs, scripts, marks of TeX made uniform."""
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾]+", lambda m: "^{" + "".join(map(RAISED.get, m[0])) + "}", text)
    text = re.sub("[₀-₉]", lambda m: unicodedata.normalize("NFKC", m[0]), text)
    text = re.sub(r"(?<=\d)(?:[\u2009\u202f]|\\,)(?=\d)", "_", text)
    text = "".join(
        f"({unicodedata.normalize('NFKC', c)})" if unicodedata.category(c) == "No" else c
        for c in text
        if c not in "\u2009\u202f"
    )
    for _ in range(2):
        text = "".join(SIGNS.get(c, c) for c in unicodedata.normalize("NFKC", text))
    text = DROPPED.sub(" ", text.replace("\\\\", "\\"))
    text = STYLE.sub(" ", text).replace("\\%", "%").replace("{,}", ",")
    text = re.sub(r"\\(?:times|cdot|ast)(?![A-Za-z])", "*", text)
    text = re.sub(r"\\div(?![A-Za-z])", "/", text)
    text = re.sub(r"\\(?:approx|simeq|cong|doteq|sim|Rightarrow|therefore)(?![A-Za-z])", "=", text)
    text = re.sub(r"\\partial(?![A-Za-z])", " d ", text)
    text = re.sub(r"\\[dt]?frac(?![A-Za-z])\s*", " @", text)
    return re.sub(r"\\([A-Za-z]+)", r" \1 ", text)


def members(text):
    """What may be meant: the last member of a chain, without the words around it."""
    last = re.split(r":=|=>|==|=|≈|~", plain(text))[-1].strip(" *")
    found = {last, last.rpartition(":")[2]}
    if "boxed" in text:
        found.add(re.sub("[{}]", "", last))
    for _ in range(3):
        found |= {less for part in found for less in shorter(part)}
    stripped = {re.sub(r"[\s.?,\"']+$|^[\s\"':]+", "", part) for part in found}
    found |= {part.removesuffix("}") for part in stripped}
    return {part.strip("* ") for part in found | stripped if part.strip("* ")}


def shorter(part):
    """A text without a word in front, a remark or a word behind."""
    yield re.sub(r"[가-힣\s.,?]+$", "", part)
    yield re.sub(r"\([^()]*\)\s*$", "", part)
    yield re.sub(r"^[가-힣\s]+", "", part)
    yield re.sub(r"^\W*\s*(?:the\s+)?[A-Za-z]+(?:\.?\s+(?:is\s+)?|(?=\.\d))", "", part)
    yield re.sub(r"^\s*.{1,40}?(?:은|는|\bis)\s", "", part)


def decimals(text):
    """Value and unit of a text that is one decimal, by each convention; none otherwise."""
    text = text.strip()
    while text[:1] in ("(", "[", "{") and text[-1:] in (")", "]", "}"):
        text = text[1:-1].strip()
    scale = Fraction(1)
    if text.endswith("%"):
        text, scale = text[:-1].rstrip(), Fraction(1, 100)
    text = " ".join(text.split())
    power = re.fullmatch(
        r"(.*?)\s*[*xX]?\s*10\s*(?:\^|\*\*)\s*[({]?\s*([+-]?\s*\d{1,4})\s*[)}]?", text
    )
    for body, exponent in [(text, "0")] + ([power.groups()] if power else []):
        found = re.fullmatch(r"([+-]?)\s*(.*?)(?: ?[eE]([+-]?\d{1,9}))?", body.strip())
        sign, digits, tens = found.groups()
        shift = int(exponent.replace(" ", "")) + int(tens or 0)
        if abs(shift) > 200:
            continue
        if re.fullmatch(r"\d{1,3}(?: \d{3})*(?:[.,](?:\d{3} )*\d{1,3})?", digits):
            digits = digits.replace(" ", "")
        bare = digits.replace("_", "").replace("'", "").rstrip(".")
        for form in {bare, bare.replace(",", "."), bare.replace(",", "")}:
            if re.fullmatch(r"\d+(?:\.\d*)?|\.\d+", form, re.ASCII):
                places = len(form.partition(".")[2])
                unit = Fraction(10) ** (shift - places) * scale
                value = Fraction(form.rstrip(".")) * Fraction(10) ** shift * scale
                yield (-value if sign == "-" else value), unit


UNIT_ERROR = re.compile(r"(?<![A-Za-ce-z_])E_o(\d+)(?![\d_])")


class Names:
    """The ids of an exercise in the spellings that the generator of answers uses."""

    def __init__(self, ids):
        fixed = {name for name in ids if name + "+" not in ids and not re.search("[+@/]", name)}
        found = [
            (self.pattern(spelling, constant=constant), name)
            for name in ids
            for spelling in self.spellings(name)
            for constant in {False, name in fixed}
        ]
        found.sort(key=lambda row: -len(row[0]))
        self.compiled = [(re.compile(text, re.ASCII | re.IGNORECASE), n) for text, n in found]

    @staticmethod
    def spellings(name):
        yield name
        bare, plus = name.removesuffix("+"), name.endswith("+") * "+"
        for other in ALIASES.get(bare, ()):
            yield other + plus
        if "/" in name and "E_total" in name:
            yield name.replace("E_total", "E")
            yield name.replace("E_total", "E_tot")
        if UNIT_ERROR.search(name):
            yield UNIT_ERROR.sub(r"E_\1", name)

    @staticmethod
    def pattern(name, *, constant=False):
        local = "|local" in name
        name = name.replace("|local", "")
        base, at, count = name.partition("@")
        plus = base.endswith("+")
        base = base.removesuffix("+")
        gap = r"[\s{}_^()'\\\[\],]*"

        def quantity(text):
            return gap.join(re.findall(r"[A-Za-z]|\d+", text))

        mark = ""
        if plus or at or constant:
            raised = rf"\+|\[\s*0*{count or 1}\s*\]|@0*{count or 1}"
            mark = rf"[\s_}}]*\^?\s*\{{?\s*\}}?(?:{raised})\s*\}}?\s*\}}?_?"
        if "/" in base:
            top, low = (quantity(part[1:]) for part in base.split("/"))
            some = f"(?:{mark})?" if mark else ""
            core = (
                rf"(?:@{gap}d{gap}{top}{some}{gap}d{gap}{low}{some}(?:[\s}}]*\^\{{\s*\}})?[\s}}_]*"
            )
            core += rf"|\{{?d\s*{top}_?\s*/\s*d\s*{low}_?\}}?{mark})"
        else:
            core = rf"\{{?\s*{quantity(base)}\s*_?(?:\}}_)?" + mark
        if local:
            core += r"[\s|_{}]*local[\s{}]*"
        return core

    def at(self, text, position):
        """Every known name that may start here, with where it ends."""
        for pattern, name in self.compiled:
            found = pattern.match(text, position)
            end = found.end() if found else -1
            closed = found[0].count("{") - found[0].count("}") if found else 0
            while closed > 0 and text[end : end + 1] == "}":
                end, closed = end + 1, closed - 1
            while found and end > position:
                yield name, end
                end = end - 1 if text[end - 1] == "}" else -1


class Evaluator:
    """All values of a text at some points at once, each a list of floats, with their ends.

    `tight`: a product without a sign binds closer than `/`. Every rule is
    tried once at each place.
    """

    MOST = 400

    def __init__(self, text, names, points, *, tight):
        self.text, self.names, self.points, self.tight = text, names, points, tight
        self.known = {}
        self.depth = 0

    def values(self):
        for value, end in self.found(self.sum, 0):
            if not self.text[end:].strip(" .,}"):
                yield value

    def found(self, rule, position):
        key = (rule.__name__, position)
        if key not in self.known:
            self.depth += 1
            if self.depth > DEPTH:
                raise UnreadError
            self.known[key] = []
            alike = {}
            for value, end in rule(position):
                if None not in value:
                    alike.setdefault((tuple(f"{v:.9e}" for v in value), end), (value, end))
                if len(alike) > self.MOST:
                    break
            self.known[key] = list(alike.values())
            self.depth -= 1
        return self.known[key]

    def skip(self, position):
        while self.text[position : position + 1].isspace():
            position += 1
        return position

    def sum(self, position):
        return self.joined(self.product, self.product, ("+", "-"), position)

    def product(self, position):
        return self.joined(self.signed, self.operand, ("*", "/", "x", "X", ""), position)

    def joined(self, first, rest, signs, position):
        """A chain of parts from left to right."""
        waiting = list(self.found(first, position))
        seen = set()
        while waiting:
            value, end = waiting.pop()
            if (tuple(value), end) in seen or len(seen) > self.MOST:
                continue
            seen.add((tuple(value), end))
            yield value, end
            here = self.skip(end)
            sign = self.text[here : here + 1]
            if sign and sign in signs:
                for other, stop in self.found(rest, here + 1):
                    waiting.append((combined(value, other, sign.lower()), stop))
            if "" in signs and sign not in ("+", "-", "*", "/", ""):
                for other, stop in self.found(self.power, here):
                    waiting.append((combined(value, other, "*"), stop))
            waiting = [(v, e) for v, e in waiting if None not in v]

    def operand(self, position):
        """A factor behind `*` or `/`; in the tight convention with what is glued to it."""
        yield from self.found(self.signed, position)
        if self.tight:
            yield from self.joined(self.signed, self.power, ("",), position)

    def signed(self, position):
        here = self.skip(position)
        sign = self.text[here : here + 1]
        if sign and sign in "+-":
            for value, end in self.found(self.signed, here + 1):
                yield ([-v for v in value] if sign == "-" else value), end
        else:
            yield from self.found(self.power, here)

    def power(self, position):
        for value, end in self.found(self.atom, self.skip(position)):
            mark = re.compile(r"\s*(?:\^|\*\*)").match(self.text, end)
            if mark:
                for other, stop in self.found(self.signed, mark.end()):
                    yield combined(value, other, "^"), stop
            percent = re.compile(r"\s*%").match(self.text, end)
            if percent:
                yield [v / 100 for v in value], percent.end()
            yield value, end

    def atom(self, position):
        text = self.text
        if text[position : position + 1] == "@":
            yield from self.fraction(position)
        for name, end in self.names.at(text, position):
            if all(name in point for point in self.points):
                yield [point[name] for point in self.points], end
        yield from self.call(position)
        yield from self.numbers(position)
        closing = {"(": ")", "[": "]", "{": "}"}.get(text[position : position + 1])
        for value, end in self.found(self.sum, position + 1) if closing else ():
            here = self.skip(end)
            if text[here : here + 1] == closing:
                yield value, here + 1

    def numbers(self, position):
        found = NUMBER.match(self.text, position)
        if found is None:
            return
        bare = found[1].replace("_", "")
        for form in (bare.replace(",", "."), bare.replace(",", "")):
            if re.fullmatch(r"\d+\.?\d*|\.\d+", form) and len(found[2] or "") < 5:
                value = float(f"{form}e{found[2] or 0}")
                yield [value] * len(self.points), found.end()

    def fraction(self, position):
        for top, end in self.found(self.part, self.skip(position + 1)):
            for low, stop in self.found(self.part, self.skip(end)):
                yield combined(top, low, "/"), stop

    def part(self, position):
        if self.text[position : position + 1].isdigit():
            yield [float(self.text[position])] * len(self.points), position + 1
        else:
            yield from self.found(self.atom, position)

    def call(self, position):
        pattern = re.compile(r"\{?\s*([A-Za-z]+)\}?\s*(?=[({\[^*])", re.ASCII)
        found = pattern.match(self.text, position)
        word = found[1].lower() if found else ""
        if word == "e":
            yield [math.e] * len(self.points), found.end()
        for value, end in self.found(self.atom, found.end()) if word in FUNCTIONS else ():
            yield [tried(FUNCTIONS[word], v) for v in value], end


def combined(left, right, sign):
    """Two values joined at every point; None where that has no value."""
    work = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "x": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "^": lambda a, b: a**b,
    }[sign]
    return [tried(work, a, b) for a, b in zip(left, right, strict=True)]


def tried(work, *values):
    try:
        found = work(*values)
    except (ArithmeticError, ValueError):
        return None
    return None if isinstance(found, complex) else found


def meanings(text, names, points):
    """Every list of values, one for each point, that some reading as more than a decimal gives."""
    open_to_doubt = [part for part in members(text) if not any(decimals(part))]
    for part, tight in product(open_to_doubt, (False, True)):
        try:
            yield from Evaluator(part, names, points, tight=tight).values()
        except (UnreadError, RecursionError, OverflowError):
            continue
