"""Variants are those that SECURITY.md describes, written again from that page alone."""

import json

import golden
import pytest
import written_again
from golden import NAMES, SECRET
from sampling import few

import derive
from derive.spec import load, to_plain
from derive.variants import Stream, Variants, draw_numbers

OTHERS = (b"\x00" * 16, b"\xff" * 32, bytes(range(64, 192)))
KEPT = """
title = "두 사람의 망 ½"
inputs = [[0.1, 0.2], [1, 0]]
targets = [[0.4, -2], [0, 1]]
loss = "half_squared_error"
learning_rate = 0.05
[[layers]]
weights = [[0.3, 0], [-0.125, 2]]
biases = [0.1, -3]
[[layers]]
weights = [[0.5, 5], [-0.7, -7]]
[variants]
weights = { from = -0.9, to = 0.9, step = 0.45 }
learning_rate = [0.5, 0.25, 1, 2e-1]
keep = ["biases"]
distance = 3
"""
MANY = """
kind = "circuit"
output = "f"
[values]
{}
[definitions]
f = "v10 + {}"
[variants]
values = [0.5, 0.50001, 3]
""".format("\n".join(f"v{i} = {i - 10}.5" for i in range(10, 18)), " * ".join(
    f"v{i}" for i in range(11, 18)
))  # fmt: skip


def numbers_of(spec, paths):
    plain = golden.read_plain(spec)
    return [written_again.at(plain, path) for path in paths]


def compare(variants, plain, secret, index):
    """The numbers of derive are those of the page; the attempts before them are refused."""
    one = variants.draw(index)
    for attempt in range(one.attempt):
        texts = tuple(written_again.draw(plain, secret, index, attempt).values())
        assert variants.goodness.judge(texts, attempt).flaw is not None
    drawn = written_again.draw(plain, secret, index, one.attempt)
    assert numbers_of(one.spec, drawn) == list(drawn.values())
    assert one.code == written_again.code(plain, secret, index)


QUICK = 3
"""Exercises that are judged in every run."""


@pytest.mark.parametrize("name", few(NAMES, QUICK))
def test_the_page_draws_the_numbers_and_codes_of_derive(name):
    plain = derive.key(name)["spec"]
    for index in (*range(1, 4), 11):
        compare(golden.variants(name), plain, SECRET, index)


@pytest.mark.parametrize("secret", few(OTHERS, 2), ids=len)
@pytest.mark.parametrize("name", few(("circuit", *(n for n in NAMES[:6] if n != "circuit")), 1))
def test_the_page_draws_them_with_any_secret(name, secret):
    variants = Variants(load(name), secret)
    for index in (1, 2, 3, 1000, 10_000_000):
        compare(variants, derive.key(name)["spec"], secret, index)


@pytest.mark.parametrize("text", [KEPT, MANY], ids=["network", "circuit"])
def test_the_page_draws_from_an_authors_ranges(text):
    """Grids and lists, keys that are kept, pools that run dry, a title that is not ASCII."""
    spec = derive.loads(text)
    variants = Variants(spec, SECRET)
    plain = golden.read_plain(spec)
    for index, attempt in ((1, 0), (2, 0), (7, 1999)):
        stream = Stream(SECRET, variants.digest, index, attempt)
        texts = draw_numbers(variants.variation, stream)
        assert list(texts) == list(written_again.draw(plain, SECRET, index, attempt).values())
        assert variants.name_code(index) == written_again.code(plain, SECRET, index)


@pytest.mark.parametrize("name", derive.examples())
def test_the_page_names_the_numbers_that_vary_and_their_choices(name):
    """Of every built-in exercise the places, and the first draw, good or not."""
    spec = load(name)
    variants = Variants(spec, SECRET)
    plain = golden.read_plain(spec)
    drawn = written_again.draw(plain, SECRET, 1, 0)
    assert [number.path for number in variants.variation.numbers] == list(drawn)
    stream = Stream(SECRET, variants.digest, 1, 0)
    assert list(draw_numbers(variants.variation, stream)) == list(drawn.values())


@pytest.mark.parametrize("name", ["two-two-two", "words"])
def test_the_digest_is_that_of_a_keys_spec_without_its_title(name):
    spec = load(name)
    digest = written_again.digest(derive.key(name)["spec"])
    assert Variants(spec, SECRET).digest == digest
    renamed = derive.spec.override(spec, {"title": "Another"})
    assert Variants(renamed, SECRET).digest == digest


@pytest.mark.parametrize("name", NAMES)
def test_the_first_variants_are_those_of_the_golden_file_by_the_page(name):
    plain = golden.read_plain(load(name))
    for index, one in enumerate(golden.read()[name], 1):
        drawn = written_again.draw(plain, SECRET, index, one["attempt"])
        assert list(drawn.values()) == one["numbers"]
        assert written_again.code(plain, SECRET, index) == one["code"]


@pytest.mark.parametrize("name", few(NAMES, QUICK))
def test_the_first_variants_are_those_of_the_golden_file(name):
    assert golden.describe_all(name) == golden.read()[name]


def test_a_variants_spec_has_no_ranges_and_differs_in_what_varies_alone():
    spec = derive.loads(KEPT)
    plain = golden.read_plain(spec)
    made = json.loads(json.dumps(to_plain(Variants(spec, SECRET).draw(1).spec)))
    paths = dict(written_again.list_choices(plain))
    assert "variants" not in made
    del plain["variants"]
    kept = dict(written_again.walk(plain)).items() - dict(written_again.walk(made)).items()
    assert {path for path, _ in kept} <= set(paths)


def test_a_stream_goes_on_over_its_blocks():
    """40 numbers of two bytes each are more than two blocks of 32."""
    ours = Stream(SECRET, "d", 3, 4)
    again = written_again.Bytes(SECRET, "d", 3, 4)
    assert [ours.below(1000) for _ in range(40)] == [again.below(1000) for _ in range(40)]


class Fixed(Stream):
    """A stream of given bytes."""

    def __init__(self, given):
        super().__init__(b"", "", 0, 0)
        self._bytes = bytes(given)


def count_numbers(n):
    """How often each number comes of the bytes that are taken, over all single bytes."""
    counts = dict.fromkeys(range(n), 0)
    for byte in range(256):
        stream = Fixed([byte, 0])
        number = stream.below(n)
        if stream._bytes:  # noqa: SLF001  a 0 that is left tells that none was refused
            counts[number] += 1
    return counts


def test_every_number_below_comes_of_as_many_bytes():
    for n in range(2, 257):
        assert set(count_numbers(n).values()) == {256 // n}


@pytest.mark.parametrize("n", [257, 1000, 32768, 40000, 65535, 65536])
def test_every_number_below_comes_of_as_many_pairs_of_bytes(n):
    """The first pair that is refused is the largest multiple that two bytes hold."""
    most = 65536 // n * n
    assert Fixed(divmod(most - 1, 256)).below(n) == n - 1
    if most < 65536:
        assert Fixed([*divmod(most, 256), 0, 7]).below(n) == 7


def test_one_choice_takes_no_byte():
    stream = Fixed(b"\x05")
    assert stream.below(1) == 0
    assert stream.below(10) == 5
