"""The one grammar of expressions: what is read, how it is written, what is refused."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import tries

from derive.algebra.expressions import (
    Add,
    Call,
    Cases,
    Diff,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
)
from derive.algebra.grammar import check_name, parse, parse_row, to_text, unknown_name
from derive.errors import SpecError
from derive.ops import FUNCTIONS

W, X, Y, Z = Name("w"), Name("x"), Name("y"), Name("z")
ONE, TWO, THREE = Num("1"), Num("2"), Num("3")

# --- what is read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("0.50", Num("0.50")),
        ("W5", Name("W5")),
        ("-x", Neg(X)),
        ("+x", X),
        ("x+y-z", Add((X, Y, Neg(Z)))),
        ("x-(y-z)", Add((X, Neg(Add((Y, Neg(Z))))))),
        ("x*y*z", Mul((X, Y, Z))),
        ("x*(y*z)", Mul((X, Mul((Y, Z))))),
        ("x/y/z", Div(Div(X, Y), Z)),
        ("x/y*z", Mul((Div(X, Y), Z))),
        ("x*y/z", Div(Mul((X, Y)), Z)),
        ("x^y", Pow(X, Y)),
        ("x**y", Pow(X, Y)),
        ("x^y^z", Pow(X, Pow(Y, Z))),
        ("(x^y)^z", Pow(Pow(X, Y), Z)),
        ("exp(x)", Call("exp", (X,))),
        ("max(x,y)", Call("max", (X, Y))),
        ("min(x,y,x)", Call("min", (X, Y, X))),
        ("leaky_relu(x)", Call("leaky_relu", (X,))),
        ("leaky_relu(x,0.1)", Call("leaky_relu", (X, Num("0.1")))),
        ("{dE_total/do1}", Name("dE_total/do1")),
        ("((x))", X),
    ],
)
def test_a_text_gives_this_tree(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1/2x", "(1/2)*x"),
        ("a/b c", "(a/b)*c"),
        ("-2^2", "-(2^2)"),
        ("-x*y", "-(x*y)"),
        ("-x/y", "-(x/y)"),
        ("-x+y", "(-x)+y"),
        ("2^-3*x", "(2^(-3))*x"),
        ("2^-x^2", "2^(-(x^2))"),
        ("a/-b*c", "(a/(-b))*c"),
        ("a*-b*c", "a*(-b)*c"),
        ("a*-b^2", "a*(-(b^2))"),
        ("a- -b", "a-(-b)"),
        ("a--b", "a-(-b)"),
        ("a-+b", "a-b"),
        ("--x", "-(-x)"),
        ("-(-x)^2", "-((-x)^2)"),
        ("2^3^2", "2^(3^2)"),
        ("2x^2", "2*(x^2)"),
        ("x^2y", "(x^2)*y"),
        ("a+b*c^d", "a+(b*(c^d))"),
        ("a*b+c*d", "(a*b)+(c*d)"),
        ("exp(x)^2", "(exp(x))^2"),
        ("-exp(x)y", "-(exp(x)*y)"),
    ],
)
def test_precedence_is_as_if_written(text, meaning):
    assert parse(text) == parse(meaning)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("2x", (TWO, X)),
        ("2 x", (TWO, X)),
        ("x y", (X, Y)),
        ("2(x)", (TWO, X)),
        ("(x)(y)", (X, Y)),
        ("(x)y", (X, Y)),
        ("x(y)", (X, Y)),
        ("h1(1-h1)", (Name("h1"), Add((ONE, Neg(Name("h1")))))),
        ("2exp(x)", (TWO, Call("exp", (X,)))),
        ("exp(x)exp(y)", (Call("exp", (X,)), Call("exp", (Y,)))),
        ("2{do1/dz3}x", (TWO, Name("do1/dz3"), X)),
        ("2e", (TWO, Name("e"))),
    ],
)
def test_values_in_a_row_are_a_product(text, product):
    assert parse(text) == Mul(product)


@pytest.mark.parametrize(
    "name", ["x2", "z3", "E_total", "expx", "sinh", "sin_", "Exp", "max1", "relu2", "d_x", "a__b"]
)
def test_the_longest_name_is_taken(name):
    assert parse(name) == Name(name)


@pytest.mark.parametrize(
    "name",
    ["E", "I", "S", "N", "O", "Q", "C", "pi", "e", "beta", "gamma", "zeta", "lambda", "nan",
     "inf", "oo", "zoo", "None", "True", "if", "import", "class", "eval", "os", "cases", "kink"],
)  # fmt: skip
def test_words_of_other_languages_are_ordinary_names(name):
    assert parse(f"{name}+1") == Add((Name(name), ONE))
    assert parse(f"{name}(x)") == Mul((Name(name), X))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_takes_as_many_values_as_its_row_says(name):
    for count in range(1, 5):
        text = f"{name}({','.join('wxyz'[:count])})"
        if count in FUNCTIONS[name].arities:
            assert parse(text) == Call(name, (W, X, Y, Z)[:count])
        else:
            with pytest.raises(SpecError, match=rf"{name} takes .* value\(s\), not {count}"):
                parse(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1_0", None), (".5", "0.5"), ("5.", "5.0"), ("1e-4", "1e-4"), ("1E+4", "1e4"), ("00", "00")],
)
def test_numbers_are_kept_as_typed(text, number):
    if number is None:
        with pytest.raises(SpecError, match="column 2"):
            parse(text)
    else:
        assert parse(text) == Num(number)


@pytest.mark.parametrize("text", ["x + y", "x+y", " x +\ty ", "x\n+\r\ny"])
def test_space_between_tokens_means_nothing(text):
    assert parse(text) == Add((X, Y))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("cases(x,1,2,3)", Cases(X, ONE, TWO, THREE)),
        ("kink(x,1,2,3)", Cases(X, ONE, TWO, THREE, kink=True)),
        ("2*kink(x,y,y,1)", Mul((TWO, Cases(X, Y, Y, ONE, kink=True)))),
    ],
)
def test_only_our_own_tables_may_write_cases(text, tree):
    assert parse_row(text) == tree
    with pytest.raises(SpecError, match="a comma outside a function"):
        parse(text)


# --- how it is written ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("x + y - z", "x+y-z"),
        ("x-(y-z)", "x-(y-z)"),
        ("(x+y)+z", "x+y+z"),
        ("x+(y+z)", "x+(y+z)"),
        ("(x*y)*z", "x*y*z"),
        ("x*(y*z)", "x*(y*z)"),
        ("(1/2)x", "1/2*x"),
        ("2(1/2)x", "2*(1/2)*x"),
        ("x/(y*z)", "x/(y*z)"),
        ("x/(y/z)", "x/(y/z)"),
        ("(x/y)/z", "x/y/z"),
        ("x**2", "x^2"),
        ("(-2)^2", "(-2)^2"),
        ("-(2^2)", "-2^2"),
        ("2^(-3)", "2^(-3)"),
        ("2^-3", "2^(-3)"),
        ("2^(3^2)", "2^3^2"),
        ("(2^3)^2", "(2^3)^2"),
        ("x*-y", "x*(-y)"),
        ("x/-y", "x/(-y)"),
        ("-(x+y)", "-(x+y)"),
        ("--x", "-(-x)"),
        ("x--y", "x--y"),
        ("(-x)*y", "(-x)*y"),
        ("-x*y", "-x*y"),
        ("exp( -x )", "exp(-x)"),
        ("max(x, y+1)", "max(x,y+1)"),
        ("leaky_relu(x, .1)", "leaky_relu(x,0.1)"),
        ("h1(1-h1)", "h1*(1-h1)"),
        ("{W5}+{W5+}", "W5+{W5+}"),
        ("{dE_total/do1}{do1/dz3}", "{dE_total/do1}*{do1/dz3}"),
        ("{df/dx|local}", "{df/dx|local}"),
        ("2*1/2*(t1-o1)^(2-1)*(-1)+0", "2*1/2*(t1-o1)^(2-1)*(-1)+0"),
    ],
)
def test_a_text_is_written_back_in_one_form(text, canonical):
    assert to_text(parse(text)) == canonical
    assert parse(canonical) == parse(text)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Mul((X, Num("-2"))), "x*(-2)"),
        (Mul((Num("-2"), X)), "(-2)*x"),
        (Pow(Num("-2"), TWO), "(-2)^2"),
        (Pow(X, Num("-2")), "x^(-2)"),
        (Neg(Num("-2")), "-(-2)"),
        (Name("exp"), "{exp}"),
        (Diff(Pow(X, TWO), "x"), "d/dx[x^2]"),
        (Mul((TWO, Diff(Add((X, Y)), "x"))), "2*d/dx[x+y]"),
        (Cases(X, ONE, TWO, THREE), "[3 if x > 0, 2 if x = 0, 1 if x < 0]"),
        (Cases(X, ONE, ONE, TWO, kink=True), "[2 if x > 0, 1 if x <= 0]"),
    ],
)
def test_trees_that_only_derivations_hold_are_written_too(tree, text):
    assert to_text(tree) == text


numbers = st.sampled_from(["0", "1", "2", "10", "0.50", ".5", "3.", "1e-3", "2E5", "007"])
plain = st.sampled_from(["x", "y", "W5", "E", "I", "lambda", "h1", "z_2"])
braced = st.sampled_from(["{dE_total/do1}", "{W5+}", "{o1@2}", "{exp}", "{x}"])


def larger(inner):
    two = st.tuples(inner, inner)
    signs = st.sampled_from(["-", "+", "- -"])
    operators = st.sampled_from(["+", "-", "*", "/", "^", "**", " - ", "*-", "/-", "^-", "--"])
    functions = st.sampled_from(["exp", "log", "sin", "relu", "sigmoid", "leaky_relu"])
    of_two = st.sampled_from(["max", "min", "leaky_relu"])
    return st.one_of(
        st.builds(lambda ab, op: ab[0] + op + ab[1], two, operators),
        st.builds(lambda a, sign: sign + a, inner, signs),
        st.builds(lambda a: f"({a})", inner),
        st.builds(lambda ab: f"{ab[0]} ({ab[1]})", two),
        st.builds(lambda a, name: f"{a} {name}", inner, st.one_of(plain, braced)),
        st.builds(lambda a, f: f"{f}({a})", inner, functions),
        st.builds(lambda ab, f: f"{f}({ab[0]},{ab[1]})", two, of_two),
    )


texts = st.recursive(st.one_of(numbers, plain, braced), larger, max_leaves=20)


@settings(derandomize=True, deadline=None, max_examples=tries(300))
@given(texts)
@example("-" * 60 + "x")
@example("2^" * 60 + "x")
@example("a/" * 60 + "b")
@example("x-(" * 20 + "x" + ")" * 20)
def test_what_is_written_reads_back_as_the_same_tree(text):
    tree = parse(text)
    assert parse(to_text(tree)) == tree


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("x $ y", 3, "'$' is not part of an expression"),
        ("x + ", 4, "something is missing after this"),
        ("2*", 3, "something is missing after this"),
        ("x * / y", 5, "'/' where a number, a name or ( is expected"),
        ("*x", 1, "'*' where a number, a name or ( is expected"),
        ("x ^ ^ y", 5, "'^' where a number, a name or ( is expected"),
        ("x***y", 4, "'*' where a number, a name or ( is expected"),
        ("(x + (y)", 1, "this ( is never closed"),
        ("x + (y", 5, "this ( is never closed"),
        ("exp(x", 4, "this ( is never closed"),
        ("x)", 2, "this ) closes nothing"),
        (")", 1, "')' where a number, a name or ( is expected"),
        ("()", 2, "')' where a number, a name or ( is expected"),
        ("2+exp", 3, "exp is a function; write exp(...)"),
        ("sin x", 1, "sin is a function; write sin(...)"),
        ("sin^2(x)", 1, "sin is a function; write sin(...)"),
        ("exp()", 5, "')' where a number, a name or ( is expected"),
        ("max(x)", 4, "max takes 2 to 6 value(s), not 1"),
        ("1+exp(x,y)", 6, "exp takes 1 value(s), not 2"),
        ("leaky_relu(x,y,z)", 11, "leaky_relu takes 1 or 2 value(s), not 3"),
        ("max(x,)", 7, "')' where a number, a name or ( is expected"),
        ("max(,x)", 5, "',' where a number, a name or ( is expected"),
        ("max((x,y))", 7, "a comma outside a function"),
        ("0,5", 2, "a comma outside a function; decimals use a point"),
        ("x = y", 3, "'=' is not part of an expression"),
        ("x 2", 3, "a number right after a value; write * between them"),
        ("1.2.3", 4, "a number right after a value; write * between them"),
        ("(x)2", 4, "a number right after a value; write * between them"),
        ("x {", 3, "'{' is not part of an expression"),
        ("x+1" + "0" * 60, 3, "a number of 61 digits; at most 60"),
        ("x+1e400", 3, "outside 1e-60 to 1e60"),
    ],
)
def test_a_fault_is_named_with_its_column(text, column, problem):
    with pytest.raises(SpecError) as caught:
        parse(text, "definitions.f")
    assert caught.value.place == "definitions.f"
    assert caught.value.problem.startswith(f"column {column}: {problem}")


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_an_empty_text_is_refused(text):
    with pytest.raises(SpecError, match="an empty expression; write a formula such as x"):
        parse(text)


HOSTILE = {
    "import": "__import__('os').system('touch pwned')",
    "dunder": "x.__class__.__bases__[0].__subclasses__()",
    "lambda": "lambda: 1",
    "comprehension": "[x for x in y]",
    "f-string": "f'{x}'",
    "format": "'{0.__class__}'.format(x)",
    "backticks": "`touch pwned`",
    "shell": "$(touch pwned)",
    "pipe": "x | touch pwned",
    "walrus": "(x := 1)",
    "exec": "exec('import os')",
    "eval": 'eval("1+1")',
    "open": "open('pwned','w')",
    "attribute": "x.real",
    "statement": "x; import os",
    "comment": "x # y",
    "escape": "x\\ny",
    "template": "{{7*7}}",
    "dollar": "${7*7}",
    "minus sign": "x \u2212 y",
    "times sign": "2 \u00d7 x",
    "full width": "\uff58+1",
    "cyrillic": "\u0445+1",
    "greek": "\u03c0",
    "superscript": "x\u00b2",
    "arabic digit": "\u0663",
    "half": "\u00bd",
    "no-break space": "x\u00a0+\u00a0y",
    "zero width": "x\u200by",
    "right to left": "x\u202ey",
    "combining": "x\u0301",
    "NUL": "x\0y",
    "terminal": "\x1b[2J",
    "surrogate": "x\ud800",
}
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())


@hostile
def test_code_and_look_alikes_are_refused(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecError, match=r"column \d+: .* is not part of an expression"):
        parse(text)
    assert list(tmp_path.iterdir()) == []


@hostile
def test_a_refusal_shows_no_control_character(text):
    with pytest.raises(SpecError) as caught:
        parse(text)
    assert str(caught.value).isprintable()


@settings(derandomize=True, deadline=None, max_examples=tries(400))
@given(
    st.one_of(
        st.text(max_size=60),
        st.text("()+-*/^,{}.0123456789eExyn_ max", max_size=60),
        st.lists(st.sampled_from(["exp", "max", "x", "(", ")", ",", "-", "^", "2", "{"])).map(
            " ".join
        ),
    )
)
@example("{")
@example("max(max,)")
@example("exp exp(")
def test_any_text_is_a_tree_or_a_fault_inside_it(text):
    try:
        found = parse(text, "")
    except SpecError as error:
        found = error
    if isinstance(found, SpecError) and text.strip(" \t\n\r\f\v"):
        column = re.match(r"column (\d+): ", found.problem)
        assert 1 <= int(column[1]) <= len(text) + 1
    else:
        assert isinstance(found, Expr | SpecError)


# --- budgets ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["a" * 4_000, "x+" * 499 + "xy", "-" + "x+" * 499 + "x", "(" * 64 + "x" + ")" * 64,
     "-" * 63 + "x", "x" + "^x" * 63, "x" + "/x" * 63, "exp(" * 63 + "x" + ")" * 63],
)  # fmt: skip
def test_an_expression_at_the_limit_is_read_and_written(text):
    tree = parse(text)
    assert parse(to_text(tree)) == tree


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a" * 4_001, "an expression of 4001 characters; at most 4000: split it"),
        ("x+" * 500 + "x", "an expression of 1001 tokens; at most 1000: split it"),
        ("(" * 65 + "x" + ")" * 65, "column 65: nested more than 64 deep"),
        ("exp(" * 65 + "x" + ")" * 65, "nested more than 64 deep"),
        ("-" * 65 + "x", "column 65: nested more than 64 deep"),
        ("x" + "^x" * 64, "nested more than 64 deep"),
        ("x" + "/x" * 64, "nested more than 64 deep"),
        ("x-(" * 33 + "x" + ")" * 33, "nested more than 64 deep"),
    ],
)
def test_an_expression_past_a_limit_is_refused(text, problem):
    with pytest.raises(SpecError) as caught:
        parse(text)
    assert problem in caught.value.problem


LONG = {
    "10,000 parentheses": "(" * 10_000 + "x" + ")" * 10_000,
    "10,000 open parentheses": "(" * 10_000,
    "10,000 minus signs": "-" * 10_000 + "x",
    "1 MB sum": "x+" * 500_000 + "x",
    "1 MB name": "x" * 1_000_000,
    "1 MB digits": "9" * 1_000_000,
    "1 MB spaces": " " * 1_000_000,
    "1 MB stars": "*" * 1_000_000,
    "1 MB brace": "{" + "x" * 1_000_000,
    "powers": "9^" * 100_000 + "9",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_huge_text_is_refused_at_once(text):
    start = time.process_time()
    with pytest.raises(SpecError, match=r"characters; at most 4000"):
        parse(text)
    assert time.process_time() - start < 5


def calls_to_parse(text):
    """How many Python functions run while a text is parsed: a clock that never jitters."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        parse(text)
    except SpecError:
        pass
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("unit", "end"),
    [("x+", "x"), ("x*", "x"), ("x ", "x"), ("-x-", "x"), ("(x)", ""), ("exp(x)*", "x"),
     ("x^2-", "x"), ("max(x,y)+", "x"), ("x ", ")"), ("x+", "("), ("{a/b}", "")],
)  # fmt: skip
def test_work_grows_with_the_length_and_no_faster(unit, end):
    short, long = unit * 50 + end, unit * 100 + end
    assert calls_to_parse(long) < 2.5 * calls_to_parse(short)


WATCH = """
import json, sys
from derive.errors import SpecError
from derive.algebra.grammar import parse, to_text
texts = json.loads(sys.stdin.read())
seen, watching = [], False
def hook(event, args):
    if watching and event.split(".")[0] in {
        "exec", "compile", "os", "subprocess", "socket", "open", "import", "ctypes", "marshal",
        "pickle", "shutil", "builtins", "code", "object",
    }:
        seen.append(event)
def run():
    for text in texts:
        try:
            to_text(parse(text))
        except SpecError as error:
            str(error)
run()
sys.addaudithook(hook)
watching = True
compile("1", "the watch is awake", "eval")
run()
watching = False
print(json.dumps(seen))
"""


def test_parsing_hostile_texts_runs_opens_and_imports_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WATCH],
        input=json.dumps([*HOSTILE.values(), "{__import__('os')}", "eval(x)", "x if y else z"]),
        capture_output=True,
        check=True,
        cwd=tmp_path,
        encoding="utf-8",
    )
    assert json.loads(done.stdout) == ["compile"]
    assert not (tmp_path / "pwned").exists()


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x", "W5", "E_total", "lambda", "a_", "q__2", "A1b2"])
def test_a_letter_then_letters_digits_and_underscores_is_a_name(name):
    check_name(name, "values")


@pytest.mark.parametrize(
    "name", ["", "1x", "_x", "a b", "a-b", "a.b", "x+", "\u03c0", "x\n", "x\0", "\uff58", "{x}"]
)
def test_anything_else_is_no_name(name):
    with pytest.raises(SpecError, match=r"is not a name; a letter, then letters") as caught:
        check_name(name, "values")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_name_is_not_free(name):
    with pytest.raises(SpecError, match=f"{name} is a function; choose another name"):
        check_name(name, "values")


def test_an_unknown_name_suggests_the_nearest():
    error = unknown_name("velocty", "definitions.f", ["mass", "velocity"])
    assert str(error) == "definitions.f: velocty is not defined; did you mean velocity?"


def test_an_unknown_name_from_braces_shows_no_control_character():
    error = unknown_name("\x1b[2J\n", "definitions.f", ["x"])
    assert str(error).isprintable()
