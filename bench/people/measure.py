"""The run itself: the shop's day with handoffs, then the same with thousands of idle shoppers on the one gateway."""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.people.figures import GOALS, Figures
from bench.people.people import Times, now
from bench.people.stage import VAR, Stage, stage
from bench.people.steps import cpu_s, handoff_steps
from bench.people.traffic import RATE, Traffic
from bench.people.wire import Wire, connect

HANDOFFS_PER_S = 2.0
WARM_UP_S = 5.0
COMING_AT_ONCE = 40


async def measured(model: Path, seconds: float, idle: int, folder: Path = VAR) -> Figures:
    """All figures; `seconds` is how long the day lasts, and again how long with `idle` shoppers there; Redis writes to `folder`."""
    async with stage(model, folder) as place:
        wires: list[Wire] = []
        traffic = Traffic(place)
        try:
            await traffic.begin(
                round(RATE * (2 * seconds + WARM_UP_S)), round(HANDOFFS_PER_S * (seconds + WARM_UP_S)) * 2
            )
            gc.collect()
            gc.freeze()  # this process's own pauses are nobody's
            await traffic.flow(WARM_UP_S, HANDOFFS_PER_S)
            disk_ms = await asyncio.to_thread(synced, folder)
            before = cpu_s()
            day = await _played(traffic, seconds, HANDOFFS_PER_S)
            cores = {name: (took - before.get(name, 0.0)) / seconds for name, took in cpu_s().items()}
            steps = await handoff_steps(place.stack.redis.url, day.seen)
            disk_ms += await asyncio.to_thread(synced, folder)
            empty_mb = memory_mb(place)
            came = now()
            wires = await crowd(place, idle)
            came = now() - came
            gc.freeze()
            await asyncio.sleep(1.0)
            full_mb = memory_mb(place)
            crowded = await _played(traffic, seconds, 0.0)
            lost = sum(wire.closed for wire in wires)
            if lost:
                raise AssertionError(f"{lost} of {idle} idle shoppers lost their line")
            most_mb = max(full_mb, memory_mb(place))
        finally:
            traffic.leave()
            for wire in wires:
                wire.hang_up()
    found = {
        "handoff_ms_p99": {**spread(day.handoff_ms), "goal": GOALS["handoff_ms_p99"]},
        "reply_ms_p99": {**spread(day.reply_ms), "goal": GOALS["reply_ms_p99"]},
        "idle_mb": {
            "mb": most_mb, "goal": GOALS["idle_mb"], "sockets": idle, "before_mb": empty_mb,
            "kb_a_socket": (full_mb - empty_mb) * 1000 / max(1, idle), "came_per_s": idle / came,
            "talk_goal": GOALS["idle_talk_ms_p99"],
            **{f"ack_{name}": value for name, value in spread(crowded.ack_ms).items()},
            **{f"reply_{name}": value for name, value in spread(crowded.reply_ms).items()},
        },
        "messages_per_s": {"value": day.sent / seconds, "goal": RATE, "handed_over": traffic.handed_over},
        "ack_ms": spread(day.ack_ms),
        "bot_ms": spread(day.bot_ms),
        "disk_ms": spread(disk_ms),
        "cores": cores,
        **{f"step_{name}_ms": spread(values) for name, values in steps.items()},
    }  # fmt: skip
    return {name: {part: round(value, 3) for part, value in parts.items()} for name, parts in found.items()}


async def _played(traffic: Traffic, seconds: float, handoffs_per_s: float) -> Times:
    times = traffic.times
    times.__init__()  # type: ignore[misc] # everybody keeps hold of it
    await traffic.flow(seconds, handoffs_per_s)
    kept = Times()
    kept.__dict__.update(times.__dict__)
    return kept


async def crowd(place: Stage, count: int) -> list[Wire]:
    """So many shoppers who open the chat and say nothing."""
    found, gate = await place.shoppers(count, signed_in=False), asyncio.Semaphore(COMING_AT_ONCE)
    port = place.stack.gateway.port

    async def one(token: str) -> Wire:
        async with gate:
            greeted = asyncio.Event()
            wire = await connect(port, f"/api/chat/ws?token={token}", lambda _: greeted.set())
            await greeted.wait()
            wire.heard = _nothing
            return wire

    return list(await asyncio.gather(*(one(token) for _, token in found)))


def _nothing(text: bytes) -> None:
    """An idle shopper."""


def memory_mb(place: Stage) -> float:
    """What the gateway's process holds (proportional set size), in MB of a million bytes."""
    lines = Path(f"/proc/{place.stack.gateway.pid}/smaps_rollup").read_text("ascii").splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes * 1024 / 1e6


def synced(folder: Path, times: int = 100) -> list[float]:
    """How long the disk takes to keep one small write for good, in ms: what `appendfsync always` costs at least.

    Taken while nothing flows: each such write makes the others of the same disk wait."""
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(times):
            file.write(b"x" * 300)
            file.flush()
            began = now()
            os.fdatasync(file.fileno())
            took.append((now() - began) * 1000)
    return took


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile (nearest rank), the worst, and how many."""
    ordered = sorted(values)
    if not ordered:
        return {"p50": 0.0, "p99": 0.0, "max": 0.0, "n": 0}
    rank = max(1, -(-len(ordered) * 99 // 100))
    return {"p50": statistics.median(ordered), "p99": ordered[rank - 1], "max": ordered[-1], "n": len(ordered)}
