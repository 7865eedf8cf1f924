"""Makes a class with a fixed secret, and looks at what is there."""

import csv
import json
import re
from pathlib import Path

SECRET = bytes(range(32))
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?")
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


def write_toml(plain, name=""):
    """The data of a spec as TOML, numbers bare."""
    tables = {k: v for k, v in plain.items() if isinstance(v, dict)}
    several = {k: v for k, v in plain.items() if k == "layers"}
    lines = [
        f"{json.dumps(key)} = {write_value(value, key)}"
        for key, value in plain.items()
        if key not in tables and key not in several and value is not None
    ]
    for key, table in tables.items():
        lines += ["", f"[{json.dumps(key)}]", write_toml(table, key)]
    for layer in several.get("layers", ()):
        lines += ["", "[[layers]]"]
        lines += [
            f"{json.dumps(k)} = {write_value(v, k)}" for k, v in layer.items() if v is not None
        ]
    return "\n".join(lines)


TEXTS = ("title", "vocabulary", "definitions")


def write_value(value, key):
    if isinstance(value, list):
        return f"[{', '.join(write_value(part, key) for part in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{k} = {write_value(v, k)}' for k, v in value.items())} }}"
    if isinstance(value, str) and key not in TEXTS and NUMBER.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)
