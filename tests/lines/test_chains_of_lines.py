"""Chains of equals signs in a text: where they begin, where they part, what is no part."""

# ruff: noqa: RUF001  signs that people type are what is read here

import pytest

from derive.lines import list_chains

NAMES = {*"abcfqxyzE", "z1", "z2", "h1", "o1", "o2", "W5", "sigmoid", "학습률"}


def read(text):
    """Every chain with the number of its line in front."""
    lines = enumerate(text.split("\n"), 1)
    return [f"{chain.line}: {chain.text}" for chain in list_chains(lines, NAMES.__contains__)]


def chains(*cases):
    return pytest.mark.parametrize(("text", "expected"), cases)


@chains(
    ("a = 1", ["1: a = 1"]),
    ("a=b=c", ["1: a = b = c"]),
    ("a ≈ 1", ["1: a ≈ 1"]),
    ("a := 1", ["1: a := 1"]),
    (r"a \approx 1", [r"1: a \approx 1"]),
    (r"a \coloneqq b \simeq 1", [r"1: a \coloneqq b \simeq 1"]),
    ("a == 1", ["1: a == 1"]),
    ("a ＝ 1", ["1: a ＝ 1"]),
    ("a ~= 1", ["1: a ~= 1"]),
)
def test_signs_of_relation_join_members(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text", ["a <= 1", "a >= 1", "a != 1", "a ≠ 1", "a < 1", r"a \le 1", r"a \neq 1", "a ∝ 1"]
)
def test_an_inequality_is_no_chain(text):
    assert read(text) == []


@chains(
    ("a = 1 ≠ 2", ["1: a = 1 ≠ 2"]),
    ("x <= 2 = 2", ["1: x <= 2 = 2"]),
    ("a = 1 != 2", ["1: a = 1 != 2"]),
)
def test_an_inequality_stays_inside_its_member(text, expected):
    assert read(text) == expected


@chains(
    ("a = 1\n= 2", ["1: a = 1 = 2"]),
    ("a\n= 1\n= 2", ["1: a = 1 = 2"]),
    ("a =\n1 =\n2", ["1: a = 1 = 2"]),
    ("a = 1\n≈ 2", ["1: a = 1 ≈ 2"]),
    ("a = 1 +\n2", ["1: a = 1 + 2"]),
    ("a = 3\n× 4", ["1: a = 3 × 4"]),
    ("a = 3\n\\cdot 4 = 12", ["1: a = 3 \\cdot 4 = 12"]),
    ("a = 1\n+ 0.5 = 1.5", ["1: a = 1 + 0.5 = 1.5"]),
    ("a = b\n+ c = 2", ["1: a = b + c = 2"]),
    ("a = 1\n+ 2 = 3", ["1: a = 1 + 2 = 3"]),
    ("a = 3\n- 2 = 1", ["1: a = 3 - 2 = 1"]),
    ("a = (1 +\n2) = 3", ["1: a = (1 + 2) = 3"]),
)
def test_a_sign_at_an_end_of_a_line_joins_two_lines(text, expected):
    assert read(text) == expected


@chains(
    ("a = 1\n\n= 2", ["1: a = 1 = 2"]),
    ("\n\na = 1\n\nb = 2\n", ["3: a = 1", "5: b = 2"]),
    ("a\n\n\n= 1", ["1: a = 1"]),
    ("x\ny\nb =\n\n\n2\nc = 3", ["3: b = 2", "7: c = 3"]),
    ("= 3", ["1: = 3"]),
    ("a = 1 =", ["1: a = 1 ="]),
)
def test_lines_are_counted_where_a_chain_begins(text, expected):
    assert read(text) == expected


@chains(
    ("---\na = 1", ["2: a = 1"]),
    ("-----\n3 * 4 = 12", ["2: 3 * 4 = 12"]),
    ("a = 1\n---\nb = 2", ["1: a = 1", "3: b = 2"]),
    ("Title -\na = 1", ["2: a = 1"]),
)
def test_a_rule_of_hyphens_joins_nothing(text, expected):
    assert read(text) == expected


@chains(
    ("___\na = 1", ["2: a = 1"]),
    ("* * *\na = 1", ["2: a = 1"]),
    ("***\na = 1", ["2: a = 1"]),
    ("Title\n===\na = 1", ["3: a = 1"]),
)
def test_other_rules_of_markdown_join_nothing(text, expected):
    assert read(text)[-1:] == expected


@chains(
    ("a = 1; b = 2", ["1: a = 1", "1: b = 2"]),
    ("a = 1；b = 2", ["1: a = 1", "1: b = 2"]),
    ("a = 1 ⇒ b = 2", ["1: a = 1", "1: b = 2"]),
    ("a = 1 => b = 2", ["1: a = 1", "1: b = 2"]),
    ("a = 1 ==> b = 2", ["1: a = 1", "1: b = 2"]),
    ("a = 1 -> b = 2", ["1: a = 1", "1: b = 2"]),
    (r"a = 1 \Rightarrow b = 2", ["1: a = 1", "1: b = 2"]),
    (r"a = 1 \implies b = 2 \to c = 3", ["1: a = 1", "1: b = 2", "1: c = 3"]),
    ("a = 1 ∴ b = 2", ["1: a = 1", "1: b = 2"]),
    ("a = 1 ⇒\nb = 2", ["1: a = 1", "2: b = 2"]),
    (r"a = 1 \qquad b = 2", ["1: a = 1", "1: b = 2"]),
    ("a=1;\n=2", ["1: a = 1 = 2"]),
)
def test_signs_of_consequence_part_chains(text, expected):
    assert read(text) == expected


@chains(
    ("a = 1, b = 2", ["1: a = 1", "1: b = 2"]),
    ("a=1,b=2", ["1: a = 1", "1: b = 2"]),
    ("a = 1，b = 2", ["1: a = 1", "1: b = 2"]),
    ("a = 0,5, b = 1,5", ["1: a = 0,5", "1: b = 1,5"]),
    ("a = 1,5 + 2", ["1: a = 1,5 + 2"]),
    ("a = 1. Then b = 2.", ["1: a = 1", "1: b = 2"]),
    ("a = min(x,y) = 1", ["1: a = min(x,y) = 1"]),
    ("a = max(x, y) = 1", ["1: a = max(x, y) = 1"]),
    ("max(x, y) = 1", ["1: max(x, y) = 1"]),
    ("a = max(x, y)", ["1: a = max(x, y)"]),
    ("a = 1. b = 2", ["1: a = 1", "1: b = 2"]),
)
def test_a_comma_or_a_full_stop_parts_two_chains(text, expected):
    assert read(text) == expected


@chains(
    ("a = 1\tb = 2", ["1: a = 1", "1: b = 2"]),
)
def test_a_blank_between_a_number_and_a_name_parts_two_chains(text, expected):
    assert read(text) == expected


@chains(
    ("\\begin{align}\na &= 1 \\\\\n  &= 2\n\\end{align}", ["2: a = 1 = 2"]),
    ("\\begin{aligned}a &= 1 \\\\ b &= 2\\end{aligned}", ["1: a = 1", "1: b = 2"]),
    (r"\[ a = 1 \]", ["1: a = 1"]),
    ("$$\na = 1\n$$", ["2: a = 1"]),
    ("\\begin{equation}\\label{e:1}\na = 1 \\tag{1}\n\\end{equation}", ["2: a = 1"]),
    (r"a = 1 \\[2pt] b = 2 \nonumber", ["1: a = 1", "1: b = 2"]),
    (r"\begin{split} a &= b \\ &= c \end{split}", ["1: a = b = c"]),
    ("\\\\begin{aligned} a &= 1 \\\\end{aligned}", ["1: a = 1"]),
    (r"\begin{cases} a = 1 \\ b = 2 \end{cases}", ["1: a = 1", "1: b = 2"]),
)
def test_environments_are_only_a_frame(text, expected):
    assert read(text) == expected


@chains(
    ("$a = 1$ and $b = 2$", ["1: a = 1", "1: b = 2"]),
    ("$a$ = $1$", ["1: a = 1"]),
    ("$a = 1$ $= 2$", ["1: a = 1 = 2"]),
    ("$$a = 1$$ $$b = 2$$", ["1: a = 1", "1: b = 2"]),
    (r"\(a = 1\) so \(b = 2\)", ["1: a = 1", "1: b = 2"]),
    ("the price is $ 5", []),
    ("a = $1", ["1: a = 1"]),
)
def test_formulas_between_dollars_are_chains_of_their_own(text, expected):
    assert read(text) == expected


@chains(
    ("- a = 1", ["1: a = 1"]),
    ("* a = 1", ["1: a = 1"]),
    ("+ a = 1", ["1: a = 1"]),
    ("• a = 1", ["1: a = 1"]),
    ("1. a = 1", ["1: a = 1"]),
    ("2) a = 1", ["1: a = 1"]),
    ("(3) a = 1", ["1: a = 1"]),
    ("> a = 1", ["1: a = 1"]),
    ("> - a = 1", ["1: a = 1"]),
    ("## 3. a = 1", ["1: a = 1"]),
    ("-1 + 2 = 1", ["1: -1 + 2 = 1"]),
    ("a) x = 1", ["1: x = 1"]),
    ("Step 2. x = 1", ["1: x = 1"]),
    ("ㄱ. x = 1", ["1: x = 1"]),
    ("① x = 1", ["1: x = 1"]),
    ("(3) (-4) = -12", ["1: (3) (-4) = -12"]),
    ("(5) - (2) = 3", ["1: (5) - (2) = 3"]),
)
def test_bullets_are_no_part_of_a_chain(text, expected):
    assert read(text) == expected


@chains(
    ("**a = 1**", ["1: a = 1"]),
    ("**a** = **1**", ["1: a = 1"]),
    ("__a = 1__", ["1: a = 1"]),
    ("a = **1**, **b = 2**", ["1: a = 1", "1: b = 2"]),
    ("a = 2**3 = 8", ["1: a = 2**3 = 8"]),
    ("a = x**2 + y**2", ["1: a = x**2 + y**2"]),
)
def test_bold_text_is_plain(text, expected):
    assert read(text) == expected


@chains(
    ("so a = 1", ["1: a = 1"]),
    ("Hence we get a = 1.", ["1: a = 1"]),
    ("a = 1 and b = 2", ["1: a = 1", "1: b = 2"]),
    ("a = 1, where b = 2", ["1: a = 1", "1: b = 2"]),
    ("Forward pass: a = 1", ["1: a = 1"]),
    ("a = 1 so that b = 2", ["1: a = 1", "1: b = 2"]),
    (r"a = 1 \text{ and } b = 2", ["1: a = 1", "1: b = 2"]),
    ("따라서 a = 1 이다.", ["1: a = 1"]),
    ("a = 1이므로 b = 2이다", ["1: a = 1", "1: b = 2"]),
    ("a = 1 이고 b = 2 입니다.", ["1: a = 1", "1: b = 2"]),
    ("순전파: a = 1", ["1: a = 1"]),
    ("학습률 = 1", ["1: 학습률 = 1"]),
    ("so then thus", []),
)
def test_words_around_a_chain_are_left_out(text, expected):
    assert read(text) == expected


@chains(
    ("a = 1 (rounded)", ["1: a = 1"]),
    ("a = 1 (반올림) = 1", ["1: a = 1 = 1"]),
    ("a = (x) (chain rule) = 1", ["1: a = (x) = 1"]),
    ("a = (x + 1) y", ["1: a = (x + 1) y"]),
)
def test_remarks_in_parentheses_are_left_out(text, expected):
    assert read(text) == expected


@chains(
    ("(x + y) z = 1", ["1: (x + y) z = 1"]),
    ("(x + y) * z = 1", ["1: (x + y) * z = 1"]),
    ("exp(0) + 2 = 3", ["1: exp(0) + 2 = 3"]),
    ("2 (3) + 4 = 10", ["1: 2 (3) + 4 = 10"]),
    ("1/2. + 3 = 3.5", ["1: 1/2. + 3 = 3.5"]),
    ("12 : 3 = 4", ["1: 12 : 3 = 4"]),
    ("5 . 3 = 15", ["1: 5 . 3 = 15"]),
)
def test_what_stands_before_a_bracket_or_a_colon_is_kept(text, expected):
    assert read(text) == expected


@chains(
    ("3 of 4 = 0.75", ["1: 3 of 4 = 0.75"]),
    ("half of 3 = 1.5", ["1: half of 3 = 1.5"]),
    ("5! = 120", ["1: 5! = 120"]),
    ("1.5 + 2 = 3.5", ["1: 1.5 + 2 = 3.5"]),
    ("(x+y)z = 1", ["1: (x+y)z = 1"]),
)
def test_a_first_member_is_kept_whole(text, expected):
    assert read(text) == expected


def test_members_beyond_the_limit_are_one():
    (chain,) = list_chains([(1, " = ".join("1" * 80))], NAMES.__contains__)
    assert len(chain.members) == 64
    assert len(chain.signs) == 63
    assert chain.members[-1].count("=") == 80 - 64


def test_a_line_of_20000_characters_is_one_chain():
    text = "a = " + "1+" * 9_990 + "1"
    assert len(text) < 20_000
    assert read(text) == [f"1: {text}"]


def test_what_stands_behind_20000_characters_is_left_out():
    (chain,) = read("a = " + "1+" * 20_000 + "1 = 3")
    assert len(chain) <= 20_010


def test_lines_after_a_long_one_are_read():
    assert read("a = " + "1+" * 20_000 + "1\nb = 2")[-1] == "2: b = 2"


def test_a_chain_over_many_lines_ends_at_20000_characters():
    found = read("a\n" + "= 1 + 2 + 3\n" * 5_000)
    assert all(len(chain) <= 20_100 for chain in found)
    assert found[0].startswith("1: a = 1")


@pytest.mark.parametrize("text", ["", "\n\n", "no sign at all", "-", "= =", "()[]{}", "\\", "$"])
def test_a_text_without_a_chain_is_no_error(text):
    assert all(isinstance(chain, str) for chain in read(text))
