"""Make every file of output/ anew: `python .ci/examples.py output`."""

import sys
from collections.abc import Iterator

from audits import write_audits
from evening import write_class
from published import write

from derive import examples
from derive.cli import main

DECK = "two-two-two"


def commands(folder: str) -> Iterator[list[str]]:
    """The command lines that make the examples; what needs the extra `pdf` comes last."""
    pages = ["--format", "md,tex,html"]
    for name in examples():
        yield ["worksheet", name, *pages, "-o", folder]
    yield ["worksheet", DECK, *pages, "--lang", "ko", "-o", f"{folder}/ko"]
    yield ["worksheet", DECK, "--format", "ipynb", "-o", folder]
    yield ["worksheet", DECK, "--format", "ipynb", "--lang", "ko", "-o", f"{folder}/ko"]
    for lang, place in (("en", folder), ("ko", f"{folder}/ko")):
        yield ["worksheet", DECK, "--format", "html", "--practice", "--lang", lang, "-o", place]
    yield ["slides", DECK, "-o", folder]
    yield ["slides", DECK, "--lang", "ko", "-o", f"{folder}/ko"]
    yield from typeset(folder)


def typeset(folder: str) -> Iterator[list[str]]:
    """Of these, the ones whose bytes also depend on the typesetter's version.

    The Korean ones also on the font: NanumGothic of Debian's package fonts-nanum.
    """
    for name in examples():
        yield ["draw", name, "-o", f"{folder}/{name}/drawing.svg"]
    yield ["draw", DECK, "dE_total/dW1", "-o", f"{folder}/{DECK}/routes.svg"]
    yield ["worksheet", DECK, "--format", "pdf", "-o", folder]
    yield ["worksheet", DECK, "--format", "pdf", "--lang", "ko", "-o", f"{folder}/ko"]


if __name__ == "__main__":
    for command in commands(sys.argv[1]):
        code = main(command)
        if code:
            sys.exit(code)
    write_audits(sys.argv[1])
    write_class(sys.argv[1])
    write(sys.argv[1])
