"""Chinese or English, message by message."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.language import LanguageDetector, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我的订单到哪了", "zh"),
        ("我的order到哪了", "zh"),
        ("訂單呢", "zh"),
        ("Where is my order?", "en"),
        ("hello", "en"),
        ("where's it", "en"),
        ("order 20261120000042", "en"),
        ("20261120000042", None),
        ("3388", None),
        ("SF1234567890123", None),
        ("ok", None),
        ("二零二六一一二零零零零零四二", None),
        ("kuaidi", None),
        ("phone 三三八八 please", "en"),
        ("OK!", None),
        ("👍👍", None),
        ("???", None),
        ("", None),
    ],
)
def test_language_of_a_message(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_entity_spans_the_message() -> None:
    message = Message.build("ｗｈｅｒｅ is it")
    LanguageDetector().process([message])
    (entity,) = message.get("entities")
    assert (entity["entity"], entity["value"], entity["start"], entity["end"]) == ("language", "en", 0, 11)


def test_nothing_shown_no_entity() -> None:
    message = Message.build("3388")
    LanguageDetector().process([message])
    assert message.get("entities", []) == []
