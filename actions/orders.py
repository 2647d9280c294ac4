"""Shows an order to whoever can prove that it is theirs, and lets a customer choose among theirs.

The proof goes to the shop with every question: a verified customer id, or the last four digits of the phone. No slot can stand in
for it, so it does not matter what a shopper or a forged payload puts into one.
"""

import asyncio
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, count_in, customer_of, entity_in, intent_of, language_of
from actions.order_card import Parcel, items_in_words, order_card, state_in_words
from actions.order_choice import Offered, buttons_of, chosen_in_words, offer
from actions.order_lines import ALL, lines_named
from actions.order_sentences import sentence_for
from actions.shop import shipment_of, the_shop
from actions.task_begin import begin_task, take_up, tell
from actions.task_work import find_order
from actions.tasks import Option, Topic
from actions.topics import TOPICS
from actions.wording import Wording
from shop.client import Order, OrderNotFound, ShipmentNotFound, ShopClientError, TooManyAttempts
from shop.order import Parcel as Sent

MOST_WRONG_PAIRS = 3
MOST_CHOICES = 5
MOST_ORDERS = 20


class ShowOrder(ShopdeskAction):
    """Answers "where is my order": the card, a choice of orders, or why not."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_show_order"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """One order by its number, or else the customer's own orders."""
        wording = Wording(domain, language_of(tracker))
        customer, number = customer_of(tracker), tracker.get_slot("order_number")
        if intent_of(tracker) == "try_again" and tracker.get_slot("task"):
            return take_up()
        try:
            if number is None and customer is not None:
                return await self._own_orders(customer, dispatcher, tracker, wording)
            if number is None or wrong_pairs_used_up(tracker):
                dispatcher.utter_message(response="utter_order_attempts_over")
                return back_to_proved(tracker)
            order = await find_order(number, customer, tracker.get_slot("phone_tail"))
            topic = TOPICS.get(tracker.get_slot("order_question") or "")
            if topic is None:
                return [*await _show(order, dispatcher, tracker, wording), *take_up(tracker)]
            if customer is not None and not _fits(topic, order) and not _names_it(tracker):
                return await self._own_orders(customer, dispatcher, tracker, wording, order)
            return await _begin(topic, order, dispatcher, tracker, wording)
        except OrderNotFound:
            return _not_found(dispatcher, tracker)
        except TooManyAttempts:
            dispatcher.utter_message(response="utter_order_attempts_over")
            return [*back_to_proved(tracker), SlotSet("order_attempts", MOST_WRONG_PAIRS)]
        except ShopClientError:
            dispatcher.utter_message(response="utter_shop_unavailable")
            return []

    async def _own_orders(
        self,
        customer: str,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        wording: Wording,
        instead_of: Order | None = None,
    ) -> list[EventType]:
        """A choice of those that the topic can be about, or of all; `instead_of` is an order that it cannot be about."""
        topic = TOPICS.get(tracker.get_slot("order_question") or "")
        orders = await the_shop().orders_of(customer, limit=MOST_ORDERS)
        fitting = [order for order in orders if topic is None or _fits(topic, order)]
        if instead_of is not None and topic is not None and not fitting:
            return await _begin(topic, instead_of, dispatcher, tracker, wording)
        if topic is not None:
            named = [order for order in fitting if _is_named(order, tracker)]
            fitting = named if len(named) == 1 else fitting
        orders = (fitting or orders)[:MOST_CHOICES]
        if not orders:
            dispatcher.utter_message(response="utter_no_orders")
            return []
        if len(orders) == 1 and intent_of(tracker) == "another_order":
            dispatcher.utter_message(response="utter_only_order")
            return []
        if len(orders) == 1 and topic is not None:
            return await _begin(topic, orders[0], dispatcher, tracker, wording)
        if len(orders) == 1:
            return [*await _show(orders[0], dispatcher, tracker, wording), *take_up(tracker)]
        offered = [_offered(order, wording) for order in orders]
        dispatcher.utter_message(response="utter_choose_order", buttons=buttons_of(offered))
        return [
            SlotSet("orders_offered", offered),
            ActiveLoop("order_form"),
            SlotSet("requested_slot", "order_number"),
        ]


class ListOrders(ShowOrder):
    """Lists a customer's own orders; a stranger hears where orders are found."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_list_orders"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """A choice of the latest orders, whatever order was spoken of before."""
        customer = customer_of(tracker)
        if customer is None:
            dispatcher.utter_message(response="utter_order_missing")
            return []
        tracker.slots["order_question"] = None
        try:
            events = await self._own_orders(customer, dispatcher, tracker, Wording(domain, language_of(tracker)))
        except ShopClientError:
            dispatcher.utter_message(response="utter_shop_unavailable")
            return []
        forgotten = (
            [] if any(event.get("name") == "order_number" for event in events) else [SlotSet("order_number", None)]
        )
        return [SlotSet("order_question", None), *forgotten, *events]


class ForgetOrder(ShopdeskAction):
    """Makes room for another number. A half that the shopper gave just now stays, and so does the other half to go with it."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_forget_order"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Forgets the order in question unless the message names one."""
        if entity_in(tracker, "order_number") or entity_in(tracker, "phone_tail") or chosen(tracker):
            return []
        return [*_forget(), SlotSet("orders_offered", None)]


def wrong_pairs_used_up(tracker: Tracker) -> bool:
    """Whether nothing may be looked up in this session any more, save the order that was proved before."""
    number, verified = tracker.get_slot("order_number"), tracker.get_slot("order_verified")
    proved = verified is not None and number == verified["number"]
    return count_in(tracker, "order_attempts") >= MOST_WRONG_PAIRS and not proved and not _own(tracker)


def chosen(tracker: Tracker) -> str | None:
    """The number of the order that a customer names in words, of those they were offered."""
    if customer_of(tracker) is None:
        return None
    return chosen_in_words(tracker.latest_message.get("text") or "", tracker.get_slot("orders_offered"))


def back_to_proved(tracker: Tracker) -> list[EventType]:
    """The order that was shown last is the one in question again, with its proof; none when none was shown."""
    verified = tracker.get_slot("order_verified") or {"number": None, "tail": None}
    return [
        SlotSet("order_number", verified["number"]),
        SlotSet("phone_tail", verified["tail"]),
        SlotSet("order_tried", None),
    ]


async def _begin(
    topic: Topic, order: Order, dispatcher: CollectingDispatcher, tracker: Tracker, wording: Wording
) -> list[EventType]:
    if topic.tells_only:
        return [*await tell(topic, order, dispatcher, tracker, wording), *take_up(tracker)]
    return begin_task(topic, order, tracker)


def _fits(topic: Topic, order: Order) -> bool:
    """Whether an order is of the kind that the topic is usually about."""
    return not topic.states or order.state in topic.states


def _names_it(tracker: Tracker) -> bool:
    """Whether the shopper has just named the order: then it is that one, fitting or not."""
    return bool(entity_in(tracker, "order_number") or chosen(tracker)) or intent_of(tracker) in (
        "choose_order",
        "resume_task",
    )


def _is_named(order: Order, tracker: Tracker) -> bool:
    """Whether the shopper's message names something that is in the order."""
    options = [Option(item.sku, item.name) for item in order.items]
    return lines_named(tracker.latest_message.get("text") or "", options) not in (None, ALL)


def _own(tracker: Tracker) -> bool:
    """Whether the question is about a customer's own orders, for which nothing has to be guessed."""
    return customer_of(tracker) is not None and tracker.get_slot("phone_tail") is None


async def _show(order: Order, dispatcher: CollectingDispatcher, tracker: Tracker, wording: Wording) -> list[EventType]:
    parcels = await asyncio.gather(*map(_parcel, order.shipments))
    card = order_card(order, parcels, wording, datetime.now(timezone.utc))
    response, values = sentence_for(tracker.get_slot("order_question"), order, parcels, card, wording)
    dispatcher.utter_message(response=response, json_message={"card": card}, **values)
    verified = {"number": order.number, "tail": tracker.get_slot("phone_tail")}
    return [SlotSet("order_number", order.number), SlotSet("order_verified", verified), SlotSet("order_tried", None)]


async def _parcel(sent: Sent) -> Parcel:
    carrier, number = sent.carrier, sent.tracking_number
    try:
        return Parcel(carrier, number, await shipment_of(sent))
    except ShipmentNotFound:
        return Parcel(carrier, number, None)
    except ShopClientError:
        return Parcel(carrier, number, None, silent=True)


def _offered(order: Order, wording: Wording) -> Offered:
    state = state_in_words(order.state, wording)
    label = wording.text(
        "utter_order_choice", items=items_in_words(order, wording), state=state, day=wording.day(order.created_at)
    )
    return offer(order.number, label, state, [f"{item.name} {item.spec}" for item in order.items])


def _not_found(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """The same sentence whatever was wrong; the form is open again for either half, until the attempts are used up."""
    attempts = count_in(tracker, "order_attempts") + 1
    if attempts >= MOST_WRONG_PAIRS:
        dispatcher.utter_message(response="utter_order_attempts_over")
        return [*back_to_proved(tracker), SlotSet("order_attempts", attempts)]
    by_identity = _own(tracker)
    dispatcher.utter_message(response="utter_order_not_found_signed_in" if by_identity else "utter_order_not_found")
    tried: dict[str, Any] = {"number": tracker.get_slot("order_number"), "tail": tracker.get_slot("phone_tail")}
    return [
        *_forget(),
        SlotSet("order_attempts", attempts),
        SlotSet("order_tried", tried),
        ActiveLoop("order_form"),
        SlotSet("requested_slot", "phone_tail" if by_identity else "order_number"),
    ]


def _forget() -> list[EventType]:
    return [SlotSet(slot, None) for slot in ("order_number", "phone_tail", "order_tried")]
