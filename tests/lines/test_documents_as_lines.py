"""Documents as numbered lines: what is text, what is code, where each line stands."""

from contextlib import suppress
from pathlib import Path

import pytest

from derive.errors import SpecError
from derive.grading.texts import open_text
from derive.lines.documents import READERS, drop_programs, read_pdf


def read(suffix, text):
    """The lines of a document with their numbers, without blanks around them."""
    lines = drop_programs(READERS[suffix](text.splitlines(keepends=True)))
    return [f"{number}: {line.strip()}" for number, line in lines if line.strip()]


def documents(*cases):
    return pytest.mark.parametrize(("text", "expected"), cases)


@documents(
    ("a = 1\n```python\nx = 2\n```\nb = 3\n", ["1: a = 1", "5: b = 3"]),
    ("~~~\nx = 2\n~~~\nb = 3\n", ["4: b = 3"]),
    ("```\nx = 2\n", []),
    ("  ```c\n  x = 2\n  ```\nb = 3\n", ["4: b = 3"]),
    ("```math\nx = 2\n```\n", ["2: x = 2"]),
    ("````\n```\nx = 2\n```\ny = 3\n````\nz = 4\n", ["7: z = 4"]),
    ("```math\nx = 2\n```\nb = 3\n", ["2: x = 2", "4: b = 3"]),
)
def test_blocks_of_code_in_markdown_are_left_out(text, expected):
    assert read(".md", text) == expected


@documents(
    ("use `h1` and `0.5`", ["1: use h1 and 0.5"]),
    ("use `lr = 0.1` here", ["1: use   here"]),
    ("the sum `2 + 2`", ["1: the sum 2 + 2"]),
    ("$`x = 1`$", ["1: $x = 1$"]),
    ("see [x = 1](https://a.b/c=2)", ["1: see x = 1"]),
    ("see <https://a.b/?x=3> and https://a.b/?x=3", ["1: see  and"]),
    ("![x = 3](a.png)", ["1: x = 3"]),
    (r"a \* b = 6", ["1: a * b = 6"]),
)
def test_code_and_addresses_in_a_line_of_markdown_are_left_out(text, expected):
    assert read(".md", text) == expected


@pytest.mark.parametrize(
    "line",
    [
        "loss = loss.item()",
        "print(3 == 4)",
        "x += 3",
        "x[0] = 3",
        "for i in range(3):",
        "$ pip install x",
        "import numpy as np",
        "return 3",
        "y = torch.sigmoid(x)",
        "a == b",
        "a = 3 // a remark",
    ],
)
@pytest.mark.parametrize("suffix", [".md", ".txt", ".tex"])
def test_lines_of_programs_are_left_out(suffix, line):
    assert read(suffix, f"{line}\nb = 2") == ["2: b = 2"]


@pytest.mark.parametrize(
    "line", ["Var(x) = 4", "x^2 = 4", "5! = 120", "f(x) = 2", "a/b = 3", "let x = 2", "W[1] + 2"]
)
def test_lines_of_mathematics_are_no_programs(line):
    assert read(".txt", line) == [f"1: {line}"]


@documents(
    ("a = 1 % b = 2", ["1: a = 1"]),
    (r"50\% = 0.5 % half", [r"1: 50\% = 0.5"]),
    ("\\begin{verbatim}\n2 = 5\n\\end{verbatim}\n3 = 3", ["4: 3 = 3"]),
    ("\\begin{lstlisting}[language=C]\n1 = 2\n\\end{lstlisting}\n3 = 3", ["4: 3 = 3"]),
    ("\\begin{minted}{python}\n1 = 2\n\\end{minted}\n3 = 3", ["4: 3 = 3"]),
    ("\\newcommand{\\x}{1 = 2}\n3 = 3", ["2: 3 = 3"]),
    ("\\begin{algorithm}\nx = 1\n\\end{algorithm}\n3 = 3", ["4: 3 = 3"]),
    (
        "\\begin{align}\na &= 1\n\\end{align}",
        [r"1: \begin{align}", "2: a &= 1", r"3: \end{align}"],
    ),
    ("\\begin{tikzpicture} 1 = 2 \\end{tikzpicture}\n5 = 5", ["2: 5 = 5"]),
    ("\\end{document}\n7 = 8", []),
)
def test_what_is_no_text_in_latex_is_left_out(text, expected):
    assert read(".tex", text) == expected


@documents(
    ("<p>2 + 2 = 4</p>", ["1: 2 + 2 = 4"]),
    ("<script>x = 1;</script><p>a = 2</p>", ["1: a = 2"]),
    ("<script>\nvar a = '<p>2 = 3</p>';\n</script>\n<p>3 = 3</p>", ["4: 3 = 3"]),
    ("<style>p { a = 1 }</style><p>a = 2</p>", ["1: a = 2"]),
    ("<head><title>1 = 2</title></head><p>a = 2</p>", ["1: a = 2"]),
    ("<pre>x = 1\n</pre><p>a = 2</p>", ["2: a = 2"]),
    ("<!-- 1 = 2 --><p>a = 2</p>", ["1: a = 2"]),
    ("<p>x<sub>1</sub> = 3</p>", ["1: x_{1} = 3"]),
    ("<p>10<sup>2</sup> = 100</p>", ["1: 10^{2} = 100"]),
    ("<p>a &lt; b, c = 3 &times; 4</p>", ["1: a < b, c = 3 \u00d7 4"]),
    ("<p>a = 1<br>b = 2</p>", ["1: a = 1", "1: b = 2"]),
    ("<ul><li>a = 1<li>b = 2</ul>", ["1: a = 1", "1: b = 2"]),
    ("<table><tr><td>a<td>b = 3</table>", ["1: a", "1: b = 3"]),
    ("<p>one\nx = 3\n= 4</p>", ["1: one", "2: x = 3", "3: = 4"]),
    ("<p>unclosed <b>x = 3", ["1: unclosed x = 3"]),
    (r"<img alt='\frac{1}{2} = 0.5'>", [r"1: $\frac{1}{2} = 0.5$"]),
    ("<script type='math/tex'>x = 3</script>", ["1: x = 3"]),
)
def test_only_the_text_of_a_page_is_read(text, expected):
    assert read(".html", text) == expected


@pytest.mark.parametrize("level", range(1, 7))
def test_headings_of_a_page_are_headings(level):
    assert read(".html", f"<h{level}>ReLU</h{level}><p>f(x) = x</p>") == [
        "1: # ReLU",
        "1: f(x) = x",
    ]


KATEX = (
    "<p>so <span class='katex'><span class='katex-mathml'><math><semantics><mrow><mi>x</mi>"
    "<mo>=</mo><mn>3</mn></mrow><annotation encoding='application/x-tex'>x = 3</annotation>"
    "</semantics></math></span><span class='katex-html'{hidden}>x=3</span></span> holds</p>"
)


def test_the_note_of_a_formula_by_katex_is_read():
    (line,) = read(".html", KATEX.format(hidden=""))
    assert line.startswith("1: so  $x = 3$")


def test_a_formula_by_katex_is_read_once():
    assert read(".html", KATEX.format(hidden=' aria-hidden="true"')) == ["1: so  $x = 3$  holds"]


def test_text_behind_a_formula_is_read():
    assert read(".html", KATEX.format(hidden="") + "\n<p>2 = 2</p>")[-1] == "2: 2 = 2"


@documents(
    ("<p><code>z<sub>1</sub></code> a = 1</p>", ["1: a = 1"]),
    ("<head><p>1 = 1</p>\n<body>\n<p>2 = 2</p>", ["1: 1 = 1", "3: 2 = 2"]),
)
def test_silent_text_leaves_nothing_and_ends(text, expected):
    assert read(".html", text) == expected


def test_an_unclosed_tag_ends_nowhere_and_costs_a_bounded_number_of_characters():
    lines = ["<p>a = 1</p>\n", "<a href='", *(["x" * 1000 + "\n"] * 500), "'><p>b = 2</p>\n"]
    assert (1, "a = 1") in list(READERS[".html"](lines))


def compile_pdf(text):
    typst = pytest.importorskip("typst")
    pytest.importorskip("pypdf")
    return typst.compile(text.encode(), format="pdf")


def test_lines_of_a_pdf_are_read():
    raw = compile_pdf("#set page(width: 10cm, height: 8cm)\n0.25 + 0.5 = 0.75\\\n3 \\* 4 = 12\n")
    found = [line.strip() for _, line in read_pdf(raw)]
    assert found == ["0.25 + 0.5 = 0.75", "3 * 4 = 12"]


def test_lines_of_a_pdf_are_counted_over_its_pages():
    raw = compile_pdf("a = 1\n#pagebreak()\nb = 2\n")
    assert [(number, line.strip()) for number, line in read_pdf(raw)] == [
        (1, "a = 1"),
        (2, "b = 2"),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no pdf at all",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF",
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_file_that_is_no_pdf_is_refused(raw):
    pytest.importorskip("pypdf")
    with pytest.raises(SpecError, match="no PDF that can be read"):
        list(read_pdf(raw))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("cut", [40, 200, 700, 1500, -30])
def test_a_pdf_that_is_cut_is_refused_or_read(cut):
    raw = compile_pdf("0.25 + 0.5 = 0.75")
    with suppress(SpecError):
        assert len(list(read_pdf(raw[:cut]))) <= 1


KOREAN = "\ub530\ub77c\uc11c z1 = 0.08 \uc774\ub2e4\nh1 = 0.52\n"


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_texts_are_read_in_the_codes_of_spreadsheets(folder, code):
    Path("a.txt").write_bytes(KOREAN.encode(code))
    with open_text("a.txt") as lines:
        assert "".join(lines).replace("\r", "") == KOREAN


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_keep_their_numbers_whatever_ends_them(folder, end):
    Path("a.txt").write_bytes(f"a{end}{end}b = 1{end}".encode())
    with open_text("a.txt") as lines:
        assert [line.strip() for line in lines] == ["a", "", "b = 1"]


def test_a_missing_file_is_named(folder):
    with (
        pytest.raises(SpecError, match=r"no-such\.txt|such file"),
        open_text("no-such.txt") as lines,
    ):
        list(lines)


def test_a_line_of_a_megabyte_is_read_in_pieces(folder):
    Path("a.txt").write_text("1+" * 500_000 + "1 = 2\nb = 1\n")
    with open_text("a.txt") as lines:
        assert max(map(len, lines)) <= 65_536
