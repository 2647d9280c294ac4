"""A shopper who comes back after five earlier visits: the time of the first turn.

The hour of silence that ends a session cannot be waited for five times: after each visit the stored events are made two hours older
on both sides, and Shopdesk's worker is started anew, so that what it remembers of the visit is what is stored.
"""

from __future__ import annotations

import asyncio
import re

import redis

from bench.side_by_side.answers import WrongAnswer
from bench.side_by_side.both import SHOPDESK, STOCK, Asker, Both, tell
from bench.side_by_side.figures import Rows, compared
from bench.side_by_side.sentences import ORDER
from bench.side_by_side.shopdesk import Shopper
from bench.side_by_side.stock_rasa import StockShopper
from ledger.keys import Keys

VISITS, SHOPPERS = 5, 4
HOURS_S = 2 * 3600.0
TRACKER = "tracker:"
"""Before the sender's id: the key that Rasa's Redis store keeps a conversation under."""
STARTED = '"session_started"'


async def measured(both: Both, rounds: int) -> Rows:
    """`returning_ms`: an order query as the first turn of the sixth visit."""
    askers = {side: [await both.asker(side) for _ in range(SHOPPERS)] for side in (STOCK, SHOPDESK)}
    for visit in range(VISITS):
        for side in askers:
            await asyncio.gather(*(_visit(both, asker) for asker in askers[side]))
        await _two_hours_later(both, askers)
        tell(f"  visit {visit + 1}")
    times: dict[str, list[float]] = {STOCK: [], SHOPDESK: []}
    for side in askers:
        for asker in askers[side]:
            times[side].append((await asker.ask(both.visit[ORDER])).seconds * 1000)
    await _check_sessions(both, askers)
    for asker in (*askers[STOCK], *askers[SHOPDESK]):
        await asker.shopper.close()
    return {"returning_ms": compared(times[STOCK], times[SHOPDESK], "ms")}


async def _visit(both: Both, asker: Asker) -> None:
    for sentence in both.visit:
        await asker.ask(sentence)


async def _two_hours_later(both: Both, askers: dict[str, list[Asker]]) -> None:
    """Makes what is stored older, starts the worker anew, and lets others have its first turns."""
    await asyncio.to_thread(both.shopdesk.bot.stop)
    await asyncio.to_thread(_make_older, both, askers)
    await asyncio.to_thread(both.shopdesk.bot.start)
    for side in askers:
        other = await both.asker(side)
        await _visit(both, other)
        await other.shopper.close()


def _make_older(both: Both, askers: dict[str, list[Asker]]) -> None:
    with redis.Redis(port=both.stock.redis.port, decode_responses=True) as stock:
        for sender in map(_conversation, askers[STOCK]):
            key = f"{TRACKER}{sender}"
            stock.set(key, older(str(stock.get(key))))
    with redis.Redis(port=both.shopdesk.redis.port, decode_responses=True) as ledger:
        for cid in map(_conversation, askers[SHOPDESK]):
            key = Keys(1).events(cid)
            rows, left_ms = ledger.xrange(key), ledger.pttl(key)
            ledger.delete(key)
            for entry_id, fields in rows:
                ledger.xadd(key, {**fields, "events": older(fields["events"])}, id=entry_id)
            ledger.pexpire(key, left_ms)


def older(events: str) -> str:
    """Tracker events in JSON, or a whole tracker, with every time two hours earlier. `WrongAnswer` when there is none."""
    found, times = re.subn(r'("timestamp": ?)([0-9.]+)', lambda m: f"{m[1]}{float(m[2]) - HOURS_S!r}", events)
    if not times:
        raise WrongAnswer("what is stored has no times")
    return found


async def _check_sessions(both: Both, askers: dict[str, list[Asker]]) -> None:
    """Each visit was a session of its own. Raises `WrongAnswer`."""
    with redis.Redis(port=both.stock.redis.port, decode_responses=True) as stock:
        stored = str(stock.get(f"{TRACKER}{_conversation(askers[STOCK][0])}"))
    with redis.Redis(port=both.shopdesk.redis.port, decode_responses=True) as ledger:
        last = ledger.xrevrange(Keys(1).events(_conversation(askers[SHOPDESK][0])), count=1)[0][1]["events"]
    if stored.count(STARTED) != VISITS + 1 or STARTED not in last:
        raise WrongAnswer(
            f"stock Rasa began {stored.count(STARTED)} sessions in {VISITS + 1} visits, or Shopdesk none at the last"
        )


def _conversation(asker: Asker) -> str:
    shopper = asker.shopper
    if isinstance(shopper, StockShopper):
        return shopper.sender
    assert isinstance(shopper, Shopper)
    return shopper.conversation
