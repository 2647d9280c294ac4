"""The time of an order query, socket to socket, one shopper at a time."""

from __future__ import annotations

from bench.side_by_side.both import SHOPDESK, STOCK, Both, tell
from bench.side_by_side.figures import Rows, compared
from bench.side_by_side.sentences import ORDER, PARCEL, SMALL_TALK

SHOPPERS = 15


async def measured(both: Both, rounds: int) -> Rows:
    """`order_turn_ms`: the two order queries of a conversation that something was said in before."""
    times: dict[str, list[float]] = {STOCK: [], SHOPDESK: []}
    for _ in range(rounds):
        for side in (STOCK, SHOPDESK):
            for _ in range(SHOPPERS):
                asker = await both.asker(side)
                await asker.ask(both.visit[SMALL_TALK])
                for sentence in (both.visit[ORDER], both.visit[PARCEL]):
                    times[side].append((await asker.ask(sentence)).seconds * 1000)
                await asker.shopper.close()
    row = compared(times[STOCK], times[SHOPDESK], "ms")
    tell(f"  stock {row['stock']} ms, Shopdesk {row['shopdesk']} ms")
    return {"order_turn_ms": row}
