"""How a chat's turns have grown: what came of a long chat, as rows."""

from __future__ import annotations

import statistics

from bench.side_by_side.figures import Row, Rows, alone, compared, rounded
from bench.side_by_side.sentences import HALF, WINDOWS

CHATS = {"stock": 1, "shopdesk": 3}
Times = dict[str, dict[int, list[float]]]
"""Milliseconds of the turns around each of `WINDOWS`, by side; of `BESIDE`, those of a new chat at the same moment."""
BESIDE = "beside"
"""New chats of Shopdesk that say the same ten sentences next to the long ones: the machine is not as quick at turn 300 as at 5."""


def rows(times: Times, handoffs: int) -> Rows:
    """The growth of each side, stock Rasa's up to its last whole window (`stock_turn`), and the figures that it comes from."""
    whole = 2 * HALF * CHATS["stock"]
    reached = [middle for middle in WINDOWS if len(times["stock"][middle]) == whole]
    first, last = WINDOWS[0], WINDOWS[-1]
    stock = statistics.median(times["stock"][reached[-1]]) / statistics.median(times["stock"][first])
    shopdesk = statistics.median(times["shopdesk"][last]) / statistics.median(times[BESIDE][last])
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
        row = compared(times["stock"][middle], found, "ms") if both_there else alone(found, "ms")
        every[f"turn_{middle}_ms"] = {**row, "new_chat_beside": rounded(statistics.median(times[BESIDE][middle]))}
    return every
