"""The small rules: which characters count, which language is answered in, how often is too often, what a log line is."""

from __future__ import annotations

import logging
import sys

import pytest

from web.gateway.errors import Empty, Refused, TooLong
from web.gateway.texts import clean, clean_contact, clean_message
from web.gateway.wording import ERRORS, MODES, NOTICES, error_text, mode_text, notice_text
from web.log import OneLine
from web.pace import Pace
from web.visitor import preferred_lang, site


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
    assert set(NOTICES["zh"]) == set(NOTICES["en"])
    assert error_text("empty", "fr") == ERRORS["zh"]["empty"]


def test_agent_without_a_name_joins_all_the_same() -> None:
    assert mode_text("joined", "zh", "小周") == "客服 小周 已接入。"
    assert mode_text("joined", "zh", None) == "客服已接入。"
    assert mode_text("joined", "en", "{0} %s") == "{0} %s has joined the chat."


def test_notice_names_the_hour_by_the_shops_clock() -> None:
    at = "2026-11-29T01:00:00.000Z"
    assert "11月29日 09:00（北京时间）上班" in (notice_text("away", "zh", at) or "")
    assert "29 Nov at 09:00 (China time)" in (notice_text("away", "en", at) or "")
    assert "11月30日 00:30" in (notice_text("away", "zh", "2026-11-30T01:30:00+09:00") or "")


@pytest.mark.parametrize("at", [None, "", "soon", 7, "2026-11-29T01:00:00"])
def test_notice_without_a_sure_time_names_none(at: object) -> None:
    assert notice_text("away", "zh", at) == "现在没有客服在线。您可以留言并留下联系方式，客服上班后会第一时间回复您。"


@pytest.mark.parametrize("notice", [None, "away_until", "party", {}, "BACK"])
def test_notice_that_is_not_known_is_not_shown(notice: object) -> None:
    assert notice_text(notice, "zh") is None


def test_contact_is_one_visible_line() -> None:
    assert clean_contact("  138 0013\n8000\u200b ") == "138 0013 8000"
    assert clean_contact("x" * 100) == "x" * 100
    for contact, error in (("x" * 101, TooLong), ("\u200b \n", Empty), ("\x00", Empty)):
        with pytest.raises(error):
            clean_contact(contact)


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
