"""Rows of the table: medians with their spread, ratios, and whether the goal is reached."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Rows = dict[str, Row]


@dataclass(frozen=True)
class Goal:
    """A row's figure `of` must be at most, or with `least` at least, `bound`."""

    of: str
    bound: float
    least: bool = False

    @property
    def words(self) -> str:
        """As it stands in the table."""
        return f"{self.of} {'≥' if self.least else '≤'} {self.bound:.3g}"

    def reached(self, row: Row) -> bool:
        """Whether the row's figure keeps it. KeyError when the row has no such figure."""
        figure = float(row[self.of])
        return figure >= self.bound if self.least else figure <= self.bound


GOALS = {
    "turns_per_s": Goal("ratio", 15, least=True),
    "order_turn_ms": Goal("ratio", 1 / 10),
    "turn_300_over_5": Goal("shopdesk", 1.2),
    "start_s": Goal("ratio", 1 / 4),
    "train_s": Goal("ratio", 1 / 15),
    "worker_mb": Goal("ratio", 1 / 3),
    "two_workers": Goal("ratio", 1.8, least=True),
    "burst_s": Goal("shopdesk", 1.0),
    "handoff_ms_p99": Goal("shopdesk", 60),
    "reply_ms_p99": Goal("shopdesk", 20),
    "idle_mb": Goal("shopdesk", 300),
}
"""Every row with a goal, in the order of the table. `ratio` is Shopdesk's figure divided by stock Rasa's."""


def spread(values: Sequence[float]) -> list[float]:
    """25th and 75th percentile; of a single value, that value twice."""
    if len(values) < 2:
        return [rounded(values[0])] * 2
    quarters = statistics.quantiles(values, n=4, method="inclusive")
    return [rounded(quarters[0]), rounded(quarters[2])]


def rounded(value: float) -> float:
    """Four significant digits."""
    return float(f"{value:.4g}")


def compared(stock: Sequence[float], shopdesk: Sequence[float], unit: str) -> Row:
    """A row of two sides: medians, their ratio (Shopdesk's divided by stock's), spread and number of samples. Values must not be empty."""
    one, other = statistics.median(stock), statistics.median(shopdesk)
    return {
        "stock": rounded(one),
        "shopdesk": rounded(other),
        "ratio": rounded(other / one),
        "unit": unit,
        "spread": {"stock": spread(stock), "shopdesk": spread(shopdesk)},
        "samples": {"stock": len(stock), "shopdesk": len(shopdesk)},
    }


def alone(shopdesk: Sequence[float], unit: str) -> Row:
    """A row of Shopdesk only."""
    return {
        "shopdesk": rounded(statistics.median(shopdesk)),
        "unit": unit,
        "spread": {"shopdesk": spread(shopdesk)},
        "samples": {"shopdesk": len(shopdesk)},
    }


def judged(rows: Rows) -> Rows:
    """The rows, each that has a goal with it and whether it is reached."""
    return {
        name: {**row, "goal": GOALS[name].words, "reached": GOALS[name].reached(row)} if name in GOALS else row
        for name, row in rows.items()
    }
