"""One list of cases through the Python checker and through the page: no disagreement."""

import json
from fractions import Fraction

import pytest
from typed_numbers import from_seed, text_of, typed_numbers

import derive
from derive.checking.marking import Given
from derive.grading.assessment import open_marker
from derive.grading.reports.saying import Voice
from derive.spec import override

pytestmark = pytest.mark.slow
SHEETS = [
    ("two-two-two", {}),
    ("two-two-two", {"language": "ko"}),
    ("two-two-two", {"rounding": "stepwise", "decimals": 4}),
    ("circuit", {}),
    ("neuron", {}),
    ("shared-biases", {}),
]
MINUS, DASH, TIMES = "\N{MINUS SIGN}", "\N{EN DASH}", "\N{MULTIPLICATION SIGN}"
PER_ID = 40
SPELLINGS = (
    "{}",
    "+{}",
    "  {} ",
    f"{MINUS}{{}}",
    "-{}",
    f"{DASH}{{}}",
    "- {}",
    "{}000000000000",
    "{}e0",
    "{}E-1",
    f"{{}} {TIMES} 10^-2",
    "{}*10^{{2}}",
    "{} x 10**(1)",
    "00{}",
    "약 {}",
    "\N{ALMOST EQUAL TO} {}",
    "= {}",
    "~{}",
    "about {}",
    "{} 정도",
    "{}입니다.",
    "{}.",
    "{}*1",
    "({} + 0)/1",
    "2*{}*0.5",
    "-(-{})",
    "sqrt({}^2)",
)
NO_NUMBERS = (
    "1/0",
    "h1",
    "nan",
    "inf",
    "0.1.2",
    "1 2",
    "0x10",
    "5%",
    "e5",
    "1e999",
    "0.5 (2)",
    "2026-01-03",
    "x/(y-y",
    "sqrt(0-1)",
    "tanh'(x)",
    "3 +- 0.1",
)
JUDGE_ALL = """
cases => {
  const forms = new Map([...document.querySelectorAll(".entry")]
    .map(form => [form.querySelector("input").name, form]));
  return cases.map(([name, text]) => {
    const form = forms.get(name);
    const box = form.querySelector("input"), verdict = form.querySelector(".verdict");
    box.value = text;
    form.requestSubmit();
    const told = [box.value, verdict.dataset.verdict,
      [...verdict.querySelectorAll("p")].map(line => line.textContent)];
    box.value = "";
    return told;
  });
}
"""


def cases_of(marker, names):
    """Id and text: numbers around all that matters, printed and cut values, other spellings."""
    for name in names:
        target = marker.judge.targets[name]
        draw = from_seed(name)
        numbers = typed_numbers(target, draw, range(-target.places - 2, 4))
        found = sorted({text_of(*number) for number in numbers})
        yield from ((name, text) for text in draw.sample(found, min(PER_ID, len(found))))
        shown = target.text.lstrip("-").partition("e")[0]
        yield from ((name, shown[:end] or "0") for end in range(3, len(shown) + 1))
        yield from ((name, spelling.format(shown)) for spelling in SPELLINGS)
        yield name, shown.replace(".", ",")
        yield name, f"{name} = {shown}"
        yield from ((name, str(part)) for part in fractions(target.text))
        yield name, "".join(chr(ord(sign) + 0xFEE0) for sign in shown)


def fractions(shown):
    """The printed value as a fraction, fractions that are near, and one that is not."""
    whole = Fraction(shown)
    near = {whole.limit_denominator(10**k) for k in range(1, 7)}
    return sorted({whole, -whole, 2 * whole, Fraction(1, 3), *near})


def by_checker(marker, voice, name, text):
    (result,) = marker.mark(None, [Given(None, name, text)]).results
    return result.verdict, [voice.verdict(result), *voice.explain(result.judgement)]


@pytest.mark.parametrize(("name", "changes"), SHEETS)
def test_checker_and_page_agree_on_every_case(opened, tmp_path, name, changes):
    sheet = derive.sheet(override(derive.load(name), changes))
    marker = open_marker(sheet.numbers)
    voice = Voice(sheet.spec.language, "hint", marker.judge.explainer)
    page = opened(name, "blank", **changes)
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(list(cases_of(marker, marker.exercise.order))), "utf-8")
    cases = json.loads(path.read_text("utf-8"))
    assert len(cases) >= 50 * len(marker.exercise.order)
    told = page.evaluate(JUDGE_ALL, cases)
    disagreements, rounded = [], 0
    for (asked, text), (judged, verdict, said) in zip(cases, told, strict=True):
        rounded += judged != text
        expected, sentences = by_checker(marker, voice, asked, judged)
        if (verdict, said[: len(sentences)]) != (expected, sentences):
            disagreements.append((asked, text, judged, verdict, said, expected, sentences))
    assert disagreements == []
    assert rounded < len(cases) / 10


def test_there_are_20_000_cases():
    markers = (open_marker(derive.sheet(override(derive.load(n), c)).numbers) for n, c in SHEETS)
    assert sum(len(list(cases_of(m, m.exercise.order))) for m in markers) > 20_000


def test_what_is_no_number_gets_no_verdict(opened):
    page = opened("circuit")
    told = page.evaluate(JUDGE_ALL, [("f", text) for text in NO_NUMBERS])
    assert [(text, verdict) for text, verdict, _ in told] == [(t, "unread") for t in NO_NUMBERS]
