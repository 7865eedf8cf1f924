"""What `--json` prints is what its schema says, and the schema allows nothing else."""

import json
from pathlib import Path

import jsonschema
import pytest

import derive
from derive.errors import SpecError

LINES = """z1 = 0.3*0.1 + 0.25*0.2 = 0.08
dE/dW5 = dE/do1 * dz3/dW5 = 0.2094*0.52 = 0.1089
W5+ = 0.45 - 0.5*0.1089 = 0.3956
o1 = foo(3) = 0.6
h1 = sigmoid(0.1) = 0.5
"""
COMMANDS = {
    "working": ["working", "two-two-two", "lines.txt", "--json"],
    "audit": ["audit", "lines.txt", "--spec", "two-two-two", "--json"],
    "check": ["check", "two-two-two", "answers.csv", "--json"],
}


@pytest.fixture
def printed(run, folder):
    Path("lines.txt").write_text(LINES, "utf-8")
    Path("answers.csv").write_text("name,id,answer\nkim,W5+,0.43\nkim,h1,\nlee,z1,x\n", "utf-8")
    return lambda name: json.loads(run(*COMMANDS[name])[1])


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_printed_fits_its_schema(printed, name):
    schema = derive.schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(printed(name), schema)


@pytest.mark.parametrize("name", ["working", "audit"])
def test_a_key_too_much_and_one_too_few_do_not_fit(printed, name):
    schema = derive.schema(name)
    for change in ({"more": 1}, {"status": "wrong"}, {"false_at": 0}):
        report = printed(name)
        report["chains"][0] |= change
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(report, schema)
    report = printed(name)
    del report["chains"][0]["rule"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, schema)


def test_each_schema_is_printed_and_another_is_refused(run):
    for name in ("spec", *COMMANDS):
        code, out, _ = run("schema", "--of", name)
        assert (code, json.loads(out)) == (0, derive.schema(name))
    with pytest.raises(SpecError, match="did you mean working"):
        derive.schema("workin")
    assert run("schema", "--of", "key")[0] == 2
