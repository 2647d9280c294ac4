"""What the bot has done in a session, as an agent reads it: codes with labels, made of what it said and what it wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa_sdk import Tracker

from actions.base import session_of
from actions.skills import SKILL_OF_INTENT
from actions.tasks import CONFIRM, Task, topic_of_draft
from actions.topics import TOPICS
from actions.wording import BothLanguages

MOST_TRIED = 10
CODE_OF_RESPONSE = {
    "utter_ask_order": "asked_order",
    "utter_ask_order_again": "asked_order",
    "utter_ask_order_number": "asked_order",
    "utter_ask_phone_tail": "asked_order",
    "utter_choose_order": "offered_orders",
    "utter_choose_order_unclear": "offered_orders",
    "utter_order_not_found": "order_not_found",
    "utter_order_not_found_signed_in": "order_not_found",
    "utter_order_attempts_over": "order_not_found",
    "utter_shop_unavailable": "shop_away",
    "utter_task_not_done": "shop_away",
    "utter_task_uncertain": "uncertain",
    "utter_action_failed": "failed",
    "utter_ask_back": "asked_back",
    "utter_unsure": "not_understood",
    "utter_return_policy": "told_return_terms",
    "utter_check_return_yes": "checked_return",
    "utter_check_return_no": "checked_return",
    "utter_task_dropped": "dropped",
}
HANDED = {("action", "action_handoff"), ("slot", "agreed")}
"""Events by which the conversation goes to a person, and comes back."""
Tried = dict[str, Any]


def tried_in(tracker: Tracker, wording: BothLanguages) -> list[Tried]:
    """The steps since the session began or a person last had the conversation, each once, oldest first."""
    steps: list[Tried] = []
    for step in [*_answers(tracker, wording), *_settled(tracker, wording), *_under_way(tracker, wording)]:
        if step not in steps:
            steps.append(step)
    return steps[-MOST_TRIED:]


def _answers(tracker: Tracker, wording: BothLanguages) -> Iterator[Tried]:
    """What its messages were; one that has no code of its own has answered what the shopper asked last."""
    intent = ""
    for event in _since_handed(tracker):
        if event.get("event") == "user":
            intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name") or ""
        elif event.get("event") == "bot":
            said = str((event.get("metadata") or {}).get("utter_action") or "")
            card = ((event.get("data") or {}).get("custom") or {}).get("card") or {}
            if card.get("type") == "order":
                sent = any(one.get("events") for one in card.get("shipments") or [])
                yield _step("showed_tracking" if sent else "showed_order", wording)
            elif said in CODE_OF_RESPONSE:
                yield _step(CODE_OF_RESPONSE[said], wording)
            elif said and intent in SKILL_OF_INTENT:
                topic = wording.intent(intent)
                yield {"code": "answered", "label": wording.filled("utter_tried_answered", topic=topic)}


def _settled(tracker: Tracker, wording: BothLanguages) -> Iterator[Tried]:
    """The receipts of this session."""
    before: dict[str, str] = {}
    for event in session_of(tracker):
        if event.get("event") == "user":
            break
        if event.get("event") == "slot" and event.get("name") == "tasks_done":
            before = event.get("value") or {}
    for draft, receipt in (tracker.get_slot("tasks_done") or {}).items():
        if draft not in before and topic_of_draft(draft) in TOPICS:
            task = wording.text(f"utter_task_name_{topic_of_draft(draft)}")
            number = {"zh": receipt, "en": receipt}
            yield {"code": "done", "label": wording.filled("utter_tried_done", task=task, number=number)}


def _under_way(tracker: Tracker, wording: BothLanguages) -> Iterator[Tried]:
    """The task that was begun and is not done, and how far it is."""
    task = Task.of(tracker.get_slot("task"))
    if task is None or task.topic not in TOPICS:
        return
    name = wording.text(f"utter_task_name_{task.topic}")
    if task.key:
        yield {"code": "unconfirmed", "label": wording.filled("utter_tried_unconfirmed", task=name)}
    elif task.asking and (task.asking == CONFIRM or task.asking in TOPICS[task.topic].facts):
        fact = wording.text(f"utter_fact_{task.asking}")
        yield {"code": "under_way", "label": wording.filled("utter_tried_under_way", task=name, fact=fact)}


def _since_handed(tracker: Tracker) -> list[dict[str, Any]]:
    events = session_of(tracker)
    handed = [at for at, one in enumerate(events) if (one.get("event"), one.get("name")) in HANDED]
    return events[handed[-1] + 1 :] if handed else events


def _step(code: str, wording: BothLanguages) -> Tried:
    return {"code": code, "label": wording.text(f"utter_tried_{code}")}
