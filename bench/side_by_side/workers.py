"""What a second worker brings: the same backlog, answered by one and by two.

Two cores hold two workers and nothing else, so shoppers and gateway are left out: the backlog is in the ledger before the workers are
let go, and what is measured is the time until the last turn is committed. Redis and the shop still need a part of a core. So that a
second one is free, each worker is held to a part of a core; what two of them come to without that stands beside it.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

from bench.side_by_side.both import Both, tell
from bench.side_by_side.core_share import held
from bench.side_by_side.figures import Row, Rows, rounded
from bench.side_by_side.processes import cpu_s, idle_s, listening
from ledger import Ledger, ShopperSide
from tests.e2e.stack import RunningBot

BACKLOG = 1_500
"""Conversations with one message each: several messages of one conversation would be one turn."""
AT_ONCE = 48
LONGEST_STOPPED_S = 4.0
"""A worker that is stopped for longer than its time-out with Redis would first connect anew."""
HELD_TO = 0.6
"""Of a core, each worker: two leave four fifths of one to Redis and the shop."""
LOOK_S = 0.01
DRAINS_S = 120.0


async def measured(both: Both, rounds: int) -> Rows:
    """`two_workers`: turns a second of one and of two, each held to a part of a core, and in `unheld` the same with all there is."""
    ledger = both.shopdesk.ledger()
    try:
        held_row = await _one_and_two(both, ledger, rounds, HELD_TO)
        unheld = await _one_and_two(both, ledger, rounds, None)
    finally:
        await ledger.redis.aclose()
    row = held_row or unheld
    assert row is not None
    return {"two_workers": {**row, "unheld": unheld} if held_row else row}


async def _one_and_two(both: Both, ledger: Ledger, rounds: int, cores: float | None) -> Row | None:
    """None when the workers could not be held."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    used: dict[int, dict[str, list[float]]] = {1: {}, 2: {}}
    second = both.shopdesk.another_bot(f"second-{cores}")
    try:
        for _ in range(rounds):
            for count, bots in ((1, [both.shopdesk.bot]), (2, [both.shopdesk.bot, second])):
                if count == 2:
                    await asyncio.to_thread(second.start)
                with held([bot.pid for bot in bots], cores or 1.0) if cores else nullcontext(True) as could:
                    if not could:
                        return None
                    rate, shares = await _drained(both, ledger, bots)
                rates[count].append(rate)
                for name, share in shares.items():
                    used[count].setdefault(name, []).append(share)
                tell(
                    f"  {count} worker(s), {f'held to {cores} of a core' if cores else 'unheld'}: {rate:.1f} turns/s, cores {shares}"
                )
            second.stop()
    finally:
        second.stop()
    one, two = statistics.median(rates[1]), statistics.median(rates[2])
    row: Row = {"one": rounded(one), "two": rounded(two), "ratio": rounded(two / one), "unit": "turns/s"}
    if cores:
        row["held_to_cores"] = cores
    row["cores"] = {
        f"with {count}": {name: rounded(statistics.median(shares)) for name, shares in by.items()}
        for count, by in used.items()
    }
    return row


async def _drained(both: Both, ledger: Ledger, bots: Sequence[RunningBot]) -> tuple[float, dict[str, float]]:
    """Turns a second, and how many cores each process used meanwhile; a second worker needs one that is idle."""
    await _drain(both, ledger, bots, BACKLOG // 10)  # what is made at the first turn is made
    processes = {f"worker {number}": bot.pid for number, bot in enumerate(bots, 1)}
    processes |= {"redis": listening(both.shopdesk.redis.port), "shop": both.shop.process.pid}
    before, idle = {name: cpu_s(pid) for name, pid in processes.items()}, idle_s()
    seconds = await _drain(both, ledger, bots, BACKLOG)
    used = {name: cpu_s(pid) - before[name] for name, pid in processes.items()} | {"idle": idle_s() - idle}
    used["everything else"] = seconds * (os.cpu_count() or 1) - sum(used.values())
    return BACKLOG / seconds, {name: round(share / seconds, 2) for name, share in used.items()}


async def _drain(both: Both, ledger: Ledger, bots: Sequence[RunningBot], count: int) -> float:
    """Seconds from letting the workers go until nothing is left to be answered."""
    waiting = ledger.keys.turns(0)
    said = [(f"c{secrets.token_urlsafe(15)}", both.visit[number % len(both.visit)].text) for number in range(count)]
    side, customers = ShopperSide(ledger), [both.order().customer_id for _ in range(16)]
    for start in range(0, count, AT_ONCE):
        part = said[start : start + AT_ONCE]
        await asyncio.gather(*(side.open(cid, "zh", customers[n % 16]) for n, (cid, _) in enumerate(part)))
    with _stopped(bots):
        for start in range(0, count, AT_ONCE):
            await asyncio.gather(*(side.say(cid, "m1", text) for cid, text in said[start : start + AT_ONCE]))
    began = time.monotonic()
    while await ledger.redis.xlen(waiting):
        if time.monotonic() > began + DRAINS_S:
            raise RuntimeError(f"the backlog is not answered after {DRAINS_S:.0f} s")
        await asyncio.sleep(LOOK_S)
    return time.monotonic() - began


@contextmanager
def _stopped(bots: Sequence[RunningBot]) -> Iterator[None]:
    """The workers stand still meanwhile, and are let go at the same moment."""
    began = time.monotonic()
    try:
        for bot in bots:
            os.kill(bot.pid, signal.SIGSTOP)
        yield
    finally:
        for bot in bots:
            os.kill(bot.pid, signal.SIGCONT)
    if time.monotonic() > began + LONGEST_STOPPED_S:
        raise RuntimeError(f"filling the backlog took longer than {LONGEST_STOPPED_S:.0f} s")
