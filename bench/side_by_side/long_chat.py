"""How the time of a turn grows in one long chat."""

from __future__ import annotations

import asyncio
import time

from bench.side_by_side.both import PACE_S, SHOPDESK, STOCK, Asker, Both, tell
from bench.side_by_side.figures import Rows
from bench.side_by_side.growth import CHATS, Times, rows
from bench.side_by_side.sentences import HALF, WINDOWS, long_chat
from bench.side_by_side.shopdesk import Shopper

TURNS = WINDOWS[-1] + HALF
STOCK_S = 240.0
"""Stock Rasa's turns grow to many seconds: after so many in all it is let go, and its last whole window is what is compared."""


async def measured(both: Both, rounds: int) -> Rows:
    """`turn_300_over_5`, and the time around each of the turns that are looked at.

    The sides take turns within the chat, never at the same time. Where Shopdesk hands the conversation to a person (a question that is
    asked for the third time), the shopper leaves the queue again; such turns are not counted in its times, only how many they were.
    """
    askers = {side: [await both.asker(side) for _ in range(count)] for side, count in CHATS.items()}
    times: Times = {side: {middle: [] for middle in WINDOWS} for side in CHATS}
    handoffs, spent = 0, 0.0
    for number, sentence in enumerate(long_chat(TURNS, both.visit), 1):
        began = time.monotonic()
        middle = next((one for one in WINDOWS if one - HALF < number <= one + HALF), None)
        for side in (STOCK, SHOPDESK):
            for asker in askers[side] if side == SHOPDESK or spent < STOCK_S else []:
                answer = await asker.shopper.say(sentence.text)
                spent += answer.seconds if side == STOCK else 0.0
                if await _handed_off(asker):
                    handoffs += 1
                elif middle is not None:
                    times[side][middle].append(answer.seconds * 1000)
        if number % 50 == 0:
            tell(f"  turn {number}, stock {spent:.0f} s in all")
        await asyncio.sleep(max(0.0, began + PACE_S - time.monotonic()))
    for asker in (*askers[STOCK], *askers[SHOPDESK]):
        await asker.shopper.close()
    return rows(times, handoffs)


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
