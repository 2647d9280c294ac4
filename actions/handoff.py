"""Hands the conversation to a person: says so, with what the agent should know first. When to is decided by the escalation policy."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, count_in
from actions.handoff_context import known_of
from actions.next_step import next_step_of
from actions.orders import MOST_WRONG_PAIRS
from actions.skills import skill_of

ASKED = 3
ASKED_AFTER_FAILURES = 5
SAID_BY_RULE = {"angry": "utter_handoff_angry", "complaint": "utter_handoff_angry", "asked": "utter_handoff"}
"""How the shopper is told; any other rule apologises for not having managed."""


class Handoff(ShopdeskAction):
    """Asks the ledger for a person."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_handoff"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Hands over; an open form ends here."""
        decision = tracker.get_slot("escalation") or _asked(tracker)
        skill = skill_of(decision["rule"], tracker)
        why = {
            "rule": decision["rule"],
            "reason": decision["reason"],
            "priority": max(decision["priority"], ASKED_AFTER_FAILURES if _was_let_down(tracker) else 0),
            "evidence": decision["evidence"],
        }
        known = known_of(tracker, domain, decision["rule"])
        then = await next_step_of(decision["rule"], tracker, domain)
        context = {**why, "score": decision["score"], **known, "next": then}
        said = SAID_BY_RULE.get(decision["rule"], "utter_handoff_stuck")
        handoff = {**why, "skill": skill, "context": context}
        dispatcher.utter_message(response=said, json_message={"handoff": handoff})
        ended = [SlotSet(slot, None) for slot in ("requested_slot", "escalation", "task", "task_before")]
        return [ActiveLoop(None), *ended]


def _asked(tracker: Tracker) -> dict[str, Any]:
    """What a rule of the dialogue decides: the shopper asked, in words or by a button."""
    text = tracker.latest_message.get("text") or ""
    evidence = [] if text.startswith("/") else [text]
    return {"rule": "asked", "reason": "顾客要求人工", "priority": ASKED, "score": 1.0, "evidence": evidence}


def _was_let_down(tracker: Tracker) -> bool:
    return count_in(tracker, "action_failures") > 0 or count_in(tracker, "order_attempts") >= MOST_WRONG_PAIRS
