"""Formulas in Markdown: KaTeX takes every one, and no Markdown reader changes one on its way.

Slow; needs node and what .ci/run installs beside .ci/formulas.mjs.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from random_specs import random_network

import derive
from derive.spec import loads, override

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
READER = ROOT / ".ci" / "formulas.mjs"
CIRCUIT = """
kind = "circuit"
output = "f"
[values]
x_in = -2
beta = 0.5
[definitions]
q = "sqrt(abs(x_in)) + relu(x_in)"
f = "max(q, beta)^2 * x_in + softplus(q) / tanh(beta)"
[update]
parameters = ["beta"]
learning_rate = 0.1
"""
LECTURER = {
    "preactivation": "\\mathrm{net}_{@}",
    "activation": "\\hat{y}",
    "error": "\\mathcal{L}",
    "target": "\\bar{t}_{#}",
}
RELU = """
inputs = [[1, 0.5], [0.25, 1]]
targets = [[1], [0]]
learning_rate = 0.5
[[layers]]
activation = "leaky_relu"
weights = [[0.5, -0.5], [0, 1], [0.5, 2]]
biases = [0.1, 0.2, 0.3]
[[layers]]
activation = "relu"
weights = [[0.5, -0.5, 0.25]]
"""


def complaints(*paths):
    """What Markdown changes and KaTeX refuses or warns of; the number of formulas."""
    missing = [tool for tool in ("node", "npm") if shutil.which(tool) is None]
    if not (READER.parent / "node_modules" / "katex").is_dir():
        missing.append("katex")
    if missing:
        told = f"not installed: {', '.join(missing)}; .ci/run installs it"
        assert "CI" not in os.environ, told
        pytest.skip(told)
    command = ["node", str(READER), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    *found, last = done.stdout.splitlines()
    return found, int(last.removesuffix(" formulas"))


def test_every_formula_of_output_and_of_the_documents():
    pages = sorted([*(ROOT / "output").rglob("*.md"), *ROOT.glob("*.md")])
    found, count = complaints(*pages)
    assert found == []
    assert count > 1000


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_formula_of_pages_with_everything(tmp_path, language):
    specs = [loads(CIRCUIT), loads(RELU), *(loads(random_network(seed)) for seed in range(4))]
    changes = [{}, {"notation": "indexed"}, {"symbols": LECTURER}]
    for number, spec in enumerate(specs):
        for change in changes if spec.kind == "network" else changes[:1]:
            changed = override(spec, {"language": language} | change)
            for level in ("guided", "full"):
                name = f"{number}-{change.get('notation', len(change))}-{level}.md"
                (tmp_path / name).write_text(derive.page(changed, "md", level), "utf-8")
    found, count = complaints(*sorted(tmp_path.glob("*.md")))
    assert found == []
    assert count > 1000


@pytest.mark.parametrize(
    "formula",
    ["W_1 \\, x_1", "\\mathrm{a}_1 + E_{\\mathrm{total}}", "x \\\\ y", "\\frac{1}{", "\\nosuch"],
)
def test_the_reader_sees_what_goes_wrong(tmp_path, formula):
    (tmp_path / "page.md").write_text(f"Here ${formula}$ stands.\n", "utf-8")
    found, count = complaints(tmp_path / "page.md")
    assert count == 1
    assert found
