"""What every command does around its work: progress, and whose mistake it was."""

import sys

import pytest

from derive import api
from derive.commands.console import with_progress
from derive.errors import InternalError


@pytest.mark.parametrize(
    ("terminal", "count", "told"),
    [
        (True, 10_001, "\r5000 records\r10000 records\n"),
        (True, 4_999, ""),
        (False, 10_001, ""),
    ],
)
def test_records_are_counted_on_a_terminal_only(monkeypatch, capsys, terminal, count, told):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    pieces = [str(i) for i in range(count)]
    assert list(with_progress(pieces)) == pieces
    assert capsys.readouterr().err == told


def test_our_own_mistake_is_called_a_defect(run, monkeypatch):
    def broken(*_):
        raise InternalError("no step f+")

    monkeypatch.setattr(api, "fragment", broken)
    code, out, err = run("fragment", "two-two-two", "W5+")
    assert (code, out) == (2, "")
    assert err == "derive: no step f+ (this is a defect of derive; please report it)\n"


def test_an_interrupted_command_says_so(run, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "fragment", interrupted)
    code, out, err = run("fragment", "two-two-two", "W5+")
    assert (code, out) == (130, "")
    assert err.strip() == "derive: interrupted"
