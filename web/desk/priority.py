"""What priority, skill and mark a waiting conversation gets from its reason and its customer. Pure.

From 9 down: angry; complaints and what needs authority; orders for which minutes count; customers of a high level; the rest, by
what the bot thought. Each step of priority is worth five minutes of waiting (`talk.AGEING_MS`), so nobody starves: whoever has
waited 5 × (9 - own priority) minutes longer stands before every newcomer, however urgent. A conversation of priority 1 is passed
by later ones for 40 minutes at most, one of 4 for 25; and two that come together are always served by their priority.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

HIGHEST, LOWEST_OF_OTHERS = 9, 1
COMPLAINT, ENGLISH, GENERAL = "complaint", "english", "general"
TO_COMPLAINT = frozenset({"angry", "complaint", "authority"})
GROWING = 7
"""The priority the bot gives to anger that has only grown little by little: it comes after an outburst."""
LET_DOWN = 5
"""From this priority of the bot's on, something has failed before: among customers of a high level that counts a step."""

TOPIC_OF_INTENT = {
    "cancel_order": "cancel",
    "change_address": "address",
    "hurry": "hurry",
    "return_logistics": "pickup",
    "presale": "presale",
}
_UNSENT = frozenset({"unpaid", "paid", "packed", "pre_sale"})
_ANY = frozenset[str]()
CRITICAL: dict[str, frozenset[str]] = {
    "cancel": _UNSENT | {"partly_shipped"},
    "address": _UNSENT | {"partly_shipped", "shipped", "in_transit", "out_for_delivery"},
    "hurry": _ANY,
    "pickup": _ANY,
    "presale": frozenset({"pre_sale", "unpaid"}),
}
"""Topics for which minutes count, and the states of the order in which they do; none means whatever the state."""
PRESSING = frozenset({"paid", "packed", "out_for_delivery"})
"""States in which such a topic counts also when it came up earlier: the order may leave, or arrive, at any minute."""


@dataclass(frozen=True)
class PriorityRules:
    """The part `priorities` of desk.yml: 0 to 9 each."""

    angry: int = 9
    complaint: int = 8
    authority: int = 8
    time_critical: int = 7
    vip: int = 5
    others_at_most: int = 4
    vip_levels: frozenset[str] = frozenset({"gold"})


class Ranking(Struct, frozen=True):
    """Where a conversation belongs. `mark` is what the desk shows beside it, `why` the codes of what was looked at."""

    priority: int
    skill: str
    skills: list[str]
    mark: str
    why: list[str]


@dataclass(frozen=True)
class Waiting:
    """What is known of a conversation: the bot's handoff, its language, the customer's level, the state of its order."""

    handoff: Mapping[str, Any]
    lang: str = "zh"
    level: str | None = None
    order_state: str | None = None
    mood: str | None = None


def rank(one: Waiting, rules: PriorityRules) -> Ranking:
    """The place of a conversation, by the first of the rules that holds."""
    priority, mark, why = _priority(one, rules)
    skill = COMPLAINT if mark in TO_COMPLAINT else str(one.handoff.get("skill") or GENERAL)
    skills = [skill, *([ENGLISH] if one.lang == "en" and skill != ENGLISH else [])]
    return Ranking(
        max(0, min(HIGHEST, priority)), skill, skills, mark, why + (["english"] if ENGLISH in skills else [])
    )


def _priority(one: Waiting, rules: PriorityRules) -> tuple[int, str, list[str]]:
    rule, own = str(one.handoff.get("rule") or ""), _number(one.handoff.get("priority"))
    why = [f"rule:{rule}"] if rule else []
    if rule in TO_COMPLAINT:
        return _upset(rule, own, one.mood, rules, why)
    topic = _critical_topic(one)
    if topic is not None:
        state = [f"order:{one.order_state}"] if one.order_state else []
        return rules.time_critical, "time_critical", [*why, f"topic:{topic}", *state]
    if one.level in rules.vip_levels:
        higher = own >= LET_DOWN and rules.vip + 1 < rules.time_critical
        return rules.vip + higher, "vip", [*why, f"level:{one.level}", *(["let_down"] if higher else [])]
    return max(LOWEST_OF_OTHERS, min(rules.others_at_most, own)), "", [*why, f"bot:{own}"]


def _upset(rule: str, own: int, mood: str | None, rules: PriorityRules, why: list[str]) -> tuple[int, str, list[str]]:
    """Who complains angrily is angry; anger that has only grown comes where complaints do."""
    given = {"angry": rules.angry, "complaint": rules.complaint, "authority": rules.authority}
    if rule == "angry" and own == GROWING:
        return min(rules.angry, rules.complaint), rule, [*why, "growing"]
    if rule != "angry" and mood == "angry":
        return max(rules.angry, given[rule]), rule, [*why, "mood:angry"]
    return given[rule], rule, why


def _critical_topic(one: Waiting) -> str | None:
    """The topic for which minutes count: what is under way or was asked last, or earlier while the order is pressing."""
    context = _mapping(one.handoff.get("context"))
    slots = _mapping(context.get("slots"))
    under_way = _mapping(slots.get("task")).get("topic")
    asked = [_mapping(one).get("intent") for one in _sequence(context.get("asked"))]
    intents = [TOPIC_OF_INTENT.get(str(intent)) for intent in asked or _sequence(context.get("intents"))]
    now = [under_way] if under_way else intents[-1:]
    earlier = [slots.get("order_question"), *reversed(intents)] if one.order_state in PRESSING else []
    return next((str(topic) for topic in [*now, *earlier] if _counts(topic, one.order_state)), None)


def _counts(topic: Any, state: str | None) -> bool:
    """An order whose state is not known is given the benefit of the doubt."""
    states = CRITICAL.get(topic) if isinstance(topic, str) else None
    return states is not None and (not states or state is None or state in states)


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else LOWEST_OF_OTHERS


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()
