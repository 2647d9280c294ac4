"""The assistant is not sure: it asks back, or admits that it did not understand. Unlike Rasa's own fallback it undoes nothing."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, entity_in, intent_of, language_of
from actions.wording import Wording

PERSON = "human_agent"


class Unsure(ShopdeskAction):
    """Offers the likeliest readings as buttons, or says that it did not understand."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_unsure"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """One sentence; where no rule led here, none leads on, so the turn is ended explicitly. A number is understood."""
        if intent_of(tracker) == "nlu_fallback" and entity_in(tracker, "order_number"):
            return [FollowupAction("order_form")]
        buttons = _readings(tracker, domain)
        if buttons:
            dispatcher.utter_message(response="utter_ask_back", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_unsure")
        return [] if intent_of(tracker) == "nlu_fallback" else [FollowupAction("action_listen")]


def _readings(tracker: Tracker, domain: DomainDict) -> list[dict[str, str]]:
    """A button for each likely reading that has a name (`utter_reading_…`), the likeliest first, and a person as the last.

    None when there is no reading to choose.
    """
    likely = [intent for intent in tracker.latest_message.get("readings") or [] if intent != PERSON]
    named = [intent for intent in [*likely, PERSON] if f"utter_reading_{intent}" in domain.get("responses", {})]
    if named in ([], [PERSON]):
        return []
    wording = Wording(domain, language_of(tracker))
    return [{"title": wording.text(f"utter_reading_{intent}"), "payload": f"/{intent}"} for intent in named]
