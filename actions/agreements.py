"""Tells what a person has agreed with the shopper, as the person wrote it down; or that nothing was, and offers one."""

from __future__ import annotations

from datetime import datetime

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, language_of
from actions.wording import Wording


class TellAgreed(ShopdeskAction):
    """刚才客服怎么说的."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_tell_agreed"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """In their words, with their name and the time."""
        agreed = tracker.get_slot("agreed")
        if not agreed or not agreed.get("summary"):
            dispatcher.utter_message(response="utter_nothing_agreed")
            return []
        at = Wording(domain, language_of(tracker)).moment(datetime.fromisoformat(agreed["at"].replace("Z", "+00:00")))
        dispatcher.utter_message(response="utter_agreed", by=agreed["by"], at=at, summary=agreed["summary"])
        return []
