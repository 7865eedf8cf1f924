"""A page on which a learner types answers: the worksheet, and a table of all verdicts."""

from derive.grading.practice.page import practice_page

__all__ = ["practice_page"]
