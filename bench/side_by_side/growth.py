"""How a chat's turns have grown: what came of a long chat, as rows."""

from __future__ import annotations

import statistics

from bench.side_by_side.figures import Row, Rows, alone, compared, rounded
from bench.side_by_side.sentences import HALF, WINDOWS

CHATS = {"stock": 1, "shopdesk": 3}
Times = dict[str, dict[int, list[float]]]
"""Milliseconds of the turns around each of `WINDOWS`, by side."""


def rows(times: Times, handoffs: int) -> Rows:
    """The growth of each side, stock Rasa's up to its last whole window (`stock_turn`), and the figures that it comes from."""
    whole = 2 * HALF * CHATS["stock"]
    reached = [middle for middle in WINDOWS if len(times["stock"][middle]) == whole]
    first, last = WINDOWS[0], WINDOWS[-1]
    stock = statistics.median(times["stock"][reached[-1]]) / statistics.median(times["stock"][first])
    shopdesk = statistics.median(times["shopdesk"][last]) / statistics.median(times["shopdesk"][first])
    growth: Row = {
        "stock": rounded(stock),
        "shopdesk": rounded(shopdesk),
        "ratio": rounded(shopdesk / stock),
        "unit": "times",
        "stock_turn": reached[-1],
        "handoffs": handoffs,
    }
    every: Rows = {"turn_300_over_5": growth}
    for middle in WINDOWS:
        found = times["shopdesk"][middle]
        both_there = middle in reached
        every[f"turn_{middle}_ms"] = compared(times["stock"][middle], found, "ms") if both_there else alone(found, "ms")
    return every
