"""Tables and keys given to `derive check`: read as people save them, or refused in one line."""

import json
from functools import cache
from pathlib import Path

import pytest
from reading_tables import rows

import derive

RIGHT = "0.43703857"


def given(text, name="a.csv"):
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(r.student, r.id, r.answer) for r in rows(name)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,answer\rh1,1\rh2,2\r", [(None, "h1", "1"), (None, "h2", "2")]),
        ("id,answer\r\nh1,1\r\nh2,2", [(None, "h1", "1"), (None, "h2", "2")]),
        ('"id","answer"\n"h1","0,5"\n', [(None, "h1", "0,5")]),
        ('id,answer\nh1,"a ""b"" c"\n', [(None, "h1", 'a "b" c')]),
        ('id,answer\nh1,"1\n2"\nh2,3\n', [(None, "h1", "1\n2"), (None, "h2", "3")]),
        ("ID, Answer ,Note\nh1,1,x\n", [(None, "h1", "1")]),
        ("이름;문항;답\n김;h1;0,5\n", [("김", "h1", "0,5")]),
        ("id,answer\nh1\n,\nh2,2,,\n", [(None, "h1", ""), (None, "h2", "2")]),
    ],
)
def test_a_table_is_read_as_it_was_saved(folder, text, expected):
    assert given(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('lee,h1,"0.4', '"0.4'),
        ('lee,h1,"0.4" or 0.5', '"0.4" or 0.5'),
        ('lee,h1,5" tall', '5" tall'),
        ('lee,h1,"', '"'),
    ],
)
def test_an_open_quote_costs_its_own_row_only(folder, line, expected):
    text = f'student,id,answer\n{line}\nkim,h1,"0.5"\nkim,h2,0.6\n'
    assert given(text) == [("lee", "h1", expected), ("kim", "h1", "0.5"), ("kim", "h2", "0.6")]


@pytest.mark.parametrize(
    "line",
    [
        "lee,h1," + "9" * 300_000,
        "lee,h1" + ",1" * 1_000_000,
        "lee,h1,0.4\0",
        'lee,h1,"' + "x\n" * 3_000,
    ],
    ids=["huge cell", "a million columns", "NUL", "an endless quote"],
)
def test_a_broken_row_leaves_the_others_as_they_are(run, folder, line):
    Path("a.csv").write_text(f"student,id,answer\n{line}\nkim,W5+,{RIGHT}\n")
    code, out, err = run("check", "two-two-two", "a.csv", "--json")
    assert (code, err) == (1, "")
    results = json.loads(out)["results"]
    assert [r["verdict"] for r in results if r["student"] == "kim"] == ["correct"]
    assert {r["verdict"] for r in results if r["student"] == "lee"} <= {"unreadable", "wrong"}


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.csv", b"", "line 1: expected a header"),
        ("a.csv", b"W5+,0.4\nW6+,0.5\n", "line 1: expected a header"),
        ("a.csv", b"id,answer,answer\n", "line 1: two columns are called answer"),
        ("a.csv", "id,ansver\n".encode("utf-16"), "line 1: expected a header"),
        ("a.xlsx", b"PK\x03\x04" + bytes(40), "is no workbook that can be read"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(40), "old .xls workbook; save it as .xlsx"),
        ("a.csv", bytes(range(256)), "line 1: expected a header"),
        ("a.json", b'{"W5+": ', "is no JSON"),
        ("a.json", b"[" * 100_000, "is no JSON"),
        ("a.json", b'{"a": ' * 5_000, "is no JSON"),
        ("a.toml", b"W5+ = 1\n", "is no TOML"),
        ("a.toml", b"a" + b".a" * 20_000 + b" = 1\n", "parts; write ids in quotes"),
        ("a.toml", b"x = " + b"[" * 100_000, "is no TOML"),
        ("a.toml", b"x = " + b"9" * 5_000, "is no TOML"),
        ("a.json", b" " * 3_000_000 + b"{}", "larger than 2097152 bytes"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(run, folder, name, text, told):
    Path(name).write_bytes(text)
    code, out, err = run("check", "two-two-two", name)
    assert (code, out) == (2, "")
    assert err.startswith(f"derive: {name}: ")
    assert told in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("name", ["missing.csv", "missing.toml", ".", "a\0b.csv", "x" * 5_000])
def test_a_file_that_cannot_be_read_is_named(run, folder, name):
    code, out, err = run("check", "two-two-two", name)
    assert (code, out) == (2, "")
    assert err.startswith("derive: ")
    assert len(err.splitlines()) == 1


@cache
def deck():
    return derive.key("two-two-two")


def changed(**fields):
    """A key with other fields; a field that is None is left out."""
    key = deck() | fields
    return json.dumps({name: value for name, value in key.items() if value is not None}).encode()


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (lambda: changed(digest="0" * 64), "digest: does not fit the spec"),
        (lambda: changed(digest=None), "digest: does not fit the spec"),
        (
            lambda: changed(format="derive-key/2"),
            "format: expected derive-key/1, got derive-key/2",
        ),
        (lambda: changed(format=None), "format: expected derive-key/1, got None"),
        (lambda: changed(format=[1]), "format: expected derive-key/1"),
        (lambda: changed(spec=None), "spec: expected a table"),
        (lambda: changed(spec={"inputs": [1]}), "spec"),
        (lambda: changed(spec="x" * 3_000_000), "spec: larger than"),
        (lambda: changed()[:-200], "is no JSON"),
        (lambda: changed()[:900], "is no JSON"),
        (lambda: b"", "is no JSON"),
        (lambda: b"[1, 2]", "expected the object of a key"),
        (lambda: b"[" * 100_000, "expected the object of a key"),
        (lambda: bytes(range(256)), "is no JSON"),
        (lambda: changed().decode().encode("utf-16"), "is no JSON"),
    ],
)
def test_a_key_that_is_none_is_refused_in_one_line(run, folder, raw, told):
    Path("key.json").write_bytes(raw())
    Path("a.csv").write_text("id,answer\nh1,1\n")
    code, out, err = run("check", "key.json", "a.csv")
    assert (code, out) == (2, "")
    assert err.startswith("derive: key.json: ")
    assert told in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("key", ["missing.json", "folder.json", "missing.toml"])
def test_a_key_that_cannot_be_read_is_named(run, folder, key):
    Path("folder.json").mkdir()
    code, out, err = run("check", key, "a.csv")
    assert (code, out) == (2, "")
    assert err.startswith(f"derive: {key}: ")


def test_a_key_with_a_byte_order_mark_or_foreign_answers_still_counts(run, folder):
    key = derive.key("two-two-two")
    key["answers"] = [{"id": "W5+", "shown": "1", "formula": "__import__('os')"}]
    Path("key.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(key).encode())
    Path("a.csv").write_text(f"id,answer\nW5+,{RIGHT}\n")
    _, out, _ = run("check", "key.json", "a.csv", "--json")
    assert [r["verdict"] for r in json.loads(out)["results"]] == ["correct"]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (f'"id","answer"\n"W5+","{RIGHT}"\n', "quoted CSV"),
        (f"answer\tid\n{RIGHT}\tW5+\n", "tabs"),
        (f'{{"W5+": {RIGHT}}}', "JSON in one line"),
        (f'# form\n"W5+" = "{RIGHT}"\n', "TOML with a remark"),
        (f'[kim]\n"W5+" = "{RIGHT}"\n', "TOML by member"),
    ],
)
def test_stdin_is_read_in_the_form_it_has(run, folder, monkeypatch, text, form):
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    _, out, _ = run("check", "two-two-two", "-", "--json")
    assert [r["verdict"] for r in json.loads(out)["results"]] == ["correct"], form


def test_a_closed_stdin_is_told(run, folder, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    code, _, err = run("check", "two-two-two", "-")
    assert (code, err) == (2, "derive: -: is closed\n")
