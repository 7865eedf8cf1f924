"""What a reader with the README alone found: what was true is not alleged, what was false is."""

from pathlib import Path

import pytest

import derive


def list_statuses(folder, text, suffix=".md", specs=()):
    path = folder / f"a{suffix}"
    path.write_text(text, "utf-8")
    return [audited.line.status for audited in derive.audit(path, specs)]


@pytest.mark.parametrize(
    "text",
    [
        r"$z = 0.45 \times 0.52 + 0.4 \times 0.527 = 0.9$",
        r"$\frac{\partial E}{\partial W_5} = 0.209 \times 0.238 \times 0.520 = 0.0295$",
        r"$z_3 = W_5 h_1 + W_6 h_2 = 0.45 \times 0.52 + 0.4 \times 0.527 = 0.4848$",
        r"ReLU: f(x) = max(0.01x, x)",
        "a = 2, b = 3, a + b = 6",
        "w = 2, x = 3, b = 3, $z = wx + b = 12$",
    ],
)
def test_what_is_false_is_found(tmp_path, text):
    assert list_statuses(tmp_path, text)[-1] == "false"


@pytest.mark.parametrize(
    "text",
    [
        r"Leaky ReLU fixes the dying unit of $f(x) = \max(0, x)$.",
        r"Instead of sigmoid people use $f(x) = \max(0, x)$.",
        r"Let $\sigma(x) = \max(0,x)$ be the activation.",
        r"The minimum where $3 - 2w = 0$",
    ],
)
def test_a_formula_beside_another_name_is_not_alleged(tmp_path, text):
    assert "false" not in list_statuses(tmp_path, text)


@pytest.mark.parametrize("text", [r"The sigmoid is $f(x) = \frac{1}{1+e^{x}}$."])
def test_a_formula_that_is_not_known_is_not_called_true(tmp_path, text):
    assert "true" not in list_statuses(tmp_path, text)


@pytest.mark.parametrize("name", ["two-two-two", "softmax", "adam", "attention"])
def test_our_own_pdf_loses_its_fractions_and_alleges_nothing(tmp_path, name):
    path = tmp_path / "key.pdf"
    path.write_bytes(derive.key_page(name, "pdf"))
    found = [audited.line.status for audited in derive.audit(path, [name])]
    assert "true" in found
    assert "false" not in found


def list_lines(text, spec="two-two-two", name=""):
    return [(line.status, line.false_at) for line in derive.working(spec, text, name)]


@pytest.mark.parametrize(
    "text",
    [
        "학습률 α = 0.5",  # noqa: RUF001  as it is typed
        "학습률(α) = 0.5",  # noqa: RUF001
        r"w_5^{(1)} = 0.437",
        "W5(1) = 0.437",
        "δ1 = 0.209*0.238 = 0.0497\ndE/dW5 = δ1*h1 = 0.0497*0.52 = 0.0258",
    ],
)
def test_nothing_true_is_called_false(text):
    assert "false" not in [status for status, _ in list_lines(text)]


@pytest.mark.parametrize(
    ("spec", "text", "place"),
    [
        ("two-two-two", "z1 = 0.3*0.1 + 0.25*0.2 = 0.03+0.05 = 0.0849", 3),
        ("two-two-two", "dz4/dh1 = W7 = 0.7 = 0.74", 3),
        ("neuron", "z1 = 0.8*0.6+0.5*(-0.4)+0.1 = 0.48-0.2+0.1 = 0.42", 3),
        ("softmax", "z5 = W9*h1+W10*h2+b5 = (-0.3)*(-0.099668)+0.2*0.60437+(-0.15) = -0.00077", 3),
    ],
)
def test_numbers_that_are_given_are_not_taken_for_rounded_ones(spec, text, place):
    assert list_lines(text, spec) == [("false", place)]


@pytest.mark.parametrize("text", ["total error E_total = 0.9", "dEo1/dz3 = 0.9"])
def test_words_in_front_of_a_name_define_nothing(text):
    assert [status for status, _ in list_lines(text)] == ["unread"]


def test_what_is_no_text_is_refused(run, tmp_path):
    path = Path(tmp_path / "a.txt")
    path.write_bytes(b"%PDF-1.7\n\0")
    assert run("working", "circuit", path)[0] == 2
    code, out, err = run("audit", "README.md", "--spec", "nope")
    assert (code, out) == (2, "")
    assert "--spec nope" in err
