"""Answers to try on a marker: right, wrong, hostile, broken; the same seed, the same texts."""

# ruff: noqa: RUF001  signs that people type are what is tried here

import re
from random import Random

import derive

PIECES = [
    *"0123456789.,-+*/^_(){}[]=%~ xeE'",
    *"−–×·≈½²⁻₁⁺",
    "\u200b", "\u202e", "\0", "\n", "\ud800", "\u3000", "1_0", "１", "٣",
    "nan", "inf", "1e400", "9**9**9", "((9^99)^99)",
    "**", "10^", "e-", "\\frac{", "\\times", "\\partial ",
    "\\cdot ", "\\,", "$", "W5", "h1", "o1", "t1", "(o1-t1)", "dE/d", "d", "+", "@2", "^{+}",
    " or ", " 또는 ", " 약 ", " 정도", "입니다", "답: ", "answer: ", "(rounded)", "=", "==",
    "<", "±", "0.", "1/0", "!", "__import__('os')", "{{7*7}}", "lambda:", ";",
]  # fmt: skip
WRAPPED = [
    "{}", " {} ", "${}$", "\\boxed{{{}}}", "약 {} 정도입니다.", "답: {}", "answer: {}", "({})",
    "**{}**", "{} (rounded)", "= {}", "≈ {}", "{}.", "`{}`", "\\left({}\\right)", "{} 입니다",
]  # fmt: skip
ALPHABETS = ["0123456789.eE+-,", "0123456789.+-*/^() ", "0123456789.W5hox+*()={}_\\/ ", None]


def spell(number, draw):
    """A printed decimal as somebody might write it."""
    sign = "-" if number.startswith("-") else ""
    bare = number.removeprefix("-")
    if "e" in bare or "." not in bare:
        return number
    whole, _, places = bare.partition(".")
    return sign + draw.choice(
        [
            bare,
            bare,
            bare[: draw.randint(3, len(bare))] if len(bare) > 3 else bare,
            f"{whole},{places}",
            f".{places}" if whole == "0" else bare,
            bare + "0" * draw.randint(1, 4),
            f"{float(bare):.4e}",
            f"{float(bare) * 100:.5f}%",
            f"{float(bare) * 100:.6f} × 10^{{-2}}",
            f"{float(bare) * 1000:.4f}×10⁻³",
            f"{whole}.{places[:3]}_{places[3:]}" if places[3:] else bare,
        ]
    )


def simple(latex):
    """The right side of a record's LaTeX is a name; as a formula it says nothing yet."""
    return re.sub(r"\\mathrm|\\mathit", "", latex)


class Answers:
    """A stream of answers to one exercise."""

    def __init__(self, sheet, seed):
        self.draw = Random(seed)  # noqa: S311  reproducible texts, not secrets
        self.rows = [r for r in derive.key(sheet)["answers"] if r["asked"]]
        self.latex = {r["id"]: r["latex"] for r in derive.key(sheet)["answers"]}
        self.shown = [r["shown"] for r in self.rows]

    def one(self):
        """An asked id and an answer to it."""
        draw = self.draw
        row = draw.choice(self.rows)
        text = self.start(row)
        if draw.random() < 0.6:
            text = draw.choice(WRAPPED).format(text)
        if draw.random() < 0.2:
            text = f"{draw.choice([row['id'], row['latex'], simple(row['latex'])])} = {text}"
        for _ in range(draw.choice((0, 0, 1, 1, 1, 2, 3, 6))):
            text = self.changed(text)
        return row["id"], text

    def start(self, row):
        draw = self.draw
        kind = draw.random()
        if kind < 0.35:
            return spell(row["shown"], draw)
        if kind < 0.5:
            return spell(draw.choice(self.shown), draw)
        if kind < 0.62:
            return row["formula"] or row["shown"]
        if kind < 0.7:
            return self.in_tex(row)
        if kind < 0.78:
            return f"{self.with_numbers(row)} = {spell(row['shown'], draw)}"
        if kind < 0.85:
            return self.with_numbers(row)
        if kind < 0.9:
            return draw.choice(self.rows)["formula"] or "1"
        alphabet = draw.choice(ALPHABETS)
        size = draw.randint(1, 30)
        if alphabet:
            return "".join(draw.choice(alphabet) for _ in range(size))
        return "".join(
            chr(draw.choice((draw.randint(1, 0x250), draw.randint(1, 0x2FFFF))))
            for _ in range(size)
        )

    def in_tex(self, row):
        return re.sub(
            r"\{([^{}]+)\}|\b[A-Za-z]\w*\b",
            lambda m: self.latex.get(m[1] or m[0], m[0]),
            row["formula"] or "1",
        ).replace("*", self.draw.choice([" \\cdot ", " \\times ", "*", " "]))

    def with_numbers(self, row):
        shown = {r["id"]: r["shown"] for r in self.rows}
        return re.sub(
            r"\{([^{}]+)\}|\b[A-Za-z]\w*\b",
            lambda m: f"({shown[m[1] or m[0]]})" if (m[1] or m[0]) in shown else (m[1] or m[0]),
            row["formula"] or row["shown"],
        )

    def changed(self, text):
        """One slip: a piece put in, left out, doubled, swapped, or another answer behind it."""
        draw = self.draw
        place = draw.randint(0, len(text))
        way = draw.random()
        if way < 0.4:
            return text[:place] + draw.choice(PIECES) + text[place:]
        if way < 0.6:
            return text[:place] + text[place + draw.randint(1, 3) :]
        if way < 0.75:
            return text[:place] + draw.choice(PIECES) + text[place + 1 :]
        if way < 0.85:
            return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
        if way < 0.93:
            return (
                text
                + draw.choice([" ", " = ", "*", "+", "-", "", ", "])
                + spell(draw.choice(self.shown), draw)
            )
        return text[:place] + text[max(0, place - 6) :]
