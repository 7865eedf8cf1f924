"""Writes golden.json anew: the first variants of some exercises; only for a new version."""

import json
from functools import cache
from pathlib import Path

import written_again

from derive.spec import load, to_plain
from derive.variants import Variants

HOME = Path(__file__).parent
SECRET = bytes(range(32))
NAMES = (
    "two-two-two", "circuit", "words", "and-gate", "shared-biases", "softmax", "small-cnn",
)  # fmt: skip
COUNT = 3


@cache
def variants(name, secret=SECRET):
    return Variants(load(name), secret)


@cache
def drawn(name, index):
    return variants(name).draw(index)


def read_plain(spec):
    """What a key says of a spec, as JSON."""
    return json.loads(json.dumps(to_plain(spec)))


def describe(name, index):
    one = drawn(name, index)
    paths = [path for path, _ in written_again.list_choices(read_plain(load(name)))]
    numbers = [written_again.at(read_plain(one.spec), path) for path in paths]
    return {"code": one.code, "attempt": one.attempt, "numbers": numbers}


def describe_all(name):
    return [describe(name, index) for index in range(1, COUNT + 1)]


def read():
    return json.loads((HOME / "golden.json").read_text("utf-8"))


if __name__ == "__main__":
    lines = (f"{json.dumps(name)}: {json.dumps(describe_all(name))}" for name in NAMES)
    (HOME / "golden.json").write_text("{" + ",\n ".join(lines) + "}\n", "utf-8")
