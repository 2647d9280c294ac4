"""The next step that the terms suggest to the agent who takes over: worked out for the order in question, in both languages.

Nothing is asked of the shop for longer than a moment, and what could not be asked is not guessed: then advice from a file stands alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime, timezone

from rasa_sdk import Tracker
from rasa_sdk.types import DomainDict

from actions.base import customer_of
from actions.damage import CAME
from actions.next_steps_file import next_steps
from actions.order_card import next_step, state_in_words
from actions.order_lines import ALL, lines_left
from actions.return_rulings import Judged, judge
from actions.return_sentences import reason_in_words, why_not
from actions.skills import skill_of_topic, topical_intent
from actions.task_begin import said_about
from actions.task_work import find_order, work_about
from actions.tasks import Ask, Confirm, End, Step, Task, Topic, Work
from actions.topics import TOPICS
from actions.wording import BothLanguages, InBoth, Wording
from shop.client import Order, ShopClientError

log = logging.getLogger(__name__)

WITHIN_S = 0.3
"""How long the shop may take: a person is waited for."""
MOST_ROWS = 4
MOST_LINES = 3
RULED_BY_CAUSE = {"check_return": None, "return": None, "exchange": None, "damaged": "damaged"}
"""Topics that the terms about goods that came decide: by which cause, where that is no question."""
TOPIC_OF_INTENT = {topic.intents[0]: topic for topic in TOPICS.values()} | {
    "check_returnable": TOPICS["check_return"],
    "refund_terms": TOPICS["refund"],
}


async def next_step_of(rule: str, tracker: Tracker, domain: DomainDict) -> InBoth:
    """What to do first, by the rule that asked for a person, by the terms, and by the topic."""
    advice, about = next_steps(), _topic(tracker)
    found = await _worked_out(about, tracker, BothLanguages(domain))
    parts = [advice.by_rule.get(rule), found, advice.by_topic.get(about.name) if about else None]
    if found is None and parts[-1] is None:
        parts.append(advice.by_skill[skill_of_topic(tracker)])
    said = [part for part in parts if part]
    return {"zh": "".join(one["zh"] for one in said), "en": " ".join(one["en"] for one in said)}


def _topic(tracker: Tracker) -> Topic | None:
    """What is under way, or else what was spoken of last."""
    task = Task.of(tracker.get_slot("task"))
    if task is not None:
        return TOPICS.get(task.topic)
    return TOPIC_OF_INTENT.get(topical_intent(tracker) or "")


async def _worked_out(topic: Topic | None, tracker: Tracker, wording: BothLanguages) -> InBoth | None:
    """What holds for the order that was proved; None without one, and when the shop takes too long."""
    task = Task.of(tracker.get_slot("task"))
    verified = tracker.get_slot("order_verified") or {}
    number, tail = (task.order, task.tail) if task else (verified.get("number"), verified.get("tail"))
    if number is None:
        return None
    try:
        order = find_order(number, customer_of(tracker), tail)
        return await asyncio.wait_for(_about(topic, order, tail, tracker, wording), WITHIN_S)
    except (ShopClientError, asyncio.TimeoutError) as error:
        log.info("no next step worked out in conversation %s: %s", tracker.sender_id, type(error).__name__)
    except Exception:
        # A person must come all the same.
        log.exception("the next step could not be worked out in conversation %s", tracker.sender_id)
    return None


async def _about(
    topic: Topic | None, asked: Awaitable[Order], tail: str | None, tracker: Tracker, both: BothLanguages
) -> InBoth:
    order = await asked
    if topic is None:
        return {language: _state(order, one) for language, one in both.of.items()}
    task = Task.of(tracker.get_slot("task"))
    facts = task.facts if task else topic.begin(said_about(topic, tracker), order)
    work = await work_about(topic, order, customer_of(tracker), tail, both.of["zh"])
    said = [advise(topic, replace(work, wording=one, facts=dict(facts))) for one in both.of.values()]
    return dict(zip(both.of, await asyncio.gather(*said)))  # noqa: B905


async def advise(topic: Topic, work: Work) -> str:
    """What the topic says about an order, to an agent. Raises ShopClientError."""
    if topic.name in RULED_BY_CAUSE and work.order.state in CAME and lines_left(work.order):
        cause = work.facts.get("cause") or RULED_BY_CAUSE[topic.name] or "no_reason"
        work.facts.update(cause=cause, items=work.facts.get("items") or ALL)
        judged = judge(work)
        if all(one.ruling.reasons[0].name != "not_signed" for one in judged):
            return _ruled(judged[:MOST_LINES], cause, work)
    return _said(await topic.next(work), topic, work.wording)


def _ruled(judged: list[Judged], cause: str, work: Work) -> str:
    """按“不想要、不合适”算：可退（签收第 3 天，在 7 天内），运费由顾客承担。"""
    lines, wording = [], work.wording
    for one in judged:
        ruling = one.ruling
        decided = [reason for reason in ruling.reasons if any(name == "day" for name, _ in reason.values)]
        why = why_not(ruling, wording) if ruling.outcome == "refuse" else reason_in_words(decided[-1], wording)
        line = wording.text(f"utter_next_outcome_{ruling.outcome}", why=why)
        if ruling.freight:
            insured = ruling.freight == "buyer" and work.order.freight_insurance
            line += wording.text(f"utter_next_freight_{'insured' if insured else ruling.freight}")
        lines.append(line if len(judged) == 1 else wording.text("utter_next_line", item=one.item.name, line=line))
    listed = wording.text("utter_list_separator").join(lines)
    return wording.text("utter_next_ruled", cause=wording.text(f"utter_cause_{cause}"), lines=listed)


def _said(step: Step, topic: Topic, wording: Wording) -> str:
    """A step of the topic's as it is told to an agent."""
    if isinstance(step, End):
        return wording.text("utter_next_end", text=wording.text(step.response, **step.values))
    task = wording.text(f"utter_task_name_{topic.name}")
    if isinstance(step, Ask):
        return wording.text("utter_next_ask", task=task, fact=wording.text(f"utter_fact_{step.fact}"))
    assert isinstance(step, Confirm)
    rows = wording.text("utter_list_separator").join(
        wording.text("utter_next_row", label=row["label"], value=row["value"]) for row in step.card["rows"][:MOST_ROWS]
    )
    return wording.text("utter_next_confirm", task=task, rows=rows)


def _state(order: Order, wording: Wording) -> str:
    now = next_step(order, (), wording, datetime.now(timezone.utc))
    return wording.text("utter_next_state", state=state_in_words(order.state, wording), next=now)
