"""Texts that want something else than to be read; and what holds for any text."""

# ruff: noqa: RUF001  signs that look alike are what is tested

import re
import subprocess
import sys
from contextlib import suppress
from fractions import Fraction

import pytest
from exercises import exercise, reading
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import tries
from working import calls

from derive.answers import Unreadable, read

MOST_CALLS = 60_000
"""Of functions for one answer of a thousand characters: well under 50 ms."""
HOSTILE = [
    "__import__('os').system('x')",
    "{{7*7}}",
    "${7*7}",
    r"\input{/etc/passwd}",
    r"\write18{id}",
    "=cmd|' /C calc'!A0",
    "lambda: 1",
    "W5.__class__",
    "(" * 10_000 + ")" * 10_000,
    "(" * 500,
    "9**9**9",
    "1e400",
    "10^(10^10)",
    "((9^99)^99)^99^99",
    "(9^99)^99",
    "-(9^99)^99/3",
    r"\frac{" * 1000,
    r"\frac{" * 160,
    r"\frac{\partial " * 60,
    "\u202e34.0",
    "0.4\0",
    "\ud800",
    "\udfff0.4",
    "0.4 " * 250_000,
    "-" * 1000,
    "^" * 1000,
    "=" * 1000,
    "~" * 1000,
    "{" * 1000,
    "'" * 1000,
    "_" * 1000,
    "1," * 500,
    "W5h1" * 250,
    "W5h1 " * 200,
    "dE/d" * 250,
    "정도" * 500,
    "답 " * 500,
    "answer " * 140,
    "₁" * 1000,
    "½" * 1000,
    "\ufdfa" * 1000,
    "1+" * 500,
    "exp(" * 60 + "9" + ")" * 60,
    "sin(1e60^100)",
    "2^0.5" + "^0.5" * 200,
    "h1^" * 300 + "1",
    "zzzzzz/" * 140,
]


def refused(text):
    """Reading that ends in a reason."""
    with pytest.raises(Unreadable):
        read(text, "W5+", exercise("two-two-two")[1], 8)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_costs_little_and_gives_no_value(text):
    """Counted after a first reading, which compiles patterns and lists names."""
    refused(text)
    assert calls(lambda: refused(text)) < MOST_CALLS


@pytest.mark.parametrize("text", ["0.4*", "(0.4)", r"\frac{1}{2}", "W5h1+", "0.4 ", "sin(1)*"])
def test_twice_the_length_costs_about_twice_the_work(text):
    half = min(450 // len(text), 90)
    refused(text + "#")
    once, twice = (calls(lambda n=n: refused(text * n + "#")) for n in (half, 2 * half))
    assert twice < 2.5 * once + 100


DECIMAL = re.compile(r"\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*", re.ASCII)


def tiny(text):
    """An independent reader of plain decimals; None for anything else."""
    found = DECIMAL.fullmatch(text)
    if found is None or not (found[2] or found[3]) or len(found[4] or "") > 5:
        return None
    digits = Fraction(int(found[2] + (found[3] or "")), 10 ** len(found[3] or ""))
    return digits * Fraction(10) ** int(found[4] or 0) * (-1 if found[1] == "-" else 1)


def outcome(text, asked="dE_total/dW5"):
    """The reading, or the reason why there is none."""
    try:
        return reading(text, asked)
    except Unreadable as error:
        return error.reason


FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters to Unicode, and nothing to the eye."""
KINDS = ("number", "arithmetic", "formula")


@settings(max_examples=tries(250), deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_reason(text):
    found = outcome(text)
    if isinstance(found, str):
        assert found
        return
    if found is None:
        assert not any(c.isalnum() for c in text if c not in FILLERS)
        return
    for member in found.members:
        assert member.kind in KINDS
        if member.kind == "number":
            assert any(c.isdigit() for c in text)


@settings(max_examples=tries(250), deadline=None)
@given(st.text(alphabet="0123456789.eE+- ", max_size=14))
def test_a_plain_decimal_has_the_value_an_independent_reader_gives(text):
    wanted = tiny(text)
    found = outcome(text)
    if isinstance(found, str):
        assert wanted is None or found == "exponent"
    elif found is None:
        assert text.strip(" .") in ("", "-", "--", "---")
    elif wanted is not None:
        assert found.last.kind == "number"
        value = found.last.value
        assert Fraction(int(value.p), int(value.q)) == wanted
    elif found.last.kind == "number":
        bare = re.sub(r"\.+$|(?<=^[+-]) +", "", text.strip())
        assert tiny(bare) == Fraction(int(found.last.value.p), int(found.last.value.q))


REAL = [
    "dE/dW5 = 0.2094 * 0.238 * 0.51998934 = 0.02592286",
    r"$\frac{\partial E_{total}}{\partial W_5} = 2.59 \times 10^{-2}$",
    "(o1-t1)o1(1-o1)h1",
    "약 0.0259 정도입니다. (반올림)",
    "1/(1+e^{-0.44498412})",
    "W₅⁺h₁⁺+W₆⁺h₂⁺",
]


@settings(max_examples=tries(250), deadline=None)
@given(st.sampled_from(REAL), st.data())
def test_a_mutated_answer_is_read_or_refused(text, data):
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        new = data.draw(
            st.sampled_from(["", "0", "{", "}", "\\", "+", "^", "=", " ", "h1", "\u200b"])
        )
        text = text[:place] + new + text[place + data.draw(st.integers(0, 2)) :]
    found = outcome(text, "E_total+")
    assert found is None or found


WATCHED = """
import sys, derive
sys.path.insert(0, {here!r})
from exercises import exercise, reading
from derive.answers import Unreadable
texts = {texts!r}
def all_of():
    for text in texts:
        try:
            reading(text, "W5+")
        except Unreadable:
            pass
    exercise("two-two-two")[1].find("W_5^{{+}}")
all_of()
seen = []
def hook(event, args):
    if event.split(".")[0] in ("exec", "compile", "import", "open", "os", "socket", "subprocess"):
        seen.append((event, str(args)[:80]))
modules = set(sys.modules)
sys.addaudithook(hook)
all_of()
events = list(seen)
print(events, set(sys.modules) - modules)
"""


def test_reading_runs_imports_and_opens_nothing():
    texts = [t for t in HOSTILE if t.isascii() and len(t) < 2000]
    texts += ["0.4", "1/(1+e^{-0.11})", r"\frac{1}{3}", "σ(z3)", "W5-lr*dE/dW5", "tanh(0.5)"]
    code = WATCHED.format(here=str(__file__).rsplit("/", 1)[0], texts=texts)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.stdout.strip() == "[] set()", done.stdout + done.stderr


def test_a_reading_does_not_depend_on_what_was_read_before():
    first = [repr(reading(text, "E_total+")) for text in ("W5h1", "0.4", "w5", "E_{o1}")]
    for text in REAL[1:]:
        with suppress(Unreadable):
            reading(text, "E_total+")
    again = [repr(reading(text, "E_total+")) for text in ("W5h1", "0.4", "w5", "E_{o1}")]
    assert first == again
