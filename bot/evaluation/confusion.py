"""A picture of which label is taken for which."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np


def draw(taken: Counter[tuple[str, str]], path: Path, title: str) -> None:
    """A PNG: a row a right label, a column a predicted one, each cell the number of messages and as dark as its share of the row."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    labels = sorted({label for pair in taken for label in pair})
    counts = np.array([[taken[right, guess] for guess in labels] for right in labels])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(11, 10), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=60, ha="right", fontsize=9)
    axes.set_yticks(range(len(labels)), labels, fontsize=9)
    axes.set_xlabel("understood as")
    axes.set_ylabel("was")
    axes.set_title(title)
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=8, color=colour)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
