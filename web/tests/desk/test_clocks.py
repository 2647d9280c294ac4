"""Service clocks: the first word and each next one; the bot's part and closed hours do not count."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from web.desk.clocks import clock_of
from web.desk.duty import WEEKDAYS, Duty, Span
from web.desk.rules import Clocks
from web.desk.talk import Talk

ALWAYS = Duty(ZoneInfo("UTC"), {day: (Span(0, 1440),) for day in WEEKDAYS})
RULES = Clocks()
T0 = 1_795_827_000_000
MINUTE = 60_000


def clock(**fields: object) -> object:
    return clock_of(Talk("c1", **{"mode": "waiting", "queued_at": T0, **fields}), RULES, ALWAYS)  # type: ignore[arg-type]


def test_complaint_is_answered_within_fifteen_minutes_others_in_thirty() -> None:
    complaint, other = clock(skill="complaint"), clock(skill="orders")
    assert (complaint.kind, complaint.due) == ("first_response", T0 + 15 * MINUTE)  # type: ignore[attr-defined]
    assert other.due == T0 + 30 * MINUTE  # type: ignore[attr-defined]


def test_warning_comes_before_the_breach() -> None:
    one = clock(skill="complaint")
    states = [one.state(T0 + minutes * MINUTE) for minutes in (0, 11, 12, 14, 15)]  # type: ignore[attr-defined]
    assert states == ["ok", "ok", "warning", "warning", "breach"]


def test_first_response_runs_on_while_it_is_held_without_a_word() -> None:
    assert clock(mode="human", agent="a1").kind == "first_response"  # type: ignore[attr-defined]


def test_round_runs_only_while_the_shopper_waits_for_an_answer() -> None:
    answered = {"mode": "human", "agent": "a1", "first_reply_at": T0 + MINUTE}
    assert clock(**answered) is None
    owed = clock(**answered, round_since=T0 + 5 * MINUTE)
    assert (owed.kind, owed.due) == ("round", T0 + 8 * MINUTE)  # type: ignore[attr-defined]


def test_nothing_is_owed_while_the_bot_answers() -> None:
    assert clock(mode="bot") is None
    assert clock(mode="closed") is None
