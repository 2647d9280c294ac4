"""Whether goods can go back: for the order in question, or the rules when there is none."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, entity_in
from actions.shop_terms import returns_today


class ReturnPolicy(ShopdeskAction):
    """能退吗: this item, or in general."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_return_policy"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """The order that was shown or named is looked at; else the rules are told, with the way to look at an order."""
        if tracker.get_slot("order_verified") or entity_in(tracker, "order_number"):
            return [SlotSet("order_question", "check_return"), FollowupAction("order_form")]
        terms = returns_today()
        dispatcher.utter_message(
            response="utter_return_policy",
            days=str(terms.no_reason_days),
            quality=str(terms.quality_return_days),
            exchange=str(terms.quality_exchange_days),
        )
        return []
