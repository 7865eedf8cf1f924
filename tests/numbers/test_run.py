"""Training runs: each row against a textbook program and against the key."""

import csv
import io
import json
from decimal import ROUND_HALF_UP, Decimal

import flint
import pytest
from mpmath import exp, mp, mpf
from oracle import oracle
from random_specs import random_network
from sampling import few

import derive
from derive import limits
from derive.errors import SpecError
from derive.naming import after_updates
from derive.numbers import run as running
from derive.numbers.balls import is_exact
from derive.numbers.passes import build_passes
from derive.numbers.run import follow_run, list_states
from derive.pages.training import table
from derive.spec import override

DECK = derive.load("two-two-two")


def trained(source, steps):
    spec = override(derive.load(source) if isinstance(source, str) else source, {"steps": steps})
    return list(table(spec).lines())


def texts(line):
    return [number.text for number in line.numbers]


def stepped(seed, steps):
    text = random_network(seed)
    return "\n".join(f"steps = {steps}" if r.startswith("steps") else r for r in text.split("\n"))


def rounded(value, decimals):
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@pytest.mark.parametrize("seed", few(range(60), 4))
def test_every_row_of_a_random_network_is_that_of_a_textbook_program(seed):
    text = stepped(seed, 3)
    spec = derive.loads(text)
    right = oracle(text)
    found = table(spec)
    for line in found.lines():
        for name, number in zip(found.columns, line.numbers, strict=True):
            held = name != "E_total" and line.step == 0
            value = right[name if held else after_updates(name, line.step)]
            wanted = Decimal(mp.nstr(value, 50))
            if "e" in number.text or held:
                assert abs(Decimal(number.text) - wanted) <= abs(wanted / 1000)
            else:
                assert Decimal(number.text) == rounded(wanted, spec.decimals)


@pytest.mark.parametrize("changes", [{}, {"rounding": "stepwise"}, {"notation": "indexed"}])
@pytest.mark.parametrize("name", ["two-two-two", "shared-biases", "neuron"])
def test_a_row_prints_as_the_key_does(name, changes):
    spec = override(derive.load(name), {"steps": 3, **changes})
    numbers = derive.sheet(spec).numbers
    found = table(spec)
    for line in found.lines():
        ids = [after_updates(name, line.step) for name in found.columns]
        assert list(line.numbers) == [numbers.shown(i) for i in ids]


@pytest.mark.parametrize("rounding", ["exact", "stepwise"])
@pytest.mark.parametrize("seed", few(range(80, 140), 2))
def test_a_row_of_a_random_network_prints_as_the_key_does(seed, rounding):
    spec = override(derive.loads(stepped(seed, 2)), {"rounding": rounding})
    numbers = derive.sheet(spec).numbers
    found = table(spec)
    for line in found.lines():
        ids = [after_updates(name, line.step) for name in found.columns]
        assert list(line.numbers) == [numbers.shown(i) for i in ids]


@pytest.mark.parametrize("direction", few(["ascent", "descent"], 1))
def test_a_circuit_is_trained_by_its_update(direction):
    spec = derive.loads(
        "kind = 'circuit'\noutput = 'f'\nsteps = 3\n[values]\nx = -2\ny = 0.5\n"
        "[definitions]\nq = 'x*x + y'\nf = 'q * 3'\n"
        f"[update]\nparameters = ['x']\nlearning_rate = 0.1\ndirection = '{direction}'\n"
    )
    x, rows = -2.0, []
    for _ in range(4):
        rows.append([3 * (x * x + 0.5), x])
        x += (0.6 if direction == "ascent" else -0.6) * x
    assert [[float(t) for t in texts(line)] for line in table(spec).lines()] == [
        pytest.approx(row) for row in rows
    ]


def test_large_networks_show_the_error_alone():
    rows = "[" + ", ".join(["[0.1, 0.2, 0.3, 0.4]"] * 4) + "]"
    spec = derive.loads(
        "inputs = [1, 2, 3, 4]\ntargets = [1, 1, 1, 1]\nlearning_rate = 0.1\n"
        f"[[layers]]\nactivation = 'tanh'\nweights = {rows}\n"
    )
    assert table(spec).columns == ("E_total",)
    assert "16 parameters" in "".join(derive.train(spec))


def test_fractions_that_grow_become_balls_and_stay_right():
    spec = derive.loads(
        "inputs = [0.3, 0.7]\ntargets = [0.9]\nlearning_rate = 0.123\nsteps = 24\n"
        "[[layers]]\nweights = [[0.31, 0.17], [0.23, 0.41]]\n"
        "[[layers]]\nweights = [[0.51, 0.37]]\n"
    )
    found = list(follow_run(spec, lambda state: state.error))
    assert is_exact(found[2])
    assert not is_exact(found[-1])
    right = oracle(
        "inputs = [0.3, 0.7]\ntargets = [0.9]\nlearning_rate = 0.123\nsteps = 24\n"
        "[[layers]]\nweights = [[0.31, 0.17], [0.23, 0.41]]\n"
        "[[layers]]\nweights = [[0.51, 0.37]]\n"
    )
    last = list(table(spec).lines())[-1].numbers[0].text
    assert abs(Decimal(last) - Decimal(mp.nstr(right["E_total@24"], 30))) < Decimal("1e-8")


def test_a_run_begins_again_with_more_bits_and_asks_nothing_twice(monkeypatch):
    monkeypatch.setattr(running, "GUARD_BITS", -20)
    begun = []
    whole = running.list_states

    def counted(passes, count, bits):
        begun.append(bits)
        return whole(passes, count, bits)

    monkeypatch.setattr(running, "list_states", counted)
    rough = trained("two-two-two", 12)
    assert len(begun) > 1
    assert sorted(begun) == begun
    monkeypatch.undo()
    assert rough == trained("two-two-two", 12)
    assert [line.step for line in rough] == list(range(13))


def test_past_the_ceiling_it_is_said_what_to_change(monkeypatch):
    monkeypatch.setattr(limits, "PRECISION_CEILING", 10)
    monkeypatch.setattr(running, "GUARD_BITS", -20)
    with pytest.raises(SpecError, match="take fewer steps or decimals"):
        trained("two-two-two", 12)


def test_the_precision_in_force_is_left_as_it_was():
    before = flint.ctx.prec
    run = follow_run(override(DECK, {"steps": 3}), lambda state: state.step)
    next(run)
    assert flint.ctx.prec == before
    assert list(run) == [1, 2, 3]
    assert flint.ctx.prec == before


def test_a_run_keeps_nothing_of_the_passes_before():
    passes = build_passes(override(DECK, {"steps": 1}), update=True)
    first = None
    for state in list_states(passes, 50, 200):
        if state.step == 2:
            first = set(state.moved)
        assert len(state.moved) == 8
    assert first == set(state.moved)


@pytest.mark.parametrize(
    ("source", "changes", "told"),
    [
        ("circuit", {}, "update: is missing"),
        ("two-two-two", {"steps": 0}, "steps: 0 updates"),
    ],
)
def test_where_nothing_is_trained_it_is_said(source, changes, told):
    with pytest.raises(SpecError, match=told):
        derive.train(override(derive.load(source), changes))


def test_a_run_that_runs_away_names_the_update(refused):
    text = (
        "inputs = [10]\ntargets = [1]\nlearning_rate = 30\nsteps = 60\n"
        "[[layers]]\nweights = [[0.5]]\n"
    )
    told = refused(text, args=("train", "{}"))
    assert told.startswith("E_total@")
    assert "rescale" in told


def test_a_value_that_does_not_exist_is_told_where_it_is_defined(refused):
    text = (
        "kind = 'circuit'\noutput = 'f'\n[values]\nx = -1\n[definitions]\nf = 'log(x)'\n"
        "[update]\nlearning_rate = 1\n"
    )
    assert refused(text, args=("train", "{}")).startswith("definitions.f: a logarithm")


def test_a_divergence_beyond_all_bounds_is_refused():
    spec = derive.loads(
        "kind = 'circuit'\noutput = 'f'\nsteps = 9\n[values]\nx = 3\n"
        "[definitions]\nf = 'exp(x*x)'\n[update]\nlearning_rate = 1\ndirection = 'ascent'\n"
    )
    with pytest.raises(SpecError, match="too large"):
        list(follow_run(spec, lambda state: state.error))


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1_000, 10_000])
def test_a_long_run_is_that_of_a_program_with_many_digits(steps):
    rows = trained("two-two-two", steps)
    with mp.workdps(400):
        x, t = [mpf("0.1"), mpf("0.2")], [mpf("0.4"), mpf("0.6")]
        v = [[mpf("0.3"), mpf("0.25")], [mpf("0.4"), mpf("0.35")]]
        w = [[mpf("0.45"), mpf("0.4")], [mpf("0.7"), mpf("0.6")]]
        for row in rows:
            h = [1 / (1 + exp(-(a * x[0] + b * x[1]))) for a, b in v]
            o = [1 / (1 + exp(-(a * h[0] + b * h[1]))) for a, b in w]
            error = sum((p - q) ** 2 for p, q in zip(t, o, strict=True)) / 2
            told = row.numbers[0].text
            if "e" in told:
                assert abs(mpf(told) - error) <= error * mpf("0.5e-3")
            else:
                assert abs(mpf(told) - error) <= mpf("0.5e-8")
            d = [(b - a) * b * (1 - b) for a, b in zip(t, o, strict=True)]
            back = [sum(d[k] * w[k][j] for k in (0, 1)) * h[j] * (1 - h[j]) for j in (0, 1)]
            w = [[w[k][j] - d[k] * h[j] / 2 for j in (0, 1)] for k in (0, 1)]
            v = [[v[k][j] - back[k] * x[j] / 2 for j in (0, 1)] for k in (0, 1)]


def test_the_table_as_csv_and_as_json_holds_the_same_numbers(run):
    _, out, _ = run("train", "two-two-two", "--steps", "4", "--format", "csv")
    head, *rows = csv.reader(io.StringIO(out))
    assert head == ["step", "E_total", *(f"W{i}" for i in range(1, 9))]
    assert rows[1][6] == "0.43703857"
    _, out, _ = run("train", "two-two-two", "--steps", "4", "--format", "json")
    found = json.loads(out)
    assert found["format"] == "derive-training/1"
    assert found["columns"] == head[1:]
    assert [[str(r["step"]), *r["numbers"]] for r in found["rows"]] == rows


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("form", few(["md", "tex", "html", "pdf", "typ", "ipynb"], 2))
def test_every_page_format_holds_the_table(form, language):
    spec = override(DECK, {"steps": 2, "language": language})
    content = derive.train(spec, form)
    if form == "pdf":
        assert content.startswith(b"%PDF-")
    else:
        assert "0.43703857" in "".join(content)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--format", "svg"), "derive plot SPEC training"),
        (("--format", "cvs"), "did you mean csv?"),
        (("--steps", "9000"), "take --format csv"),
        (("--steps", "10001"), "steps: expected"),
    ],
)
def test_a_table_that_cannot_be_says_what_would_be_right(run, args, told):
    code, out, err = run("train", "two-two-two", *args)
    assert (code, out) == (2, "")
    assert told in err
