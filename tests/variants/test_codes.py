"""Codes: no two are equal, a mistyped one is refused, people may type them as they like."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling import few

from derive.variants.codes import (
    LETTERS,
    add_check,
    find_nearest_code,
    make_code,
    read_code,
)

SECRET = bytes(range(32))
CODES = [make_code(SECRET, "digest", index) for index in (0, 1, 2, 77, 10_000_000, 2**35 - 1)]
LAST = 2**35


def test_the_letters_have_no_look_alikes():
    assert len(set(LETTERS)) == 32
    assert not set("01IO") & set(LETTERS)
    assert [*LETTERS] == sorted(LETTERS)


@pytest.mark.parametrize("code", CODES)
def test_every_single_mistyped_letter_is_refused(code):
    for place, right in enumerate(code):
        for letter in LETTERS:
            typed = code[:place] + letter + code[place + 1 :]
            assert read_code(typed) == (code if letter == right else None)


@pytest.mark.parametrize("code", [*CODES, *(add_check(a * 6 + b) for a, b in ("2Z", "Q7"))])
def test_every_swap_of_neighbours_is_refused(code):
    for place, (one, other) in enumerate(pairwise(code)):
        typed = code[:place] + other + one + code[place + 2 :]
        assert read_code(typed) == (code if one == other else None)


def test_every_pair_of_letters_swapped_at_every_place_is_refused():
    """Over all pairs, whatever stands around them."""
    for one in LETTERS:
        for other in LETTERS.replace(one, ""):
            for place in range(7):
                letters = ["M"] * 7
                letters[place : place + 2] = [one, other][: 7 - place]
                code = add_check("".join(letters))
                swapped = [*code]
                swapped[place], swapped[place + 1] = code[place + 1], code[place]
                same = code[place] == code[place + 1]
                assert (read_code("".join(swapped)) is None) is not same


@pytest.mark.parametrize("count", few([20_000, 200_000], 1))
def test_no_two_variants_have_the_same_code(count):
    assert len({make_code(SECRET, "digest", index) for index in range(1, count + 1)}) == count


@given(st.integers(0, LAST - 1), st.binary(min_size=16, max_size=64))
def test_every_code_is_read_as_it_is_made(index, secret):
    code = make_code(secret, "digest", index)
    assert len(code) == 8
    assert read_code(code) == code


@given(st.integers(0, LAST - 1), st.integers(0, LAST - 1))
def test_two_indices_never_have_one_code(one, other):
    assert (make_code(SECRET, "d", one) == make_code(SECRET, "d", other)) is (one == other)


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda code: f"  {code}\t",
        lambda code: f"{code[:4]}-{code[4:]}",
        lambda code: f"{code[:4]} {code[4:]}",
        "-".join,
        "\u2013".join,
        "\u2212".join,
        "\N{NO-BREAK SPACE}".join,
        "\r\n".join,
        lambda code: "".join(chr(ord(letter) + 0xFEE0) for letter in code),
    ],
    ids=[
        "small",
        "blanks",
        "dash",
        "blank inside",
        "dashes",
        "en dashes",
        "minus signs",
        "no breaks",
        "lines",
        "full width",
    ],
)
@pytest.mark.parametrize("code", CODES)
def test_a_code_may_be_typed_in_many_ways(code, write):
    assert read_code(write(code)) == code


@pytest.mark.parametrize("text", ["", "2", "22222222"[:7], CODES[0] + "2", "0" * 8, "I" * 8, "é"])
def test_what_is_no_code_is_none(text):
    assert read_code(text) is None


@given(st.text())
def test_no_text_makes_reading_fail(text):
    code = read_code(text)
    assert code is None or read_code(code) == code


@pytest.mark.parametrize("code", CODES)
def test_the_nearest_code_is_the_one_with_one_letter_mistyped(code):
    for place in range(8):
        typed = code[:place] + ("2" if code[place] != "2" else "3") + code[place + 1 :]
        assert find_nearest_code(typed.lower(), CODES) == code


def test_no_code_is_near_to_something_else():
    assert find_nearest_code("something", CODES) is None


def test_another_secret_or_digest_gives_other_codes():
    made = {make_code(secret, digest, 1) for secret in (b"a", b"b") for digest in ("c", "d")}
    assert len(made) == 4


def test_codes_of_neighbours_agree_in_no_more_letters_than_chance():
    """Of 7 letters in 32 about 0.22 are equal; with this secret it is so."""
    codes = [make_code(SECRET, "digest", index) for index in range(2001)]
    same = sum(a == b for one, other in pairwise(codes) for a, b in zip(one, other, strict=True))
    assert 8 / 32 - 0.05 < same / 2000 < 8 / 32 + 0.05
