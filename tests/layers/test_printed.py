"""Every layer against the numbers that were found for it beforehand, and against differences."""

from __future__ import annotations

import pytest
from printed import ATTENTION, CASES, CONV, IMAGE, PAIR, STEPS, TOKENS, TWO, spec

import derive
from derive.spec import digest, from_plain, to_plain


@pytest.mark.parametrize("name", CASES)
def test_each_printed_number_is_found(name):
    text, numbers = CASES[name]
    found = derive.sheet(derive.loads(text)).numbers
    assert {id_: found.shown(id_).text for id_ in numbers} == numbers


@pytest.mark.parametrize("name", CASES)
def test_differences_know_and_confirm_every_number(name):
    report = derive.verify(derive.loads(CASES[name][0]))
    assert report.agrees
    assert all(row.checks["differences"] is not None for row in report.rows)


@pytest.mark.parametrize("name", CASES)
def test_its_own_key_is_right_and_complete(name):
    sheet = derive.sheet(derive.loads(CASES[name][0]))
    steps = list(sheet.derivation.steps())
    assert len({step.id for step in steps}) == len(steps)
    known = set()
    for step in steps:
        assert set(step.uses) <= known
        known.add(step.id)
        assert sheet.derivation.step(step.id) == step


@pytest.mark.parametrize("name", CASES)
def test_a_key_reads_its_own_spec(name):
    plain = to_plain(derive.loads(CASES[name][0]))
    again = from_plain(derive.key(derive.loads(CASES[name][0]))["spec"])
    assert digest(again) == digest(from_plain(plain))


def test_samples_share_their_parameters_and_keep_their_parts():
    text = STEPS.replace("[[1], [0.5], [-1]]", "[[[1], [0.5]], [[-1], [2]]]").replace(
        "[0.25]", "[[0.25], [1]]"
    )
    layers = '{type="rnn", weights=[[0.6]], recurrent_weights=[[0.5]], outputs="last"}'
    sheet = derive.sheet(derive.loads(spec(text, layers)))
    ids = {step.id for step in sheet.derivation.steps()}
    assert {"dE_s2/dU1|t2", "dE_s2/dU1", "dE_total/dU1", "h1_t2_s1", "o1_s2"} <= ids
    assert derive.verify(sheet).agrees


def test_coupled_samples_have_one_error_and_uses_by_sample():
    text, _ = CASES["batch_norm"]
    ids = {step.id for step in derive.sheet(derive.loads(text)).derivation.steps()}
    assert {"dE_total/dgain1_1|s2", "dE_total/do1_s2", "E_s3"} <= ids
    assert not any("dE_s" in name for name in ids)


def test_steps_have_errors_of_their_own():
    layers = '{weights=[[1, 0.5]], activation="tanh"}'
    text = spec(
        TOKENS.replace("[[0.5, 0], [0, -1]]", "[[0.5], [-1]]"), layers, 'input = "sequence"\n'
    )
    plain = derive.sheet(derive.loads(text)).numbers
    mean = derive.sheet(derive.loads('step_reduction = "mean"\n' + text)).numbers
    total = sum(float(plain.shown(f"E_t{t}").text) for t in (1, 2))
    assert float(plain.shown("E_total").text) == pytest.approx(total, abs=1e-8)
    assert float(mean.shown("E_total").text) == pytest.approx(total / 2, abs=1e-8)
    assert derive.verify(derive.loads('step_reduction = "mean"\n' + text)).agrees


@pytest.mark.parametrize(
    ("given", "layers", "told"),
    [
        (
            IMAGE,
            '{type="conv2d", kernels=[[[0.5, -0.5], [0.25, 0.75]]]}, {type="flatten"}',
            (
                "layers[1].kernels: expected 4 levels (maps, channels, rows, columns), got 3; "
                "one map of one channel is a plain table"
            ),
        ),
        (
            'input = "image"\n' + IMAGE,
            '{type="max_pool", size=5}, {type="flatten"}',
            (
                "layers[1].size: a 5 x 5 window does not fit into 4 x 4; "
                "give a smaller size or a padding"
            ),
        ),
        (
            IMAGE,
            '{type="conv2d", kernels=[[1, 2], [3, 4]], stride=2, padding="same"}',
            'layers[1].padding: "same" needs stride 1, got 2; give the padding in numbers',
        ),
        (
            IMAGE,
            f'{CONV}, {{type="flatten"}}, {{weights=[[1, 2, 3, 4]]}}',
            (
                "layers[3].weights: expected 1 x 9, got 1 x 4; "
                "columns are the 9 numbers of layers[2] flattened: map, row, column"
            ),
        ),
        (
            IMAGE,
            f"{CONV}, {{weights=[[1, 2]]}}",
            'layers[2]: dense takes a vector, got 1 x 3 x 3; put type = "flatten" before it',
        ),
        (
            "inputs = [1, 0.5, -1]\ntargets = [1]\n",
            '{type="rnn", weights=[[1]], recurrent_weights=[[1]], outputs="last"}',
            "inputs: expected steps x features, got 3 numbers; write [[1], [0.5], [-1]]",
        ),
        (
            TOKENS,
            ATTENTION.format(more=", mask=[[1, 0], [0, 0]]"),
            "layers[1].mask: row 2 allows no key; every query needs one",
        ),
        (
            PAIR,
            (
                '{name="ship", weights=[[1, 2]]}, {name="t", weights=[[1]]}, '
                '{type="add", from=["skip", "t"]}'
            ),
            'layers[3].from: "skip" is no earlier layer; did you mean ship?',
        ),
        (
            PAIR,
            '{name="a", weights=[[1, 2]]}, {from="input", weights=[[1, 1]]}',
            "layers[1]: no layer takes its output; name it in a from, or leave it out",
        ),
        (
            'input = "sequence"\n' + TWO,
            '{weights=[[1, 2]]}, {type="flatten"}',
            "layers[1].weights: expected 1 x 1, got 1 x 2",
        ),
    ],
)
def test_messages_say_where_and_what_would_be_right(given, layers, told):
    with pytest.raises(derive.SpecError) as error:
        derive.loads(spec(given, layers))
    assert str(error.value).startswith(told)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CASES if name != "gru_before"])
def test_pytorch_confirms_outputs_errors_gradients_and_updates(name):
    rows = derive.verify(derive.loads(CASES[name][0])).rows
    known = {row.id for row in rows if row.checks.get("pytorch") is not None}
    assert all(row.agrees for row in rows)
    sheet = derive.sheet(derive.loads(CASES[name][0]))
    wanted = {p for q in sheet.graph.parameters for p in (f"dE_total/d{q}", f"{q}+")}
    assert wanted | {"E_total", "E_total+"} <= known


def test_a_convention_that_pytorch_has_not_is_refused_by_its_key():
    with pytest.raises(derive.SpecError, match=r'layers\[1\]\.reset: "before" is in no module'):
        derive.export(derive.loads(CASES["gru_before"][0]))


@pytest.mark.parametrize(
    "answer", ["o_1^{<1>}*tanh(c_1^{<1>})", "o_1^<1> tanh(c_1^<1>)", "go1_t1*tanh(c1_t1)"]
)
def test_a_step_in_a_formula_is_no_inequality(answer):
    (member,) = derive.check("lstm", {"h1_t1": answer})
    assert member.results[0].judgement.verdict == "correct"


@pytest.mark.parametrize(
    "answer",
    ["{dE_total/dWo1|t1}+{dE_total/dWo1|t2}", "dE_total/dWo1|t1 + dE_total/dWo1|{t2}",
     "(dE_total/dWo1|t1) + (dE/dWo1|_{t2})"],
)  # fmt: skip
def test_the_uses_of_a_parameter_are_read_in_a_formula(answer):
    (member,) = derive.check("lstm", {"dE_total/dWo1": answer})
    assert member.results[0].judgement.verdict == "correct"


def test_a_reduction_of_steps_needs_steps():
    text = spec("inputs = [1]\ntargets = [1]\n", "{weights=[[1]]}", 'step_reduction = "mean"\n')
    with pytest.raises(derive.SpecError, match="step_reduction: needs inputs with steps"):
        derive.loads(text)


def test_a_format_that_cannot_be_is_named():
    sheet = derive.sheet(derive.loads(CASES["gru_before"][0]))
    with pytest.raises(derive.SpecError, match="leave the format ipynb out"):
        derive.page(sheet, "ipynb")


def test_no_step_of_a_long_table_is_left_out_while_each_letter_has_few():
    page = derive.key_page("lstm")
    assert "more numbers stand" not in page
    assert "more number stands" not in page


def test_the_bias_of_all_keys_changes_no_share_and_has_the_derivative_0():
    text = (
        'learning_rate = 0.1\ninput = "sequence"\ninputs = [[-1.39], [0.13], [-0.52]]\n'
        "targets = [[-0.08, -1.49], [-0.48, -0.80], [0.75, 0.29]]\n"
        'layers = [{type="attention", query_weights=[[0.68]], key_weights=[[-0.45]], '
        "value_weights=[[1.21], [0.44]], query_biases=[0.22], key_biases=[0.78]}]\n"
    )
    assert derive.sheet(derive.loads(text)).numbers.shown("dE_total/dbk1").text == "0"
