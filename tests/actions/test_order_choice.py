"""Which of the offered orders is meant by words."""

from __future__ import annotations

import pytest

from actions.order_choice import chosen_in_words, offer

OFFERED = [
    offer("1", "羊绒围巾 · 运输中 · 11月19日", "运输中", ["羊绒围巾 驼色"]),
    offer("2", "无线鼠标 等 2 件 · 已签收 · 11月18日", "已签收", ["无线鼠标 黑色", "Desk Lamp 白色"]),
    offer("3", "羊绒帽子 · 已退款 · 11月17日", "已退款", ["羊绒帽子 驼色"]),
]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("第一个", "1"),
        ("第二个", "2"),
        ("第 3 个", "3"),
        ("2", "2"),
        ("二", "2"),
        ("3号", "3"),
        ("第二個", "2"),
        ("３", "3"),
        ("我要看第二单", "2"),
        ("选第二个吧", "2"),
        ("最后一个", "3"),
        ("最近的那个", "1"),
        ("The second one, please", "2"),
        ("the last one", "3"),
        ("option 2", "2"),
        ("number two", "2"),
        ("围巾那个", "1"),
        ("羊绒的围巾", "1"),
        ("我的围巾到哪了", "1"),
        ("the desk lamp", "2"),
        ("运输中的那个", "1"),
        ("已签收的", "2"),
    ],
)
def test_one_is_meant(words: str, number: str | None) -> None:
    assert chosen_in_words(words, OFFERED) == number


@pytest.mark.parametrize(
    "words",
    [
        "羊绒的",
        "第九个",
        "第四个",
        "6",
        "怎么退款",
        "退款",
        "什么时候到",
        "那个",
        "好的",
        "",
        "🐑",
        "围巾掉色怎么办",
        "a",
        "黑",
        "one",
    ],
)
def test_nothing_is_guessed(words: str) -> None:
    assert chosen_in_words(words, OFFERED) is None


@pytest.mark.parametrize("offered", [None, [], "第一个"])
def test_nothing_was_offered(offered: object) -> None:
    assert chosen_in_words("第一个", offered) is None
