"""`derive audit`: what is false in documents of others, and what is not."""

# ruff: noqa: RUF001  signs that people type are what is read here

import csv
import json
from pathlib import Path

import pytest

import derive

KEYS = [
    *("file", "line", "status", "false_at", "id", "rule", "misconceptions"),
    *("left", "right", "message"),
]


@pytest.fixture
def audit(run):
    """The judged chains of one text."""

    def judge(text, *options, name="a.md"):
        Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
        code, out, err = run("audit", name, "--json", *options)
        assert code in (0, 1), err
        found = json.loads(out)["chains"]
        assert code == any(chain["status"] == "false" for chain in found)
        return found

    return judge


@pytest.fixture
def statuses(audit):
    return lambda text, *options, **more: [c["status"] for c in audit(text, *options, **more)]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("0.2378 + 0.2982 = 0.5360", "true"),
        ("so 0.2378 + 0.2982 = 0.5359", "rounded"),
        ("0.2378 + 0.2982 = 0.5459", "false"),
        ("2/3 = 0.67", "true"),
        ("2/3 = 0.66", "rounded"),
        ("2/3 = 0.65", "false"),
        ("3 * 4 = 13", "false"),
        ("28 x 28 x 3 = 2352", "true"),
        ("5x5x3 + 1 = 77", "false"),
        ("2^10 = 1024", "true"),
        ("10² = 101", "false"),
        (r"\sqrt{2} = 1.414", "true"),
        (r"\frac{1}{1+e^{-0.3775}} = 0.593269992", "true"),
        (r"\sigma(0.08) = 0.53", "false"),
        ("tanh(0.5) = 0.4621", "true"),
        ("exp(1) = 2.817", "false"),
        ("relu(-3) = 0", "true"),
        ("max(0,-3) = 3", "false"),
        ("0.1 + 0.2 = 0.3", "true"),
        ("10^{-3} = 0.001", "true"),
        ("1/3 = 33%", "true"),
        ("0.5 = 5%", "false"),
        ("accuracy = 90% = 0.9", "true"),
        ("Total = 0.0219 + 0.0020 = 0.0239", "true"),
        ("x = 2 + 3 = 6", "false"),
        ("| 2 + 2 = 4 | 3 + 3 |", "true"),
        ("0.2094 × 0.2380 × 0.5200 = 0.02592", "true"),
        ("0.25 * 0.5 = 0.125 = 0.225", "false"),
        ("784*128 + 128 = 100,480", "true"),
        ("12,500 + 500 = 13,000", "true"),
        ("$1,000 + $500 = $1,500", "true"),
        ("784 × 10 + 10 = 7,860", "false"),
        ("오차는 0.5 * 0.04 = 0.02 입니다.", "true"),
    ],
)
def test_chains_of_numbers_are_judged_by_their_digits(statuses, text, status):
    assert statuses(text) == [status]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("h1 = 0.5199\nh2 = 0.5275\nh1 + h2 = 1.0474", ["true"]),
        ("h1 = 0.5199\nh2 = 0.5275\nh1 + h2 = 1.0574", ["false"]),
        ("x = 0.51 and y = 0.32, so x + y = 0.93", ["false"]),
        ("W5 = 0.45\nW5 = 0.43704", []),
        ("W5 = 0.45\nW5 = W5 - 0.5*0.0259 = 0.43705", ["true"]),
        ("x = 3\nx = 4\nx + 1 = 5", ["true"]),
        ("x = 3\nx = 4\nx + 1 = 4", ["true"]),
        ("x = 0.31\nx = 0.42\nx + 1 = 1.67", ["false"]),
        ("e = 0.1\ne^2 = 0.01", ["true"]),
        ("y = 2x + 1\nx = 3\ny = 7", []),
        ("a = b = c = 3", []),
        ("i = 0\ni = i + 1\ni = 1", []),
        ("$h_1 = 0.5199$, then $2 h_1 = 1.04$", ["true"]),
    ],
)
def test_what_was_defined_before_is_used(statuses, text, expected):
    assert statuses(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "version = 3.2",
        "Python 3.11 = old, 3.12 = new",
        "2024-01-03 = Wednesday",
        "year = 2024, month = 3",
        "lr = 1e-3",
        "n = 1,000,000",
        "0 = cat, 1 = dog",
        "epoch = 1, loss = 0.5\nepoch = 2, loss = 0.4",
        "```\n2 + 2 = 5\n```",
        "x += 3; assert x == 4",
        "for i in range(2 + 2 == 5):",
        "2 + 2 != 5",
        "2 + 2 ≠ 5",
        "2 + 2 >= 3",
        "[1, 2] + [3, 4] = [4, 6]",
        "x = (0.1, 0.2) = (0.1, 0.3)",
        r"\sum_{i=1}^{3} i = 6",
        r"\lim_{x \to 0} x = 0",
        "f(x) = x^2\nf(3) = 9",
        "10 % 3 = 1",
        "5 mod 3 = 2",
        "log(100) = 2",
        "1 km = 1000 m",
        "see <https://a.b/?2+2=5>",
        "|-3| = 3",
        "3/4 of 100 = 75",
        "step 2 = 4",
        "(2) + (3) = 5",
        "2 (3) + 4 = 10",
        "1.5 + 2. + 3 = 6.5",
    ],
)
def test_what_is_no_chain_of_numbers_is_left_alone(statuses, text):
    assert "false" not in statuses(text)


STRANGE = [
    "---\n2 + 2 = 4",
    "2 + 2 = 4\n---\n3 + 3 = 6",
    "- 3 + 4 = 1",
    "(2 + 3) 4 = 20",
    "6 : 3 = 2",
    r"\sqrt[3]{8} = 2",
    "1024 ≈ 1000",
    "2^10 = 1024 ≈ 1000",
    "cos(60) = 0.5",
    "1 + 1 = 10 (binary)",
    "100 - 30% = 70",
    "0x10 = 16",
    "7 / 2 = 3 (integer division)",
    "{1,2} = {2,1}",
]


@pytest.mark.parametrize("text", STRANGE)
def test_nothing_true_is_alleged(statuses, text):
    assert "false" not in statuses(text)


KATEX = (
    "<p><span class='katex'><span class='katex-mathml'><math><semantics><mrow><mfrac><mn>1</mn>"
    "<mn>2</mn></mfrac><mo>=</mo><mn>0.5</mn></mrow><annotation encoding='application/x-tex'>"
    "\\frac{1}{2} = 0.5</annotation></semantics></math></span><span class='katex-html' "
    "aria-hidden='true'><span class='mfrac'><span>2</span><span>1</span></span><span>=</span>"
    "<span>0.5</span></span></span></p>"
)


def test_what_katex_draws_for_eyes_is_not_read_again(statuses):
    assert statuses(KATEX, name="a.html") == ["true"]


FOUND = [
    "(0.6094 - 0.4) * 0.6094 = 0.9",
    "max(0, -3) = 3",
    "```math\n2 + 2 = 4\n```\n3 + 3 = 7",
    "√16 = 5",
]


@pytest.mark.parametrize("text", FOUND)
def test_what_is_false_is_found(statuses, text):
    assert "false" in statuses(text)


DEFINITIONS = [
    (r"$\sigma(x) = \frac{1}{1+e^{-x}}$", "sigmoid", "true"),
    (r"$\sigma(x) = \frac{1}{1+e^{x}}$", "sigmoid", "false"),
    (r"\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}}", "tanh", "true"),
    (r"tanh(x) = 2\sigma(2x) - 1", "tanh", "true"),
    ("tanh(x) = 2σ(x) - 1", "tanh", "false"),
    ("tanh'(x) = 1 - tanh^2(x)", "tanh", "true"),
    ("tanh'(x) = 1 - x^2", "tanh", "false"),
    ("relu(x) = max(0,x)", "relu", "true"),
    ("ReLU(x) = max(0.01x,x)", "relu", "false"),
    ("Leaky ReLU: f(x) = max(0.01x,x)", "leaky_relu", "true"),
    ("Leaky ReLU: f(x) = max(0,x)", "leaky_relu", "false"),
    ("## ReLU\nf(x) = max(0.1x,x)", "relu", "false"),
    ("softplus(x) = ln(1 + e^x)", "softplus", "true"),
    ("silu(x) = x*sigmoid(x)", "silu", "true"),
    (r"softmax(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}", "softmax", "true"),
    (r"softmax(x)_i = \frac{x_i}{\sum_j x_j}", "softmax", "false"),
    (r"CE(p) = -\sum y \log p", "cross_entropy", "true"),
    (r"CE(p) = \sum y \log p", "cross_entropy", "false"),
    ("ReLU(x) = max(0.01x, x)", "relu", "false"),
    (r"ReLU(x) = \max(0, x)", "relu", "true"),
    (r"\sigma'(x) = \sigma(x)(1-\sigma(x))", "sigmoid", "true"),
    (r"\sigma'(x) = 1 - \sigma(x)", "sigmoid", "false"),
    ("tanh'(x) = 1 - tanh(x)^2", "tanh", "true"),
    (r"CE(y, p) = \sum y \log p", "cross_entropy", "false"),
]


@pytest.mark.parametrize(("text", "name", "status"), DEFINITIONS)
def test_named_functions_are_compared_with_their_definitions(audit, text, name, status):
    (chain,) = audit(text)
    assert (chain["status"], chain["id"]) == (status, name)


CASES = r"f(x) = \begin{cases} x & x > 0 \\ %s & x %s 0 \end{cases}"


@pytest.mark.parametrize(
    ("name", "below", "sign", "status"),
    [
        ("ReLU", "0", r"\leq", "true"),
        ("ReLU", "0.01x", r"\leq", "false"),
        ("leaky ReLU", "0.01x", r"\leq", "true"),
        ("leaky ReLU", "0", r"\leq", "false"),
    ],
)
def test_a_definition_by_cases_is_compared(audit, name, below, sign, status):
    (chain,) = audit(f"# {name}\n{CASES % (below, sign)}")
    assert chain["status"] == status


def test_the_name_of_the_other_function_is_said(audit):
    (chain,) = audit("## ReLU\nf(x) = max(0.1x,x)")
    assert "leaky ReLU, under the name of ReLU" in chain["message"]


SLOPE = r"f'(x) = \begin{cases} 1 & x > 0 \\ 0 & x %s 0 \end{cases}"


@pytest.mark.parametrize(("sign", "said"), [("<", True), (r"\leq", False)])
def test_a_slope_that_is_open_at_zero_is_said_to_be_open(audit, sign, said):
    (chain,) = audit(f"# ReLU\n{SLOPE % sign}")
    assert chain["status"] == "true"
    assert ("left open" in chain["message"]) is said


# Sheets


def test_a_sheet_judges_what_it_knows(audit):
    (chain,) = audit("dE/dh1 = 0.0224\n", "--spec", "two-two-two")
    assert (chain["status"], chain["id"]) == ("false", "dE_total/dh1")
    assert chain["rule"] == "route"
    assert chain["misconceptions"] == ["M02"]


def test_two_sheets_judge_each_what_it_knows(audit):
    text = "dE/dW5 = 0.0259\nf = qz = 12\n"
    found = audit(text, "--spec", "two-two-two", "--spec", "circuit")
    assert [chain["id"] for chain in found] == ["dE_total/dW5", "f"]
    assert found[1]["status"] == "false"


def test_what_no_sheet_knows_is_judged_by_the_text(audit):
    (chain,) = audit("rho + 1 = 2\nrho = 3\n2 + 2 = 5\n", "--spec", "circuit")[-1:]
    assert (chain["status"], chain["id"]) == ("false", None)


def test_both_values_of_a_parameter_are_known_to_its_sheet(audit):
    found = audit("W5 = 0.45\nW5 = 0.43703857\n", "--spec", "two-two-two")
    assert [chain["id"] for chain in found] == ["W5", "W5+"]
    assert {chain["status"] for chain in found} == {"true"}


# Command


def test_the_json_has_the_shape_of_the_issue(run):
    Path("a.md").write_text("3 * 4 = 13\n2 + 2 = 4\n")
    code, out, _ = run("audit", "a.md", "--json")
    found = json.loads(out)
    assert code == 1
    assert [list(chain) for chain in found["chains"]] == [KEYS, KEYS]
    false, true = found["chains"]
    assert (false["file"], false["line"], false["false_at"]) == ("a.md", 1, 1)
    assert (false["left"], false["right"], false["rule"]) == ("12", "13", "arithmetic")
    assert (true["status"], true["false_at"], true["message"]) == ("true", None, "")
    assert found["summary"] == {
        "chains": 2, "true": 1, "rounded": 0, "false": 1, "carried": 0, "unread": 0,
    }  # fmt: skip


def test_printed_factors_are_named_where_only_rounding_holds(audit):
    (chain,) = audit("0.20945 * 0.23802 * 0.51999 = 0.02592286")
    assert chain["status"] == "rounded"
    assert chain["left"][:9] in chain["message"]


@pytest.mark.parametrize(("text", "code"), [("2 + 2 = 4", 0), ("2 + 2 = 5", 1), ("", 0)])
def test_the_exit_code_says_whether_something_is_false(run, text, code):
    Path("a.md").write_text(text)
    assert run("audit", "a.md")[0] == code


@pytest.mark.parametrize(
    "arguments",
    [
        ("missing.md",),
        (".",),
        ("a.md", "--spec", "no-such-sheet"),
        ("a.md", "--report", "out.xyz"),
        ("a.md", "--lang", "xx"),
        ("bad.pdf",),
        (),
    ],
)
def test_what_cannot_be_read_is_exit_code_2(run, arguments):
    Path("a.md").write_text("2 + 2 = 5")
    Path("bad.pdf").write_text("no pdf")
    code, _, err = run("audit", *arguments)
    assert code == 2
    assert err
    assert "Traceback" not in err


def test_files_are_read_each_by_itself(run):
    Path("a.md").write_text("x = 3\nx + 1 = 4\n")
    Path("b.tex").write_text("% 1 = 2\n2 + 2 = 5\n")
    Path("c.txt").write_text("x + 1 = 9\n")
    code, out, _ = run("audit", "a.md", "b.tex", "c.txt", "--json")
    found = [(c["file"], c["line"], c["status"]) for c in json.loads(out)["chains"]]
    assert code == 1
    assert ("a.md", 2, "true") in found
    assert ("b.tex", 2, "false") in found
    assert ("c.txt", 1, "false") not in found


def test_a_file_given_twice_is_read_twice(run):
    Path("a.md").write_text("2 + 2 = 5\n")
    assert json.loads(run("audit", "a.md", "a.md", "--json")[1])["summary"]["false"] == 2


def test_every_file_is_named_in_the_text(run):
    Path("a.md").write_text("2 + 2 = 5\n")
    Path("b.md").write_text("nothing\n")
    _, out, _ = run("audit", "a.md", "b.md")
    assert "a.md: 1 chain read" in out
    assert "b.md: 0 chains read" in out


@pytest.mark.parametrize("suffix", [".md", ".html", ".csv"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_report_holds_the_false_line_and_the_counts(run, suffix, language):
    Path("a.md").write_text("3 * 4 = 13\n2 + 2 = 4\n")
    name = f"out{suffix}"
    assert run("audit", "a.md", "--report", name, "--lang", language)[0] == 1
    text = Path(name).read_text()
    assert "a.md" in text
    assert "13" in text
    assert not set("{}") & set(text.split("</style>")[-1])


def test_a_report_as_csv_holds_a_chain_in_one_cell(run):
    Path("a.md").write_text("3 * 4 = 13\n")
    run("audit", "a.md", "--report", "out.csv")
    rows = csv.reader(Path("out.csv").read_text().splitlines())
    assert any("3 * 4 = 13" in row for row in rows)


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_a_report_escapes_what_strangers_wrote(run, suffix):
    Path("a.md").write_text("<script>alert(1)</script> | x = 3 * 4 = 13 | `*a*\n")
    run("audit", "a.md", "--report", f"out{suffix}")
    assert "<script>alert" not in Path(f"out{suffix}").read_text()


def test_a_report_that_is_the_output_is_refused(run):
    Path("a.md").write_text("2 + 2 = 5\n")
    code, _, err = run("audit", "a.md", "--report", "out.md", "-o", "out.md")
    assert code == 2
    assert "--report" in err


def test_messages_are_korean_where_that_is_asked(audit):
    english, korean = (audit("3 * 4 = 13", "--lang", lang)[0]["message"] for lang in ("en", "ko"))
    assert english.isascii()
    assert any("가" <= character <= "힣" for character in korean)


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "cp949"])
def test_texts_are_read_in_other_codes(statuses, code):
    assert statuses("따라서 3 * 4 = 13 이다\n".encode(code), name="a.txt") == ["false"]


def test_the_python_twin_gives_the_same_lines(folder):
    Path("a.md").write_text("f = qz = 12\n2 + 2 = 5\n")
    found = derive.audit("a.md", ["circuit"])
    assert [(one.file, one.line.chain.line, one.line.status) for one in found] == [
        ("a.md", 1, "false"),
        ("a.md", 2, "false"),
    ]


def test_the_python_twin_takes_several_paths(folder):
    for name in ("a.md", "b.md"):
        Path(name).write_text("2 + 2 = 5\n")
    assert [one.file for one in derive.audit([Path("a.md"), "b.md"])] == ["a.md", "b.md"]


def test_the_python_twin_refuses_a_missing_file(folder):
    with pytest.raises(derive.SpecError, match=r"missing\.md"):
        derive.audit("missing.md")
