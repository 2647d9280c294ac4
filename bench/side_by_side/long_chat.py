"""How the time of a turn grows in one long chat."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from itertools import zip_longest

from bench.side_by_side.both import PACE_S, SHOPDESK, STOCK, Asker, Both, tell
from bench.side_by_side.figures import Rows
from bench.side_by_side.growth import BESIDE, CHATS, Times, rows
from bench.side_by_side.sentences import HALF, WINDOWS, long_chat
from bench.side_by_side.shopdesk import Shopper

TURNS = WINDOWS[-1] + HALF
STOCK_S = 240.0
"""Stock Rasa's turns grow to many seconds: after so many in all it is let go, and its last whole window is what is compared."""


async def measured(both: Both, rounds: int) -> Rows:
    """`turn_300_over_5`, and the time around each of the turns that are looked at.

    The sides take turns within the chat, never at the same time; while a long chat of Shopdesk says the sentences that are looked at, a
    new one says them as its turns 1 to 10, in every second turn before the long one. Where Shopdesk hands the conversation to a person
    (a question that is asked for the third time), the shopper leaves the queue again; such turns are not counted in its times, only
    how many they were.
    """
    askers = {side: [await both.asker(side) for _ in range(count)] for side, count in CHATS.items()}
    times: Times = {side: {middle: [] for middle in WINDOWS} for side in (*CHATS, BESIDE)}
    handoffs, spent, beside = 0, 0.0, list[Asker]()
    for number, sentence in enumerate(long_chat(TURNS, both.visit), 1):
        began = time.monotonic()
        middle = next((one for one in WINDOWS if one - HALF < number <= one + HALF), None)
        if middle is not None and not beside:
            beside = [await both.asker(SHOPDESK) for _ in range(CHATS[SHOPDESK])]
        asked = [(STOCK, asker) for asker in askers[STOCK] if spent < STOCK_S]
        for at, (old, new) in enumerate(zip_longest(askers[SHOPDESK], beside)):
            pair = [(SHOPDESK, old), (BESIDE, new)] if new else [(SHOPDESK, old)]
            asked += pair if (number + at) % 2 else reversed(pair)
        for side, asker in asked:
            answer = await asker.shopper.say(sentence.text)
            spent += answer.seconds if side == STOCK else 0.0
            if await _handed_off(asker):
                handoffs += 1
            elif middle is not None:
                times[side][middle].append(answer.seconds * 1000)
        if middle is not None and number == middle + HALF:
            await _leave(beside)
            beside = []
        if number % 50 == 0:
            tell(f"  turn {number}, stock {spent:.0f} s in all")
        await asyncio.sleep(max(0.0, began + PACE_S - time.monotonic()))
    await _leave([*askers[STOCK], *askers[SHOPDESK]])
    return rows(times, handoffs)


async def _leave(askers: Sequence[Asker]) -> None:
    for asker in askers:
        await asker.shopper.close()


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
