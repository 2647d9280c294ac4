"""The form of a task: reads what answers its question, asks the next, carries the change out, and says what has come of it.

A message that answers nothing makes the form step back, so that the rule of its own topic answers it; then the question is asked
again. A button of an older summary or of another task agrees to nothing.
"""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer_words import says, simple
from actions.base import ShopdeskAction, customer_of, done_this_turn, entity_in, goes_on, intent_of, language_of
from actions.task_send import Sending, plain, send_change
from actions.task_work import work_of
from actions.tasks import CONFIRM, EDIT, NO, YES, Ask, Confirm, End, Option, Step, Task, Topic, Work, parse_answer
from actions.topics import TOPICS
from actions.wording import Wording
from shop.client import OrderNotFound, ShopClientError, TooManyAttempts

ENDED = [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("task", None), SlotSet("order_question", None)]


class ValidateTaskForm(ShopdeskAction):
    """Reads the shopper's answer to the question that was asked, or a correction of an earlier one."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "validate_task_form"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """The task with one answer more; nothing when the message answers nothing."""
        task = Task.of(tracker.get_slot("task"))
        if task is None or task.asking is None or any(one.get("event") == "bot" for one in done_this_turn(tracker)):
            return []
        known = read_answer(task, tracker)
        if known is None:
            return []
        return [SlotSet("task", known.slot()), SlotSet("requested_slot", "task_answer")]


class GoOn(ShopdeskAction):
    """Asks the next question of the task, shows its summary, or carries it out."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_ask_task_form_task_answer"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """One step."""
        task = Task.of(tracker.get_slot("task"))
        if task is None or task.topic not in TOPICS:
            return list(ENDED)
        wording = Wording(domain, language_of(tracker))
        try:
            work = await work_of(task, customer_of(tracker), wording)
            step = await TOPICS[task.topic].next(work)
            if task.facts.get(CONFIRM) == YES and task.change is not None and (task.key or not _changed(step, task)):
                return await _carry_out(task, work, step, dispatcher, tracker)
        except OrderNotFound:
            dispatcher.utter_message(response="utter_task_proof_gone")
            return list(ENDED)
        except TooManyAttempts:
            dispatcher.utter_message(response="utter_order_attempts_over")
            return list(ENDED)
        except ShopClientError:
            dispatcher.utter_message(response="utter_shop_unavailable")
            return [SlotSet("task", task.slot())]
        return _say(step, task, dispatcher, tracker, wording)


def read_answer(task: Task, tracker: Tracker) -> Task | None:
    """The task after the shopper's latest message, or None when that is about something else."""
    topic, intent = TOPICS[task.topic], intent_of(tracker)
    pressed = parse_answer(entity_in(tracker, "task_answer"))
    if pressed is not None:
        return _pressed(task, topic, pressed)
    text = tracker.latest_message.get("text") or ""
    if text.startswith("/") or entity_in(tracker, "order_number") or intent in ("human_agent", "another_order"):
        return None
    if intent == "stop" and (task.asking == CONFIRM or task.asking in topic.free or says("gives_up", text)):
        return None
    read = _confirmed if task.asking == CONFIRM else _answered
    answered = read(task, topic, text if task.asking in topic.free else simple(text), intent)
    if answered is not None:
        return answered
    if intent in ("nlu_fallback", "ack", "affirm", "choose_order", "provide_order_details") or intent in topic.intents:
        return replace(task, hint="unclear" if intent not in topic.intents else None)
    return None


def _pressed(task: Task, topic: Topic, pressed: tuple[str, str, str]) -> Task | None:
    draft, fact, value = pressed
    if draft != task.draft:
        return None
    if fact == CONFIRM:
        answer, _, version = value.partition(":")
        if answer == YES and version != task.version:
            return replace(task, hint="changed")
        return _settled(task, answer)
    return task.with_fact(topic, fact, value)


def _confirmed(task: Task, topic: Topic, text: str, intent: str | None) -> Task | None:
    if (corrected := _corrected(task, topic, text)) is not None:
        return corrected
    if says("agrees", text) or (intent == "affirm" and len(text) <= 12):
        return _settled(task, YES)
    if says("changes", text):
        return _settled(task, EDIT)
    return _settled(task, NO) if intent == "deny" else None


def _settled(task: Task, answer: str) -> Task:
    """What the shopper says to the summary; who wants to change something is asked from the start."""
    if answer == EDIT:
        return replace(task, facts={}, asking=None, options=(), hint=None)
    return replace(task, facts={**task.facts, CONFIRM: answer}, hint=None)


def _answered(task: Task, topic: Topic, text: str, intent: str | None) -> Task | None:
    fact = task.asking or ""
    value = topic.choose(fact, text, task.options)
    if value is None and not (fact in topic.free and _other_matter(topic, text, intent)):
        value = topic.read(fact, text)
    if value is not None:
        return task.with_fact(topic, fact, value)
    return _corrected(task, topic, text)


def _other_matter(topic: Topic, text: str, intent: str | None) -> bool:
    """Whether words that could be an answer ask about something else: 等下,先问个优惠券的事."""
    return intent not in topic.intents and intent != "nlu_fallback" and says("asks", text)


def _corrected(task: Task, topic: Topic, text: str) -> Task | None:
    """An earlier answer said anew: 不对,是质量问题."""
    if not says("changes", text):
        return None
    for fact in topic.facts:
        value = topic.read(fact, text) if fact in task.facts else None
        if value is not None and value != task.facts[fact]:
            return task.with_fact(topic, fact, value)
    return None


async def _carry_out(
    task: Task, work: Work, step: Step, dispatcher: CollectingDispatcher, tracker: Tracker
) -> list[EventType]:
    """Sends the change that was agreed to, once: a turn that is run again, and a try after a time-out, have the same key."""
    topic = TOPICS[task.topic]
    key = task.key or key_of(tracker, topic.name)
    sending = Sending(task.change or {}, key, tracker.sender_id, tried=task.key is not None)
    sent = await send_change(topic, work, step, sending)
    _utter(sent.end, dispatcher)
    if sent.outcome == "uncertain":
        return _left(replace(task, key=key))
    if sent.outcome == "not_done":
        return _left(task)
    return _finished(task, tracker, sent.receipt)


def _changed(step: Step, task: Task) -> bool:
    """Whether what would be done now is not what the shopper agreed to."""
    return isinstance(step, Confirm) and plain(step.change) != task.change


def _left(task: Task) -> list[EventType]:
    """The task waits for another try; nothing is asked meanwhile."""
    return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("task", replace(task, asking=None).slot())]


def _finished(task: Task, tracker: Tracker, receipt: str | None = None) -> list[EventType]:
    """Ends the task; what was written is remembered by its draft, and the task that was put aside can be taken up."""
    done = dict(tracker.get_slot("tasks_done") or {})
    if receipt:
        done[task.draft] = receipt
    return [*ENDED, SlotSet("tasks_done", done)]


def _say(
    step: Step, task: Task, dispatcher: CollectingDispatcher, tracker: Tracker, wording: Wording
) -> list[EventType]:
    if isinstance(step, End):
        _utter(step, dispatcher)
        return _finished(task, tracker)
    if isinstance(step, Confirm) and task.facts.get(CONFIRM) == NO:
        dispatcher.utter_message(response="utter_task_dropped")
        return _finished(task, tracker)
    if isinstance(step, Confirm):
        if task.facts.get(CONFIRM) == YES:
            task = replace(task, hint="changed")
        facts = {name: value for name, value in task.facts.items() if name != CONFIRM}
        task = replace(task, change=plain(step.change), facts=facts)
        step = _question(step, task, wording)
    opening = _opening(task, tracker, wording)
    text = wording.text(step.response, **step.values)
    buttons = [{"title": option.label, "payload": task.answer(step.fact, option.value)} for option in step.options]
    dispatcher.utter_message(
        text=f"{opening}{text}", buttons=buttons, json_message={"card": step.card} if step.card else None
    )
    asked = replace(task, asking=step.fact, options=step.options, hint=None)
    return [SlotSet("task", asked.slot())]


def _question(step: Confirm, task: Task, wording: Wording) -> Ask:
    """The summary as a question."""
    options = (
        Option(f"{YES}:{task.version}", wording.text("utter_task_yes")),
        Option(EDIT, wording.text("utter_task_edit")),
        Option(NO, wording.text("utter_task_no")),
    )
    return Ask(CONFIRM, step.response, options, step.values, step.card)


def _opening(task: Task, tracker: Tracker, wording: Wording) -> str:
    """What comes before a question that is asked again: why, or back to what."""
    if task.hint:
        return wording.text(f"utter_task_{task.hint}")
    if any(one.get("event") == "bot" for one in done_this_turn(tracker)) and task.asking and not goes_on(tracker):
        return wording.text("utter_task_back", task=wording.text(f"utter_task_name_{task.topic}"))
    return ""


def _utter(end: End, dispatcher: CollectingDispatcher) -> None:
    dispatcher.utter_message(response=end.response, json_message={"card": end.card} if end.card else None, **end.values)


def key_of(tracker: Tracker, action: str) -> str:
    """The idempotency key of a change: `conversation:mid:action`."""
    metadata = tracker.latest_message.get("metadata") or {}
    return f"{metadata.get('conversation') or tracker.sender_id}:{metadata.get('mid') or 'none'}:{action}"
