"""What a topic decides by, asked of the shop anew each time: the order with its proof, and where its parcels are."""

from __future__ import annotations

import asyncio
from datetime import datetime

from actions.shop import shipment_of, the_shop
from actions.tasks import Task, Topic, Work
from actions.topics import TOPICS
from actions.wording import SHOP_CLOCK, Wording
from shop.client import Order, OrderNotFound, Proof
from shop.shipment import Shipment


async def find_order(number: str, customer: str | None, phone_tail: str | None) -> Order:
    """The order, proved by the customer's identity or else by the phone; raises what ShopClient.order raises."""
    if customer is not None:
        try:
            return await the_shop().order(number, customer_id=customer)
        except OrderNotFound:
            if phone_tail is None:
                raise
    if phone_tail is None:
        raise OrderNotFound(OrderNotFound.code)
    return await the_shop().order(number, phone_tail=phone_tail)


async def work_of(task: Task, customer: str | None, wording: Wording) -> Work:
    """For a task: the order as the shop gives it now, to who can still prove that it is theirs. Raises ShopClientError."""
    order = await find_order(task.order, customer, task.tail)
    return await work_about(TOPICS[task.topic], order, customer, task.tail, wording, task)


async def work_about(
    topic: Topic, order: Order, customer: str | None, tail: str | None, wording: Wording, task: Task | None = None
) -> Work:
    """For an order that was proved just now. Raises ShopClientError."""
    own = customer is not None and order.customer_id == customer
    proof = Proof(customer_id=customer) if own else Proof(phone_tail=tail)
    shipments = await _shipments(order) if topic.needs_shipments else ()
    return Work(order, proof, dict(task.facts) if task else {}, wording, datetime.now(SHOP_CLOCK), shipments)


async def _shipments(order: Order) -> tuple[Shipment, ...]:
    return tuple(await asyncio.gather(*map(shipment_of, order.shipments)))
