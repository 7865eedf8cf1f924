"""Plots: the training curve, the size of the gradients, the error over one parameter."""

from derive.plots.data import compute_data
from derive.plots.page import FORMS, plot

__all__ = ["FORMS", "compute_data", "plot"]
