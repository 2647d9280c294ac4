"""The shopper asks for a person: says so, and hands the conversation over with what the agent should know first."""

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, count_in
from actions.orders import MOST_WRONG_PAIRS

# The queue that knows the topic; a topic that is not here belongs to everybody.
SKILL_OF_INTENT = {
    "order_status": "orders",
    "provide_order_details": "orders",
    "another_order": "orders",
    "cancel_order": "orders",
    "change_address": "orders",
    "payment_issue": "orders",
    "logistics": "logistics",
    "hurry": "logistics",
    "return_policy": "returns",
    "return_request": "returns",
    "refund_status": "returns",
    "exchange": "returns",
    "damaged_item": "returns",
    "warranty": "returns",
    "promotion": "promotions",
    "price_protection": "promotions",
}
ASKED = 3
ASKED_AFTER_FAILURES = 5


class Handoff(ShopdeskAction):
    """Asks the ledger for a person."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_handoff"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Hands over; an open form ends here."""
        text = tracker.latest_message.get("text") or ""
        handoff = {
            "rule": "asked",
            "reason": "顾客要求人工",
            "skill": _skill(tracker),
            "priority": ASKED_AFTER_FAILURES if _was_let_down(tracker) else ASKED,
            "evidence": [] if text.startswith("/") else [text],
        }
        dispatcher.utter_message(response="utter_handoff", json_message={"handoff": handoff})
        return [ActiveLoop(None), SlotSet("requested_slot", None)]


def _skill(tracker: Tracker) -> str:
    """The queue of the latest topic that was spoken of."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            intent = (event.get("parse_data") or {}).get("intent", {}).get("name")
            if intent in SKILL_OF_INTENT:
                return SKILL_OF_INTENT[intent]
    return "general"


def _was_let_down(tracker: Tracker) -> bool:
    return count_in(tracker, "action_failures") > 0 or count_in(tracker, "order_attempts") >= MOST_WRONG_PAIRS
