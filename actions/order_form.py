"""The order form: what is needed to look an order up, how it is asked for, and how a shopper leaves it.

A message that belongs to the form without carrying a number ("不知道单号", "好的", nonsense) leaves a hint, and the next question is
worded by it. Everything else that carries no number makes the form step back, so that the rule of its topic answers.
"""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, aloud, customer_of, done_this_turn, entity_in, intent_of
from actions.orders import back_to_proved, wrong_pairs_used_up

# What is said instead of the question, by the hint that a message left.
HINTS = {
    "help": "utter_order_number_help",
    "waiting": "utter_order_form_waiting",
    "unclear": "utter_order_number_unclear",
}
HINT_OF_INTENT = {
    "dont_know_number": "help",
    "ack": "waiting",
    "affirm": "waiting",
    "nlu_fallback": "unclear",
    "provide_order_details": "unclear",
    "order_status": "question",
    "logistics": "question",
    "try_again": "question",
    "choose_order": "question",
}


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
        before: list[EventType] = []
        hint = _hint(tracker)
        if hint == "question" and customer_of(tracker) is not None:
            # A customer who asks again wants to see their own orders, not to go on with the number that was not theirs.
            before.append(SlotSet("order_tried", None))
            tracker.slots["order_tried"] = None
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
        answered_before = any(event.get("event") == "bot" for event in turn)
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
        dispatcher.utter_message(response="utter_stopped")
        return [ActiveLoop(None), SlotSet("requested_slot", None), *back_to_proved(tracker)]


def _hint(tracker: Tracker) -> str | None:
    if entity_in(tracker, "order_number") or entity_in(tracker, "phone_tail"):
        return None
    if any(event.get("event") == "bot" for event in done_this_turn(tracker)):
        return None
    return HINT_OF_INTENT.get(intent_of(tracker) or "")


def _question(tracker: Tracker, answered_before: bool) -> str:
    has_number, has_tail = (tracker.get_slot(slot) is not None for slot in ("order_number", "phone_tail"))
    if not has_number and not has_tail:
        return "utter_ask_order_again" if answered_before else "utter_ask_order"
    return "utter_ask_phone_tail" if has_number else "utter_ask_order_number"
