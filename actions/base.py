"""What every action shares: it never fails silently, and it reads who is asking from where that can be trusted."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

log = logging.getLogger(__name__)

DEFAULT_LANGUAGE = "zh"


class ShopdeskAction(Action, ABC):
    """An action that says so when it fails. Rasa itself would skip it without a word."""

    @abstractmethod
    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """What the action does."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Runs `decide`; a failure becomes an apology and the offer of a person."""
        return await aloud(self.name(), self.decide(dispatcher, tracker, domain), dispatcher, tracker)


async def aloud(
    name: str, work: Awaitable[list[EventType]], dispatcher: CollectingDispatcher, tracker: Tracker
) -> list[EventType]:
    """The events of an action's work; when it fails: a logged traceback, an apology instead of what was half said, a count."""
    try:
        return await work
    except Exception:
        log.exception("the action %s failed in conversation %s", name, tracker.sender_id)
        dispatcher.messages.clear()
        dispatcher.utter_message(response="utter_action_failed")
        return [SlotSet("action_failures", count_in(tracker, "action_failures") + 1)]


def customer_of(tracker: Tracker) -> str | None:
    """The customer's id as the gateway verified it for this very message; nothing that a shopper types gets there."""
    metadata: dict[str, Any] = tracker.latest_message.get("metadata") or {}
    customer = metadata.get("customer")
    return customer if isinstance(customer, str) and customer else None


def language_of(tracker: Tracker) -> str:
    """The language the conversation is held in."""
    return tracker.get_slot("language") or DEFAULT_LANGUAGE


def intent_of(tracker: Tracker) -> str | None:
    """The intent of the shopper's latest message."""
    return (tracker.latest_message.get("intent") or {}).get("name")


def intents_said(tracker: Tracker) -> list[str]:
    """The intents of the shopper's messages in this session, oldest first."""
    said = [event for event in session_of(tracker) if event.get("event") == "user"]
    intents = [((event.get("parse_data") or {}).get("intent") or {}).get("name") for event in said]
    return [intent for intent in intents if intent]


def session_of(tracker: Tracker) -> list[dict[str, Any]]:
    """The events of the session, oldest first."""
    events: list[dict[str, Any]] = list(tracker.events)
    begins = [at for at, event in enumerate(events) if event.get("event") == "session_started"]
    return events[begins[-1] + 1 :] if begins else events


def entity_in(tracker: Tracker, name: str) -> str | None:
    """The value of an entity in the shopper's latest message."""
    return next(tracker.get_latest_entity_values(name), None)


def goes_on(tracker: Tracker) -> bool:
    """Whether the message is the second or a later one of several requests that came in one."""
    metadata: dict[str, Any] = tracker.latest_message.get("metadata") or {}
    return int(metadata.get("part") or 1) > 1


def count_in(tracker: Tracker, slot: str) -> int:
    """A slot that counts."""
    return int(tracker.get_slot(slot) or 0)


def done_this_turn(tracker: Tracker) -> list[dict[str, Any]]:
    """The events since the shopper's latest message, newest first."""
    events: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        events.append(event)
    return events
