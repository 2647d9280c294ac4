"""Opens a session: the language comes from the shopper's page, and what was proved or counted in the last session is over."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import DEFAULT_LANGUAGE, ShopdeskAction
from actions.tasks import Task
from actions.wording import Wording

LANGUAGES = ("zh", "en")
ENDS_WITH_SESSION = frozenset(
    {
        "order_number",
        "phone_tail",
        "order_question",
        "order_hint",
        "order_tried",
        "orders_offered",
        "order_verified",
        "order_attempts",
        "action_failures",
        "escalation",
        "requested_slot",
        "task",
        "task_before",
        "task_answer",
        "session_started_metadata",
    }
)


class SessionStart(ShopdeskAction):
    """Takes the place of Rasa's action_session_start, which would carry every slot over."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_session_start"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Starts with what outlives a session."""
        kept = {
            slot: value for slot, value in tracker.slots.items() if value is not None and slot not in ENDS_WITH_SESSION
        }
        metadata: dict[str, Any] = tracker.get_slot("session_started_metadata") or {}
        if "language" not in kept and metadata.get("lang") in LANGUAGES:
            kept["language"] = metadata["lang"]
        left = Task.of(tracker.get_slot("task"))
        if left is not None:
            kept["left_off"] = {"topic": left.topic, "order": left.order}
            wording = Wording(domain, kept.get("language") or DEFAULT_LANGUAGE)
            name = wording.text(f"utter_task_name_{left.topic}")
            said = "utter_left_off_uncertain" if left.key else "utter_left_off"
            dispatcher.utter_message(response=said, task=name, number=left.order)
        return [
            SessionStarted(),
            *(SlotSet(slot, value) for slot, value in sorted(kept.items())),
            ActionExecuted("action_listen"),
        ]
