"""Texts that a tester wrote by hand: what a teacher would allege of them, and what not."""

# ruff: noqa: RUF001  signs that people type are what is read here

import pytest

import derive


def list_statuses(folder, text, suffix):
    path = folder / f"a{suffix}"
    path.write_text(text, "utf-8")
    judged = [audited.line.status for audited in derive.audit(path)]
    return ["true" if status == "rounded" else status for status in judged]


TRUE = [
    "The set has N = 60,000 images.\n\nN/100 = 600 batches",
    "N = 50,000\n\nN/100 = 500",
    "n = 1,000\n\nn/2 = 500",
    "t = 1: v = 0.5\n\n2t = 2",
    "o = 0.7, t = 1: E = (t-o)^2/2 = 0.045\n\n(o-t) = -0.3",
    "2-2-2 = 6 units",
    "784-128-10 = 922 units",
    "For the 2-2-2 = 6 units net",
    "| layers | 2-3-1 = 6 |\n",
    "pp. 12-15 = 4 pages",
    "3/4 = 4 March",
    "9/11 = 11 September",
    "10_2 = 2",
    "1010_2 = 10",
    "1 + 1 = 0 (mod 2)",
    "3 * 5 = 1 (mod 7)",
    "0.999... = 1",
    "W5 = 0.45\n\nafter this W5 = 0.43704\n\n2*W5 = 0.87408",
    "w = 2\n\n$w \\leftarrow w - 0.1 \\cdot 3 = 1.7$\n\n$w \\leftarrow w - 0.1\\cdot 2 = 1.5$",
    "w = 2\n\nw ← w - 0.1*3 = 1.7\n\nw ← w - 0.1*2 = 1.5",
    "w = 2\n\nw → w - 0.1*3 = 1.7\n\n2w = 3.4",
    "w = 2\n\nw -> 1.7\n\n2w = 3.4",
    "z = 0.5\n\nd = 3\n\ndz = 0.1",
    "l = 2\n\nr = 3\n\nlr = 0.1",
    "a = 2\n\nb = 3\n\nab = 0.5",
    "d = 2\n\nx = 3\n\ndx = 0.1",
    "tanh(20) = 1",
    "sigmoid(10) = 1",
    "sigmoid(-100) = 0",
    "exp(-1000) = 0",
    "$e^{-20} = 0$",
    "1 - sigmoid(10) = 0",
    "f(x) = x^2\n\nf'(x) = 2x",
    "f(x) = x^2\n\nf(x) = x^3\n\nf(2) = 8",
    "2 + 2 = 5 is wrong",
    "틀린 예: 0.3*0.1 = 0.3",
    "Is 2*3 = 7?",
    "GELU(1) = 0.8412",
    "x = 1 or 2\n\n2x = 4",
    "f(x) = x^2 - 4x\n\nAt the minimum $f'(x) = 0$.",
    "f(x) = x^2 - 4x\n\n최솟값에서 $f'(x) = 0$ 이다.",
    "f(x) = x^2\n\nAt x = 3: f'(x) = 6",
    "f(x) = x^2\n\nf'(x) = 2*3 = 6",
    "J(w) = w^2 - 4w + 4\n\nw = 0: J'(w) = -4\n\nw = 0.4: J'(w) = 2*0.4 - 4 = -3.2",
    "f(x) = max(0, x)\n\nf'(x) = 1 for x > 0, 0 otherwise",
    "f(x) = max(0, x)\n\nf'(x) = 1 if x > 0 and f'(x) = 0 if x < 0",
    "f(x) = 2*3 + 1 = 7\n\nf(4) = 9",
    "p(x) = 0.3\n\np(0) = 0.7",
    "At w = 1 the loss is J(w) = 4.2.\n\nJ(0) = 9",
    "The prediction is f(x) = 0.73.\n\nf(0) = 0.5",
    "f(x) = 0 has the root x = 2.\n\nf(3) = 5",
    "For x = 3, f(x) = 9; for x = 4, f(x) = 16; f(5) = 25",
    "P(A) = 0.2\n\nP(1) = 0.4",
    "E(X) = 3.5\n\nE(2) = 4",
    "n = 10: T(n) = 20\n\nT(100) = 2000",
    "w = 2\n\nNow set w = 0.5. What happens?\n\n2w = 1",
    "w = 2\n\nWhat if we choose w = 3? Then 2w = 6.",
    "lr = 0.1\n\nWhat if lr = 0.5?\n\n2*lr = 1",
    "f(x) = x^2\n\nWhat about f(x) = x^3?\n\nf(2) = 8",
    "x = 3\n\n$x \\to 0$\n\n$2x = 6$",
    "w = 0.5\n\nw → 0.4 → 0.3\n\n2w = 0.6",
    "2+2 = 5 (wrong!)",
    "~~2+2 = 5~~",
    "Common mistake: 2+2 = 5",
    "It is not the case that 2+2 = 5.",
    "흔한 실수: 0.3*0.1 = 0.3",
    "0.3*0.1 = 0.3 ❌",
    "0.3*0.1 = 0.3 이 아니다",
]
"""Nothing here is alleged."""


@pytest.mark.parametrize("suffix", [".md", ".txt"])
@pytest.mark.parametrize("text", TRUE)
def test_nothing_is_alleged(tmp_path, text, suffix):
    assert "false" not in list_statuses(tmp_path, text, suffix)


LATER = [
    "f(x) = x^2\n\n## ReLU\n\nf(x) = max(0, x)\n\nf(2) = 2",
    "f(x) = x^2\n\nf(x) = the score of x\n\nf(2) = 5",
    "f(x) = x^2\n\nf(x) = a x + b\n\nf(2) = 5",
]
"""A letter is given to another function, which is not read as a formula."""


@pytest.mark.parametrize("text", LATER)
def test_a_function_that_is_another_one_by_now_is_not_alleged(tmp_path, text):
    assert "false" not in list_statuses(tmp_path, text, ".md")


JUDGED = [
    ("a = 2\n\nb = 3\n\nab = 6", "true"),
    ("a = 2\n\nb = 3\n\nc = ab = 7", "false"),
    ("sigmoid(2) = 1", "false"),
    ("tanh(1) = 1", "false"),
    ("e^{-2} = 0", "false"),
    ("g(x) = x^2 + 1\n\ng(3) = 10\n\ng(4) = 16", "true false"),
    ("f(x) = 3x^2 - 1 and f(2) = 12", "false"),
    ("f(x) = x^2\n\nf'(x) = 3x", "false"),
    ("$h(x, y) = xy + y$; $h(1,1) = 3$.", "false"),
    ("$h(x, y) = xy + y$; $h(1,1) = 2$.", "true"),
    ("2 * 3 = 7", "false"),
    ("0.2378 + 0.2982 = 0.5370", "false"),
    ("60,000 + 10,000 = 80,000", "false"),
    ("7 - 2 = 6", "false"),
    ("7 - 2 - 2 = 6", "false"),
    ("12 - 15 = -4", "false"),
    ("f(x) = 2*3 + 1 = 8", "false"),
    ("y(x) = 2*3 = 7", "false"),
    ("h(x) = 0.3*0.1 + 0.25*0.2 = 0.09", "true"),
    ("f(x) = 2x\n\nf(x) = 2*3 = 7", "false"),
    ("x = 3\n\nf(x) = x^2 = 8", "false"),
    ("T(n) = 2n + 3 operations\n\nT(10) = 23\n\nT(100) = 230", "false"),
    ("g(x) = x^2 + 1\n\ng(3) = 10", "true"),
    ("f(x) = x^3\n\nf'(x) = 3x", "false"),
    ("f(x) = x^3\n\nf'(x) = 3x^2\n\nf'(2) = 13", "false"),
]
"""Texts, and what their last chains are."""


@pytest.mark.parametrize(("text", "expected"), JUDGED)
def test_what_is_false_is_found_and_what_is_true_is_read(tmp_path, text, expected):
    said = expected.split()
    assert list_statuses(tmp_path, text, ".md")[-len(said) :] == said


def test_a_slope_that_is_off_is_called_a_slope(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("σ'(x) = σ(x)(1 + σ(x))\n", "utf-8")
    (audited,) = derive.audit(path)
    (remark,) = audited.line.remarks
    assert remark.slots == {"named": "sigmoid'"}


@pytest.mark.parametrize(("text", "status"), [("o1(1+o1)", "false"), ("o1(1-o1)", "true")])
def test_a_slope_in_the_names_of_a_sheet_is_read(tmp_path, text, status):
    path = tmp_path / "a.md"
    path.write_text(f"σ'(z3) = {text}\n", "utf-8")
    assert [a.line.status for a in derive.audit(path, ["two-two-two"])] == [status]
