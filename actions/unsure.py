"""The assistant did not understand: an honest sentence and ways on. Unlike Rasa's own fallback it does not undo the message."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, entity_in, intent_of


class Unsure(ShopdeskAction):
    """Says that it did not understand."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_unsure"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """One sentence; where no rule led here, none leads on, so the turn is ended explicitly. A number is understood."""
        if intent_of(tracker) == "nlu_fallback" and entity_in(tracker, "order_number"):
            return [FollowupAction("order_form")]
        dispatcher.utter_message(response="utter_unsure")
        return [] if intent_of(tracker) == "nlu_fallback" else [FollowupAction("action_listen")]
