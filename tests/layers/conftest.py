"""A layer type and an activation that exist only while a test runs."""

from __future__ import annotations

import pytest
from scale import SCALE

from derive.layers import LAYERS


@pytest.fixture
def scale(monkeypatch):
    """The layer type `scale`: one factor for all units."""
    monkeypatch.setitem(LAYERS, "scale", SCALE)
