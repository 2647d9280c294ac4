"""What the bot knew, for the agent who takes over: what was asked, the order, what is known of a task, the mood."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.types import DomainDict

from actions.base import language_of, session_of
from actions.tasks import Task
from actions.tried import tried_in
from actions.wording import BothLanguages

MOST_ASKED = 5
SHOWN_SLOTS = ("order_number", "order_question", "order_attempts", "action_failures")
ANNOYED, ANGRY = 1, 2
LATELY = 3
NOT_CALM = frozenset({"complaint", "rejected", "answered_again", "asked_again", "failed"})
"""Rules that a calm shopper seldom gives reason for."""


def known_of(tracker: Tracker, domain: DomainDict, rule: str) -> dict[str, Any]:
    """The part of docs/frames.md's `context` that the conversation itself tells."""
    wording = BothLanguages(domain)
    agreed = tracker.get_slot("agreed")
    order = (tracker.get_slot("order_verified") or {}).get("number") or tracker.get_slot("order_number")
    return {
        "asked": asked_in(tracker, wording),
        "tried": tried_in(tracker, wording),
        **({"order": order} if order else {}),
        "slots": _slots(tracker),
        "language": language_of(tracker),
        "mood": mood_of(tracker, rule),
        **(
            {"agreed": {name: agreed[name] for name in ("summary", "by", "at")}} if agreed and agreed["summary"] else {}
        ),
    }


def asked_in(tracker: Tracker, wording: BothLanguages) -> list[dict[str, Any]]:
    """The shopper's latest messages with how they were read, oldest first; of a button what stood on it."""
    found: list[dict[str, Any]] = []
    labels: dict[str, str] = {}
    for event in session_of(tracker):
        if event.get("event") == "bot":
            buttons = (event.get("data") or {}).get("buttons") or []
            labels |= {str(button.get("payload")): str(button.get("title")) for button in buttons}
        elif event.get("event") == "user":
            text = event.get("text") or ""
            intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name") or "nlu_fallback"
            found.append({"text": labels.get(text, text), "intent": intent, "label": wording.intent(intent)})
    return found[-MOST_ASKED:]


def mood_of(tracker: Tracker, rule: str) -> str:
    """`angry`, `annoyed` or `calm`, by what was read in the latest messages and by the rule that held."""
    said = [event for event in session_of(tracker) if event.get("event") == "user"][-LATELY:]
    levels = [((event.get("parse_data") or {}).get("anger") or {}).get("level", 0) for event in said]
    if rule == "angry" or ANGRY in levels[-1:]:
        return "angry"
    return "annoyed" if rule in NOT_CALM or any(level >= ANNOYED for level in levels) else "calm"


def _slots(tracker: Tracker) -> dict[str, Any]:
    """What is known, with what an agent needs to see the order: for an order that the phone has proved, its ending."""
    slots = {name: tracker.get_slot(name) for name in SHOWN_SLOTS}
    verified = tracker.get_slot("order_verified") or {}
    if verified.get("number"):
        tail = verified.get("tail")
        slots["order_verified"] = {"number": verified["number"], **({"phone_tail": tail} if tail else {})}
    task = Task.of(tracker.get_slot("task"))
    if task is not None:
        unconfirmed = {"unconfirmed": task.key} if task.key else {}
        slots["task"] = {"topic": task.topic, "order": task.order, **task.facts, **unconfirmed}
    return {name: value for name, value in slots.items() if value not in (None, 0)}
