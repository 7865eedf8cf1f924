"""`derive secret`: 256 bits of the system in a file for its owner alone."""

import io
import os
import re
import stat
from pathlib import Path

import pytest

from derive.batches import read_secret
from derive.errors import SpecError


def test_a_secret_is_a_line_of_64_hexadecimal_letters(run, folder):
    assert run("secret", "mine") == (0, "mine\n", "")
    assert re.fullmatch(r"[0-9a-f]{64}\n", Path("mine").read_text())
    assert stat.S_IMODE(Path("mine").stat().st_mode) == 0o600


def test_the_mode_does_not_depend_on_the_mask(run, folder):
    before = os.umask(0)
    try:
        assert run("secret", "mine")[0] == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("mine").stat().st_mode) == 0o600


def test_no_two_secrets_are_equal(run, folder):
    for name in "abc":
        run("secret", name)
    assert len({Path(name).read_text() for name in "abc"}) == 3


@pytest.mark.parametrize("kind", ["file", "folder", "link", "broken link"])
def test_an_existing_file_is_refused_and_kept(run, folder, kind):
    Path("other").write_text("precious")
    path = Path("mine")
    if kind == "file":
        path.write_text("precious")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("other" if kind == "link" else "nowhere")
    code, out, err = run("secret", "mine")
    assert (code, out) == (2, "")
    assert err == "derive: mine: is there already; a secret is never replaced\n"
    assert Path("other").read_text() == "precious"
    assert not Path("nowhere").exists()


def test_a_folder_that_is_missing_is_made(run, folder):
    assert run("secret", "some/where/mine")[0] == 0
    assert len(read_secret(Path("some/where/mine"))) == 32


def test_a_place_that_cannot_be_written_is_told(run, folder):
    Path("file").write_text("")
    code, _, err = run("secret", "file/mine")
    assert code == 2
    assert err.startswith("derive: file/mine: cannot be written")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "text", ["", "00" * 15, "0" * 31, "g" * 64, "00" * 16 + " 00", "a secret\n", "ÿ" * 40]
)
def test_what_is_no_secret_is_told(tmp_path, text):
    (tmp_path / "mine").write_text(text, "utf-8")
    with pytest.raises(SpecError, match="is no secret of 128 bits or more; make it: derive sec"):
        read_secret(tmp_path / "mine")


def test_a_file_that_is_too_large_is_no_secret(tmp_path):
    (tmp_path / "mine").write_text("00" * 3000)
    with pytest.raises(SpecError, match="a secret is one line"):
        read_secret(tmp_path / "mine")


@pytest.mark.parametrize("text", ["AB" * 16, "ab" * 16 + "\r\n", "  " + "ab" * 16, "ab" * 64])
def test_a_secret_is_read_as_people_paste_it(tmp_path, text):
    (tmp_path / "mine").write_text(text)
    assert read_secret(tmp_path / "mine") == bytes.fromhex(text.strip())


def test_a_secret_that_cannot_be_written_whole_is_taken_away(run, folder, monkeypatch):
    class Full(io.StringIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("derive.batches.secrets.os.fdopen", lambda *_, **__: Full())
    code, _, err = run("secret", "mine")
    assert (code, err) == (2, "derive: mine: cannot be written (No space left on device)\n")
    assert not Path("mine").exists()
