"""Tools that a test needs besides Python."""

import os

import pytest


def missing(what):
    """In CI a missing tool fails; on a learner's machine it skips."""
    told = f"{what} is missing; .ci/run installs it"
    if os.environ.get("CI"):
        pytest.fail(told)
    pytest.skip(told)
