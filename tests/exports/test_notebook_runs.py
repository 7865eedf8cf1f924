"""Notebooks run from top to bottom and agree with PyTorch. Slow: they need PyTorch and Jupyter.

Where either is missing the tests are skipped, except in CI, where they fail.
"""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

import derive
from derive.spec import loads, override

NEEDED = ("torch", "nbformat", "nbclient", "ipykernel")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(importlib.util.find_spec, NEEDED)) and not os.environ.get("CI"),
        reason="PyTorch or Jupyter is not installed",
    ),
]
RUNNER = """
import sys, nbclient, nbformat
path = sys.argv[1]
book = nbformat.read(path, 4)
nbformat.validate(book)
nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute()
nbformat.write(book, path)
"""
SAMPLES = """
inputs = [[0.3, -0.2], [0.15, 0.8], [-0.6, 0.4]]
targets = [[0.2], [0.5], [0.9]]
learning_rate = 0.25
steps = 3
[[layers]]
activation = "tanh"
weights = [[0.4, -0.35], [0.25, 0.6]]
biases = [0.05, -0.1]
[[layers]]
activation = "leaky_relu"
weights = [[0.3, 0.55]]
"""
KINK = """
inputs = [0.1, 0.3]
targets = [0.5]
learning_rate = 0.5
[[layers]]
activation = "relu"
weights = [[0.3, -0.1], [0.2, 0.7]]
[[layers]]
weights = [[0.4, 0.6]]
"""
CIRCUIT = """
kind = "circuit"
output = "print"
steps = 3
[values]
lambda = 0.3
near = 2
[definitions]
q = "leaky_relu(lambda - near) * lambda^2"
print = "max(q, lambda) + near/3"
[update]
learning_rate = 0.1
"""


def executed(folder, text):
    """Run a notebook in a kernel of its own; what happened, and the notebook afterwards."""
    path = folder / "book.ipynb"
    path.write_text(text, "utf-8")
    command = [sys.executable, "-c", RUNNER, str(path)]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    return done, json.loads(path.read_text("utf-8"))


def printed(cell):
    return "".join(
        "".join(output["text"])
        for output in cell["outputs"]
        if output["output_type"] == "stream" and output["name"] == "stdout"
    )


SHEETS = {
    "deck": ("two-two-two", {}, "guided"),
    "korean": ("two-two-two", {"language": "ko"}, "guided"),
    "korean circuit": ("circuit", {"language": "ko", "steps": 0}, "full"),
    "circuit": ("circuit", {}, "full"),
    "neuron": ("neuron", {"notation": "indexed"}, "blank"),
    "biases": ("shared-biases", {"rounding": "stepwise"}, "guided"),
    "samples": (SAMPLES, {"reduction": "sum"}, "full"),
    "corner": (KINK, {}, "full"),
    "names": (CIRCUIT, {"title": "<!-- cell code -->"}, "blank"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_notebook_runs_from_top_to_bottom_and_all_numbers_agree(name, tmp_path):
    source, changes, level = SHEETS[name]
    spec = derive.load(source) if source in derive.examples() else loads(source)
    text = derive.page(override(spec, changes), "ipynb", level)
    done, book = executed(tmp_path, text)
    assert done.returncode == 0, done.stderr[-3000:]
    told = printed(book["cells"][-1]).strip().split("\n")
    assert told[-1] in ("All numbers agree.", "모든 값이 같습니다.")
    assert len(told) > 3


def test_a_key_runs_too(tmp_path):
    done, book = executed(tmp_path, derive.key_page("two-two-two", "ipynb"))
    assert done.returncode == 0, done.stderr[-3000:]
    assert "dE_total/dW5             0.0259228556036474" in printed(book["cells"][-1])


def test_a_number_that_differs_stops_the_notebook_with_its_name(tmp_path):
    text = derive.page("circuit", "ipynb")
    planted = text.replace('\\"df/dx\\": -4.0', '\\"df/dx\\": -4.00000001')
    assert planted != text
    done, _ = executed(tmp_path, planted)
    assert done.returncode == 1
    assert "These numbers differ (run all cells from the top once more): df/dx" in done.stderr
