"""Begins a task about an order, puts another one aside for it, and takes one up again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer_words import simple
from actions.base import ShopdeskAction, customer_of, entity_in, language_of
from actions.task_work import work_about
from actions.tasks import End, Task, Topic, new_draft, parse_answer, topic_of_draft
from actions.topics import TOPICS
from actions.wording import Wording
from shop.client import Order

FORM = "task_form"
SAID_LATELY = 4


def begin_task(topic: Topic, order: Order, tracker: Tracker) -> list[EventType]:
    """A task about an order that was proved just now; an unfinished one about something else is put aside."""
    metadata = tracker.latest_message.get("metadata") or {}
    draft = new_draft(tracker.sender_id, f"{metadata.get('mid')}:{order.number}", topic.name)
    customer, tail = customer_of(tracker), tracker.get_slot("phone_tail")
    own = customer is not None and order.customer_id == customer
    task = Task(topic.name, order.number, None if own else tail, draft, topic.begin(said_about(topic, tracker), order))
    events: list[EventType] = [
        SlotSet("order_number", order.number),
        SlotSet("order_verified", {"number": order.number, "tail": tail}),
        SlotSet("order_tried", None),
        SlotSet("task", task.slot()),
    ]
    unfinished = Task.of(tracker.get_slot("task"))
    if unfinished is not None and unfinished.topic != topic.name:
        events.append(SlotSet("task_before", unfinished.slot()))
    return [*events, ActiveLoop(FORM), SlotSet("requested_slot", "task_answer")]


async def tell(
    topic: Topic, order: Order, dispatcher: CollectingDispatcher, tracker: Tracker, wording: Wording
) -> list[EventType]:
    """What a topic has to tell about an order that was proved just now. Raises ShopClientError."""
    tail = tracker.get_slot("phone_tail")
    end = await topic.next(await work_about(topic, order, customer_of(tracker), tail, wording))
    assert isinstance(end, End)
    dispatcher.utter_message(response=end.response, json_message={"card": end.card} if end.card else None, **end.values)
    return [
        SlotSet("order_number", order.number),
        SlotSet("order_verified", {"number": order.number, "tail": tail}),
        SlotSet("order_tried", None),
        SlotSet("order_question", None),
    ]


def take_up(tracker: Tracker | None = None) -> list[EventType]:
    """Back to the task that is under way; with a tracker only if there is one that waits for an answer."""
    if tracker is not None:
        task = Task.of(tracker.get_slot("task"))
        if task is None or task.asking is None:
            return []
    return [ActiveLoop(FORM), SlotSet("requested_slot", "task_answer")]


class EndTask(ShopdeskAction):
    """After a task: offers to go on with the one that was put aside for it."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_task_end"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Asks once."""
        before = Task.of(tracker.get_slot("task_before"))
        if before is None or tracker.get_slot("task") is not None:
            return []
        wording = Wording(domain, language_of(tracker))
        dispatcher.utter_message(response="utter_task_resume", task=wording.text(f"utter_task_name_{before.topic}"))
        left = {"topic": before.topic, "order": before.order, "tail": before.tail}
        return [SlotSet("task_before", None), SlotSet("left_off", left)]


class ResumeTask(ShopdeskAction):
    """Takes up what was left off: about the same order, which has to be proved again."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_resume_task"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Back to the order form, which asks for what it needs."""
        left: Any = tracker.get_slot("left_off")
        if Task.of(tracker.get_slot("task")) is not None and not left:
            return take_up()
        if not isinstance(left, dict) or left.get("topic") not in TOPICS:
            dispatcher.utter_message(response="utter_nothing_left_off")
            return []
        tail = left.get("tail") or tracker.get_slot("phone_tail")
        return [
            SlotSet("left_off", None),
            SlotSet("order_number", left["order"]),
            SlotSet("phone_tail", tail),
            SlotSet("orders_offered", None),
            SlotSet("order_question", left["topic"]),
            FollowupAction("order_form"),
        ]


class LateAnswer(ShopdeskAction):
    """A button of a task that is over, or of another one: nothing is done by it, and it is said why."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_late_answer"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Done already, with its number; or over, with the way to begin again."""
        if tracker.get_slot("left_off") and _just_returned(tracker):
            return []
        pressed = parse_answer(entity_in(tracker, "task_answer"))
        draft = pressed[0] if pressed else ""
        wording = Wording(domain, language_of(tracker))
        receipt = (tracker.get_slot("tasks_done") or {}).get(draft)
        topic = TOPICS.get(topic_of_draft(draft))
        if topic is None:
            dispatcher.utter_message(response="utter_nothing_left_off")
            return []
        name = wording.text(f"utter_task_name_{topic.name}")
        if receipt:
            dispatcher.utter_message(response="utter_task_done_already", task=name, number=receipt)
            return []
        again = [{"title": wording.text("utter_task_again", task=name), "payload": f"/{topic.intents[0]}"}]
        dispatcher.utter_message(text=wording.text("utter_task_expired", task=name), buttons=again)
        return []


def _just_returned(tracker: Tracker) -> bool:
    """Whether the session began with this message, so that what was left off has been told already."""
    events = [event.get("event") for event in tracker.events if event.get("event") in ("user", "session_started")]
    return events[-2:] == ["session_started", "user"]


def said_about(topic: Topic, tracker: Tracker) -> str:
    """What the shopper has typed about it: from the message that began it on."""
    said: list[str] = []
    for event in reversed(tracker.events):
        if event.get("event") != "user" or len(said) >= SAID_LATELY:
            continue
        text = event.get("text") or ""
        if not text.startswith("/"):
            said.append(text)
        if (event.get("parse_data") or {}).get("intent", {}).get("name") in topic.intents:
            break
    else:
        said = said[:1]
    text = "\n".join(reversed(said))
    return text if topic.free else simple(text)
