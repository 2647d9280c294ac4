"""What day a date value means."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.shop_dates import resolve

WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("2026-02-30", None),
        ("--11-03", date(2026, 11, 3)),
        ("--12-25", date(2026, 12, 25)),
        ("--01-02", date(2027, 1, 2)),
        ("--06-18", date(2026, 6, 18)),
        ("--02-29", date(2028, 2, 29)),
        ("--02-30", None),
        ("---03", date(2026, 11, 3)),
        ("---28", date(2026, 11, 28)),
        ("---02", date(2026, 12, 2)),
        ("---31", date(2026, 10, 31)),
        ("---32", None),
        ("day+0", WEDNESDAY),
        ("day-1", date(2026, 11, 17)),
        ("day+3", date(2026, 11, 21)),
        ("week+0-3", WEDNESDAY),
        ("week+0-7", date(2026, 11, 22)),
        ("week-1-5", date(2026, 11, 13)),
        ("week+1-1", date(2026, 11, 23)),
        ("week+0-8", None),
        ("month-1-31", date(2026, 10, 31)),
        ("month+0-31", None),
        ("month+2-05", date(2027, 1, 5)),
        ("month-11-05", date(2025, 12, 5)),
        ("year-1-11-11", date(2025, 11, 11)),
        ("year+0-02-29", None),
        ("day-1-1", None),
        ("week-1", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_day_of_a_value(value: str, day: date | None) -> None:
    assert resolve(value, WEDNESDAY) == day


def test_over_new_year() -> None:
    assert resolve("--12-30", date(2027, 1, 2)) == date(2026, 12, 30)
    assert resolve("---31", date(2027, 1, 2)) == date(2026, 12, 31)
    assert resolve("week-1-5", date(2027, 1, 4)) == date(2027, 1, 1)


def test_of_two_days_as_near_the_past_one() -> None:
    assert resolve("---16", date(2026, 12, 1)) == date(2026, 11, 16)


@given(
    value=st.from_regex(r"(day|week|month|year)?[+-]{0,3}[0-9]{0,4}(-[0-9]{1,2}){0,2}", fullmatch=True),
    today=st.dates(),
)
def test_no_value_is_an_error(value: str, today: date) -> None:
    assert resolve(value, today) is None or isinstance(resolve(value, today), date)
