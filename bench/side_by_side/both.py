"""The two sides with the one demo shop, and the shoppers that each of them is asked by."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx

from bench.side_by_side.answers import Answer, WrongAnswer, check
from bench.side_by_side.sentences import FIRST_WAYS, ORDER, OTHERS, VISIT, Sentence
from bench.side_by_side.shopdesk import Shopdesk, Shopper
from bench.side_by_side.stock_rasa import StockRasa, StockShopper
from shop.seed.shown import ShownOrder
from shop.testing import RunningShop, start_shop

CUSTOMERS = 16
STOCK, SHOPDESK = "stock", "shopdesk"
PACE_S = 0.55
"""A shopper may say 20 things in 10 s."""


class Talks(Protocol):
    """A shopper of either side."""

    async def say(self, text: str) -> Answer:
        """Says something and waits for the answer."""

    async def close(self) -> None:
        """Goes away."""


@dataclass
class Asker:
    """A shopper of a side who knows their order."""

    side: str
    shopper: Talks
    order: str

    async def ask(self, sentence: Sentence) -> Answer:
        """The answer to a sentence. Raises `WrongAnswer`."""
        answer = await self.shopper.say(sentence.text)
        check(self.side, sentence, answer, self.order)
        return answer


class Both:
    """Both sides. Neither is asked anything while the other is measured."""

    def __init__(
        self, folder: Path, shop: RunningShop, stock: StockRasa, shopdesk: Shopdesk, client: httpx.AsyncClient
    ) -> None:
        self.folder, self.shop, self.stock, self.shopdesk, self.client = folder, shop, stock, shopdesk, client
        self._orders = itertools.cycle([shop.add_order("in_transit", shop.add_customer()) for _ in range(CUSTOMERS)])

        self.visit: Sequence[Sentence] = FIRST_WAYS
        """What is said in a visit, once `choose` has found out what both sides answer."""

    def order(self) -> ShownOrder:
        """The order of the next customer: each has one, on its way."""
        return next(self._orders)

    async def asker(self, side: str) -> Asker:
        """A new conversation of the next customer."""
        order = self.order()
        if side == STOCK:
            return Asker(side, self.stock.shopper(order.customer_id), order.number)
        return Asker(side, await self.shopdesk.shopper(order.customer_id, self.client), order.number)

    async def choose(self) -> None:
        """Takes for each turn of the visit the first sentence that both sides answer properly. Raises `WrongAnswer` where there is none."""
        chosen = []
        for ways in VISIT:
            wrong: list[str] = []
            for sentence in ways:
                try:
                    for side in (STOCK, SHOPDESK):
                        asker = await self.asker(side)
                        await asker.ask(sentence)
                        await asker.shopper.close()
                except WrongAnswer as error:
                    wrong.append(str(error))
                else:
                    chosen.append(sentence)
                    break
            else:
                raise WrongAnswer("; ".join(wrong))
        self.visit = tuple(chosen)

    async def rehearse(self) -> list[dict[str, str]]:
        """Says everything once to both sides and looks at the whole answers; what each side answered, for the reader."""
        stock, shopdesk = await self.asker(STOCK), await self.asker(SHOPDESK)
        assert isinstance(stock.shopper, StockShopper) and isinstance(shopdesk.shopper, Shopper)
        heard = []
        for sentence in (*self.visit, *OTHERS):
            one = await stock.ask(sentence)
            other = await shopdesk.shopper.say_all(sentence.text)
            check(SHOPDESK, sentence, other, shopdesk.order)
            if shopdesk.shopper.mode != "bot":
                await shopdesk.shopper.back_to_bot()
            heard.append({"said": sentence.text, "topic": sentence.topic, STOCK: one.said, SHOPDESK: other.said})
            await asyncio.sleep(PACE_S)
        await stock.shopper.close()
        await shopdesk.shopper.close()
        return heard


@asynccontextmanager
async def both_sides(folder: Path, stock_model: Path, model: Path) -> AsyncIterator[Both]:
    """Starts everything, ends everything."""
    with ExitStack() as ending:
        shop = start_shop(folder)
        ending.callback(shop.stop)
        stock = StockRasa(folder / "stock", stock_model, shop)
        ending.callback(stock.stop)
        shopdesk = Shopdesk(folder, model, shop)
        ending.callback(shopdesk.stop)
        shopdesk.start()
        shopdesk.bot.start()
        stock.start()
        async with httpx.AsyncClient(trust_env=False) as client:
            both = Both(folder, shop, stock, shopdesk, client)
            await stock.first_answer(both.order().customer_id, FIRST_WAYS[ORDER].text)
            try:
                yield both
            except BaseException:
                tell(f"Shopdesk's worker said last:\n{shopdesk.bot.log[-2000:]}")
                if stock.actions is not None:
                    tell(f"stock Rasa's action server said last:\n{stock.actions.last_words()}")
                raise


def tell(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


__all__ = ["SHOPDESK", "STOCK", "Asker", "Both", "both_sides", "tell"]
