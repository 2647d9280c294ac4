"""How the time of a turn grows in one long chat."""

from __future__ import annotations

import asyncio
import statistics
import time

from bench.side_by_side.both import PACE_S, SHOPDESK, STOCK, Asker, Both, tell
from bench.side_by_side.figures import Row, Rows, compared, rounded
from bench.side_by_side.sentences import HALF, WINDOWS, long_chat
from bench.side_by_side.shopdesk import Shopper

TURNS = WINDOWS[-1] + HALF
CHATS = 2
Times = dict[str, dict[int, list[float]]]


async def measured(both: Both, rounds: int) -> Rows:
    """`turn_300_over_5`, and the time around each of the turns that are looked at.

    The sides take turns within the chat, never at the same time. Where Shopdesk hands the conversation to a person (a question that is
    asked for the third time), the shopper leaves the queue again; such turns are not counted in its times, only how many they were.
    """
    askers = {side: [await both.asker(side) for _ in range(CHATS)] for side in (STOCK, SHOPDESK)}
    times: Times = {side: {middle: [] for middle in WINDOWS} for side in askers}
    handoffs = 0
    for number, sentence in enumerate(long_chat(TURNS, both.visit), 1):
        began = time.monotonic()
        middle = next((one for one in WINDOWS if one - HALF < number <= one + HALF), None)
        for side in (STOCK, SHOPDESK):
            for asker in askers[side]:
                answer = await asker.shopper.say(sentence.text)
                if await _handed_off(asker):
                    handoffs += 1
                elif middle is not None:
                    times[side][middle].append(answer.seconds * 1000)
        if number % 50 == 0:
            tell(f"  turn {number}")
        await asyncio.sleep(max(0.0, began + PACE_S - time.monotonic()))
    for asker in (*askers[STOCK], *askers[SHOPDESK]):
        await asker.shopper.close()
    return rows(times, handoffs)


def rows(times: Times, handoffs: int) -> Rows:
    """The growth of each side and the figures that it comes from."""
    grown = {side: _median(times[side][WINDOWS[-1]]) / _median(times[side][WINDOWS[0]]) for side in times}
    growth: Row = {
        "stock": rounded(grown[STOCK]),
        "shopdesk": rounded(grown[SHOPDESK]),
        "ratio": rounded(grown[SHOPDESK] / grown[STOCK]),
        "unit": "times",
        "handoffs": handoffs,
    }
    every = {f"turn_{middle}_ms": compared(times[STOCK][middle], times[SHOPDESK][middle], "ms") for middle in WINDOWS}
    return {"turn_300_over_5": growth, **every}


async def _handed_off(asker: Asker) -> bool:
    """Whether a person was called; the shopper is then back with the bot."""
    shopper = asker.shopper
    if not isinstance(shopper, Shopper):
        return False
    await shopper.settled()
    if shopper.mode == "bot":
        return False
    await shopper.back_to_bot()
    return True


def _median(values: list[float]) -> float:
    return statistics.median(values)
