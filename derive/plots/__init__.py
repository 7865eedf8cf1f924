"""Plots: the training curve, the size of the gradients, the error over one parameter."""

from derive.plots.data import data_for
from derive.plots.page import FORMS, plot

__all__ = ["FORMS", "data_for", "plot"]
