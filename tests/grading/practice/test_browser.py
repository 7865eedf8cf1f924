"""The practice page in a real browser: typing, verdicts, hints, keys, nothing sent."""

import tomllib

import pytest
from whole_sets import carry_on

import derive
from derive.grading.assessment import open_marker

pytestmark = pytest.mark.slow
HOSTILE = '</script><script>alert(1)</script> <img src=x onerror=alert(2)> & "q" \u2028 {{7*7}}'


def entry(page, name):
    return page.locator(".entry", has=page.locator(f'input[name="{name}"]'))


def said(page, name):
    return entry(page, name).locator(".verdict p").all_text_contents()


def answer(page, name, text):
    box = page.locator(f'input[name="{name}"]')
    box.fill(text)
    box.press("Enter")
    return said(page, name)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("0.02629590", ["correct"]),
        ("0.026", ["right, rounded early", "Right, but write at least three significant digits."]),
        ("0.263", ["wrong", "The digits are right; the decimal point is off by 1."]),
        ("7", ["wrong"]),
        (
            "-0.02629590",
            [
                "known mistake: sign of the error's derivative turned round (M04)",
                (
                    "The sign of the error's derivative is turned round: "
                    "it has the sign of o - t, and the update subtracts."
                ),
                "Look again at dE_total/do1: it is -(t1-o1), not -(-(t1-o1)).",
            ],
        ),
        ("0.02629590 정도", ["correct"]),
        ("262959/10000000", ["correct"]),
        ("1/3", ["wrong"]),
        ("h1 * h2", ["wrong"]),
        ("dE_total/dz3 * h2", ["correct"]),
        ("-(t1 - o1)*o1*(1 - o1)*h2", ["correct"]),
        ("0.20944600*0.23802157*0.52747230", ["correct"]),
        ("0.2094*0.238*0.527", ["wrong"]),
        (
            "W6+ - 0.45",
            [
                "cannot be read",
                "The formula uses W6+, which comes after dE_total/dW6.",
            ],
        ),
        (
            "h1 & h2",
            [
                (
                    "This page does not read this. Type a number, such as -0.25, 2.5e-4 or 3/4, "
                    "or a formula in the names of this sheet; derive check reads more."
                )
            ],
        ),
        ("1e80", ["Write this number without a power of ten."]),
    ],
)
def test_each_verdict_is_said_in_words(opened, typed, told):
    assert answer(opened("two-two-two"), "dE_total/dW6", typed) == told


SLIP = {"h1": "0.53", "z3": "0.44948892", "o1": "0.61051771"}


def test_a_right_method_after_an_earlier_slip_is_told_with_the_earlier_blank(opened):
    page = opened("two-two-two", "blank")
    assert [answer(page, name, text)[0] for name, text in SLIP.items()] == [
        "wrong",
        "right method, earlier slip",
        "right method, earlier slip",
    ]
    assert said(page, "o1")[1:] == ["The method here is right; the first slip is at h1."]
    assert entry(page, "z3").locator(".verdict").get_attribute("data-verdict") == "carried"
    assert page.locator("#score").text_content() == "0 of 66 right."


def test_verdicts_further_down_follow_when_an_earlier_answer_is_changed(opened):
    page = opened("two-two-two", "blank")
    for name, text in SLIP.items():
        answer(page, name, text)
    answer(page, "h1", "0.51998934")
    assert said(page, "h1") == ["correct"]
    assert said(page, "z3") == ["wrong"]
    assert said(page, "o1") == [
        "right method, earlier slip",
        "The method here is right; the first slip is at z3.",
    ]
    page.locator('input[name="h1"]').fill("0.53")
    page.locator('.verdict[data-verdict="carried"]').nth(1).wait_for()
    assert said(page, "h1") == []
    assert "the first slip is at h1" in said(page, "z3")[1]


def test_what_follows_from_an_answer_that_is_not_read_is_left_to_the_checker(opened):
    page = opened("two-two-two", "blank")
    answer(page, "h1", r"\frac{1}{1+e^{-z_1}}")
    told = "This page cannot tell what follows from the answer to h1; derive check can."
    assert answer(page, "z3", "0.4") == [told]
    assert answer(page, "z3", "0.44498412") == ["correct"]


def test_an_earlier_slip_is_told_in_korean(opened):
    page = opened("two-two-two", "blank", language="ko")
    for name, text in SLIP.items():
        answer(page, name, text)
    assert said(page, "o1") == [
        "방법은 맞음(앞 단계 실수)",
        "이 단계의 방법은 맞습니다. 처음 틀린 곳: h1",
    ]


TIME_ENTRIES = """
texts => [...document.querySelectorAll(".entry")].map(form => {
  const box = form.querySelector("input");
  box.value = texts[box.name];
  const begun = performance.now();
  form.requestSubmit();
  return performance.now() - begun;
})
"""


@pytest.mark.parametrize("name", ["two-two-two", "softmax", "adam"])
def test_an_entry_is_answered_within_50_milliseconds(opened, name):
    page = opened(name, "blank")
    marker = open_marker(derive.sheet(name).numbers)
    first = list(marker.exercise.order)[1]
    taken = sorted(page.evaluate(TIME_ENTRIES, carry_on(marker, {first: "0.7"})))
    assert taken[len(taken) // 2] < 50
    assert taken[-2] < 50  # the first one also makes everything ready


def test_typing_again_takes_the_verdict_away(opened):
    page = opened()
    assert answer(page, "W2+", "12") == ["wrong"]
    box = page.locator('input[name="W2+"]')
    assert box.get_attribute("aria-invalid") == "true"
    box.press("3")
    assert said(page, "W2+") == []
    assert box.get_attribute("aria-invalid") is None
    assert answer(page, "W2+", " ") == []


def test_more_decimals_than_the_page_reads_are_rounded_in_the_box(opened):
    page = opened("two-two-two")
    told = answer(page, "h2", "0.527472304347211")
    assert told == ["correct", "Rounded to 10 decimals; this page reads no more."]
    assert page.locator('input[name="h2"]').input_value() == "0.5274723043"


def test_hints_are_uncovered_one_by_one_and_the_value_comes_last(opened):
    page = opened("two-two-two")
    button, hints = entry(page, "h2").locator("button.hint"), entry(page, "h2").locator("li")
    assert hints.count() == 0
    labels = []
    for shown in range(1, 5):
        labels.append(button.text_content())
        button.click()
        assert hints.count() == shown
    assert labels == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Show the value"]
    assert hints.all_text_contents()[1:] == [
        "h2 = sigmoid(z2)",
        "h2 = sigmoid(0.11), with the numbers of this sheet",
        "h2 = 0.52747230",
    ]
    button.press("Enter")
    assert hints.count() == 4
    assert button.get_attribute("aria-disabled") == "true"
    assert page.locator("#score").text_content() == "0 of 38 right. Values shown: 1."


def test_a_summary_counts_what_is_right(opened):
    page = opened("circuit")
    names = page.locator(".entry input").evaluate_all("boxes => boxes.map(box => box.name)")
    sheet = derive.sheet("circuit")
    for name in names:
        page.locator(f'input[name="{name}"]').fill(sheet.numbers.shown(name).text)
    assert page.locator("#score").text_content() == f"0 of {len(names)} right."
    page.locator("#all").click()
    assert page.locator("#score").text_content() == f"{len(names)} of {len(names)} right."


def test_the_keyboard_alone_is_enough(opened):
    page = opened("circuit")
    tag, label = ("document.activeElement." + what for what in ("tagName", "ariaLabel"))
    while page.evaluate(tag) != "INPUT":  # on the way stand tables that can be scrolled
        page.keyboard.press("Tab")
    assert page.evaluate(label) == "(2) f"
    page.keyboard.type("-12")
    page.keyboard.press("Enter")
    assert said(page, "f") == ["correct"]
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert entry(page, "f").locator("li").count() == 2


def test_verdicts_are_told_to_screen_readers(opened):
    page = opened("circuit")
    answer(page, "f", "-12")
    box = page.get_by_role("textbox", name="(2) f", exact=True)
    verdict = page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert verdict.get_attribute("role") == "status"
    assert verdict.text_content() == "correct"


def test_the_answers_go_to_derive_check(opened, run):
    page = opened("circuit")
    answer(page, "f", "-12")
    answer(page, "df/dy", 'say "\\" \u007f')
    page.locator("#export summary").click()
    text = page.locator("textarea").input_value()
    typed = {k: v for k, v in tomllib.loads(text).items() if v}
    assert typed == {"f": "-12", "df/dy": 'say "\\" \ufffd'}
    with page.expect_download() as waiting:
        page.locator("#save").click()
    waiting.value.save_as("answers.toml")
    assert waiting.value.suggested_filename == "answers.toml"
    code, out, _ = run("check", "circuit", "answers.toml")
    assert code == 1
    assert "✓ f" in out


def test_a_new_tab_keeps_what_was_typed_and_clearing_forgets_it(opened):
    page = opened("circuit")
    answer(page, "f", "-12")
    entry(page, "f").locator("button.hint").click()
    page, closed = page.context.new_page(), page
    closed.close()
    page.goto(closed.url)
    assert said(page, "f") == ["correct"]
    assert entry(page, "f").locator("li").count() == 1
    page.locator("#export summary").click()
    page.locator("#forget").click()
    page.reload()
    assert page.locator('input[name="f"]').input_value() == ""
    assert page.locator("#score").text_content() == "0 of 3 right."


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", ["two-two-two", "circuit"])
def test_a_phone_needs_no_sideways_scrolling(opened, name, language):
    page = opened(name, width=360, language=language)
    page.locator("button.hint").evaluate_all(
        "buttons => buttons.forEach(button => { for (let i = 0; i < 4; i++) button.click(); })"
    )
    page.locator(".entry input").evaluate_all(
        "boxes => boxes.forEach(box => { box.value = '1/3' })"
    )
    page.locator("#all").click()
    page.locator("#export summary").click()
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 360
    right = "rows => Math.max(...rows.map(row => row.getBoundingClientRect().right))"
    assert page.locator(".entry > *, .hints li, .verdict p").evaluate_all(right) <= 360


def test_a_hostile_title_is_text(opened):
    page = opened("circuit", title=HOSTILE)
    shown = page.locator("h1").text_content()
    assert shown == HOSTILE.replace("\u2028", "")
    assert page.title() == " ".join(shown.split())
    assert page.locator("img, h1 *").count() == 0
    assert page.locator("script").count() == 2
    assert answer(page, "f", "-12") == ["correct"]


def test_korean_is_spoken_throughout(opened):
    page = opened("two-two-two", language="ko")
    assert answer(page, "h2", "0.52747230") == ["정답"]
    assert page.locator("#score").text_content() == "38문항 가운데 1문항 정답."
    assert "정답이 들어 있습니다" in page.locator(".notice").first.text_content()
