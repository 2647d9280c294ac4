"""From the start of the processes to the first answered message, with a trained model, Redis and the shop already there."""

from __future__ import annotations

import asyncio
import time

from bench.side_by_side.answers import check
from bench.side_by_side.both import SHOPDESK, STOCK, Both, tell
from bench.side_by_side.figures import Rows, compared
from bench.side_by_side.sentences import ORDER


async def measured(both: Both, rounds: int) -> Rows:
    """`start_s`. Both sides have run before, so their files are in memory."""
    times: dict[str, list[float]] = {STOCK: [], SHOPDESK: []}
    for _ in range(rounds):
        both.stock.halt()
        order = both.order()
        began = time.monotonic()
        both.stock.launch()
        answer = await both.stock.first_answer(order.customer_id, both.visit[ORDER].text)
        times[STOCK].append(time.monotonic() - began)
        check(STOCK, both.visit[ORDER], answer, order.number)

        both.shopdesk.bot.stop()
        asker = await both.asker(SHOPDESK)
        began = time.monotonic()
        both.shopdesk.bot.launch()
        await asker.ask(both.visit[ORDER])
        times[SHOPDESK].append(time.monotonic() - began)
        await asker.shopper.close()
        await asyncio.to_thread(both.shopdesk.bot.wait)
        tell(f"  stock {times[STOCK][-1]:.1f} s, Shopdesk {times[SHOPDESK][-1]:.1f} s")
    return {"start_s": compared(times[STOCK], times[SHOPDESK], "s")}
