"""Turns a second under a mixed load, what one worker holds in memory after it, and who used the processor meanwhile."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bench.side_by_side.both import SHOPDESK, STOCK, Asker, Both, tell
from bench.side_by_side.figures import Row, Rows, compared, rounded, spread
from bench.side_by_side.processes import cpu_s, listening, memory_mb
from bench.side_by_side.sentences import FIRST_WAYS, ORDER, Sentence
from bench.side_by_side.stock_rasa import stock_rasa

SHOPPERS = 16
WARM_UP_S = 3.0
SECONDS = {STOCK: 12.0, SHOPDESK: 8.0}
MOST_TURNS_PER_S = 800
"""More conversations than this would need are not opened beforehand."""


@dataclass
class Load:
    """What came of it: turns answered within the time, and the milliseconds of each."""

    seconds: float
    turns: int = 0
    times_ms: list[float] = field(default_factory=list)

    @property
    def turns_per_s(self) -> float:
        """The throughput."""
        return self.turns / self.seconds


async def under_load(
    arrive: Callable[[], Awaitable[Asker]], shoppers: int, seconds: float, visit: Sequence[Sentence] = FIRST_WAYS
) -> Load:
    """So many shoppers at once, each going through one visit after the other without a pause, for so long.

    Each begins at another place of the visit, so that they do not all ask the same at the same moment. A wrong answer ends it.
    """
    load = Load(seconds)
    end = time.perf_counter() + seconds

    async def one_after_the_other(place: int) -> None:
        while time.perf_counter() < end:
            asker = await arrive()
            for sentence in visit[place:]:
                answer = await asker.ask(sentence)
                if time.perf_counter() >= end:
                    break
                load.turns += 1
                load.times_ms.append(answer.seconds * 1000)
            await asker.shopper.close()
            place = 0

    async with asyncio.TaskGroup() as group:
        for number in range(shoppers):
            group.create_task(one_after_the_other(number % len(visit)))
    return load


async def measured(both: Both, rounds: int) -> Rows:
    """`turns_per_s`, `worker_mb`, and beside them the time of a turn under load and the processor's share of each process."""
    found: dict[str, list[Load]] = {STOCK: [], SHOPDESK: []}
    busy: dict[str, list[float]] = {}
    for number in range(rounds):
        for side in (STOCK, SHOPDESK):
            pool: list[Asker] = []
            if side == SHOPDESK:
                wanted = int(SECONDS[side] * MOST_TURNS_PER_S / len(both.visit)) + SHOPPERS
                pool = [await both.asker(side) for _ in range(wanted)]
            processes = _processes(both, side)
            before = {name: cpu_s(pid) for name, pid in processes.items()}
            load = await under_load(_arriving(both, side, pool), SHOPPERS, SECONDS[side], both.visit)
            for name, pid in processes.items():
                busy.setdefault(f"{side}: {name}", []).append((cpu_s(pid) - before[name]) / load.seconds)
            for asker in pool:
                await asker.shopper.close()
            found[side].append(load)
            tell(f"  round {number + 1}, {side}: {load.turns_per_s:.1f} turns/s")
    rates = {side: [load.turns_per_s for load in loads] for side, loads in found.items()}
    times = {side: [statistics.median(load.times_ms) for load in loads] for side, loads in found.items()}
    return {
        "turns_per_s": {**compared(rates[STOCK], rates[SHOPDESK], "turns/s"), "shoppers": SHOPPERS},
        "turn_under_load_ms": compared(times[STOCK], times[SHOPDESK], "ms"),
        "worker_mb": _memory(both),
        "cores_under_load": {name: rounded(statistics.median(values)) for name, values in busy.items()},
    }


async def in_memory(both: Both, rounds: int) -> Rows:
    """The throughput of stock Rasa with its default store, which forgets every conversation at a restart."""
    both.stock.halt()
    with stock_rasa(both.folder / "in-memory", both.stock.model, both.shop, in_memory=True) as side:
        await side.first_answer(both.order().customer_id, both.visit[ORDER].text)

        async def arrive() -> Asker:
            order = both.order()
            return Asker(STOCK, side.shopper(order.customer_id), order.number)

        await under_load(arrive, SHOPPERS, WARM_UP_S, both.visit)
        rates = [(await under_load(arrive, SHOPPERS, SECONDS[STOCK], both.visit)).turns_per_s for _ in range(rounds)]
    row = {"stock": rounded(statistics.median(rates)), "unit": "turns/s", "spread": {STOCK: spread(rates)}}
    return {"turns_per_s_stock_in_memory": row}


def _arriving(both: Both, side: str, pool: list[Asker]) -> Callable[[], Awaitable[Asker]]:
    """Shopdesk's shoppers have come beforehand, with a session and a socket each; stock Rasa has nothing to be opened."""

    async def arrive() -> Asker:
        return pool.pop() if side == SHOPDESK else await both.asker(side)

    return arrive


def _processes(both: Both, side: str) -> dict[str, int]:
    """The processes that take part, by name."""
    others = {"redis": 0, "shop": both.shop.process.pid, "load": os.getpid()}
    if side == SHOPDESK:
        others["redis"] = listening(both.shopdesk.redis.port)
        return {"worker": both.shopdesk.bot.pid, "gateway": listening(both.shopdesk.gateway.port), **others}
    assert both.stock.server is not None and both.stock.actions is not None
    others["redis"] = listening(both.stock.redis.port)
    return {"server": both.stock.server.pid, "actions": both.stock.actions.pid, **others}


def _memory(both: Both) -> Row:
    """After the load. Stock Rasa's server is compared; its action server is told beside it, Shopdesk's worker holds the actions too.

    Resident memory is compared, because both sides load the same libraries: what they share here, neither would share alone.
    """
    assert both.stock.server is not None and both.stock.actions is not None
    pids = {STOCK: both.stock.server.pid, SHOPDESK: both.shopdesk.bot.pid, "stock_actions": both.stock.actions.pid}
    resident = {name: rounded(memory_mb(pid)) for name, pid in pids.items()}
    shared = {name: rounded(memory_mb(pid, "Pss")) for name, pid in pids.items()}
    row = compared([resident[STOCK]], [resident[SHOPDESK]], "MiB")
    return {**row, "stock_actions": resident["stock_actions"], "pss": shared}
