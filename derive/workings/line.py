"""A judged chain as data."""

from __future__ import annotations

from typing import Literal

import msgspec

from derive.checking.verdicts import Remark
from derive.lines import Chain
from derive.numbers.balls import Value
from derive.workings.pen import Slip

Status = Literal["true", "rounded", "false", "carried", "unread"]
STATUSES: tuple[Status, ...] = ("true", "rounded", "false", "carried", "unread")


class Line(msgspec.Struct, frozen=True):
    """A judged chain.

    `false_at` counts its signs from 1, `slip` says what was done there and what should
    stand behind the sign. `unread` are the members that could not be read, counted from 1,
    each with its reason. `left` and `right` are the values on both sides of the false
    sign, or of the first one at `rounded_at` that holds only because numbers were rounded;
    `compared` counts the signs that were looked at; `remarks` is what else there is to say.
    """

    chain: Chain
    status: Status
    false_at: int | None = None
    id: str | None = None
    slip: Slip | None = None
    unread: tuple[tuple[int, Remark], ...] = ()
    rounded_at: int | None = None
    left: Value | None = None
    right: Value | None = None
    compared: int = 0
    remarks: tuple[Remark, ...] = ()
