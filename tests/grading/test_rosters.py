"""A roster: names from the tables that spreadsheets and schools write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import SpecError
from derive.grading.rosters import read_roster

NAMES = ["Ada", "김철수", "Noether, Emmy", "O'Neil"]


@pytest.fixture
def read(tmp_path):
    """The names in a table of this text or these bytes."""

    def command(table, column=None):
        path = tmp_path / "roster.csv"
        path.write_bytes(table if isinstance(table, bytes) else table.encode())
        return list(read_roster(path, column))

    return command


TABLE = 'no,name\n1,Ada\n2,김철수\n3,"Noether, Emmy"\n4,O\'Neil\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_table_is_read_in_the_encodings_of_spreadsheets(read, encoding):
    assert read(TABLE.encode(encoding)) == NAMES


def test_utf_16_of_the_other_order_is_read(read):
    assert read(b"\xfe\xff" + TABLE.encode("utf-16-be")) == NAMES


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_may_be_parted_by_any_sign_and_lines_end_in_any_way(read, delimiter, end):
    lines = ["no,name", "1,Ada", "2,김철수", "3,Bo"]
    table = end.join(line.replace(",", delimiter) for line in lines) + end
    assert read(table) == ["Ada", "김철수", "Bo"]


@pytest.mark.parametrize(
    "title", ["name", "Name", "이름", "학번", "학생", "student", "성명", " name "]
)
def test_the_column_of_names_is_known_by_its_title(read, title):
    assert read(f"no,{title}\n1,Ada\n") == ["Ada"]


def test_a_table_without_a_header_loses_nobody(read):
    with pytest.raises(SpecError, match="no column is called name or 이름, got Ada"):
        read("Ada\nBo\n")


@pytest.mark.parametrize("column", ["Rufname", "rufname", " RUFNAME "])
def test_a_column_may_be_named(read, column):
    assert read("name,Rufname\n1,Ada\n", column) == ["Ada"]


def test_the_first_of_several_known_columns_is_taken(read):
    assert read("학번,이름\n17,Ada\n") == ["17"]


@pytest.mark.parametrize(
    ("table", "column", "told"),
    [
        ("name,x\nAda,1\n", "nmae", "line 1: no column is called nmae; did you mean name?"),
        (
            "a,b\n1,2\n",
            None,
            "line 1: no column is called name or 이름, got a, b; write such",
        ),
        ("", None, "is empty; write a heading"),
        ("name\n" + "x" * 201, None, "line 2: a name of more than 200 characters"),
        ("name\nAda\n" + "x" * 300 + "\n", None, "line 3: a name of more than 200 characters"),
    ],
)
def test_a_table_without_names_is_told_in_one_line(read, table, column, told):
    with pytest.raises(SpecError) as error:
        read(table, column)
    assert str(error.value).startswith(told)
    assert len(str(error.value).splitlines()) == 1


def test_rows_without_a_name_are_left_out(read):
    assert read("no,name\n1,Ada\n2,\n\n3\n,  \n4,Bo\n") == ["Ada", "Bo"]


def test_blanks_in_a_name_become_one(read):
    assert read('name\n"  Ada\n  of   Byron "\n') == ["Ada of Byron"]


def test_two_members_may_have_one_name(read):
    assert read("name\nAda\nAda\n") == ["Ada", "Ada"]


def test_a_last_line_without_an_end_counts(read):
    assert read("name\nAda\nBo") == ["Ada", "Bo"]


def test_a_file_that_is_none_is_told(tmp_path):
    with pytest.raises(SpecError, match="roster"):
        list(read_roster(tmp_path))


@given(st.binary(max_size=200))
def test_no_bytes_make_reading_fail_in_another_way(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "raw.csv"
    path.write_bytes(b"name,x\n" + raw)
    try:
        names = list(read_roster(path))
    except SpecError:
        return
    assert all(name and name == " ".join(name.split()) for name in names)
