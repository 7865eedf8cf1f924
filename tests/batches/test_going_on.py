"""A second run: it goes on, changes nothing that is there, and refuses another class."""

import json
import shutil
from pathlib import Path

import pytest
from classes import SECRET, list_codes, list_times, make, read_all, read_index

from derive.spec import example_path, load
from derive.variants import Variants

LISTED = "name,no\nAda,1\n=1+2,2\n김철수,3\n"


def roster(*names, encoding="utf-8", path="roster.csv"):
    Path(path).write_bytes("\n".join(["name", *names, ""]).encode(encoding))
    return path


def list_students(home):
    return [row["student"] for row in read_index(home)]


def again(run, *options, spec="circuit", key="class.secret", formats="md"):
    args = ("--secret-file", key, "--format", formats, "-o", "out", *options)
    return run("batch", spec, *args)


def refuse(run, told, *options, **changes):
    """A run that is refused, in one line, and changes nothing."""
    before, times = read_all(Path("out")), list_times(Path("out"))
    code, out, err = again(run, *options, **changes)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1
    assert read_all(Path("out")) == before
    assert list_times(Path("out")) == times


def test_a_second_run_adds_nothing_and_changes_no_byte(run, folder):
    home = make(run, "--count", 3)
    before, times = read_all(home), list_times(home / "members") | list_times(home / "leader/keys")
    code, out, _ = again(run, "--count", 3)
    assert code == 0
    assert "0 variants from 0 draws, 3 were there" in out
    assert read_all(home) == before
    assert list_times(home / "members") | list_times(home / "leader/keys") == times


def test_a_larger_count_adds_members_and_keeps_those_that_are_there(run, folder):
    home = make(run, "--count", 2)
    before = read_all(home / "members")
    assert again(run, "--count", 4)[0] == 0
    after = read_all(home / "members")
    assert before.items() < after.items()
    assert len(list_codes(home)) == 4
    whole = make(run, "--count", 4, out="whole")
    assert read_all(home) == read_all(whole)


def test_a_member_that_is_gone_is_made_again_the_same(run, folder):
    home = make(run, "--count", 3)
    before = read_all(home)
    shutil.rmtree(home / "members" / list_codes(home)[1])
    assert again(run, "--count", 3)[0] == 0
    assert read_all(home) == before


def test_what_a_killed_run_left_is_cleared_away(run, folder):
    home = make(run, "--count", 1, "--practice")
    before = read_all(home)
    for place in (".", "leader", "leader/keys", "leader/practice"):
        (home / place / ".derive-abc").write_text("half")
    (home / ".derive-def").mkdir()
    (home / ".derive-def/worksheet.md").write_text("half")
    assert again(run, "--count", 1, "--practice")[0] == 0
    assert read_all(home) == before
    assert not list(home.rglob(".derive-*"))


def test_an_own_secret_is_used_again(run, folder):
    args = ("batch", "circuit", "--format", "md", "-o", "out", "--count")
    assert run(*args, 1)[0] == 0
    before = read_all(Path("out/circuit/members"))
    code, _, err = run(*args, 2)
    assert code == 0
    assert "new secret" not in err
    assert before.items() < read_all(Path("out/circuit/members")).items()


def test_a_roster_names_the_members_in_its_order(run, folder):
    Path("roster.csv").write_text(LISTED, "utf-8")
    home = make(run, "--roster", "roster.csv")
    variants = Variants(load("circuit"), SECRET)
    assert [tuple(row.values()) for row in read_index(home)] == [
        (variants.name_code(1), "1", "Ada"),
        (variants.name_code(2), "2", "'=1+2"),
        (variants.name_code(3), "3", "김철수"),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "cp949", "utf-8-sig"])
def test_a_roster_may_be_in_any_encoding_of_spreadsheets(run, folder, encoding):
    home = make(run, "--roster", roster("김철수", "이영희", encoding=encoding))
    assert list_students(home) == ["김철수", "이영희"]


def test_a_roster_may_have_semicolons_and_a_column_of_another_name(run, folder):
    Path("roster.csv").write_text("Nr;Rufname\n1;Ada\n2;Bo\n")
    home = make(run, "--roster", "roster.csv", "--name-column", "Rufname")
    assert list_students(home) == ["Ada", "Bo"]


def test_names_stand_in_the_index_alone(run, folder):
    home = make(run, "--roster", roster("Ada Lovelace", "Emmy Noether"))
    holding = [name for name, content in read_all(home).items() if b"Lovelace" in content]
    assert holding == ["leader/index.csv"]


@pytest.mark.parametrize("names", [["Ada", "=1+2"], ["@x", "-y", "+z"], ["Ada", "Ada"]])
def test_a_second_run_with_the_same_roster_changes_no_byte(run, folder, names):
    home = make(run, "--roster", roster(*names))
    before = read_all(home)
    assert again(run, "--roster", "roster.csv")[0] == 0
    assert read_all(home) == before


def test_a_roster_may_become_longer_at_its_end(run, folder):
    home = make(run, "--roster", roster("Ada", "Bo"))
    before = read_all(home / "members")
    assert again(run, "--roster", roster("Ada", "Bo", "Cy"))[0] == 0
    assert list_students(home) == ["Ada", "Bo", "Cy"]
    assert before.items() < read_all(home / "members").items()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Ada", "Di"], "--roster: member 2 was Bo and is now Di; new members go to the end"),
        (["Bo", "Ada"], "--roster: member 1 was Ada and is now Bo"),
        (["Cy", "Ada", "Bo"], "--roster: member 1 was Ada and is now Cy"),
        (["Ada"], "members: the folder holds 2, now 1; sheets are never taken back"),
    ],
)
def test_a_roster_that_was_changed_is_refused(run, folder, names, told):
    make(run, "--roster", roster("Ada", "Bo"))
    refuse(run, told, "--roster", roster(*names))


def test_names_are_kept_where_only_a_count_is_named(run, folder):
    home = make(run, "--roster", roster("Ada", "Bo"))
    assert again(run, "--count", 3)[0] == 0
    assert list_students(home) == ["Ada", "Bo", ""]


def test_a_roster_may_name_members_who_had_no_name(run, folder):
    """A class that was made by its number is named later; then its names stay."""
    home = make(run, "--count", 2)
    assert again(run, "--roster", roster("Ada", "Bo"))[0] == 0
    assert list_students(home) == ["Ada", "Bo"]
    refuse(run, "member 1 was Ada and is now Di", "--roster", roster("Di", "Bo"))


def test_fewer_members_are_refused(run, folder):
    make(run, "--count", 3)
    refuse(run, "circuit: members: the folder holds 3, now 2; sheets are never", "--count", 2)


def test_another_secret_is_refused(run, folder):
    make(run, "--count", 1)
    Path("other.secret").write_text("ab" * 32)
    told = "--secret-file: the folder holds a class of another secret; give the file again, or"
    refuse(run, told, "--count", 1, key="other.secret")


@pytest.mark.parametrize("text", ["x = -2", "decimals = 5"])
def test_another_spec_is_refused(run, folder, text):
    circuit = example_path("circuit").read_text("utf-8")
    Path("mine.toml").write_text(circuit)
    make(run, "--count", 1, spec="mine.toml")
    other = {"x = -2": circuit.replace("x = -2", "x = -3"), "decimals = 5": f"{text}\n{circuit}"}
    Path("mine.toml").write_text(other[text])
    told = (
        "SPEC: the folder holds a class of another spec; give it as before, or take another folder"
    )
    refuse(run, told, "--count", 1, spec="mine.toml")


@pytest.mark.parametrize(
    "options",
    [("--level", "blank"), ("--practice",), ("--blanks", 1), ("--single-file",)],
    ids=str,
)
def test_other_pages_are_refused(run, folder, options):
    make(run, "--count", 1)
    refuse(run, f"{options[0]}: the folder holds a class of", "--count", 1, *options)


def test_another_format_is_refused(run, folder):
    make(run, "--count", 1)
    told = "--format: the folder holds a class of other formats"
    refuse(run, told, "--count", 1, formats="html")


def test_another_language_is_refused_as_another_spec(run, folder):
    make(run, "--count", 1)
    refuse(
        run, "--lang: the folder holds a class of another language", "--count", 1, "--lang", "ko"
    )


@pytest.mark.parametrize("name", ["made_by", "version"])
def test_another_version_of_derive_is_refused(run, folder, name):
    home = make(run, "--count", 1)
    manifest = json.loads((home / "leader/batch.json").read_bytes())
    (home / "leader/batch.json").write_text(json.dumps(manifest | {name: "derive 9"}))
    refuse(run, "derive: the folder holds a class of another version of derive", "--count", 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "leader/batch.json: is damaged; delete it and run derive batch again"),
        (b"{}", "leader/batch.json: is damaged; delete it and run derive batch again"),
        (b"\xff", "leader/batch.json: is damaged; delete it and run derive batch again"),
        (b"[" * 100_000, "leader/batch.json: is damaged"),
    ],
)
def test_a_damaged_manifest_is_told(run, folder, content, told):
    home = make(run, "--count", 1)
    (home / "leader/batch.json").write_bytes(content)
    refuse(run, told, "--count", 1)


def test_a_manifest_of_a_later_format_is_told(run, folder):
    home = make(run, "--count", 1)
    manifest = json.loads((home / "leader/batch.json").read_bytes())
    (home / "leader/batch.json").write_text(json.dumps(manifest | {"format": "derive-batch/2"}))
    refuse(run, "leader/batch.json: expected derive-batch/1, got derive-batch/2", "--count", 1)


def test_progress_is_told_to_programs_line_by_line(run, folder):
    Path("class.secret").write_text(SECRET.hex())
    _, out, _ = again(run, "--count", 2, "--json")
    one, two, summary = map(json.loads, out.splitlines())
    assert (one["done"], two["done"], one["count"]) == (1, 2, 2)
    assert {"made", "seconds", "left"} <= one.keys()
    assert (summary["summary"]["count"], summary["summary"]["made"]) == (2, 2)


def test_progress_counts_those_that_were_there(run, folder):
    make(run, "--count", 2)
    _, out, _ = again(run, "--count", 3, "--json")
    progress, summary = map(json.loads, out.splitlines())
    assert (progress["done"], progress["made"]) == (3, 1)
    assert summary["summary"]["made"] == 1
