"""What counts as complete, what is joined, and how long a fragment waits."""

from __future__ import annotations

import time

import pytest

from bot.burst import (
    FRAGMENT_MS,
    LONGEST_MS,
    LONGEST_TEXT,
    TYPING_MS,
    batch_of,
    is_complete,
    is_greeting,
    joined,
    wait_ms,
)
from ledger import Entry, Turn

NOW = 1_764_000_000_000


def said(text: str, at_ms: int = NOW, payload: str | None = None, n: int = 0) -> Entry:
    return Entry(f"{at_ms}-{n}", "message", "shopper", {"text": text}, payload=payload)


def turn_of(*unread: Entry, now_ms: int = NOW, typing_at_ms: int = 0, upto: str | None = None) -> Turn:
    return Turn("c1", "0-0", list(unread), "zh", None, None, typing_at_ms, now_ms, upto)


@pytest.mark.parametrize(
    "text",
    [
        "我的订单到哪了", "怎么还没到", "转人工", "查物流", "20261120000042", "3388", "尾号三三八八", "退货", "?", "😭😭", "算了", "好的",
        "我的快递。", "where is my order", "track it", "no", "订单 20261120000042 手机 3388", "上星期买的那条羊绒围巾驼色的那一件",
        "the blue scarf from last week",
    ],
)  # fmt: skip
def test_complete(text: str) -> None:
    assert is_complete(text)


@pytest.mark.parametrize(
    "text",
    [
        "在吗",
        "在吗?",
        "你好",
        "您好啊",
        "亲",
        "hi",
        "Hello",
        "我的快递",
        "那个订单",
        "my parcel",
        "亲 在吗",
        "怎么",
        "我的快递怎么",
        "我想",
    ],
)
def test_incomplete(text: str) -> None:
    assert not is_complete(text)


@pytest.mark.parametrize("text", ["在吗", "在吗??", "你好😊", "HELLO!", "good morning", "亲,在吗", "哈喽"])
def test_greeting(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize("text", ["在吗我要退货", "你好慢", "历史订单", "hi where is it"])
def test_not_only_a_greeting(text: str) -> None:
    assert not is_greeting(text)


def test_complete_request_never_waits() -> None:
    assert wait_ms(turn_of(said("我的订单到哪了"), typing_at_ms=NOW)) == 0


def test_fragment_waits_800_ms_at_most() -> None:
    assert wait_ms(turn_of(said("我的快递"))) == FRAGMENT_MS
    assert wait_ms(turn_of(said("我的快递"), now_ms=NOW + 700)) == 100
    assert wait_ms(turn_of(said("我的快递"), now_ms=NOW + 900)) == 0


def test_fragment_waits_longer_while_the_shopper_types_but_not_for_ever() -> None:
    assert wait_ms(turn_of(said("我的快递"), now_ms=NOW + 800, typing_at_ms=NOW + 700)) == TYPING_MS - 100
    assert wait_ms(turn_of(said("我的快递"), now_ms=NOW + LONGEST_MS, typing_at_ms=NOW + LONGEST_MS)) == 0


def test_burst_becomes_one_request_without_its_greeting() -> None:
    burst = [said("在吗", n=0), said("我的快递", n=1), said("怎么还没到", n=2)]
    turn = turn_of(*burst)
    assert wait_ms(turn) == 0
    assert joined(batch_of(turn)) == "我的快递,怎么还没到"
    assert joined([said("hi"), said("my parcel"), said("still not here")]) == "my parcel still not here"
    assert joined([said("在吗"), said("你好")]) == "在吗"
    assert joined([said("在吗"), said("我的快递"), said("怎么"), said("还没到")]) == "我的快递,怎么还没到"


def test_button_is_a_turn_of_its_own() -> None:
    text, button, later = said("你好", n=0), said("围巾", payload="/pick", n=1), said("谢谢", n=2)
    assert batch_of(turn_of(text, button, later)) == [text]
    assert wait_ms(turn_of(text, button)) == 0
    assert batch_of(turn_of(button, later)) == [button]
    assert wait_ms(turn_of(button)) == 0


def test_turn_of_a_dead_worker_keeps_its_end() -> None:
    first, second = said("在吗", n=9), said("取消", n=10)
    turn = turn_of(first, second, upto=first.id)
    assert batch_of(turn) == [first]
    assert wait_ms(turn) == 0


def test_burst_is_no_longer_than_a_message_may_be() -> None:
    long = [said("我的快递" * 300, n=n) for n in range(3)]
    assert batch_of(turn_of(*long)) == long[:1]
    assert wait_ms(turn_of(*long)) == 0
    short = [said("快" * (LONGEST_TEXT // 4), n=n) for n in range(6)]
    assert batch_of(turn_of(*short)) == short[:4]
    alone = said("快" * (LONGEST_TEXT + 1))
    assert batch_of(turn_of(alone)) == [alone]


@pytest.mark.parametrize("greeting", ["亲", "在吗", "早上好", "哈喽", "hi", "hiya", "good morning", "有人在吗"])
def test_greeting_said_over_and_over_is_read_at_once(greeting: str) -> None:
    began = time.process_time()
    assert is_greeting(greeting * 100)
    assert not is_greeting(greeting * 100 + "退")
    assert time.process_time() - began < 0.1
