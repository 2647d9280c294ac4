"""The order form: what is needed to look an order up, how it is asked for, and how a shopper leaves it.

A message that belongs to the form without carrying a number ("不知道单号", "好的", nonsense) leaves a hint, and the next question is
worded by it. Everything else that carries no number makes the form step back, so that the rule of its topic answers.
"""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, aloud, customer_of, done_this_turn, goes_on, intent_of
from actions.order_choice import buttons_of
from actions.order_hints import HINTS, hint_in, is_choosing
from actions.orders import back_to_proved, chosen, wrong_pairs_used_up
from actions.tasks import Task


class ValidateOrderForm(FormValidationAction):
    """Decides what is still missing, and completes a corrected half with the other half of the pair that failed."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "validate_order_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Validates; a failure is said aloud like that of any action."""
        return await aloud(self.name(), self._validated(dispatcher, tracker, domain), dispatcher, tracker)

    async def _validated(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        hint = hint_in(tracker)
        before = _before(tracker, hint)
        tracker.slots.update({event["name"]: event["value"] for event in before})
        events = await super().run(dispatcher, tracker, domain)
        return [*before, *events, *([SlotSet("order_hint", hint)] if hint else [])]

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,
    ) -> list[str]:
        """Both halves from a stranger; from a customer only what is needed for an order that is not under their name."""
        if customer_of(tracker) is None:
            return [] if wrong_pairs_used_up(tracker) else domain_slots
        if is_choosing(tracker):
            return ["order_number"]
        tried = tracker.get_slot("order_tried")
        if tried is None:
            return []
        return ["order_number"] if tracker.get_slot("order_number") not in (None, tried["number"]) else domain_slots

    def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """A number, with the phone of the failed pair unless a new one came along."""
        if not isinstance(value, str):
            return {"order_number": None}
        tried = tracker.get_slot("order_tried")
        if tried and tracker.get_slot("phone_tail") is None:
            return {"order_number": value, "phone_tail": tried["tail"]}
        return {"order_number": value}

    def validate_phone_tail(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Four digits, with the number of the failed pair unless a new one came along."""
        if not isinstance(value, str):
            return {"phone_tail": None}
        tried = tracker.get_slot("order_tried")
        if tried and tracker.get_slot("order_number") is None:
            return {"phone_tail": value, "order_number": tried["number"]}
        return {"phone_tail": value}


class AskOrderNumber(ShopdeskAction):
    """Asks for what the form still needs."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_ask_order_form_order_number"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """The question that fits, or nothing where another action has just said what to do."""
        turn = done_this_turn(tracker)
        if any(event.get("name") == "action_show_order" for event in turn if event.get("event") == "action"):
            return []
        if is_choosing(tracker):
            unclear = tracker.get_slot("order_hint") == "unclear"
            dispatcher.utter_message(
                response="utter_choose_order_unclear" if unclear else "utter_choose_order",
                buttons=buttons_of(tracker.get_slot("orders_offered")),
            )
            return [SlotSet("order_hint", None)]
        answered_before = any(event.get("event") == "bot" for event in turn) and not goes_on(tracker)
        dispatcher.utter_message(
            response=HINTS.get(tracker.get_slot("order_hint")) or _question(tracker, answered_before)
        )
        return [SlotSet("order_hint", None)]


class AskPhoneTail(AskOrderNumber):
    """Asks for what the form still needs, when that is the phone only."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_ask_order_form_phone_tail"


class Stop(ShopdeskAction):
    """The shopper has changed their mind: closes the form and forgets what was not proved."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_stop"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Lets go."""
        task = Task.of(tracker.get_slot("task"))
        unsettled = task is not None and task.key is not None
        dispatcher.utter_message(response="utter_stopped" if task is None or unsettled else "utter_task_dropped")
        gone = [SlotSet(slot, None) for slot in ("task", "task_before", "order_question")]
        return [ActiveLoop(None), SlotSet("requested_slot", None), *gone, *back_to_proved(tracker)]


def _before(tracker: Tracker, hint: str | None) -> list[EventType]:
    """What a customer's words change before the form looks at what is missing."""
    if customer_of(tracker) is None:
        return []
    if hint == "chosen":
        return [SlotSet("order_number", chosen(tracker)), SlotSet("phone_tail", None)]
    if hint == "unclear" and intent_of(tracker) == "choose_order":
        return [SlotSet("order_number", None)]
    if hint == "question":
        # A customer who asks again wants to see their own orders, not to go on with the number that was not theirs.
        asked_again = [SlotSet("orders_offered", None)] if is_choosing(tracker) else []
        return [SlotSet("order_tried", None), *asked_again]
    return []


def _question(tracker: Tracker, answered_before: bool) -> str:
    has_number, has_tail = (tracker.get_slot(slot) is not None for slot in ("order_number", "phone_tail"))
    if not has_number and not has_tail:
        return "utter_ask_order_again" if answered_before else "utter_ask_order"
    return "utter_ask_phone_tail" if has_number else "utter_ask_order_number"
