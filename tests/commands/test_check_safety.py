"""What `derive check` touches: its input, its output, and nothing else; SymPy stays outside."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sampling import slow

import derive

HOSTILE = [
    "__import__('os').system('touch owned')",
    "{{7*7}}",
    r"\input{/etc/passwd}",
    r"\write18{touch owned}",
    "=cmd|' /C calc'!A0",
    "lambda: 1",
    "9**9**9",
    "W5.__class__.__mro__",
    "open('owned','w')",
    "((9^99)^99)^99",
    r"\frac{" * 100,
    "1/(1+e^{-0.11})",
    r"\frac{\partial E_{total}}{\partial W_5}",
    "0.43703857",
    "",
]
IDS = ["W5+", "h1", "dE_total/dW5", "o1", "__import__('os')", "{{x}}", "../../etc/passwd"]
WATCHED = """
import sys
from derive.cli import main
import encodings.cp949, encodings.utf_8_sig
ran = []
def hook(event, args):
    if event == "open" and not isinstance(args[0], int):
        ran.append((event, str(args[0])))
    elif event == "import" and args[0] not in sys.modules:
        ran.append((event, args[0]))
    elif event.split(".")[0] in ("exec", "compile", "os", "subprocess", "socket"):
        ran.append((event, str(args)[:200]))
def run(*arguments):
    try:
        main(list(arguments))
    except SystemExit:
        pass
first = {arguments!r}
run(*first)
sys.stdout.flush()
sys.addaudithook(hook)
run(*first)
sys.stdout.flush()
seen = list(ran)
import json
print(json.dumps([seen, sorted(m.partition(".")[0] for m in sys.modules)]), file=sys.stderr)
"""
MOVES = {"os.rename", "os.remove", "os.chmod", "os.mkdir", "os.listdir", "os.scandir"}
"""What writing a file whole and listing the languages need."""


@pytest.fixture
def files(folder):
    """A key, a table of hostile answers by hostile members."""
    Path("key.json").write_text(json.dumps(derive.key("two-two-two")))
    lines = ["student,id,answer"]
    for i, text in enumerate(HOSTILE):
        quoted = '"' + text.replace('"', '""') + '"'
        lines.append(f"=HYPERLINK{i},{IDS[i % len(IDS)]},{quoted}")
    Path("answers.csv").write_text("\n".join(lines) + "\n")
    return folder


def watched(*arguments):
    """Events of a second run in one process, and the modules loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED.replace("{arguments!r}", repr(arguments))],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    lines = done.stderr.strip().splitlines()
    assert lines, done.stdout
    assert "Traceback" not in done.stderr
    return json.loads(lines[-1])


@pytest.mark.parametrize("options", [slow(["--json"]), ["--report", "r.html"]])
def test_checking_runs_nothing_and_opens_only_its_files(files, options):
    events, modules = watched("check", "key.json", "answers.csv", *options)
    package = str(Path(derive.__file__).resolve().parents[1])
    for event, what in events:
        if event == "open":
            near = what in ("key.json", "answers.csv") or ".derive-" in what
            own = what.startswith(package) and what.endswith((".toml", ".json"))
            assert near or own, what
        else:
            assert event in MOVES, (event, what)
    assert not {"sympy", "hypothesis", "jinja2", "numpy", "torch"} & set(modules)
    expected = {"key.json", "answers.csv"} | ({options[1]} if len(options) > 1 else set())
    assert {path.name for path in files.iterdir()} == expected


def test_sympy_is_not_imported_to_check_against_a_built_in_exercise(files):
    _, modules = watched("check", "two-two-two", "answers.csv")
    assert "sympy" not in modules


def test_a_report_runs_nothing_in_a_spreadsheet(files, run):
    run("check", "key.json", "answers.csv", "--report", "r.csv")
    for line in Path("r.csv").read_text().splitlines():
        for cell in line.split(","):
            assert not cell.startswith(("=", "+", "@", "\t", '"='))


def test_answers_are_never_written_over(files, run):
    before = Path("answers.csv").read_bytes()
    for option in ("--report", "-o"):
        code, _, err = run("check", "key.json", "answers.csv", option, "./answers.csv")
        assert code == 2
        assert "holds the answers" in err
    Path("r.md").symlink_to("answers.csv")
    run("check", "key.json", "answers.csv", "--report", "r.md")
    assert Path("answers.csv").read_bytes() == before
