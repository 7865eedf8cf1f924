"""The arrow of ARCHITECTURE.md: a module imports only what stands before it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from derive.layers import LAYERS

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "derive"
TABLE = re.compile(r"^\| (`[^|]*) \|[^|]*\| ([^|]*) \|$", re.MULTILINE)
EDGES = {"__init__", "__main__"}
"""What Python calls by these names; they stand above everything."""


def read_table():
    """Each line of the table of ARCHITECTURE.md: its places, and what they know nothing of."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("\n## ")[0]
    rows = TABLE.findall(text)
    return [
        ({name.removesuffix(".py").strip("/") for name in re.findall(r"`([^`]*)`", cell)},
         set(unknown.strip().split(", ")))
        for cell, unknown in rows
    ]  # fmt: skip


ROWS = read_table()
RANK = {name: rank for rank, (names, _) in enumerate(ROWS) for name in names}
RANK |= dict.fromkeys(EDGES, len(ROWS))
UNKNOWN = {name: unknown for names, unknown in ROWS for name in names}
SECOND_MAY_USE = {"errors", "limits", "algebra", "spec", "naming", "layers", "second"}


def place(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def nodes(path):
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def imported(path):
    """The top places of derive that a file imports, at any depth of the file."""
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("derive"):
            parts = node.module.split(".")
            if len(parts) > 1:
                yield parts[1]
            else:
                yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("derive."):
                    yield alias.name.split(".")[1]


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_import_points_back(path):
    here = RANK[place(path)]
    back = {name for name in imported(path) if RANK[name] > here}
    assert not back, f"{path.name} imports {back}, which stand after it"


def test_the_table_names_every_place_and_no_other():
    assert set(RANK) == {place(path) for path in MODULES}


def test_the_last_column_names_places():
    named = set().union(*UNKNOWN.values()) - {"everything", "networks", "SymPy"}
    assert named <= set(RANK)


NETWORKS = {"naming", "graph", "layers", "spec"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_place_knows_nothing_of_what_the_last_column_names(path):
    unknown = UNKNOWN.get(place(path), set())
    if "everything" in unknown:
        assert set(imported(path)) <= {place(path), "limits"}
    if "networks" in unknown:
        assert not NETWORKS & set(imported(path))
    if "SymPy" in unknown:
        assert "sympy" not in path.read_text("utf-8").replace("`sympy", "")
    assert not unknown & set(imported(path))


def test_a_planted_import_against_the_arrow_is_seen(tmp_path, monkeypatch):
    planted = tmp_path / "spec" / "planted.py"
    planted.parent.mkdir()
    planted.write_text("from derive.render.page import Page\n")
    monkeypatch.setattr("test_architecture.PACKAGE", tmp_path)
    with pytest.raises(AssertionError, match="render"):
        test_no_import_points_back(planted)


@pytest.mark.parametrize("path", sorted((PACKAGE / "second").glob("*.py")), ids=lambda p: p.name)
def test_the_second_road_shares_no_code_with_the_first(path):
    assert set(imported(path)) <= SECOND_MAY_USE


SHAPES = {"At", "Field", "IMAGE", "SEQUENCE", "SIGNAL", "Shape", "TOKENS"}


def test_of_the_layers_the_second_road_takes_shapes_and_plain_passes_alone():
    taken = {
        alias.name
        for path in (PACKAGE / "second").glob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("derive.layers")
        for alias in node.names
    }
    assert taken == {"LAYERS", *SHAPES}
    text = "".join(path.read_text("utf-8") for path in (PACKAGE / "second").glob("*.py"))
    assert set(re.findall(r"LAYERS\[[^\]]*\](\.\w+)", text)) == {".plain", ".plain_together"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "second").glob("*.py")), ids=lambda p: p.name)
def test_the_second_road_knows_no_layer_type(path):
    words = {node.value for node in nodes(path) if isinstance(node, ast.Constant)}
    assert not words & (set(LAYERS) - {"activation"})  # also the role of a quantity


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_module_runs_text(path):
    forbidden = {"eval", "exec", "sympify", "parse_expr", "parse_latex", "lambdify", "compile"}
    for node in nodes(path):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None)
            attribute = getattr(node.func, "attr", None)
            assert name not in forbidden
            owner = getattr(getattr(node.func, "value", None), "id", "")
            assert attribute not in forbidden or owner in {"re", "engine"}  # patterns, Typst


def test_templates_hold_no_mathematics():
    for path in (ROOT / "templates").rglob("*.j2"):
        text = path.read_text("utf-8")
        for word in ("frac", "partial", "sigma", "times", "approx", "cdot", "sqrt"):
            assert word not in text, f"{path.name} holds {word}"
