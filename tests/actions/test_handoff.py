"""Whoever asks for a person gets one, with what the agent should know."""

from __future__ import annotations

import pytest

from tests.conversation import Conversation


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
    [("我的订单到哪了", "orders"), ("我的快递怎么还没到", "logistics"), ("我要退货", "returns"), ("在吗", "general")],
)
async def test_goes_to_the_queue_of_the_topic(shopper: Conversation, topic: str, skill: str) -> None:
    await shopper.says(topic)
    answer = await shopper.says("转人工")
    assert answer.handoff is not None
    assert answer.handoff.skill == skill


async def test_the_button_is_no_evidence(shopper: Conversation) -> None:
    await shopper.says("在吗")
    answer = await shopper.presses("转人工")
    assert answer.handoff is not None
    assert answer.handoff.evidence == []
