"""Trees and ids as boxes in TeX: a table of what is printed."""

import pytest

import derive
from derive.algebra.expressions import Mul, Name, Num, substitute
from derive.algebra.grammar import parse
from derive.algebra.lemmas import derivative
from derive.errors import InternalError
from derive.pages.document import blank
from derive.render.boxes import COMMA, Row, Scripted, Symbol, Uncovered, Word
from derive.render.notation import choose_notation, circuit_name
from derive.render.printing import choose_printer
from derive.render.reading import read
from derive.render.tex import write, write_markdown
from derive.spec import override


@pytest.fixture(scope="module")
def tex():
    printer = choose_printer(choose_notation(derive.load("circuit")))
    return lambda expr: write(printer(expr))


def symbol(spec, name):
    return write(choose_notation(spec).symbol(name))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("tanh(x)^2", r"\tanh^{2}(x)"),
        ("tanh(x)^(3-1)", r"\tanh^{3-1}(x)"),
        ("tanh(x)^(-1)", r"(\tanh(x))^{-1}"),
        ("sin(x)^(-1-1)", r"(\sin(x))^{-1-1}"),
        ("cos(x)^0.5", r"(\cos(x))^{0.5}"),
        ("sin(x)^q", r"(\sin(x))^{q}"),
        ("sigmoid(x)^(-1)", r"\sigma(x)^{-1}"),
        ("1.5e-9^2", r"\left(1.5 \times 10^{-9}\right)^{2}"),
        ("1/9.358e-14", r"\frac{1}{9.358 \times 10^{-14}}"),
        ("x+y", "x + y"),
        ("x-y+z", "x - y + z"),
        ("x-(y-z)", "x - (y - z)"),
        ("-(x+y)", "-(x + y)"),
        ("x y z", r"x \, y \, z"),
        ("2x", r"2 \, x"),
        ("0.5x", r"0.5 \times x"),
        ("2*3", r"2 \times 3"),
        ("1*(x+y)", r"1 \times (x + y)"),
        ("2(x+y)", "2(x + y)"),
        ("(x+y)(x-y)", "(x + y)(x - y)"),
        ("1/2*(t-o)^2", r"\tfrac{1}{2}(t - o)^{2}"),
        ("x/(y+1)", r"\frac{x}{y + 1}"),
        ("-x/y", r"-\frac{x}{y}"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        ("(-x)^2", r"\left(-x\right)^{2}"),
        ("x^(2-1)", "x^{2-1}"),
        ("x^(0.5*y)", r"x^{0.5\times y}"),
        ("x^-1", "x^{-1}"),
        ("x*(1-1/y)", r"x\left(1 - \frac{1}{y}\right)"),
        ("exp(-x)", "e^{-x}"),
        ("log(x)", r"\ln(x)"),
        ("sqrt(x+1)", r"\sqrt{x + 1}"),
        ("abs(x)", r"\left\lvert x \right\rvert"),
        ("sin(x)^2", r"\sin^{2}(x)"),
        ("sigmoid(x)", r"\sigma(x)"),
        ("max(x, y)", r"\max(x, y)"),
        ("leaky_relu(x, 0.1)", r"\operatorname{leaky\_relu}(x, 0.1)"),
        ("1e-5*x", r"1 \times 10^{-5} \times x"),
        ("beta*E", r"\beta \, E"),
        ("x1^2", "x_1^{2}"),
        ("price_2", r"\mathit{price}_2"),
        ("lambda_max", r"\lambda_{\mathrm{max}}"),
    ],
)
def test_a_formula_prints_so(tex, text, printed):
    assert tex(parse(text)) == printed


def numbers(text, **values):
    return substitute(parse(text), {name: Num(value) for name, value in values.items()})


@pytest.mark.parametrize(
    ("expr", "printed"),
    [
        (numbers("q*z", q="3", z="-4"), r"3 \times (-4)"),
        (numbers("q*z", q="-4", z="1"), r"-4 \times 1"),
        (numbers("x+q*z", x="2", q="-4", z="1"), r"2 + (-4) \times 1"),
        (numbers("x-y", x="-2", y="-5"), "-2 - (-5)"),
        (numbers("x+y", x="-2", y="5"), "-2 + 5"),
        (numbers("-(t-o)", t="0.4", o="0.6"), "-(0.4 - 0.6)"),
        (numbers("o*(1-o)", o="0.6"), r"0.6 \times (1 - 0.6)"),
        (numbers("x*y", x="8.089e-4", y="2"), r"8.089 \times 10^{-4} \times 2"),
        (numbers("x^2", x="-3"), "(-3)^{2}"),
    ],
)
def test_a_negative_number_has_parentheses_behind_an_operator(tex, expr, printed):
    assert tex(expr) == printed


def test_the_taught_line_of_the_deck(tex):
    lines = derivative(parse("1/2*(t1-o1)^2+1/2*(t2-o2)^2"), "o1").worked()
    assert [tex(line.expr) for line in lines] == [
        r"2 \times \tfrac{1}{2}(t_1 - o_1)^{2-1} \times (-1) + 0",
        "-(t_1 - o_1)",
    ]


def test_an_open_derivative_and_cases(tex):
    found = derivative(parse("relu(2*x)"), "x")
    assert tex(found.lines[0].expr).startswith(r"\frac{\partial}{\partial x}\left[")
    assert r"\begin{cases} 1 & 2 \, x > 0 \\ 0 & 2 \, x \le 0 \end{cases}" in tex(found.result)


def test_blanks_have_one_width_and_a_sign_between(tex):
    product = Mul((blank(), blank()))
    assert tex(product).count(r"\hspace{3em}") == 2
    assert r"\times" in tex(product)
    assert tex(blank(7)) == r"\underset{(7)}{\underline{\hspace{6em}}}"


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("z3", "z_3"),
        ("W12", "W_{12}"),
        ("W5+", "W_5^{+}"),
        ("W5@2", "W_5^{[2]}"),
        ("E_total", r"E_{\mathrm{total}}"),
        ("E_o1", "E_{o1}"),
        ("E_o1_s2@3", "E_{o1,s2}^{[3]}"),
        ("E_s2", "E_{s2}"),
        ("x1_s2", "x_{1,s2}"),
        ("learning_rate", r"\alpha"),
        ("dE_total/dW5", r"\frac{\partial E_{\mathrm{total}}}{\partial W_5}"),
        ("do1_s2/dz3_s2+", r"\frac{\partial o_{1,s2}^{+}}{\partial z_{3,s2}^{+}}"),
    ],
)
def test_a_flat_id_prints_so(name, printed):
    assert symbol(derive.load("two-two-two"), name) == printed


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("W1_2_1", "W^{(1)}_{21}"),
        ("W1_10_2", "W^{(1)}_{10,2}"),
        ("z2_1", "z^{(2)}_1"),
        ("a2_1+", "a^{(2)+}_1"),
        ("a1_2_s3", "a^{(1)}_{2,s3}"),
        ("b1_2", "b^{(1)}_2"),
        ("E_1", "E_1"),
        ("dE_1/da1_2", r"\frac{\partial E_1}{\partial a^{(1)}_2}"),
    ],
)
def test_an_indexed_id_prints_so(name, printed):
    spec = override(derive.load("two-two-two"), {"notation": "indexed"})
    assert symbol(spec, name) == printed


@pytest.mark.parametrize(
    ("symbols", "name", "printed"),
    [
        ({"target": "target_{o#}"}, "t1", r"\mathit{target}_{o1}"),
        ({"preactivation": "net_{@}"}, "z1", r"\mathit{net}_{h1}"),
        ({"preactivation": "net_{@}"}, "z3", r"\mathit{net}_{o1}"),
        ({"activation": "out_{@}"}, "h2+", r"\mathit{out}_{h2}^{+}"),
        ({"error": "J"}, "E_total", r"J_{\mathrm{total}}"),
        ({"error": "\\mathcal{L}"}, "E_o1", r"\mathcal{L}_{o1}"),
        ({"learning_rate": "\\eta"}, "learning_rate", r"\eta"),
        ({"weight": "w"}, "W5", "w_5"),
        ({"error": "E_x"}, "E_total", r"E_{x,\mathrm{total}}"),
        ({"weight": "w^{#}"}, "W5+", "w^{5+}"),
    ],
)
def test_the_lecturers_symbols(symbols, name, printed):
    spec = override(derive.load("two-two-two"), {"symbols": symbols})
    assert symbol(spec, name) == printed


def test_an_output_partial_beside_other_routes_is_marked_local():
    assert symbol(derive.load("circuit"), "df/dx|local").endswith(r"\right|_{\mathrm{local}}")


def test_a_name_alone_prints_as_a_symbol(tex):
    assert tex(Name("q")) == "q"


def test_cases_that_all_differ_have_three_rows(tex):
    rows = r"\begin{cases} 1 & x > 0 \\ 0 & x = 0 \\ -1 & x < 0 \end{cases}"
    assert tex(derivative(parse("abs(x)"), "x").result) == rows


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("q", "q"),
        ("x1", "x_1"),
        ("beta", r"\beta"),
        ("gain", r"\mathit{gain}"),
        ("x1y", r"\mathit{x1y}"),
        ("x1y_2", r"\mathit{x1y}_2"),
        ("x_in", r"x_{\mathrm{in}}"),
        ("x1_2", "x_{1,2}"),
    ],
)
def test_a_users_own_name_prints_so(name, printed):
    assert write(circuit_name(name, "")) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("x", "x"),
        ("{x}_{1}", "x_1"),
        ("x_12", "x_12"),
        (r"\hat{o}_{12}", r"\hat{o}_{12}"),
        (r"\star h", r"\star h"),
        (r"\mathbf{\alpha}", r"\mathbf{\alpha}"),
        ("net_{h1}'", r"\mathit{net}_{h1}'"),
        ("x^{in}", r"x^{\mathit{in}}"),
        ("f(x, y)", "f(x,y)"),
        ("^a", "{}^{a}"),
    ],
)
def test_a_given_symbol_prints_so(text, printed):
    assert write(read(text)) == printed


def test_tex_that_is_no_symbol_is_a_defect():
    with pytest.raises(InternalError, match="input"):
        read(r"\input{x}")


@pytest.mark.parametrize(
    ("box", "printed"),
    [
        (Row((Symbol("alpha"), Symbol("x"))), r"\alpha x"),
        (Row((Symbol("partial"), Symbol("alpha"))), r"\partial \alpha"),
        (Scripted(Word("net", "mathrm"), Symbol("1"), COMMA), r"\mathrm{net}_1^{,}"),
        (Uncovered(3, Symbol("x")), r"\deriveuncover{3}{x}"),
    ],
)
def test_a_box_is_written_so(box, printed):
    assert write(box) == printed


def test_a_markdown_reader_changes_nothing():
    assert write_markdown(read("net_{1}")) == r"\mathit{net}_ 1"
    assert write_markdown(Word("leaky_relu", "operatorname")).count("_") == 0


def test_the_units_name_of_a_map_is_that_of_its_place():
    spec = derive.loads(
        'symbols = {preactivation="net_{@}"}\nlearning_rate = 0.5\ntargets = [0.2]\n'
        "inputs = [[3, 0, 2], [0, 2, 0], [2, 1, 2]]\n"
        "layers = [{type='conv2d', kernels=[[0.5, -0.5], [0.25, 0.75]]}, "
        "{type='max_pool', size=2}, {type='flatten'}, {weights=[[0.6]]}]\n"
    )
    page = derive.page(spec, "tex", "full")
    assert r"\mathit{net}^{(1)}_{h11}" in page
    assert r"\mathit{net}^{(1)}_{h22}" in page
    assert r"\mathit{net}_{o1}" in page
    assert "_{o11}" not in page
    assert "_{h3}" not in page
