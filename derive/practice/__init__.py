"""A page on which a learner types answers: the worksheet, and a table of all verdicts."""

from derive.practice.page import practice_page

__all__ = ["practice_page"]
