"""Order numbers and phone tails as shoppers write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.components.order_entities import OrderEntities
from bot.components.order_mentions import find_mentions

N, T = "20261120000042", "3388"


def found(text: str) -> dict[str, str]:
    return {mention.kind: mention.value for mention in find_mentions(text)}


@pytest.mark.parametrize(
    "text",
    [
        N,
        f"订单{N}",
        f"订单{N}到哪了",
        f"No.{N}",
        f"order#{N}",
        f"No{N}",
        "2026 1120 0000 42",
        "2026-1120-000042",
        "20261120 000042",
        "2026112 0000042",
        "二零二六一一二零零零零零四二",
        "二〇二六1120零零零零42",
        f"不是20261120000041,是{N}",
        f"20261120000041不对,{N}",
        f"not 20261120000041 but {N}",
    ],
)
def test_order_number(text: str) -> None:
    assert found(text) == {"order_number": N}


@pytest.mark.parametrize(
    "text",
    [
        T,
        "尾号3388",
        "手机尾号是3388",
        "后四位3388",
        "后4位是3388",
        "我的手机后四位应该是3388吧",
        "3388结尾",
        "3388是我手机后四位",
        "last four digits are 3388",
        "last 4: 3388",
        "my phone ends in 3388",
        "ending with 3388",
        "it's 3388",
        "原来的是3388",
        "33 88",
        "3 3 8 8",
        "三 三 八 八",
        "以前的号码 3388",
        "应该是3388",
        "3388吧",
        "三三八八",
        "尾号三三八八",
        "13800133388",
        "手机号13800133388",
        "138 0013 3388",
        "138-0013-3388",
        "+86 138 0013 3388",
        "+8613800133388",
        "8613800133388",
        "幺三八零零幺三三三八八",
        "138****3388",
        "不是1111,是3388",
        "not 1111, 3388",
    ],
)
def test_phone_tail(text: str) -> None:
    assert found(text) == {"phone_tail": T}


@pytest.mark.parametrize(
    "text",
    [
        f"{N} {T}",
        f"{T} {N}",
        f"{N}-{T}",
        f"订单{N} 尾号{T}",
        f"订单{N}尾号{T}到哪了",
        f"单号{N},手机13800133388",
        f"13800133388 {N}",
        "2026 1120 0000 42 3388",
        "3388 2026 1120 0000 42",
        "2026 1120 0000 42 138 0013 3388",
        f"order {N}, phone 3388, where is it",
        f"帮我查{N} {T}谢谢",
    ],
)
def test_both_in_one_message(text: str) -> None:
    assert found(text) == {"order_number": N, "phone_tail": T}


@pytest.mark.parametrize(
    "text",
    [
        "满1000减多少",
        "1299元的那件",
        "2026年买的",
        "我花了1000块",
        "这件1299还有货吗",
        "it was 1200 yuan",
        "SF1234567890123",
        "SF20261120000042",
        "12345",
        "一共买了二三十件",
        "不管三七二十一",
        "¥1299",
        "",
        "没有数字",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert found(text) == {}


def test_any_long_number_is_taken_for_an_order_number() -> None:
    assert found("单号 999888777666") == {"order_number": "999888777666"}


def test_units_do_not_eat_words() -> None:
    assert found(f"{N} 3388 where is my order") == {"order_number": N, "phone_tail": T}


def test_entities_stand_where_the_shopper_wrote_them() -> None:
    text = "訂單\u200b２０２６ 1120 0000 42，尾號３３８８"
    message = Message.build(text)
    OrderEntities().process([message])
    spans = {entity["entity"]: text[entity["start"] : entity["end"]] for entity in message.get("entities")}
    assert spans == {"order_number": "２０２６ 1120 0000 42", "phone_tail": "３３８８"}


@given(st.text(alphabet="0123456789 -零一三八是不订单尾号phone.,", max_size=80))
def test_mentions_are_digits_inside_the_text(text: str) -> None:
    for mention in find_mentions(text):
        assert mention.value.isascii()
        assert mention.value.isdigit()
        assert 0 <= mention.start < mention.end <= len(text)
        assert len(mention.value) == 4 or mention.kind == "order_number"


@pytest.mark.parametrize("unit", ["1 ", "1234 ", "13800133388 ", "2026-", "一", "尾号1234", "20261120000042 "])
def test_the_longest_message_is_read_at_once(unit: str) -> None:
    started = time.perf_counter()
    find_mentions((unit * 2000)[:2000])
    assert time.perf_counter() - started < 0.5
