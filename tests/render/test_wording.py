"""Words: every key is there, every slot is known, in every language."""

import re
from pathlib import Path

import pytest

import derive
from derive.errors import InternalError, SpecError
from derive.ops import ACTIVATIONS, FUNCTIONS
from derive.render import escape
from derive.render.wording import SLOT, agree, languages, list_ones, sentence, wording

SOURCE = Path(derive.__file__).parent
USED = {
    f"{family}.{key}"
    for path in (SOURCE / "pages").glob("*.py")
    for family, pattern in (
        ("say", r'self\.say\(\s*"(\w+)"'),
        ("heading", r'self\.(?:heading|under)\("(\w+)"'),
    )
    for key in re.findall(pattern, path.read_text("utf-8"))
} | {
    key
    for path in SOURCE.rglob("*.py")
    for key in re.findall(
        r'"((?:say|given|column|note|remark|term|form)\.\w+)"', path.read_text("utf-8")
    )
}

TEXT_SLOTS = {
    "number",
    "minutes",
    "decimals",
    "sizes",
    "count",
    "sample",
    "right",
    "asked",
    "activation",
    "type",
}
"""Slots that hold digits or words; every other one holds a formula."""
PROPER_NAMES = {"ReLU", "PReLU", "SymPy", "PyTorch", "tanh", "max", "min", "d", "dE_total/dW5"}
PROPER_NAMES |= {"Enter", "e", "derive", "check", "answers", "toml", "plot", "training", "SPEC"}
PROPER_NAMES |= {"pip", "install", "torch", "numpy", "sympy", "None"}
PROPER_NAMES |= {"h", "h/2", "1/h", "/h", "/6", "float64"}
PROPER_NAMES |= {"ELU", "SiLU", "GELU", "cosh", "NumPy", "i", "j", "/2", "/4"}
PROPER_NAMES |= {"ELU", "SiLU", "GELU", "cosh", "NumPy", "i", "j"}
PROPER_NAMES |= {"RMSprop", "Adam", "AdamW", "t", "RNN", "LSTM", "GRU", "RMS", "r", "u", "f", "o"}
"""Of functions and programs, keys of a keyboard, what is typed as it stands."""


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", sorted(USED))
def test_every_key_of_the_program_has_its_sentence(language, key):
    assert isinstance(sentence(language, key), str)


@pytest.mark.parametrize("language", languages())
def test_every_activation_rule_and_slope_has_its_words(language):
    for name in ACTIVATIONS:
        assert sentence(language, f"activation.{name}")
    for row in FUNCTIONS.values():
        for line in row.proof:
            assert sentence(language, f"rule.{line.rule}")
        if row.name not in ("exp", "log", "ln"):
            assert sentence(language, f"rule.slope_{row.name}")


@pytest.mark.parametrize("language", languages())
def test_languages_agree_in_keys_and_slots(language):
    english = wording("en")
    other = wording(language)
    assert set(other) == set(english)
    for key, text in english.items():
        assert set(SLOT.findall(other[key])) == set(SLOT.findall(text)), key


@pytest.mark.parametrize("language", languages())
def test_every_built_in_exercise_has_its_title(language):
    for name in derive.examples():
        assert f"title.{derive.load(name).title}" in wording(language)


@pytest.mark.parametrize("language", languages())
def test_a_formula_stands_apart_from_letters(language):
    """GitHub takes `$x$` for a formula only between spaces and punctuation."""
    for key, text in wording(language).items():
        for slot in SLOT.finditer(text):
            if slot.group(1) not in TEXT_SLOTS:
                before, after = text[: slot.start()], text[slot.end() :]
                assert re.search(r"(^|\s)$", before), key
                assert re.match(r"[.,:;]?(\s|$)", after), key


def test_korean_puts_no_particle_that_depends_on_the_sound_behind_a_slot():
    for key, text in wording("ko").items():
        assert not re.search(r"\}\s?(은|는|이|가|을|를|과|와|로|으로)(\W|$)", text), key


@pytest.mark.parametrize("language", languages())
def test_every_sign_of_a_sentence_has_a_glyph_in_tex(language):
    for key, text in wording(language).items():
        assert "U+" not in escape.tex(text), key


@pytest.mark.parametrize(
    ("slots", "text"),
    [
        ({"count": "1"}, "1 sample of a"),
        ({"count": "2"}, "2 samples of a"),
        ({"count": "10", "a": "1"}, "10 samples of a"),
    ],
)
def test_a_noun_agrees_with_the_number_before_it(slots, text):
    said = agree("{count} {count:sample|samples} of a", list_ones(slots))
    assert said.replace("{count}", slots["count"]) == text


def test_no_noun_stands_in_the_plural_behind_a_slot_that_may_hold_one():
    """What a slot counts agrees with it; those listed here always hold more than one."""
    several = re.compile(r"\{(?:count|number|decimals|places)\} (?!\{)[a-z]+s\b")
    more = {
        "say.chain_routes",
        "say.routes",
        "say.input_routes",
        "say.chain_coupled",
        "say.chain_coupled_alone",
    }
    more |= {"say.signal_coupled", "say.signal_coupled_alone", "say.shared", "say.vanishing"}
    more |= {"say.undecided", "training.many", "say.contradiction_left_out", "say.uses"}
    assert {key for key, text in wording("en").items() if several.search(text)} <= more


def test_korean_sentences_hold_no_english():
    for key, text in wording("ko").items():
        if not key.startswith("title."):
            words = set(re.findall(r"[A-Za-z_/]+\d*", SLOT.sub("", text)))
            assert words <= PROPER_NAMES, key


def test_there_is_no_sentence_that_nobody_says():
    said = "".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    for key in wording("en"):
        family, _, name = key.partition(".")
        if family in ("say", "note", "remark", "given", "term", "heading", "layer"):
            stem = re.sub(r"_(flat|indexed|mean|sum|lower|higher|equal|unseen|of)$", "", name)
            assert name in said or stem in said, key


def test_an_unknown_language_is_the_authors_and_a_missing_sentence_ours():
    with pytest.raises(SpecError, match="no words for it"):
        wording("xx")
    with pytest.raises(InternalError, match=r"say\.nothing_of_the_kind"):
        sentence("en", "say.nothing_of_the_kind")
