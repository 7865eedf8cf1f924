"""Every line of the deck's slides ("전파와 역전파"), with its numbers.

The deck: BOAZ study group 21-2, chapter 4, "인공 신경망". It writes target_{o1},
output_{o1}, alpha and the sign x; the spec below says so under [symbols].
"""

import re

import pytest

import derive
from derive.spec import override

SYMBOLS = {
    "learning_rate": "\\alpha",
    "target": "target_{o#}",
    "output": "output_{o#}",
    "sigmoid": "\\mathrm{sigmoid}",
}
T1, O1 = r"\mathit{target}_{o1}", r"\mathit{output}_{o1}"
T2, O2 = r"\mathit{target}_{o2}", r"\mathit{output}_{o2}"
E, D = r"E_{\mathrm{total}}", r"\frac{\partial %s}{\partial %s}"


def d(of, by):
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


LINES = [
    r"z_1 = W_1 x_1 + W_2 x_2 = 0.3 \times 0.1 + 0.25 \times 0.2 = 0.08",
    r"z_2 = W_3 x_1 + W_4 x_2 = 0.4 \times 0.1 + 0.35 \times 0.2 = 0.11",
    r"h_1 = \mathrm{sigmoid}(z_1) = \mathrm{sigmoid}(0.08) \approx 0.51998934",
    r"h_2 = \mathrm{sigmoid}(z_2) = \mathrm{sigmoid}(0.11) \approx 0.52747230",
    r"z_3 = W_5 h_1 + W_6 h_2 = 0.45 \times 0.51998934 + 0.4 \times 0.52747230 \approx 0.44498412",
    r"z_4 = W_7 h_1 + W_8 h_2 = 0.7 \times 0.51998934 + 0.6 \times 0.52747230 \approx 0.68047592",
    rf"{O1} = \mathrm{{sigmoid}}(z_3) = \mathrm{{sigmoid}}(0.44498412) \approx 0.60944600",
    rf"{O2} = \mathrm{{sigmoid}}(z_4) = \mathrm{{sigmoid}}(0.68047592) \approx 0.66384491",
    (
        rf"E_{{o1}} = \tfrac{{1}}{{2}}({T1} - {O1})^{{2}} = "
        r"\tfrac{1}{2}(0.4 - 0.60944600)^{2} \approx 0.02193381"
    ),
    (
        rf"E_{{o2}} = \tfrac{{1}}{{2}}({T2} - {O2})^{{2}} = "
        r"\tfrac{1}{2}(0.6 - 0.66384491)^{2} \approx 0.00203809"
    ),
    rf"{E} = E_{{o1}} + E_{{o2}} = 0.02193381 + 0.00203809 \approx 0.02397190",
    rf"{d(E, 'W_5')} = {d(E, O1)} \times {d(O1, 'z_3')} \times {d('z_3', 'W_5')}",
    rf"{E} = \tfrac{{1}}{{2}}({T1} - {O1})^{{2}} + \tfrac{{1}}{{2}}({T2} - {O2})^{{2}}",
    rf"{d(E, O1)} = 2 \times \tfrac{{1}}{{2}}({T1} - {O1})^{{2-1}} \times (-1) + 0",
    rf"= -({T1} - {O1}) = -(0.4 - 0.60944600) \approx 0.20944600",
    rf"{d(O1, 'z_3')} = {O1}(1 - {O1}) = 0.60944600 \times (1 - 0.60944600) \approx 0.23802157",
    rf"{d('z_3', 'W_5')} = h_1 \approx 0.51998934",
    r"= 0.20944600 \times 0.23802157 \times 0.51998934 \approx 0.02592286",
    (
        rf"W_5^{{+}} = W_5 - \alpha \times {d(E, 'W_5')}"
        r" = 0.45 - 0.5 \times 0.02592286 \approx 0.43703857"
    ),
    rf"{d(E, 'W_1')} = {d(E, 'h_1')} \times {d('h_1', 'z_1')} \times {d('z_1', 'W_1')}",
    rf"{d(E, 'h_1')} = {d('E_{o1}', 'h_1')} + {d('E_{o2}', 'h_1')}",
]
CIRCUIT = [
    "q = x + y = -2 + 5 = 3",
    r"f = q z = 3 \times (-4) = -12",
    rf"{d('f', 'f')} = 1",
    rf"{d('q', 'x')} = 1",
    rf"{d('q', 'y')} = 1",
    rf"{d('f', 'q')} = z = -4",
    rf"{d('f', 'z')} = q = 3",
    rf"{d('f', 'x')} = {d('f', 'q')} \times {d('q', 'x')} = -4 \times 1 = -4",
    rf"{d('f', 'y')} = {d('f', 'q')} \times {d('q', 'y')} = -4 \times 1 = -4",
]
UPDATED = {
    "W1+": "0.29959556",
    "W2+": "0.24919112",
    "W3+": "0.39964496",
    "W4+": "0.34928991",
    "W5+": "0.43703857",
    "W6+": "0.38685205",
    "W7+": "0.69629578",
    "W8+": "0.59624247",
    "E_total+": "0.02323634",
}


def flat(text):
    """A page as one line of TeX: no alignment, remarks, spacing or daggers."""
    text = re.sub(r"&&.*", "", text)
    text = re.sub(r"\\(?:thin|en)space\b", "", text).replace(r"{}^{\dagger}", "")
    text = (
        text.replace("&", "")
        .replace(r"\\*", "")
        .replace(r"\\", "")
        .replace(r"\;", "")
        .replace("}_ ", "}_")
    )
    return re.sub(r"\s+", " ", text.replace(r"\,", " ")).replace(" -", "-").replace("- ", "-")


@pytest.fixture(scope="module")
def deck():
    spec = override(derive.load("two-two-two"), {"symbols": SYMBOLS})
    return {form: flat(derive.key_page(spec, form)) for form in ("md", "tex")}


@pytest.fixture(scope="module")
def circuit():
    return flat(derive.key_page("circuit", "md"))


@pytest.mark.parametrize("form", ["md", "tex"])
@pytest.mark.parametrize("line", LINES)
def test_the_line_of_the_deck_is_on_the_sheet(deck, line, form):
    assert flat(line) in deck[form]


@pytest.mark.parametrize("line", CIRCUIT)
def test_the_line_of_the_decks_circuit_is_on_the_sheet(circuit, line):
    assert flat(line) in circuit


@pytest.mark.parametrize(("name", "text"), UPDATED.items())
def test_all_eight_weights_and_the_new_error(name, text):
    assert derive.sheet("two-two-two").numbers.shown(name).text == text
