"""`derive check --interactive`: it asks what is missing, keeps the answers, and goes on."""

import re
import tomllib
from pathlib import Path

import pytest

import derive


def shown(name):
    return {row["id"]: row["shown"] for row in derive.key(name)["answers"] if row["asked"]}


class Typing:
    """Lines typed at a terminal; Ctrl-C where the text says so."""

    def __init__(self, *lines):
        self.lines = list(lines)

    def readline(self):
        line = self.lines.pop(0) if self.lines else ""
        if line == "^C":
            raise KeyboardInterrupt
        return line


@pytest.fixture
def talk(run, monkeypatch):
    """A dialogue with these lines; exit code and what it said."""

    def ask(*lines, key="circuit", form="mine.toml", options=()):
        monkeypatch.setattr("sys.stdin", Typing(*lines))
        arguments = [form] if form else []
        code, out, err = run("check", key, *arguments, "--interactive", *options)
        return code, out + err

    return ask


def answers(path="mine.toml"):
    table = tomllib.loads(Path(path).read_text("utf-8"))
    return {name: text for name, text in table.items() if text}


def test_it_asks_hints_and_goes_on(talk):
    right = [f"{text}\n" for text in shown("circuit").values()]
    code, out = talk("?\n", "99\n", *right)
    assert code == 0
    assert out.count("1/9  (1) q = ") == 3
    assert "It needs x, y." in out
    assert answers() == shown("circuit")
    assert "9 of 9 right." in out


@pytest.mark.parametrize("end", ["^C", "", "quit\n"])
def test_leaving_loses_nothing_and_a_second_call_asks_for_the_rest(talk, end):
    code, out = talk("3\n", end)
    assert code == 1
    assert "Left with 1 of 9 answered. They are in mine.toml" in out
    assert answers() == {"q": "3"}
    code, out = talk("\n", *[f"{text}\n" for text in list(shown("circuit").values())[2:]])
    assert code == 1
    assert "Going on: 1 of 9 are answered in mine.toml." in out
    assert "(1) q" not in out
    assert out.index("2/9  (2) f = ") < out.index("3/9  (3) df/df = ")
    assert "8 of 9 right." in out
    code, out = talk("-12\n")
    assert (code, out.count(" = ")) == (0, 1)
    assert "9 of 9 right." in out


def test_what_is_complete_is_summed_up_again(talk):
    talk(*[f"{text}\n" for text in shown("circuit").values()])
    code, out = talk()
    assert code == 0
    assert out.splitlines()[-1] == "9 of 9 right."


def test_q_leaves_where_it_is_no_quantity(talk):
    code, out = talk("0.08\n", "q\n", key="two-two-two")
    assert code == 1
    assert "q: leave." in out
    assert "Left with 1 of 66 answered" in out
    _, out = talk("q\n", "quit\n", form="other.toml")
    assert "quit: leave." in out
    assert "Left with 1 of 9 answered" in out


def test_it_speaks_korean(talk):
    _, out = talk("3\n", "quit\n", options=("--lang", "ko"))
    assert "quit: 끝내기" in out
    assert "9문항 가운데 1문항까지 답했습니다. 답은 mine.toml 파일에 있고" in out
    assert (
        "이어서 합니다. 9문항 가운데 1문항의 답이 mine.toml" in talk(options=("--lang", "ko"))[1]
    )


def test_the_form_of_a_sheet_is_filled_in_and_only_its_blanks_are_asked(run, talk):
    run("worksheet", "two-two-two", "--format", "md")
    form = "output/two-two-two/answers.toml"
    before = Path(form).read_text("utf-8")
    _, out = talk("0.11\n", "q\n", key="two-two-two", form=form)
    assert re.search(r"^1/38  \(2\) z2 = ", out, re.MULTILINE)
    assert Path(form).read_text("utf-8") == before.replace('"z2" = ""', '"z2" = "0.11"')
    assert "kept: it holds answers" in run("worksheet", "two-two-two", "--format", "md")[1]
    assert run("check", "two-two-two", form)[1].endswith("1 of 38 right\n")


def test_answers_to_other_ids_are_kept_too(run, talk):
    run("worksheet", "circuit", "--format", "md")
    first = Path("output/circuit/answers.toml").read_text().splitlines()[0]
    Path("mine.toml").write_text(f'{first}\n"(1)" = "3"\n"W" = "7"\n')
    talk("-12\n", "quit\n")
    assert answers() == {"q": "3", "f": "-12", "W": "7"}


def test_the_default_form_is_named_after_the_key(talk):
    talk("3\n", "quit\n", form=None)
    assert answers("circuit-answers.toml") == {"q": "3"}


def test_strange_texts_are_kept_as_toml(talk):
    talk('a "b" \\ \x7f é\n', "\n", "quit\n")
    assert answers() == {"q": 'a "b" \\ \x7f é'}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[kim]\n"q" = "3"\n', "holds answers of several members; name the file of one"),
        ("# derive 0.1.0, spec " + "0" * 64 + '\n"q" = "3"\n', "was made for another spec"),
        ("q = \n", "is no TOML"),
        ('q = "3"\ninputs = [1]\n', "holds inputs, which is no id of this exercise; name another"),
    ],
)
def test_a_file_that_cannot_be_gone_on_with_is_left_as_it_is(talk, text, told):
    Path("mine.toml").write_text(text)
    code, out = talk("3\n")
    assert (code, told in out) == (2, True)
    assert Path("mine.toml").read_text() == text


def test_a_form_of_another_spec_goes_on_by_force(talk):
    Path("mine.toml").write_text("# derive 0.1.0, spec " + "0" * 64 + '\n"q" = "3"\n')
    _, out = talk("-12\n", "quit\n", options=("--force",))
    assert "Left with 2 of 9" in out
    made = re.search(r"spec (\w+)", Path("mine.toml").read_text())[1]
    assert made == derive.key("circuit")["digest"]


@pytest.mark.parametrize("example", ["two-two-two", "circuit", "and-gate"])
def test_a_spec_is_no_form_of_answers(talk, example):
    text = (Path(derive.__file__).parent / "examples" / f"{example}.toml").read_text("utf-8")
    Path("net.toml").write_text(text)
    assert talk("3\n", key="./net.toml", form="net.toml")[0] == 2
    assert Path("net.toml").read_text() == text
