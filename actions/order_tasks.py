"""What agents do about orders for a shopper: the bot's own topics, with their questions, terms and keys, one step a request.

Nothing is kept between two requests but what was sent to the shop: the desk sends back the facts that it was given.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Protocol

import msgspec

from actions.answer_words import simple
from actions.task_send import Sending, plain, send_change
from actions.task_work import find_order, work_about
from actions.tasks import Ask, Confirm, End, Option, Step, Task, Topic, Work, new_draft
from actions.topics import TOPICS
from actions.wording import Wording
from shop.client import Order, OrderNotFound, ShopClientError

logger = logging.getLogger(__name__)
LANGUAGES = ("zh", "en")
Mid = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Version = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{10}$")]


class TaskError(Exception):
    """A step cannot be taken; `code` is one of the desk's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Answer(msgspec.Struct, frozen=True):
    """What answers a question: an option's value, or words."""

    fact: str
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class OrderTask(msgspec.Struct, frozen=True):
    """A request for the next step of a task."""

    agent: str
    mid: Mid
    topic: str
    order: str
    customer: str | None = None
    phone_tail: str | None = None
    lang: Literal["zh", "en"] = "zh"
    facts: dict[str, str | dict[str, str]] = {}
    answer: Answer | None = None
    confirm: Version | None = None


class Sent(Protocol):
    """Remembers what was about to be sent to the shop under which key; the worker gives the ledger's `SentChanges`."""

    async def remember(self, cid: str, key: str, change: dict[str, Any]) -> dict[str, Any]:
        """Notes a change; answers an earlier one if there is one."""

    async def known(self, cid: str, key: str) -> dict[str, Any] | None:
        """What is noted under a key."""

    async def forget(self, cid: str, key: str) -> None:
        """It was surely not done."""


class OrderTasks:
    """Answers the desk's requests; `responses` is the domain's wording."""

    def __init__(self, responses: Mapping[str, Any], sent: Sent) -> None:
        self._domain = {"responses": responses}
        self._sent = sent

    async def answer(self, cid: str, body: dict[str, Any]) -> dict[str, Any]:
        """A step, the list of topics, or `{"error": {"code", "message"}}`. Raises LedgerUnavailable."""
        try:
            if body.get("what") == "topics":
                return {"topics": [self._listed(topic) for topic in TOPICS.values()]}
            if body.get("what") != "order_task":
                raise TaskError("bad_frame", "there is no such request")
            return await self._step(cid, _read(body))
        except TaskError as error:
            return _error(error.code, str(error))
        except OrderNotFound:
            return _error("order_not_found", "there is no such order, or the proof does not hold")
        except ShopClientError as error:
            logger.warning("the shop gave no usable answer to an agent's task: %s", error.code)
            return _error("shop_unavailable", f"the shop gave no usable answer ({error.code})")

    def _listed(self, topic: Topic) -> dict[str, Any]:
        label = {lang: Wording(self._domain, lang).text(f"utter_task_name_{topic.name}") for lang in LANGUAGES}
        return {"topic": topic.name, "label": label, "states": sorted(topic.states)}

    async def _step(self, cid: str, asked: OrderTask) -> dict[str, Any]:
        """The next question, the summary, or the last word; with `confirm` what was agreed to is carried out."""
        topic, wording = TOPICS[asked.topic], Wording(self._domain, asked.lang)
        order = await find_order(asked.order, asked.customer, asked.phone_tail)
        draft = new_draft(cid, order.number, topic.name)
        task = Task(topic.name, order.number, asked.phone_tail, draft, dict(asked.facts))
        hint = None
        if asked.answer is not None:
            task, hint = await _answered(task, asked.answer, await _work(task, order, asked, wording))
        work = await _work(task, order, asked, wording)
        step = await topic.next(work)
        if asked.confirm is not None:
            return await self._confirmed(cid, asked, asked.confirm, task, work, step)
        return _said(step, task, wording, hint)

    async def _confirmed(
        self, cid: str, asked: OrderTask, version: str, task: Task, work: Work, step: Step
    ) -> dict[str, Any]:
        """Carries out what the summary of this version says, or shows how it is by now."""
        topic = TOPICS[task.topic]
        key, noted = await self._noted(cid, asked, version)
        if noted is None:
            if not isinstance(step, Confirm):
                return _said(step, task, work.wording, None)
            if replace(task, change=plain(step.change)).version != version:
                return _said(step, task, work.wording, "changed")
            now = {"version": version, "change": plain(step.change)}
            noted = await self._sent.remember(cid, key, now)
            tried = False
        else:
            tried = True
        sending = Sending(noted["change"], key, cid, by=asked.agent, tried=tried)
        sent = await send_change(topic, work, step, sending)
        if sent.outcome == "not_done":
            await self._sent.forget(cid, key)
            raise TaskError("shop_unavailable", "the shop did not answer; nothing was done")
        return {**_said(sent.end, task, work.wording, None), "outcome": sent.outcome}

    async def _noted(self, cid: str, asked: OrderTask, version: str) -> tuple[str, dict[str, Any] | None]:
        """The key of a change, `conversation:mid:action`, and what was sent under it; another summary has another key."""
        key = f"{cid}:{asked.mid}:{asked.topic}"
        noted = await self._sent.known(cid, key)
        if noted is None or noted["version"] == version:
            return key, noted
        key = f"{cid}:{asked.mid}+{version}:{asked.topic}"
        return key, await self._sent.known(cid, key)


def _read(body: Mapping[str, Any]) -> OrderTask:
    known = {name: value for name, value in body.items() if name != "what"}
    try:
        asked = msgspec.convert(known, OrderTask)
    except msgspec.ValidationError as error:
        raise TaskError("bad_frame", str(error)) from None
    if asked.topic not in TOPICS:
        raise TaskError("not_found", f"there is no topic {asked.topic}")
    facts = TOPICS[asked.topic].facts
    for name in (*asked.facts, *([asked.answer.fact] if asked.answer else [])):
        if name not in facts:
            raise TaskError("bad_frame", f"{asked.topic} asks nothing called {name}")
    return asked


async def _work(task: Task, order: Order, asked: OrderTask, wording: Wording) -> Work:
    return await work_about(TOPICS[task.topic], order, asked.customer, asked.phone_tail, wording, task)


async def _answered(task: Task, answer: Answer, work: Work) -> tuple[Task, str | None]:
    """The task with one answer more, or as it is with why the question is asked again. An earlier answer may be given anew."""
    topic = TOPICS[task.topic]
    value = _value(topic, answer, await _options(topic, answer.fact, work))
    return (task, "unclear") if value is None else (task.with_fact(topic, answer.fact, value), None)


async def _options(topic: Topic, fact: str, work: Work) -> tuple[Option, ...]:
    """The buttons of the question about a fact, also when it has been answered."""
    step = await topic.next(replace(work, facts=dict(work.facts)))
    if not (isinstance(step, Ask) and step.fact == fact):
        before = topic.facts[: topic.facts.index(fact)]
        step = await topic.next(replace(work, facts={one: work.facts[one] for one in before if one in work.facts}))
    return step.options if isinstance(step, Ask) and step.fact == fact else ()


def _value(topic: Topic, answer: Answer, options: tuple[Option, ...]) -> Any | None:
    if answer.value in {option.value for option in options}:
        return answer.value
    text = answer.value if answer.fact in topic.free else simple(answer.value)
    chosen = topic.choose(answer.fact, text, options)
    return topic.read(answer.fact, text) if chosen is None else chosen


def _said(step: Step, task: Task, wording: Wording, hint: str | None) -> dict[str, Any]:
    """A step as docs/frames.md has it; `hint` says why a question or a summary comes again."""
    said = wording.text(step.response, **step.values)
    opening = wording.text(f"utter_task_{hint}") if hint and not isinstance(step, End) else ""
    found: dict[str, Any] = {"text": f"{opening}{said}", "facts": task.facts}
    if step.card is not None:
        found["card"] = step.card
    if isinstance(step, End):
        return {"step": "end", "outcome": "info" if TOPICS[task.topic].tells_only else "refused", **found}
    if isinstance(step, Confirm):
        return {"step": "confirm", "version": replace(task, change=plain(step.change)).version, **found}
    options = [{"value": one.value, "label": one.label} for one in step.options]
    free = step.fact in TOPICS[task.topic].free or not options
    return {"step": "ask", "fact": step.fact, "options": options, "free": free, **found}


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}
