"""Business hours, holidays and shifts as data; time that is closed is not counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from web.desk.duty import WEEKDAYS, Duty, Shift, Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = Span(9 * 60, 22 * 60)
DUTY = Duty(
    SHANGHAI,
    dict.fromkeys(WEEKDAYS, (DAY,)) | {"sun": ()},
    {date(2026, 12, 25): (Span(10 * 60, 12 * 60), Span(14 * 60, 18 * 60))},
    (Shift("早班", frozenset({"mon", "tue"}), Span(9 * 60, 12 * 60), ("agent2", "agent1")),),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_open_within_the_hours_only() -> None:
    assert DUTY.is_open(at("2026-11-28T09:00"))  # a Saturday
    assert not DUTY.is_open(at("2026-11-28T08:59"))
    assert not DUTY.is_open(at("2026-11-28T22:00"))
    assert not DUTY.is_open(at("2026-11-29T12:00")), "closed on Sundays"


def test_holiday_has_its_own_hours() -> None:
    assert not DUTY.is_open(at("2026-12-25T09:30"))
    assert DUTY.is_open(at("2026-12-25T15:00"))
    assert not DUTY.is_open(at("2026-12-25T13:00"))


def test_opens_again_after_the_weekend() -> None:
    assert DUTY.opens_at(at("2026-11-28T23:00")) == at("2026-11-30T09:00")
    assert DUTY.opens_at(at("2026-11-28T10:00")) == at("2026-11-28T10:00")
    assert Duty(SHANGHAI, dict.fromkeys(WEEKDAYS, ())).opens_at(at("2026-11-28T10:00")) is None


def test_due_counts_open_hours() -> None:
    half_an_hour = 30 * 60
    assert DUTY.due(at("2026-11-28T10:00"), half_an_hour) == at("2026-11-28T10:30")
    assert DUTY.due(at("2026-11-28T21:50"), half_an_hour) == at("2026-11-30T09:20"), "ten minutes, then Monday"
    assert DUTY.due(at("2026-11-29T03:00"), half_an_hour) == at("2026-11-30T09:30")


def test_shop_that_never_opens_still_owes_an_answer() -> None:
    never = Duty(SHANGHAI, dict.fromkeys(WEEKDAYS, ()))
    assert never.due(at("2026-11-28T10:00"), 60) == at("2026-11-28T10:00") + timedelta(seconds=60)


def test_shift_names_who_is_expected() -> None:
    assert DUTY.on_shift(at("2026-11-30T09:00")) == ["agent1", "agent2"]
    assert DUTY.on_shift(at("2026-11-30T12:00")) == []
    assert DUTY.on_shift(at("2026-12-02T09:00")) == []


def test_all_day_and_night() -> None:
    always = Duty(SHANGHAI, {day: (Span(0, 1440),) for day in WEEKDAYS})
    assert always.is_open(at("2026-11-28T23:59"))
    assert always.is_open(at("2026-11-29T00:00"))
    assert always.due(at("2026-11-28T23:59"), 120) == at("2026-11-29T00:01")
