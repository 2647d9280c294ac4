"""What day a date value means: `shop_entities` writes dates without a clock, and whoever acts on one asks here.

| value | means |
|---|---|
| `2026-11-03` | that day |
| `--11-03` | 3 November, of the year in which it is nearest to today |
| `---03` | the 3rd, of the month in which it is nearest to today |
| `day-1`, `day+0` | yesterday, today |
| `week-1-5`, `week+0-3` | Friday of last week, Wednesday of this week; weeks begin on Monday |
| `month-1-03` | the 3rd of last month |
| `year-1-11-03` | 3 November of last year |
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Optional

_ABSOLUTE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_OF_YEAR = re.compile(r"--([0-9]{2})-([0-9]{2})")
_DAY_OF_MONTH = re.compile(r"---([0-9]{2})")
_RELATIVE = re.compile(r"(day|week|month|year)([+-][0-9]{1,4})((?:-[0-9]{1,2}){0,2})")
_PARTS = {"day": 0, "week": 1, "month": 1, "year": 2}
"""How many numbers stand behind the distance."""


def resolve(value: str, today: date) -> Optional[date]:
    """The day that a value means, seen from `today`; None where there is no such day (30 February) or no such form."""
    if match := _ABSOLUTE.fullmatch(value):
        return _day(*map(int, match.groups()))
    if match := _DAY_OF_YEAR.fullmatch(value):
        month, day = map(int, match.groups())
        return _nearest((_day(today.year + years, month, day) for years in range(-4, 5)), today)
    if match := _DAY_OF_MONTH.fullmatch(value):
        return _nearest((_in_month(today, months, int(match.group(1))) for months in (-2, -1, 0, 1, 2)), today)
    if match := _RELATIVE.fullmatch(value):
        numbers = [int(number) for number in match.group(3).split("-")[1:]]
        return _relative(match.group(1), int(match.group(2)), numbers, today)
    return None


def _relative(unit: str, distance: int, numbers: list[int], today: date) -> Optional[date]:
    if len(numbers) != _PARTS[unit]:
        return None
    try:
        if unit == "day":
            return today + timedelta(days=distance)
        if unit == "week":
            monday = today - timedelta(days=today.weekday())
            return monday + timedelta(weeks=distance, days=numbers[0] - 1) if 1 <= numbers[0] <= 7 else None
    except OverflowError:
        return None
    return _in_month(today, distance, numbers[0]) if unit == "month" else _day(today.year + distance, *numbers)


def _in_month(today: date, months: int, day: int) -> Optional[date]:
    years, month = divmod(today.month - 1 + months, 12)
    return _day(today.year + years, month + 1, day)


def _nearest(days: Iterable[Optional[date]], today: date) -> Optional[date]:
    """The day nearest to today; of two that are as near, the one that is past."""
    return min((day for day in days if day), key=lambda day: (abs(day - today), day), default=None)


def _day(year: int, month: int, day: int) -> Optional[date]:
    try:
        return date(year, month, day)
    except ValueError:
        return None
