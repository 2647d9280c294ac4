"""Whoever asks for a person gets one, the right one, with everything that the bot knew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import yaml
from rasa.core.processor import MessageProcessor

from actions import shop as shop_of_actions
from actions.skills import ABOUT_SOME_ORDER, INTENTS_OF_SKILL, NO_TOPIC, SKILL_OF_INTENT, SKILLS
from shop.client import Order, ShopUnavailable
from tests.conversation import ROOT, Answer, Conversation
from tests.shop_double import CUSTOMER, NOW, NUMBER, TAIL, ShopDouble, order

INTENTS = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])


def context(answer: Answer) -> dict[str, Any]:
    assert answer.handoff is not None, answer.text
    return answer.handoff.context


@pytest.mark.parametrize(
    "words",
    ["我要转人工", "人工", "转人工客服", "我要找真人", "轉人工", "有没有活人", "不要机器人,我要人工", "来个人啊"],
)
async def test_asks_for_a_person(shopper: Conversation, words: str) -> None:
    answer = await shopper.says(words)
    assert answer.handoff is not None
    assert (answer.handoff.rule, answer.handoff.reason) == ("asked", "顾客要求人工")
    assert (answer.handoff.skill, answer.handoff.evidence) == ("general", [words])
    assert 0 <= answer.handoff.priority <= 9
    assert "转接人工" in answer.text


@pytest.mark.parametrize(
    "words", ["talk to a human", "agent please", "I want to speak to a real person", "customer service"]
)
async def test_asks_for_a_person_in_english(shopper: Conversation, words: str) -> None:
    answer = await shopper.says(words)
    assert answer.handoff is not None
    assert "getting a person" in answer.text


@pytest.mark.parametrize(
    ("topic", "skill"),
    [
        ("我的订单到哪了", "orders"),
        ("我的快递怎么还没到", "logistics"),
        ("我要退货", "after_sales"),
        ("优惠券怎么不能用", "promotions"),
        ("这个是什么材质的", "general"),
        ("在吗", "general"),
        ("20261120000042", "orders"),
    ],
)
async def test_goes_to_the_queue_of_the_topic(shopper: Conversation, topic: str, skill: str) -> None:
    await shopper.says(topic)
    answer = await shopper.says("转人工")
    assert answer.handoff is not None
    assert answer.handoff.skill == skill


async def test_a_number_leaves_the_topic_as_it_was(shopper: Conversation) -> None:
    await shopper.says("我要退货")
    await shopper.says(f"{NUMBER}")
    answer = await shopper.says("转人工")
    assert answer.handoff is not None
    assert answer.handoff.skill == "after_sales"


@pytest.mark.parametrize("words", ["我要投诉你们,退货退了半个月", "滚,什么垃圾店,退我钱"])
async def test_anger_and_complaints_have_a_queue_of_their_own(shopper: Conversation, words: str) -> None:
    await shopper.says("我要退货")
    answer = await shopper.says(words)
    assert answer.handoff is not None
    assert answer.handoff.skill == "complaint"


def test_every_intent_has_a_queue_or_leaves_it_as_it_is() -> None:
    assert set(INTENTS_OF_SKILL) | {"complaint"} == set(SKILLS)
    assert sum(len(intents.split()) for intents in INTENTS_OF_SKILL.values()) == len(SKILL_OF_INTENT)
    parts = (set(SKILL_OF_INTENT), ABOUT_SOME_ORDER, NO_TOPIC)
    assert set().union(*parts) == INTENTS
    assert sum(map(len, parts)) == len(INTENTS)


async def test_the_button_is_no_evidence(shopper: Conversation) -> None:
    await shopper.says("在吗")
    answer = await shopper.presses("转人工")
    assert answer.handoff is not None
    assert answer.handoff.evidence == []
    assert context(answer)["asked"][-1] == {
        "text": "转人工",
        "intent": "human_agent",
        "label": {"zh": "转人工", "en": "Talking to a person"},
    }


async def test_says_what_was_asked_with_names_in_both_languages(shopper: Conversation) -> None:
    for words in ("在吗", "可以开发票吗", "怎么付款", "退货政策是什么样的", "你好", "转人工"):
        await shopper.says(words)
    assert shopper.last is not None
    asked = context(shopper.last)["asked"]
    assert [one["text"] for one in asked] == ["可以开发票吗", "怎么付款", "退货政策是什么样的", "你好", "转人工"]
    assert asked[0] == {"text": "可以开发票吗", "intent": "invoice", "label": {"zh": "发票", "en": "An invoice"}}
    assert asked[3]["label"] == {"zh": "打招呼", "en": "Greeting"}


async def test_says_what_the_bot_has_tried(shopper: Conversation) -> None:
    await shopper.says("我的快递到哪了")
    await shopper.says(f"{NUMBER} {TAIL}")
    await shopper.says("可以开发票吗")
    tried = context(await shopper.says("转人工"))["tried"]
    codes = [one["code"] for one in tried]
    assert codes[:2] == ["asked_order", "showed_tracking"]
    assert tried[1]["label"] == {"zh": "展示了物流", "en": "Showed the tracking"}
    assert tried[-1] == {"code": "answered", "label": {"zh": "答复过：发票", "en": "Answered: An invoice"}}


async def test_what_was_tried_names_the_task_and_its_step(assistant: MessageProcessor, shop: ShopDouble) -> None:
    shop.orders = {NUMBER: order(state="paid")}
    shopper = Conversation(assistant)
    await shopper.says(f"帮我取消订单 {NUMBER} 尾号 {TAIL}")
    known = context(await shopper.says("转人工"))
    under_way = next(one["label"] for one in known["tried"] if one["code"] == "under_way")
    assert under_way["zh"] == "正在办取消订单，停在：取消的原因"
    assert under_way["en"] == "Under way: cancellation, stopped at: why it is cancelled"
    assert known["slots"]["task"] == {"topic": "cancel", "order": NUMBER}
    assert known["slots"]["order_verified"] == {"number": NUMBER, "phone_tail": TAIL}
    assert known["order"] == NUMBER


async def test_a_customers_order_needs_no_phone(customer: Conversation) -> None:
    await customer.says("我的订单到哪了")
    known = context(await customer.says("转人工"))
    assert known["slots"]["order_verified"] == {"number": NUMBER}


async def test_carries_all_that_the_desk_shows(shopper: Conversation) -> None:
    known = context(await shopper.says("转人工"))
    assert (known["rule"], known["reason"], known["priority"], known["evidence"]) == (
        "asked", "顾客要求人工", 3, ["转人工"],
    )  # fmt: skip
    assert (known["language"], known["mood"], known["score"]) == ("zh", "calm", 1.0)
    assert set(known["next"]) == {"zh", "en"}
    assert "agreed" not in known


@pytest.mark.parametrize(
    ("words", "mood"), [("转人工", "calm"), ("滚,什么垃圾店,退我钱", "angry"), ("我要投诉你们", "annoyed")]
)
async def test_tells_the_mood(shopper: Conversation, words: str, mood: str) -> None:
    assert context(await shopper.says(words))["mood"] == mood


async def next_for(assistant: MessageProcessor, shop: ShopDouble, given: Order, *said: str) -> dict[str, str]:
    """The next step for an order of which a shopper has said this."""
    shop.orders = {given.number: given}
    shopper = Conversation(assistant, customer=CUSTOMER)
    for words in said:
        await shopper.says(words)
    then: dict[str, str] = context(await shopper.says("转人工"))["next"]
    return then


async def test_the_terms_suggest_the_next_step(assistant: MessageProcessor, shop: ShopDouble) -> None:
    came = order(state="delivered", delivered_at=NOW - timedelta(days=3))
    then = await next_for(assistant, shop, came, "我要退货")
    assert "按“不想要、不合适”算：可退（签收第 3 天，在 7 天内），运费由顾客承担" in then["zh"]
    assert "can go back (day 3 after delivery, within 7 days), the shopper pays the postage" in then["en"]


async def test_what_was_told_counts(assistant: MessageProcessor, shop: ShopDouble) -> None:
    """A fault is judged as one, at the shop's cost."""
    came = order(state="delivered", delivered_at=NOW - timedelta(days=9))
    then = await next_for(assistant, shop, came, "东西有质量问题我要退货")
    assert "按“质量问题”算：不能退，可以换" in then["zh"]
    assert "运费由商家承担" in then["zh"]


async def test_past_the_time_it_is_said_why(assistant: MessageProcessor, shop: ShopDouble) -> None:
    came = order(state="delivered", delivered_at=NOW - timedelta(days=9))
    then = await next_for(assistant, shop, came, "我要退货")
    assert "不能退（签收第 9 天，超过了 7 天无理由退货期）" in then["zh"]


async def test_a_task_says_what_is_still_to_be_asked(assistant: MessageProcessor, shop: ShopDouble) -> None:
    then = await next_for(assistant, shop, order(state="paid"), "帮我取消订单")
    assert then["zh"].startswith("可以办取消订单，先问清：取消的原因。")
    assert then["en"].startswith("Possible: cancellation. Ask first: why it is cancelled.")


async def test_what_cannot_be_done_is_told(assistant: MessageProcessor, shop: ShopDouble) -> None:
    sent = order(state="in_transit")
    shop.orders = {NUMBER: sent}
    shopper = Conversation(assistant, customer=CUSTOMER)
    await shopper.says(f"取消订单 {NUMBER}")
    then = context(await shopper.says("转人工"))["next"]
    assert "系统核对" in then["zh"]
    assert "拒收" in then["zh"]


async def test_an_order_that_was_only_asked_about_has_its_state(assistant: MessageProcessor, shop: ShopDouble) -> None:
    then = await next_for(assistant, shop, order(state="in_transit"), "我的订单到哪了")
    assert then["zh"].startswith("订单运输中。")


async def test_without_an_order_there_is_advice_and_no_claim(shopper: Conversation, shop: ShopDouble) -> None:
    await shopper.says("我要退货")
    then = context(await shopper.says("转人工"))["next"]
    assert "可退" not in then["zh"]
    assert "订单号" in then["zh"]
    assert shop.asked == []


class SlowShop(ShopDouble):
    """Takes its time once it is told to."""

    slow = False

    async def order(self, number: str, **proof: Any) -> Order:
        if self.slow:
            await asyncio.sleep(5)
        return await super().order(number, **proof)


@pytest.fixture
def slow_shop() -> Iterator[SlowShop]:
    double = SlowShop(order(state="delivered"))
    shop_of_actions.use(double)
    yield double
    shop_of_actions.use(None)


async def test_a_slow_shop_delays_nobody(assistant: MessageProcessor, slow_shop: SlowShop) -> None:
    shopper = Conversation(assistant, customer=CUSTOMER)
    await shopper.says("我要退货")
    slow_shop.slow = True
    begun = time.monotonic()
    then = context(await shopper.says("转人工"))["next"]
    assert time.monotonic() - begun < 1.5
    assert then["zh"]
    assert "可退" not in then["zh"]


async def test_a_shop_that_is_away_stops_no_handoff(customer: Conversation, shop: ShopDouble) -> None:
    await customer.says("我要退货")
    shop.orders_fail = ShopUnavailable("down")
    assert context(await customer.says("转人工"))["next"]["zh"]
    assert customer.last is not None
    assert "转接人工" in customer.last.text


async def test_what_was_agreed_goes_with_a_later_handoff(shopper: Conversation) -> None:
    agreed = {
        "summary": "补发一条围巾",
        "by": "客服小林",
        "at": 1764137000123,
        "order": NUMBER,
        "back_at": 1764137000123,
    }
    await shopper.says("在吗", agreed=agreed)
    known = context(await shopper.says("转人工", agreed=agreed))
    assert known["agreed"] == {"summary": "补发一条围巾", "by": "客服小林", "at": "2025-11-26T06:03:20.123Z"}
