"""Makes the card that an agent sends: asks the shop about an order, a case or a product of this conversation's customer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from ledger import Ledger
from shop.client import ShopClient, ShopClientError, SkuNotFound
from web.desk import errors
from web.desk.card_wording import CardWording
from web.desk.cards import Card, case_card, order_card, product_card
from web.desk.parts import Parts
from web.desk.shopper import Shopper
from web.desk.shopper_orders import Proved, ShopperOrders

KINDS = frozenset({"order", "case", "product"})
LIMIT_S = 4.0
CARRIERS_S = 2.5
"""How long the carriers are waited for: a card without the latest scans says so."""


class CardMaker:
    """The cards of a `message` frame, in the shopper's language."""

    def __init__(self, ledger: Ledger, shop: ShopClient) -> None:
        self._ledger, self._shop, self._orders = ledger, shop, ShopperOrders(ledger, shop)

    async def card(self, cid: str, kind: str, number: str, tail: str | None = None) -> Card:
        """The card with its text. `tail` proves a stranger's order where the conversation does not.

        Raises `OrderNotFound` for what there is not or is not this shopper's, `ShopUnavailable`, `UnknownConversation`.
        """
        shopper = Shopper.of(cid, await self._ledger.state(cid))
        wording = CardWording(shopper.lang)
        try:
            async with asyncio.timeout(LIMIT_S):
                if kind == "product":
                    return product_card(await self._shop.sku(number), wording)
                if kind == "case":
                    return await self._case(shopper, number, wording)
                return await self._order(await self._orders.one(shopper, number, tail), wording)
        except SkuNotFound:
            raise errors.OrderNotFound("no such article") from None
        except (ShopClientError, TimeoutError) as error:
            raise errors.ShopUnavailable(getattr(error, "code", "late")) from None

    async def _order(self, proved: Proved, wording: CardWording) -> Card:
        parcels = await self._orders.tracked(proved.order, Parts(CARRIERS_S))
        return order_card(proved.order, parcels, wording, datetime.now(UTC))

    async def _case(self, shopper: Shopper, number: str, wording: CardWording) -> Card:
        """A case by its number: the shop lists cases by order, so the shopper's orders are gone through together."""
        parts = Parts(CARRIERS_S)
        found = await self._orders.find(shopper, parts, None)
        lists = await asyncio.gather(
            *(parts.get("cases", self._orders.cases(one), one.order.number) for one in found.shown)
        )
        for proved, cases in zip(found.shown, lists, strict=True):
            if case := next((one for one in cases or () if one.number == number), None):
                return case_card(case, proved.order, wording)
        if parts.trouble:
            raise errors.ShopUnavailable("not every order's cases could be looked at")
        raise errors.OrderNotFound("no case of this shopper has that number")
