"""Four messages in quick succession: one turn answers them."""

from __future__ import annotations

import asyncio

from bench.side_by_side.answers import WrongAnswer, check
from bench.side_by_side.both import SHOPDESK, Both
from bench.side_by_side.figures import Rows, alone
from bench.side_by_side.sentences import Sentence
from bench.side_by_side.shopdesk import Shopper
from ledger import BotSide

PIECES = ("在吗", "我的快递", "怎么", "还没到")
WHOLE = Sentence("".join(PIECES), "order", "运输中")
BETWEEN_S = 0.1
SHOPPERS = 5
LISTENS_S = 1.5
"""After the answer, for a second one that should not come."""


async def measured(both: Both, rounds: int) -> Rows:
    """`burst_s`: from the last message to the answer. Raises `WrongAnswer` when not exactly one turn answered."""
    times = []
    ledger = both.shopdesk.ledger()
    try:
        for _ in range(rounds * SHOPPERS):
            asker = await both.asker(SHOPDESK)
            shopper = asker.shopper
            assert isinstance(shopper, Shopper)
            for text in PIECES[:-1]:
                await shopper.send("message", text=text)
                await asyncio.sleep(BETWEEN_S)
            answer = await shopper.say(PIECES[-1])
            check(SHOPDESK, WHOLE, answer, asker.order)
            await asyncio.sleep(LISTENS_S)
            turns = await BotSide(ledger, "bench").tracker_events(shopper.conversation)
            if len(turns) != 1:
                raise WrongAnswer(f"{len(turns)} turns answered a burst of {len(PIECES)} messages")
            times.append(answer.seconds)
            await shopper.close()
    finally:
        await ledger.redis.aclose()
    return {"burst_s": {**alone(times, "s"), "turns": 1}}
