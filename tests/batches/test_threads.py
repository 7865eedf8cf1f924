"""A worker of a scheduler may have several threads; its sheets are those of one."""

from concurrent.futures import ThreadPoolExecutor

from derive.batches import Sheet
from derive.batches.making import Maker
from derive.batches.scheduling import make_there, write_recipe
from derive.spec import load

SECRET = bytes(range(32))


def test_threads_of_a_worker_take_turns():
    recipe = load("two-two-two"), SECRET, Sheet(("md",))
    alone = Maker(*recipe)
    text = write_recipe(*recipe)
    indices = range(1, 25)
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda index: make_there(text, index), indices))
    assert made == [alone.make(index) for index in indices]
