"""The folder of a class: where everything lies, who may read it, what nobody finds there."""

import json
import re
import stat
from pathlib import Path

import pytest
from classes import SECRET, list_codes, make, read_all, read_index
from sampling import few

import derive
from derive.grading.keys import open_key
from derive.spec import digest, from_plain, load
from derive.variants import Variants
from derive.variants.codes import read_code

BOM = b"\xef\xbb\xbf"


def test_there_are_these_files_and_no_other(run, folder):
    home = make(run, "--count", 2, formats="md,html,tex,typ")
    one, two = list_codes(home)
    sheets = ["worksheet.md", "worksheet.html", "worksheet.tex", "worksheet.typ"]
    members = [
        f"members/{c}/{f}" for c in (one, two) for f in (*sheets, "answers.toml", "answers.csv")
    ]
    keys = [
        f"leader/keys/{c}.{e}" for c in (one, two) for e in ("json", "md", "html", "tex", "typ")
    ]
    assert sorted(read_all(home)) == sorted(
        [*members, *keys, "leader/index.csv", "leader/batch.json"]
    )


def test_the_command_says_where_everything_is_and_what_the_numbers_are_worth(run, folder):
    Path("class.secret").write_text(SECRET.hex())
    code, out, err = run("batch", "circuit", "--count", 3, "--secret-file", "class.secret")
    draws = sum(Variants(load("circuit"), SECRET).draw(i).attempt + 1 for i in (1, 2, 3))
    assert code == 0
    assert out.splitlines()[:3] == [
        "output/circuit/members/  (3 folders)",
        "output/circuit/leader/index.csv",
        f"3 variants from {draws} draws",
    ]
    assert re.fullmatch(
        r"known mistakes differ by at least \d+ units of the last decimal in some answer",
        out.splitlines()[3],
    )
    assert err == ("next: derive check output/circuit answers.csv --report report.html\n")


def test_without_a_secret_one_is_made_with_the_leader_and_told(run, folder):
    code, _, err = run("batch", "circuit", "--count", 1, "--format", "md", "-o", "out")
    secret = Path("out/circuit/leader/secret")
    assert code == 0
    assert err.startswith(f"derive: new secret: {secret}; keep it, or nobody can make these")
    assert re.fullmatch(r"[0-9a-f]{64}\n", secret.read_text())


def test_the_leaders_folder_and_secret_are_for_their_owner_alone(run, folder):
    run("batch", "circuit", "--count", 1, "--format", "md", "-o", "out")
    modes = {
        name: stat.S_IMODE(Path("out/circuit", name).stat().st_mode)
        for name in ("leader", "leader/secret", "members")
    }
    assert modes == {"leader": 0o700, "leader/secret": 0o600, "members": 0o755}


def test_an_existing_folder_of_a_leader_keeps_its_mode_but_the_secret_does_not_open(run, folder):
    Path("out/circuit/leader").mkdir(parents=True, mode=0o750)
    run("batch", "circuit", "--count", 1, "--format", "md", "-o", "out")
    assert stat.S_IMODE(Path("out/circuit/leader/secret").stat().st_mode) == 0o600


def test_the_index_is_a_table_that_spreadsheets_open(run, folder):
    home = make(run, "--count", 3)
    raw = (home / "leader/index.csv").read_bytes()
    assert raw.startswith(BOM + b"code,index,student\n")
    variants = Variants(load("circuit"), SECRET)
    assert [list(row.values()) for row in read_index(home)] == [
        [variants.name_code(index), str(index), ""] for index in (1, 2, 3)
    ]


def test_the_manifest_says_what_was_made(run, folder):
    home = make(run, "--count", 3, "--level", "blank")
    manifest = json.loads((home / "leader/batch.json").read_bytes())
    spec = load("circuit")
    assert manifest["format"] == "derive-batch/1"
    assert manifest["made_by"] == f"derive {derive.__version__}"
    assert manifest["version"] == "derive-variant/1"
    assert manifest["digest"] == digest(spec)
    assert from_plain(manifest["spec"]) == spec
    assert (manifest["count"], manifest["done"]) == (3, 3)
    assert manifest["sheet"]["level"] == "blank"
    assert SECRET.hex() not in json.dumps(manifest)


def test_a_key_is_that_of_its_variant_and_says_its_code(run, folder):
    home = make(run, "--count", 2)
    for index, code in enumerate(list_codes(home), 1):
        path = home / f"leader/keys/{code}.json"
        key = json.loads(path.read_bytes())
        spec = Variants(load("circuit"), SECRET).draw(index).spec
        assert key["code"] == code
        assert "variants" not in key["spec"]
        assert key["digest"] == digest(spec)
        with open_key(str(path)) as sheet:
            assert sheet.spec == spec


@pytest.mark.parametrize("form", ["md", "html", "tex", "typ"])
def test_the_code_stands_on_the_sheet_the_key_and_both_forms(run, folder, form):
    home = make(run, "--count", 1, formats=form)
    (code,) = list_codes(home)
    assert read_code(code) == code
    for name in (f"worksheet.{form}", "answers.toml", "answers.csv"):
        assert code in (home / "members" / code / name).read_text("utf-8")
    assert code in (home / f"leader/keys/{code}.{form}").read_text("utf-8")


def test_all_files_of_members_have_one_time(run, folder):
    """None tells how long its numbers took, nor in which order they were made."""
    home = make(run, "--count", 4)
    times = {path.stat().st_mtime for path in (home / "members").glob("*/**")}
    times |= {path.stat().st_mtime for path in (home / "members").glob("*/*")}
    assert len(times) == 1
    assert times.pop() % 60 == 0


LONG = re.compile(r"\d+\.\d{6,}|\d{6,}")


@pytest.mark.parametrize("name", few(["two-two-two", "shared-biases", "softmax", "momentum"], 1))
def test_no_file_of_a_member_holds_an_answer(run, folder, name):
    """No number of six digits but those of the guided sheet of the same numbers."""
    home = make(run, "--count", 2, spec=name, formats="md,html,tex,typ")
    for code in list_codes(home):
        key = json.loads((home / f"leader/keys/{code}.json").read_bytes())
        spec = from_plain(key["spec"])
        asked = {
            answer["shown"].lstrip("-")
            for answer in key["answers"]
            if answer["asked"] and LONG.fullmatch(answer["shown"].lstrip("-"))
        }
        assert asked
        solved = (home / f"leader/keys/{code}.md").read_text("utf-8")
        assert all(number in solved for number in asked)
        for path in (home / "members" / code).iterdir():
            text = path.read_text("utf-8").replace(key["digest"], "")
            allowed = ""
            if path.stem == "worksheet":
                allowed = derive.page(spec, path.suffix[1:], "guided")
            found = {number for number in asked if number in text}
            assert {number for number in found if number not in allowed} == set()


def test_no_name_of_members_tells_the_index(run, folder):
    home = make(run, "--count", 3)
    assert sorted(path.name for path in (home / "members").iterdir()) == sorted(list_codes(home))
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", code) for code in list_codes(home))


def test_practice_pages_lie_with_the_leader(run, folder):
    home = make(run, "--count", 1, "--practice")
    (code,) = list_codes(home)
    assert "<script" in (home / f"leader/practice/{code}.html").read_text("utf-8")
    assert not list((home / "members").rglob("*practice*"))


def test_blanks_and_parameters_are_those_that_are_named(run, folder):
    home = make(run, "--count", 1, "--weights", "W5", "--blanks", 2, spec="two-two-two")
    (code,) = list_codes(home)
    form = (home / f"members/{code}/answers.csv").read_text("utf-8")
    assert "weights W5, blanks 2" in form
    assert len(form.splitlines()) == 3


def test_the_language_is_the_one_that_is_named(run, folder):
    home = make(run, "--count", 1, "--lang", "ko")
    (code,) = list_codes(home)
    assert re.search("[가-힣]", (home / f"members/{code}/worksheet.md").read_text("utf-8"))


def test_single_file_holds_all_sheets_each_from_an_odd_page(run, folder):
    """Pages of a PDF are counted; each sheet begins after a whole leaf."""
    home = make(run, "--count", 3, "--single-file")
    pdf = (home / "print.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    assert pages >= 5


def test_a_format_that_is_no_text_is_made(run, folder):
    home = make(run, "--count", 1, formats="pdf")
    (code,) = list_codes(home)
    assert (home / f"members/{code}/worksheet.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("circuit",), "give --count N or --roster FILE.csv"),
        (("circuit", "--count", 2, "--roster", "r.csv"), "give --count N or --roster FILE.csv"),
        (("circuit", "--count", 0), "circuit: --count: expected 1 to 10000000 members, got 0"),
        (("circuit", "--count", -3), "circuit: --count: expected 1 to 10000000 members, got -3"),
        (("circuit", "--count", 10**9), "circuit: --count: expected 1 to 10000000 members"),
        (("circuit", "--count", 1001, "--single-file"), "--count: expected 1 to 1000 members"),
        (("circuit", "--count", 2, "--format", "mdd"), "unknown format mdd; did you mean md?"),
        (("circuit", "--count", 2, "--format", "ipynb"), "ipynb computes its answers"),
        (("circuit", "--count", 2, "--format", ","), "--format"),
        (("circuit", "--count", 2, "--level", "ful"), "did you mean full?"),
        (
            ("circuit", "--count", 2, "--secret-file", "none"),
            "none: no such file; make it: derive",
        ),
        (("circuit", "--count", 2, "--jobs", 0), "--jobs"),
        (("two-two-two", "--count", 2, "--weights", "W99"), "W99"),
        (("circuit", "--count", 2, "--blanks", -1), "blanks"),
        (("circuit", "--count", 2, "--level", "full"), "full prints every answer"),
        (("circuit", "--roster", "none.csv"), "none.csv: "),
        (("circuits", "--count", 2), "circuits: no such file; did you mean circuit?"),
        (("fixed.toml", "--count", 2), "fixed.toml: variants: no number of this exercise varies"),
        (("bare.toml", "--count", 2), "bare.toml: variants: 2000 draws gave no good numbers"),
    ],
)
def test_what_cannot_be_made_is_told_in_one_line_and_leaves_nothing_behind(
    run, folder, args, told
):
    circuit = (
        'kind = "circuit"\noutput = "f"\nvalues = {{ x = 2, y = 3 }}\n'
        'definitions = {{ q = "x + y", f = "q * x" }}\n[variants]\n{}\n'
    )
    Path("fixed.toml").write_text(circuit.format('keep = ["values"]'))
    Path("bare.toml").write_text(circuit.format("values = [1, -1]"))
    before = read_all(folder)
    code, out, err = run("batch", *args, "-o", "out")
    assert (code, out) == (2, "")
    assert told in err
    assert err.startswith("derive: ")
    assert len([line for line in err.splitlines() if "new secret" not in line]) == 1
    assert read_all(folder) == before
    assert not Path("out").exists()
