"""The plots as matplotlib figures; here decimals become floats, and nowhere before."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

from derive.algebra.expressions import Name
from derive.plots.data import GradientSizes, TrainingCurve
from derive.plots.slices import Panel, Slice

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from derive.plots.data import Data
    from derive.plots.lettering import Lettering

CURVE, TANGENT, BEFORE, AFTER = "#1f5fa8", "#c2410c", "#1f2937", "#15803d"
HEIGHT, ONE, TWO = 4.6, 6.4, 10.0
"""Inches: the height, the width of one picture, of two beside each other."""
MARKED = 40
"""Updates up to which each has a dot of its own."""
LABELLED = 12
"""Layers up to which each has its printed number."""
FALLS, DIFFERS = 1_000, 30
"""How many times larger the largest error, the largest gradient is on a logarithmic axis."""
ARROW = {"arrowstyle": "-|>", "color": AFTER, "mutation_scale": 14, "shrinkA": 4, "shrinkB": 4}
MARGIN = 0.08
SMALLEST, LARGEST = 1e-300, 1e100
"""Sizes that floats can be drawn with; what is larger leaves the picture."""


def draw_figure(data: Data, letters: Lettering) -> Figure:
    """The figure of a plot; the caller has set matplotlib's parameters."""
    from matplotlib.figure import Figure  # noqa: PLC0415  an extra

    wide = isinstance(data, Slice) and len(data.panels) > 1
    figure = Figure(figsize=(TWO if wide else ONE, HEIGHT), layout="constrained")
    if letters.title:
        figure.suptitle(letters.title, parse_math=False)
    if isinstance(data, TrainingCurve):
        _draw_training(figure.subplots(), data, letters)
    elif isinstance(data, GradientSizes):
        _draw_gradients(figure.subplots(), data, letters)
    else:
        _draw_slice(figure, data, letters)
    handles = figure.axes[-1].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", frameon=False)
    return figure


def _draw_training(axes: Axes, data: TrainingCurve, letters: Lettering) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415  an extra

    heights = [float(text) for text in data.errors]
    count = len(heights) - 1
    axes.plot(range(count + 1), heights, color=CURVE, marker="." if count <= MARKED else "")
    first = (0, data.total, data.first, "first", BEFORE)
    last = (count, data.last_total, data.last, "last", AFTER)
    for step, name, printed, key, color in (first, last):
        equation = letters.write_equation(name, printed)
        label = letters.write_words(f"plot.{key}", count=str(count), equation=equation)
        axes.plot([step], [heights[step]], "o", color=color, label=label)
    if min(heights) > SMALLEST and max(heights) > FALLS * min(heights):
        _scale_by_powers(axes)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title(letters.write_words("plot.training"))
    axes.set_xlabel(letters.write_words("plot.steps"))
    axes.set_ylabel(letters.write_formula(Name(data.total)))


def _draw_gradients(axes: Axes, data: GradientSizes, letters: Lettering) -> None:
    sizes = [float(layer.size) for layer in data.layers]
    places = range(1, len(sizes) + 1)
    bars = axes.bar(places, sizes, width=0.6, color=CURVE)
    positive = [size for size in sizes if size > SMALLEST]
    if positive and max(positive) > DIFFERS * min(positive):
        _scale_by_powers(axes)
        axes.set_ylim(bottom=min(positive) / 10)
    if len(sizes) <= LABELLED:
        labels = [letters.write_number(layer.shown) for layer in data.layers]
        axes.bar_label(bars, labels, padding=2, fontsize="small")
        kinds = ["hidden"] * (len(sizes) - 1) + ["output"]
        names = [
            letters.write_words(f"layer.{kind}", number=str(place))
            for kind, place in zip(kinds, places, strict=True)
        ]
        axes.set_xticks(list(places), names)
    axes.margins(y=0.12)
    axes.grid(visible=False, axis="x")
    axes.set_title(letters.write_words("plot.gradients"))
    axes.set_xlabel(letters.write_words("plot.layer"))
    axes.set_ylabel(letters.write_words("plot.norm"))


def _scale_by_powers(axes: Axes) -> None:
    """A logarithmic axis; its numbers are formulas, for which every font has a minus."""
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda size, _: f"$10^{{{round(log10(size))}}}$")
    axes.yaxis.set_minor_formatter(lambda *_: "")


def _draw_slice(figure: Figure, data: Slice, letters: Lettering) -> None:
    panels = figure.subplots(1, len(data.panels), squeeze=False)[0]
    name, total = Name(data.name), Name(data.total)
    titles = (
        letters.write_words("plot.slice", name=name, total=total),
        letters.write_words("plot.close"),
    )
    for axes, panel, title in zip(panels, data.panels, titles, strict=False):
        _draw_curve(axes, panel)
        _draw_tangent(axes, data, letters)
        _draw_spots(axes, data, letters, step=panel is data.panels[-1])
        axes.set_title(title)
        axes.set_xlabel(letters.write_formula(name))
        axes.set_ylabel(letters.write_formula(total))


def _draw_curve(axes: Axes, panel: Panel) -> None:
    """The curve, with gaps where it has no value; the axes are as large as it is."""
    across = [float(x) for x, _ in panel.points]
    heights = [float("nan") if y is None else float(y) for _, y in panel.points]
    axes.plot(across, heights, color=CURVE, linewidth=2.5)
    axes.set_xlim(across[0], across[-1])
    seen = [y for y in heights if abs(y) < LARGEST]
    room = MARGIN * (max(seen) - min(seen)) or 1
    axes.set_ylim(min(seen) - room, max(seen) + room)


def _draw_tangent(axes: Axes, data: Slice, letters: Lettering) -> None:
    point = (float(data.before.x), float(data.before.y))
    equation = letters.write_equation(data.derivative, data.slope_shown)
    label = letters.write_words("plot.tangent", equation=equation)
    axes.axline(point, slope=float(data.slope), color=TANGENT, linestyle="--", label=label)


def _draw_spots(axes: Axes, data: Slice, letters: Lettering, *, step: bool) -> None:
    """The point before the update; with the step also the one after, and an arrow to it."""
    spots = [(data.before, "here" if data.after is None else "before", BEFORE)]
    if step and data.after is not None:
        spots.append((data.after, "after", AFTER))
    for spot, key, color in spots:
        x = letters.write_equation(spot.id, spot.x_shown)
        y = letters.write_equation(data.total, spot.y_shown)
        label = letters.write_words(f"plot.{key}", x=x, y=y)
        axes.plot([float(spot.x)], [float(spot.y)], "o", color=color, label=label, zorder=3)
    if step and data.after is not None:
        start = (float(data.before.x), float(data.before.y))
        end = (float(data.after.x), float(data.after.y))
        axes.annotate("", xy=end, xytext=start, arrowprops=ARROW)
