"""Pre-orders: the deposit, when the balance is due, when it is sent."""

from __future__ import annotations

from datetime import datetime, timezone

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, customer_of, language_of
from actions.shop import the_shop
from actions.task_work import find_order
from actions.wording import Wording
from shop.client import Order, ShopClientError


class PreSale(ShopdeskAction):
    """定金、尾款、预售什么时候发货."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_presale"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """The pre-order in question or a customer's own; else how pre-orders work."""
        wording = Wording(domain, language_of(tracker))
        try:
            order = await _order(tracker)
        except ShopClientError:
            dispatcher.utter_message(response="utter_shop_unavailable")
            return []
        if order is None:
            dispatcher.utter_message(response="utter_presale_rules")
            return []
        response, values = told(order, wording, datetime.now(timezone.utc))
        dispatcher.utter_message(response=response, **values)
        return []


def told(order: Order, wording: Wording, now: datetime) -> tuple[str, dict[str, str]]:
    """The sentence about a pre-order, by how far its payment is."""
    values = {"number": order.number}
    if order.presale is None or order.presale.balance_paid:
        day = wording.day(order.expected_ship_at) if order.expected_ship_at else ""
        return ("utter_presale_paid" if day else "utter_presale_paid_undated"), {**values, "day": day}
    plan = order.presale
    values |= {"deposit": plan.deposit, "worth": plan.worth, "balance": plan.balance}
    if now < plan.balance_from:
        return "utter_presale_early", {**values, "day": wording.moment(plan.balance_from)}
    if now <= plan.balance_until:
        return "utter_presale_open", {**values, "day": wording.moment(plan.balance_until)}
    return "utter_presale_missed", {**values, "day": wording.moment(plan.balance_until)}


async def _order(tracker: Tracker) -> Order | None:
    """The pre-order that was proved in this conversation, or the newest of the customer's own."""
    customer, verified = customer_of(tracker), tracker.get_slot("order_verified")
    if verified:
        order = await find_order(verified["number"], customer, verified.get("tail"))
        if order.state == "pre_sale":
            return order
    if customer is None:
        return None
    own = await the_shop().orders_of(customer, limit=20)
    return next((order for order in own if order.state == "pre_sale"), None)
