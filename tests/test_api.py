"""The functions of the package: what a program gets that a terminal gets as text."""

import json

import derive


def test_the_key_as_data_is_the_key_of_the_command_line(run):
    code, out, _ = run("key", "two-two-two", "--format", "json", "--only", "update")
    assert code == 0
    assert derive.key("two-two-two", ("update",)) == json.loads(out)


def test_the_key_as_data_has_the_fields_that_are_asked_for():
    found = derive.key("circuit", fields=("id", "shown"))
    assert {"id": "df/dx", "shown": "-4"} in found["answers"]
