"""One run: the parts that are asked for, one after the other, on sides that are started once."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from bench.side_by_side import burst, limits, load, long_chat, order_turn, returning, starting, training, workers
from bench.side_by_side.both import Both, both_sides, tell
from bench.side_by_side.figures import GOALS, Rows, judged

Part = Callable[[Both, int], Awaitable[Rows]]
WITH_BOTH: dict[str, Part] = {
    "start": starting.measured,
    "order": order_turn.measured,
    "load": load.measured,
    "long": long_chat.measured,
    "burst": burst.measured,
    "workers": workers.measured,
    "limits": limits.measured,
    "returning": returning.measured,
    "memory": load.in_memory,
}
"""In this order; the last one ends stock Rasa."""
PARTS = ("train", *WITH_BOTH, "people")
PART_OF = {
    "turns_per_s": "load",
    "worker_mb": "load",
    "order_turn_ms": "order",
    "turn_300_over_5": "long",
    "start_s": "start",
    "train_s": "train",
    "two_workers": "workers",
    "burst_s": "burst",
    "handoff_ms_p99": "people",
    "reply_ms_p99": "people",
    "idle_mb": "people",
}
"""Which part measures a row: a row may be asked for by its name, too."""
OF_PEOPLE = {"handoff_ms_p99": "p99", "reply_ms_p99": "p99", "idle_mb": "mb"}
"""The rows of `bench.people`, and which of their figures is held against the goal."""


async def run(model: Path, rounds: int, parts: Sequence[str]) -> dict[str, Any]:
    """All rows of these parts, with goals, and what each side answered."""
    tell("stock Rasa's model")
    stock_model, kept = await training.stock_model()
    found: dict[str, Any] = {}
    if "train" in parts:
        tell("train")
        found |= await training.measured(kept)
    if asked := [name for name in WITH_BOTH if name in parts]:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            found |= await _with_both(Path(folder), (stock_model, model), rounds, asked)
    if "people" in parts:
        tell("people")
        found |= await _people(model)
    return judged_run(found)


async def _with_both(folder: Path, models: tuple[Path, Path], rounds: int, asked: Sequence[str]) -> dict[str, Any]:
    tell("starting both sides")
    async with both_sides(folder, *models) as both:
        await both.choose()
        found: dict[str, Any] = {"answers": await both.rehearse()}
        for name in asked:
            began = time.monotonic()
            tell(name)
            found |= await WITH_BOTH[name](both, rounds)
            tell(f"  took {time.monotonic() - began:.0f} s")
    return found


async def _people(model: Path) -> Rows:
    """Handoffs, agents' replies and idle shoppers, which have no stock side."""
    from bench.people import figures

    rows = await figures(model)
    return {name: {**row, "shopdesk": row[figure]} for name, figure in OF_PEOPLE.items() if (row := rows[name])}


def judged_run(found: dict[str, Any]) -> dict[str, Any]:
    """The run with its rows judged; rows with a goal come first, in the goals' order."""
    rows = judged({name: row for name, row in found.items() if name in GOALS})
    return {**{name: rows[name] for name in GOALS if name in rows}, **{k: v for k, v in found.items() if k not in rows}}
