"""Answer forms on disk: which are empty and may be made anew, which are kept."""

import pytest

from derive.commands.files import is_filled_in

TOO_LONG = "id,answer\nz1," + "1" * 200_000


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("answers.toml", '"z1" = ""\n', False),
        ("answers.toml", '"z1" = "0.08"\n', True),
        ("answers.toml", '"z1" = \n', True),
        ("answers.csv", "id,answer\nz1,\n", False),
        ("answers.csv", "id,answer\nz1,0.08\n", True),
        ("answers.csv", TOO_LONG, True),
        ("answers.csv", "", False),
    ],
    ids=["empty", "filled", "no TOML", "empty csv", "filled csv", "no csv", "nothing"],
)
def test_a_form_is_kept_unless_it_surely_holds_no_answer(tmp_path, name, text, kept):
    (tmp_path / name).write_text(text, "utf-8")
    assert is_filled_in(tmp_path / name) is kept


def test_a_form_that_is_not_there_holds_no_answer(tmp_path):
    assert not is_filled_in(tmp_path / "answers.toml")


def test_what_cannot_be_read_is_kept(tmp_path):
    (tmp_path / "answers.toml").mkdir()
    assert is_filled_in(tmp_path / "answers.toml")
