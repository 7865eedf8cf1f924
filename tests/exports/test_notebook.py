"""`--format ipynb`: the page as cells, the script's sections behind the parts they compute."""

import ast
import json
import re
import subprocess
import sys

import pytest
from random_circuits import random_circuit
from random_specs import random_network
from sampling import few

import derive
from derive.commands.bundle import bundle
from derive.exports import PARTS, write_sections
from derive.exports.formulas import choose_identifiers
from derive.pages import LEVELS
from derive.render.formats import FORMATS
from derive.render.notebook import notebook
from derive.render.wording import languages
from derive.spec import loads, override

HOSTILE = [
    "<!-- cell code -->",
    "a\n<!-- cell code -->\nimport os",
    "</script> $x$ [a](javascript:b) `code`",
    '", "cell_type": "code", "',
    "\x1e\x00 \u202e 한글",
]
KINK = 'kind = "circuit"\noutput = "f"\n[values]\nx = 0\n[definitions]\nf = "relu(x) + x"\n'


def cells(text):
    return [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(text)["cells"]]


def code(text):
    return [source for kind, source in cells(text) if kind == "code"]


def prose(text):
    return "\n\n".join(source for kind, source in cells(text) if kind == "markdown")


DECK = derive.page("two-two-two", "ipynb")
KEY = derive.key_page("two-two-two", "ipynb")


def test_the_file_is_a_notebook_whose_bytes_do_not_change():
    whole = json.loads(DECK)
    assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)
    assert whole["metadata"]["kernelspec"]["name"] == "python3"
    assert [cell["id"] for cell in whole["cells"]] == [
        f"cell-{i}" for i in range(len(whole["cells"]))
    ]
    assert all(c["outputs"] == [] for c in whole["cells"] if c["cell_type"] == "code")
    assert DECK.endswith("}\n")
    assert derive.page("two-two-two", "ipynb") == DECK


@pytest.mark.parametrize("level", LEVELS)
def test_the_text_is_that_of_the_markdown_page(level):
    page = derive.page("two-two-two", "md", level)
    written = prose(derive.page("two-two-two", "ipynb", level))
    paragraphs = [part for part in page.split("\n\n") if part.strip()]
    assert all(part.strip() in written for part in paragraphs)
    blanks = re.compile(r"\\underset\{\((\d+)\)\}")
    assert blanks.findall(written) == blanks.findall(page)


def test_each_part_is_followed_by_its_code():
    kinds = [
        (kind, source.split("\n")[0 if kind == "markdown" else -1].strip())
        for kind, source in cells(DECK)
    ]
    last = [name for kind, name in kinds if kind == "code"]
    assert last[2:] == [
        "loss = forward()",
        "show(names, output.grad.flatten())",
        'show("W5 W6 W7 W8", model[2].weight.flatten(), "+")',
        'loss = forward("+")',
        'print("All numbers agree.")',
    ]
    before = [kinds[i - 1][1] for i, (kind, _) in enumerate(kinds) if kind == "code"]
    assert before == [
        "## 1. What is given",
        'print(f"{name}{after} = {value.item():.12g}")',
        "## 3. Error",
        "### The weights into hidden layer 1",
        "## 5. Update",
        "## 6. Check: forward again with the new parameters",
        "## 8. The same numbers in PyTorch",
    ]
    assert kinds[-1][0] == "code"


def test_a_worksheet_leaves_its_digits_to_the_last_cell():
    *before, last = code(DECK)
    assert '"dE_total/dW5": 0.0259228556036474' in last
    assert not any("0.0259" in source for source in before)
    assert any("dE_total/dW5 = 0.02592286" in source for source in code(KEY))


@pytest.mark.parametrize("seed", few(range(3), 1))
@pytest.mark.parametrize("draw", [random_network, random_circuit])
def test_all_of_the_script_is_there_in_order(draw, seed):
    sheet = derive.sheet(override(loads(draw(seed)), {"steps": 3}))
    found = code(derive.key_page(sheet, "ipynb"))
    script = write_sections(sheet)
    sections = ["\n".join(getattr(script, part)) for part in PARTS]
    assert [source for source in sections if source] == found[1:-1]
    for source in found:
        ast.parse(source)


def test_the_names_of_its_code_are_taken():
    text = derive.page(loads(KINK), "ipynb")
    tree = ast.parse("\n".join(code(text)))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert {name for name in used if choose_identifiers([name])[name] == name} == {"abs", "f", "x"}


def test_the_comparison_holds_the_numbers_of_the_key():
    rows = ast.literal_eval(re.search(r"expected = (\{.*?\})", code(DECK)[-1], re.DOTALL).group(1))
    exact = {row["id"]: float(row["value"]) for row in derive.key("two-two-two")["answers"]}
    assert rows == {name: exact[name] for name in rows}
    assert {
        "z1",
        "E_total",
        "dE_total/dz1",
        "dE_total/do2",
        "dE_total/dW1",
        "W8+",
        "E_total+",
    } <= set(rows)


def test_a_sheet_that_rounds_each_step_is_compared_before_rounding():
    spec = override(derive.load("two-two-two"), {"rounding": "stepwise", "decimals": 3})
    text = derive.page(spec, "ipynb")
    assert code(text)[-1] == code(DECK)[-1]
    assert "PyTorch does not round at each step" in prose(text)


def test_what_stands_behind_a_corner_is_shown_and_not_judged():
    last = code(derive.page(loads(KINK), "ipynb"))[-1]
    assert 'corner = ["df/dx"]' in last
    assert "corner" not in code(DECK)[-1]


@pytest.mark.parametrize("language", languages())
def test_the_first_cell_says_what_to_install(language, tmp_path):
    spec = override(derive.load("circuit"), {"language": language})
    first = code(derive.page(spec, "ipynb"))[0]
    (tmp_path / "torch.py").write_text("raise ImportError('no torch here')")
    (tmp_path / "cell.py").write_text(first, "utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "cell.py"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1
    last = done.stderr.strip().split("\n")[-1]
    assert last.startswith("ImportError: ")
    assert last.endswith("pip install torch numpy")


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("name", ["two-two-two", "circuit"])
def test_a_hostile_title_is_text_and_no_code(name, title):
    text = derive.page(override(derive.load(name), {"title": title}), "ipynb")
    plain = derive.page(name, "ipynb")
    assert code(text) == code(plain)
    assert [kind for kind, _ in cells(text)] == [kind for kind, _ in cells(plain)]
    heading = cells(text)[0][1].split("\n")[2]
    assert heading == f"# {FORMATS['md'].escape(title)}".rstrip()


def test_formats_that_run_nothing_hold_no_code():
    for form in ("md", "tex", "html", "typ"):
        assert "backward()" not in derive.key_page("two-two-two", form)


def test_the_command_writes_both_notebooks(run, folder):
    code_, out, _ = run("worksheet", "circuit", "--format", "ipynb")
    assert code_ == 0
    assert out.split()[:2] == ["output/circuit/worksheet.ipynb", "output/circuit/key.ipynb"]
    files = bundle(derive.sheet("circuit"), [FORMATS["ipynb"]], "guided")
    assert (folder / "output/circuit/key.ipynb").read_text("utf-8") == files["key.ipynb"]


def test_one_step_is_a_notebook_of_one_cell():
    ((kind, source),) = cells(derive.fragment("two-two-two", "dE_total/dW5", "ipynb"))[1:]
    assert kind == "markdown"
    assert r"\frac{\partial E_{\mathrm{total}}}{\partial W_5}" in source


def test_a_notebook_of_nothing_has_no_cells():
    assert json.loads(notebook("\n<!-- cell code -->\n\n<!-- cell markdown -->\n"))["cells"] == []
