"""A leaf is found by the answers that decided it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import tries

from derive.press.tree import Tree


def prepare(asked):
    return lambda subject: tuple(subject[question] for question in asked)


def follow(program, subject):
    """The leaf of a nested program (question, branches), and the questions on the way."""
    asked = []
    while isinstance(program, tuple):
        question, branches = program
        asked.append(question)
        program = branches[subject[question]]
    return program, asked


PROGRAMS = st.recursive(
    st.integers(),
    lambda inner: st.tuples(st.integers(0, 4), st.tuples(inner, inner)),
    max_leaves=9,
)
SUBJECTS = st.lists(st.tuples(*[st.integers(0, 1)] * 5), max_size=30)


@settings(max_examples=tries(300))
@given(PROGRAMS, SUBJECTS, st.integers(1, 9))
def test_a_tree_finds_what_a_program_would_give(program, subjects, most):
    tree = Tree(prepare, most)
    for subject in subjects:
        leaf, asked = follow(program, subject)
        found = tree.find(subject)
        assert found in (None, leaf)
        if found is None:
            tree.add(subject, asked, leaf)
        assert tree.find(subject) == leaf


@pytest.mark.parametrize("most", [1, 3])
def test_a_full_tree_begins_again(most):
    tree = Tree(prepare, most)
    for number in range(10):
        tree.add((number,), [0], number)
    assert sum(tree.find((number,)) is not None for number in range(10)) <= most
