"""How much work something is, counted: the same on every machine, with coverage or without."""

import sys


def calls(work):
    """Calls of functions, our own and those written in C, while some work is done."""
    count = 0

    def counted(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
