"""The comparison as a picture: one row for each call, one mark for each contestant, on a background
that works in light and dark pages alike.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib
import matplotlib.pyplot as pyplot
from matplotlib.axes import Axes

from .contestants import CONTESTANTS
from .figures import VISIT, Figures
from .visits import COMMON

# Colors that color-blind readers can tell apart (Okabe and Ito); the marks differ as well.
MARKS = dict(
    zip(
        CONTESTANTS,
        [
            ("#0072B2", "o"),
            ("#56B4E9", "s"),
            ("#D55E00", "^"),
            ("#E69F00", "v"),
            ("#009E73", "D"),
            ("#CC79A7", "P"),
        ],
        strict=True,
    )
)
INK, PAPER, LINES = "#1a1a1a", "#ffffff", "#d0d0d0"
FLOOR = "boto3's floor"


def draw(figures: Figures, path: Path) -> None:
    """Write the picture to `path`, as SVG with letters drawn as shapes, so that it looks the same
    everywhere.
    """
    matplotlib.use("svg")
    # A fixed salt and no date: the file changes only with the figures.
    style = {
        "svg.hashsalt": "bench",
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "font.size": 11,
    }
    with matplotlib.rc_context(style):
        drawing, axes = pyplot.subplots(
            1, len(figures.sizes), figsize=(12, 5.6), sharey=True, sharex=True, facecolor=PAPER
        )
        for ax, size in zip(axes, figures.sizes, strict=True):
            _panel(ax, figures, size)
        handles, names = axes[0].get_legend_handles_labels()
        drawing.legend(handles, names, loc="lower center", ncols=4, frameon=False)
        drawing.suptitle(
            "Milliseconds for a call: further left is faster, and each thick line is ten times the"
            " one before",
            y=0.98,
        )
        drawing.tight_layout(rect=(0, 0.13, 1, 0.97))
        drawing.savefig(path, metadata={"Date": None}, facecolor=PAPER)
        pyplot.close(drawing)


def _panel(ax: Axes, figures: Figures, size: int) -> None:
    rows = [*COMMON, VISIT]
    heights = list(range(len(rows), 0, -1))
    floors = [figures.floor_visit() if row == VISIT else figures.floor(COMMON[row]) for row in rows]
    ax.scatter(
        [floor * 1000 for floor in floors],
        heights,
        color=INK,
        marker="|",
        s=260,
        linewidths=2.5,
        label=FLOOR,
        zorder=2,
    )
    for name, (colour, mark) in MARKS.items():
        found = figures.against_floor(name, size)
        if found:
            ax.scatter(
                [found[row].seconds * 1000 for row in rows],
                heights,
                color=colour,
                marker=mark,
                s=70,
                edgecolors=PAPER,
                label=name,
                zorder=3,
            )
    ax.set(xscale="log", yticks=heights, yticklabels=rows, facecolor=PAPER, xlabel="ms")
    ax.xaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    ax.grid(which="major", color=LINES, linewidth=1.2)
    ax.grid(which="minor", axis="x", color=LINES, linewidth=0.4)
    ax.set_axisbelow(True)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.tick_params(length=0)
    behind = [entry for entry in figures.entries if entry.wanted == size and entry.users < size]
    ax.set_title(
        f"{size:,} users" + (", or as many as a peer got to" if behind else ""),
        loc="left",
        fontsize=12,
    )
