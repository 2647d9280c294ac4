"""`python -m bench.charts FOLDER`: draws the charts of a run beside its `latest.json`.

In the bot's environment, which has matplotlib because Rasa asks for it. The same figures give the same bytes. The ground is white, so
that the charts can be read on a dark page too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

STOCK, SHOPDESK, GOAL = "#8a8f98", "#0b6bcb", "#b3261e"
STYLE = {
    "svg.hashsalt": "shopdesk",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}
BETTER = {
    "turns_per_s": ("turns per second", 1),
    "order_turn_ms": ("order query", -1),
    "start_s": ("start to first answer", -1),
    "train_s": ("training (stock extrapolated)", -1),
    "worker_mb": ("memory of a worker", -1),
}
"""Rows of the first chart, and whether more is better."""
GOALS = {"turns_per_s": 15.0, "order_turn_ms": 10.0, "start_s": 4.0, "train_s": 15.0, "worker_mb": 3.0}
TURNS = (5, 50, 100, 150, 195, 300)


def times_better(found: dict[str, Any]) -> dict[str, float]:
    """How many times better Shopdesk is than stock Rasa, by row; rows that were not measured are left out."""
    return {
        name: found[name]["ratio"] ** power for name, (_, power) in BETTER.items() if "ratio" in found.get(name, {})
    }


def draw(found: dict[str, Any], folder: Path) -> list[Path]:
    """Writes what there are figures for: `ratios.svg`, `long-chat.svg`, `workers.svg`."""
    import matplotlib

    matplotlib.use("svg")
    with matplotlib.rc_context(STYLE):
        drawn = []
        if ratios := times_better(found):
            drawn.append(_ratios(ratios, folder / "ratios.svg"))
        if all(f"turn_{turn}_ms" in found for turn in TURNS):
            drawn.append(_long_chat(found, folder / "long-chat.svg"))
        if "two_workers" in found:
            drawn.append(_workers(found["two_workers"], folder / "workers.svg"))
    return drawn


def _ratios(ratios: dict[str, float], path: Path) -> Path:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.5, 0.6 + 0.55 * len(ratios)))
    names = list(reversed(ratios))
    axes.barh(names, [ratios[name] for name in names], color=SHOPDESK, height=0.55)
    for place, name in enumerate(names):
        axes.plot(
            [GOALS[name]] * 2,
            [place - 0.38, place + 0.38],
            color=GOAL,
            linewidth=2,
            label="goal" if not place else None,
        )
        axes.annotate(
            f"{ratios[name]:.1f} ×",
            (max(ratios[name], GOALS[name]), place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_yticks(range(len(names)), [BETTER[name][0] for name in names])
    axes.set_xscale("log")
    axes.set_xlim(0.8, max(*ratios.values(), 16) * 2)
    ticks = [1, 2, 5, 10, 20, 50, 100]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("times better than stock Rasa (logarithmic)")
    axes.legend(frameon=False, loc="lower right")
    return _saved(figure, path)


def _long_chat(found: dict[str, Any], path: Path) -> Path:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.5, 3.2))
    for side, name, colour in (("stock", "stock Rasa", STOCK), ("shopdesk", "Shopdesk", SHOPDESK)):
        rows = {turn: row for turn in TURNS if side in (row := found[f"turn_{turn}_ms"])}
        axes.plot(list(rows), [row[side] for row in rows.values()], color=colour, marker="o", label=name)
        low, high = ([row["spread"][side][end] for row in rows.values()] for end in (0, 1))
        axes.fill_between(list(rows), low, high, color=colour, alpha=0.2, linewidth=0)
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    ticks = [tick for tick in (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000) if low <= tick <= high]
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xticks(TURNS)
    axes.set_xlabel("turn of the chat")
    axes.set_ylabel("time of a turn, ms (logarithmic)")
    axes.legend(frameon=False)
    return _saved(figure, path)


def _workers(row: dict[str, Any], path: Path) -> Path:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(3.6, 3.2))
    bars = axes.bar(["one worker", "two workers"], [row["one"], row["two"]], color=SHOPDESK, width=0.55)
    axes.bar_label(bars, fmt="%.0f")
    axes.axhline(row["one"] * 1.8, color=GOAL, linewidth=1.5, label="1.8 × one worker")
    axes.set_ylabel("turns per second, of a backlog")
    axes.set_ylim(0, max(row["two"], row["one"] * 1.8) * 1.25)
    axes.legend(frameon=False, loc="upper left")
    return _saved(figure, path)


def _saved(figure: Any, path: Path) -> Path:
    from matplotlib import pyplot

    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    return path


def main(given: Sequence[str]) -> int:
    """Draws into the folder that is named, from its `latest.json`."""
    folder = Path(given[0])
    for path in draw(json.loads((folder / "latest.json").read_text("utf-8")), folder):
        print(path.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
