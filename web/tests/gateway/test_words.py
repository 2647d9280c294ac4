"""The small rules: which characters count, which language is answered in, how often is too often, what a log line is."""

from __future__ import annotations

import logging
import sys

import pytest

from web.gateway.arrivals import site
from web.gateway.errors import Empty, Refused, TooLong
from web.gateway.log import OneLine
from web.gateway.pace import Pace
from web.gateway.texts import clean, clean_message
from web.gateway.wording import ERRORS, MODES, error_text, mode_text, preferred_lang


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\u3000", "\u200b\ufeff", "\u2800", "\u3164\u115f", "\ufe0f", "\u202e", "\x00"]
)
def test_what_shows_nothing_is_empty(text: str) -> None:
    with pytest.raises(Empty):
        clean_message(text)


@pytest.mark.parametrize("text", ["?", "。", "😀", "1", " a ", "\u200da", "𠮷", "\ue000"])
def test_what_shows_something_is_kept(text: str) -> None:
    assert clean_message(text) == text


def test_length_is_counted_in_characters_before_anything_is_taken_away() -> None:
    assert len(clean("\U0001f600" * 2000)) == 2000
    with pytest.raises(TooLong):
        clean("\x00" * 2001)


def test_every_error_has_its_sentence_in_both_languages() -> None:
    codes = {kind.code for kind in (Refused, *Refused.__subclasses__())}
    assert codes == set(ERRORS["zh"]) == set(ERRORS["en"])
    assert set(MODES["zh"]) == set(MODES["en"])
    assert error_text("empty", "fr") == ERRORS["zh"]["empty"]


def test_agent_without_a_name_joins_all_the_same() -> None:
    assert mode_text("joined", "zh", "小周") == "客服 小周 已接入。"
    assert mode_text("joined", "zh", None) == "客服已接入。"
    assert mode_text("joined", "en", "{0} %s") == "{0} %s has joined the chat."


@pytest.mark.parametrize(
    ("header", "lang"), [(None, "zh"), ("", "zh"), ("en", "en"), ("*", "zh"), ("EN-us;q=1.0", "en")]
)
def test_language_of_a_browser(header: str | None, lang: str) -> None:
    assert preferred_lang(header) == lang


def test_pace_counts_each_conversation_by_itself_and_starts_anew() -> None:
    now = [0.0]
    pace = Pace(2, 10.0, lambda: now[0])
    assert [pace.allows("a") for _ in range(3)] == [True, True, False]
    assert pace.allows("b")
    now[0] = 10.0
    assert pace.allows("a")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_one_site_counts_as_one_address(address: str, counted: str) -> None:
    assert site(address) == counted


def test_log_line_names_an_error_without_its_text() -> None:
    try:
        raise ValueError("13800138000\nsecond line")
    except ValueError:
        info = sys.exc_info()
    record = logging.LogRecord("web", logging.ERROR, __file__, 1, "broken\nurl=/ws?token=abc.def&after=1", (), info)
    line = OneLine().format(record)
    assert "\n" not in line
    assert "error=ValueError at=test_words.py:" in line
    assert "13800138000" not in line
    assert "abc.def" not in line
    assert "after=1" in line
