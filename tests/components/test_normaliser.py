"""The plain form of a message, and the way back to the original."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.components.emoji_names import NO_NAMES
from bot.components.normaliser import (
    _ONE_BY_ONE,
    Normaliser,
    NormalText,
    _with_origins,
    normal_text_of,
    normalise,
    simplified_characters,
)


def plain(text: str) -> NormalText:
    return normalise(text, simplified_characters())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("订单２０２６", "订单2026"),
        ("訂單編號在哪裡看", "订单编号在哪里看"),
        ("尾\u200b号\ufeff3388", "尾号3388"),
        ("ｗｈｅｒｅ　is", "where is"),
        ("①单", "1单"),
        ("好❤️", "好❤"),
        ("a\tb\nc", "a b c"),
        ("", ""),
    ],
)
def test_plain_form(text: str, expected: str) -> None:
    assert plain(text).text == expected


def test_span_points_into_the_original() -> None:
    original = "我的\u200b訂單２０２６㎏"
    normal = plain(original)
    start = normal.text.index("订单")
    assert original[slice(*normal.span(start, start + 2))] == "訂單"
    start = normal.text.index("kg")
    assert original[slice(*normal.span(start, start + 2))] == "㎏"


def test_a_character_of_its_own_is_read_as_any_other() -> None:
    ours = [chr(code) for code in range(sys.maxunicode + 1) if _ONE_BY_ONE.fullmatch(chr(code))]
    assert {"a", " ", "退", "訂", "。", "，"} <= set(ours) and not {"é", "㎏", "👍", "\u200b", "\u3000"} & set(ours)
    signs = [character for character in ours if not "一" < character <= "鿿"]
    for text in (*ours, "".join(ours), "".join(one + other for one in signs for other in signs)):
        expected, origins = _with_origins(text, simplified_characters(), NO_NAMES)
        same = plain(text) == NormalText(expected, tuple(origins))
        assert same, text[:20]


@given(st.text(max_size=200))
def test_every_character_has_its_origin(text: str) -> None:
    normal = plain(text)
    assert len(normal.origins) == len(normal.text)
    assert all(0 <= start < end <= len(text) for start, end in normal.origins)
    assert list(normal.origins) == sorted(normal.origins)


def test_the_text_itself_is_kept() -> None:
    message = Message.build("訂單２０２６")
    Normaliser().process([message])
    assert message.get("text") == "訂單２０２６"
    assert normal_text_of(message).text == "订单2026"


def test_a_message_nobody_normalised_is_read_all_the_same() -> None:
    assert normal_text_of(Message.build("３３８８")).text == "3388"
