"""A shopper's orders live from the shop: which they are, where their parcels are, and what after-sales cases they have."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ledger import Ledger
from shop.after_sales import Case
from shop.client import (
    OrderNotFound,
    Proof,
    Shipment,
    ShipmentNotFound,
    ShopClient,
    TooManyAttempts,
)
from shop.order import Order
from shop.order import Parcel as Sent
from shop.shipment import told_by
from web.desk import errors
from web.desk.cards import Tracked
from web.desk.parts import Parts
from web.desk.proofs import Proofs
from web.desk.shopper import Shopper

SHOWN = 10
COUNTED = 50
"""As many as the shop's API lists."""


@dataclass(frozen=True)
class Proved:
    """An order with what proves it."""

    order: Order
    proof: Proof


@dataclass(frozen=True)
class Found:
    """What to show, the order in question first; `listed` are a customer's orders, None where they are not known."""

    shown: list[Proved]
    listed: list[Order] | None


class ShopperOrders:
    """Asks the shop on behalf of a conversation, never about an order that is not proved in it."""

    def __init__(self, ledger: Ledger, shop: ShopClient) -> None:
        self._shop, self._proofs = shop, Proofs(ledger)

    async def one(self, shopper: Shopper, number: str, tail: str | None = None) -> Proved:
        """An order that the conversation, or the phone's ending, proves; an unknown one and a wrong proof are told alike.

        Raises `web.desk.errors.OrderNotFound`, and what else the shop's client does.
        """
        proof = shopper.proof(number, tail or await self._proofs.of(shopper.cid, number))
        if proof is None:
            raise errors.OrderNotFound("nothing proves this order")
        try:
            order = await self._shop.order(number, **proof.params)
        except (OrderNotFound, TooManyAttempts) as error:
            raise errors.OrderNotFound(error.code) from None
        if tail is not None:
            await self._proofs.remember(shopper.cid, number, tail)
        return Proved(order, proof)

    async def find(self, shopper: Shopper, parts: Parts, asked: Proved | None) -> Found:
        """The orders to show, newest first after the one in question; what does not come is named in `parts`."""
        listed, proved = await asyncio.gather(self._listed(shopper, parts), self._proved(shopper, parts, asked))
        own = [Proved(order, Proof(customer_id=shopper.customer)) for order in listed or ()]
        in_question = asked or proved or next((one for one in own if one.order.number == shopper.order), None)
        first = [in_question] if in_question else []
        rest = [one for one in own if not in_question or one.order.number != in_question.order.number]
        return Found([*first, *rest][:SHOWN], listed)

    async def about(self, proved: Proved, parts: Parts) -> tuple[list[Tracked], tuple[Case, ...]]:
        """The parcels and the cases of an order, asked for at the same time."""
        cases = parts.get("cases", self.cases(proved), proved.order.number)
        parcels, found = await asyncio.gather(self.tracked(proved.order, parts), cases)
        return parcels, found or ()

    async def tracked(self, order: Order, parts: Parts) -> list[Tracked]:
        """The parcels of an order with where they are."""
        return list(await asyncio.gather(*(self._tracked(parcel, parts) for parcel in order.shipments)))

    async def cases(self, proved: Proved) -> tuple[Case, ...]:
        """The after-sales cases of an order."""
        return await self._shop.cases_of(proved.order.number, proved.proof)

    async def _listed(self, shopper: Shopper, parts: Parts) -> list[Order] | None:
        if shopper.customer is None:
            return None
        return await parts.get("orders", self._shop.orders_of(shopper.customer, limit=COUNTED))

    async def _proved(self, shopper: Shopper, parts: Parts, asked: Proved | None) -> Proved | None:
        """The order that a stranger has proved to the bot, or a customer for somebody else."""
        if asked is not None or shopper.order is None or shopper.tail is None:
            return None
        try:
            return await parts.get("order", self.one(shopper, shopper.order), shopper.order)
        except errors.OrderNotFound as error:
            parts.lacks("order", error.code, shopper.order)
            return None

    async def _tracked(self, parcel: Sent, parts: Parts) -> Tracked:
        """Silence is told; a parcel that the carrier does not know yet simply has no scans."""
        number = parcel.tracking_number
        if told := told_by(parcel):
            return Tracked(parcel.carrier, number, told)
        answer = await parts.get("shipment", self._shipment(number), number)
        if answer is None:
            return Tracked(parcel.carrier, number, None, silent=True)
        return Tracked(parcel.carrier, number, answer[0])

    async def _shipment(self, number: str) -> tuple[Shipment | None]:
        try:
            return (await self._shop.shipment(number),)
        except ShipmentNotFound:
            return (None,)
