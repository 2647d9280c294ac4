"""Hands the conversation to a person: says so, with what the agent should know first. When to is decided by the escalation policy."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, count_in, language_of
from actions.orders import MOST_WRONG_PAIRS
from actions.tasks import Task

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
SAID_BY_RULE = {"angry": "utter_handoff_angry", "complaint": "utter_handoff_angry", "asked": "utter_handoff"}
"""How the shopper is told; any other rule apologises for not having managed."""
LAST_INTENTS = 5
SHOWN_SLOTS = ("order_number", "order_question", "order_attempts", "action_failures", "language")


class Handoff(ShopdeskAction):
    """Asks the ledger for a person."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_handoff"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Hands over; an open form ends here."""
        decision = tracker.get_slot("escalation") or _asked(tracker)
        handoff = {
            "rule": decision["rule"],
            "reason": decision["reason"],
            "skill": _skill(tracker),
            "priority": max(decision["priority"], ASKED_AFTER_FAILURES if _was_let_down(tracker) else 0),
            "evidence": decision["evidence"],
            "context": _context(tracker, decision["score"]),
        }
        said = SAID_BY_RULE.get(decision["rule"], "utter_handoff_stuck")
        dispatcher.utter_message(response=said, json_message={"handoff": handoff})
        ended = [SlotSet(slot, None) for slot in ("requested_slot", "escalation", "task", "task_before")]
        return [ActiveLoop(None), *ended]


def _asked(tracker: Tracker) -> dict[str, Any]:
    """What a rule of the dialogue decides: the shopper asked, in words or by a button."""
    text = tracker.latest_message.get("text") or ""
    evidence = [] if text.startswith("/") else [text]
    return {"rule": "asked", "reason": "顾客要求人工", "priority": ASKED, "score": 1.0, "evidence": evidence}


def _context(tracker: Tracker, score: float) -> dict[str, Any]:
    """What helps an agent: the rule's score, the latest intents (newest last), the order in question, what is known."""
    intents = [
        (event.get("parse_data") or {}).get("intent", {}).get("name")
        for event in tracker.events
        if event.get("event") == "user"
    ]
    slots = {name: tracker.get_slot(name) for name in SHOWN_SLOTS}
    task = Task.of(tracker.get_slot("task"))
    if task is not None:
        slots["task"] = {
            "topic": task.topic,
            "order": task.order,
            **task.facts,
            **({"unconfirmed": task.key} if task.key else {}),
        }
    order = (tracker.get_slot("order_verified") or {}).get("number") or tracker.get_slot("order_number")
    return {
        "score": score,
        "intents": [intent for intent in intents if intent][-LAST_INTENTS:],
        "order": order,
        "slots": {name: value for name, value in slots.items() if value not in (None, 0)},
        "language": language_of(tracker),
    }


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
