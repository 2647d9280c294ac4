"""Who is served before whom: what a conversation's reason, its order and its customer make of it, and that the shop cannot delay it."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shop.client import ShopClient
from shop.order import ORDER_STATES
from shop.testing import RunningShop
from web.desk.levels import Levels, customer_level
from web.desk.priority import PriorityRules, Waiting, rank
from web.desk.talk import AGEING_MS, Talk

pytest_plugins = ["web.tests.desk.shop_side"]
RULES = PriorityRules()
PATIENCE_S = 15.0


def waiting(
    rule: str = "asked", own: int = 3, skill: str = "orders", *, task: str | None = None, intents: tuple[str, ...] = (),
    question: str | None = None, **rest: Any,
) -> Waiting:  # fmt: skip
    slots: dict[str, Any] = {"order_question": question} if question else {}
    if task:
        slots["task"] = {"topic": task, "order": "20261120000042"}
    context = {"intents": list(intents), "slots": slots}
    handoff = {
        "rule": rule,
        "reason": "顾客要求人工",
        "skill": skill,
        "priority": own,
        "evidence": [],
        "context": context,
    }
    return Waiting(handoff, **rest)


@pytest.mark.parametrize(
    ("one", "priority", "mark"),
    [
        (waiting("angry", 8), 9, "angry"),
        (waiting("angry", 7), 8, "angry"),
        (waiting("complaint", 7), 8, "complaint"),
        (waiting("complaint", 7, mood="angry"), 9, "complaint"),
        (waiting("authority", 6), 8, "authority"),
        (waiting(task="cancel"), 7, "time_critical"),
        (waiting(intents=("order_status", "change_address")), 7, "time_critical"),
        (waiting(level="gold"), 5, "vip"),
        (waiting("failed", 6, level="gold"), 6, "vip"),
        (waiting(level="silver"), 3, ""),
        (waiting("unclear", 4), 4, ""),
        (waiting("asked", 5), 4, ""),
        (waiting("asked", 0), 1, ""),
    ],
)
def test_place_of_a_conversation(one: Waiting, priority: int, mark: str) -> None:
    ranking = rank(one, RULES)
    assert (ranking.priority, ranking.mark) == (priority, mark)


@pytest.mark.parametrize("intent", ["cancel_order", "change_address", "hurry", "return_logistics", "presale"])
def test_minutes_count_for_what_was_asked_last(intent: str) -> None:
    assert rank(waiting(intents=("promotion", intent)), RULES).mark == "time_critical"
    assert rank(waiting(intents=(intent, "promotion")), RULES).mark == ""


def test_what_the_bot_lists_as_asked_counts_like_its_intents() -> None:
    handoff = {"rule": "asked", "priority": 3, "context": {"asked": [{"text": "催一下", "intent": "hurry"}]}}
    assert rank(Waiting(handoff), RULES).why == ["rule:asked", "topic:hurry"]


@pytest.mark.parametrize("state", ORDER_STATES)
def test_earlier_question_counts_while_the_order_may_leave_or_arrive(state: str) -> None:
    pressing = state in ("paid", "packed", "out_for_delivery")
    for one in (
        waiting(intents=("change_address", "greet"), order_state=state),
        waiting(question="address", order_state=state),
    ):
        assert (rank(one, RULES).mark == "time_critical") == pressing


@pytest.mark.parametrize(
    ("task", "state"),
    [("cancel", "delivered"), ("cancel", "in_transit"), ("address", "cancelled"), ("presale", "paid")],
)
def test_what_is_too_late_anyway_is_not_hurried(task: str, state: str) -> None:
    assert rank(waiting(task=task, order_state=state), RULES).mark == ""


def test_anger_comes_before_everything_else() -> None:
    ranking = rank(waiting("angry", 8, task="cancel", level="gold", order_state="paid"), RULES)
    assert (ranking.priority, ranking.skill, ranking.why) == (9, "complaint", ["rule:angry"])


@pytest.mark.parametrize("rule", ["angry", "complaint", "authority"])
def test_upset_shoppers_come_to_those_who_can_settle_it(rule: str) -> None:
    assert rank(waiting(rule, 7, "logistics"), RULES).skill == "complaint"


def test_english_is_needed_on_top() -> None:
    ranking = rank(waiting(skill="logistics", lang="en"), RULES)
    assert (ranking.skill, ranking.skills) == ("logistics", ["logistics", "english"])
    assert "english" in ranking.why
    assert rank(waiting(skill="logistics"), RULES).skills == ["logistics"]


def test_each_place_says_why() -> None:
    assert rank(waiting(task="cancel", order_state="paid"), RULES).why == ["rule:asked", "topic:cancel", "order:paid"]
    assert rank(waiting("failed", 6, level="gold"), RULES).why == ["rule:failed", "level:gold", "let_down"]
    assert rank(waiting("unclear", 4), RULES).why == ["rule:unclear", "bot:4"]


def test_rules_are_those_of_the_shop() -> None:
    rules = PriorityRules(angry=8, complaint=6, time_critical=5, vip=3, vip_levels=frozenset({"silver", "gold"}))
    assert rank(waiting("angry", 8), rules).priority == 8
    assert rank(waiting("complaint", 7), rules).priority == 6
    assert rank(waiting(level="silver"), rules).priority == 3


anything = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=5),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(["rule", "priority", "context", "slots", "task", "topic", "intents"]), inner
        )
    ),
    max_leaves=10,
)


@given(
    some.dictionaries(some.sampled_from(["rule", "priority", "skill", "context"]), anything),
    some.sampled_from(["zh", "en"]),
)
def test_whatever_the_bot_hands_over_has_a_place(handoff: dict[str, Any], lang: str) -> None:
    one = Waiting(handoff, lang)
    ranking = rank(one, RULES)
    assert 0 <= ranking.priority <= 9 and ranking.skill
    assert rank(one, RULES) == ranking


def test_nobody_starves() -> None:
    """However many urgent ones come, one each ten seconds: who has waited 45 minutes longer stands first."""
    least = Talk("patient", "waiting", priority=1, queued_at=0)
    for n in itertools.count():
        newcomer = Talk(f"urgent{n}", "waiting", priority=9, queued_at=n * 10_000)
        if newcomer.place > least.place:
            assert newcomer.queued_at <= 8 * AGEING_MS + 10_000
            return


async def test_level_comes_from_the_shop(demo_shop: RunningShop, asks: ShopClient) -> None:
    assert await customer_level(asks, "c001", PATIENCE_S) == (await asks.membership_of("c001")).level
    levels = Levels(asks, PATIENCE_S)
    assert await levels.of("c001") == (await asks.membership_of("c001")).level
    assert await levels.of(None) is None
    assert await levels.of("nobody") is None


async def test_shop_that_does_not_answer_delays_nobody(demo_shop: RunningShop, asks: ShopClient) -> None:
    demo_shop.fault("promotions", "slow", delay_s=20)
    levels, began = Levels(asks), time.monotonic()
    assert await asyncio.gather(*(levels.of("c001") for _ in range(50))) == [None] * 50
    assert 0.9 < time.monotonic() - began < 4  # a second, on a machine that is busy with other tests
    began = time.monotonic()
    assert await levels.of("c001") is None  # and is not asked again at once
    assert time.monotonic() - began < 0.9


async def test_level_is_remembered_for_a_while(demo_shop: RunningShop, asks: ShopClient) -> None:
    now = [0.0]
    levels = Levels(asks, PATIENCE_S, clock=lambda: now[0])
    level = await levels.of("c001")
    demo_shop.fault("promotions", "down")
    assert level is not None and await levels.of("c001") == level
    now[0] = 601.0
    assert await levels.of("c001") is None
    demo_shop.heal()
    now[0] = 632.0
    assert await levels.of("c001") == level


async def test_only_so_many_levels_are_remembered(demo_shop: RunningShop, asks: ShopClient) -> None:
    levels = Levels(asks, PATIENCE_S, most=2)
    for customer in ("c001", "c002", "c003"):
        await levels.of(customer)
    assert list(levels._known) == ["c002", "c003"]
