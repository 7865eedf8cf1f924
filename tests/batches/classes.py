"""Makes a class with a fixed secret, and looks at what is there."""

import csv
from pathlib import Path

SECRET = bytes(range(32))
SPEC = "circuit"
"""Takes least time."""


def make(run, *options, spec=SPEC, out="out", secret=SECRET, formats="md"):
    """The folder of a class that must be made; the secret stands beside it."""
    Path("class.secret").write_text(secret.hex() + "\n")
    args = (spec, "--secret-file", "class.secret", "--format", formats, "-o", out, *options)
    code, _, err = run("batch", *args)
    assert code == 0, err
    return Path(out) / Path(spec).stem


def read_all(home):
    """Every file by its path."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def list_times(home):
    return {path: path.stat().st_mtime_ns for path in home.rglob("*")}


def read_index(home):
    with (home / "leader/index.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def list_codes(home):
    return [row["code"] for row in read_index(home)]
