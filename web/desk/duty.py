"""When people are on duty: business hours, holidays and shifts. Pure: moments in, answers out; all of it data of desk.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FARTHEST_DAYS = 60
"""A shop that is closed for longer says nothing about when it opens."""


@dataclass(frozen=True)
class Span:
    """From a time of day until another, in minutes since midnight; 24:00 is 1440."""

    start: int
    until: int


@dataclass(frozen=True)
class Shift:
    """Who is expected on which weekdays and when."""

    name: str
    days: frozenset[str]
    span: Span
    agents: tuple[str, ...]


@dataclass(frozen=True)
class Duty:
    """The hours of a week, of single days, and the shifts; all in the shop's own zone."""

    zone: ZoneInfo
    hours: Mapping[str, Sequence[Span]]
    holidays: Mapping[date, Sequence[Span]] = field(default_factory=dict)
    shifts: Sequence[Shift] = ()

    def is_open(self, at: datetime) -> bool:
        """Whether people serve shoppers at this moment."""
        return any(start <= at < until for start, until in self._spans_from(at, days=1))

    def opens_at(self, at: datetime) -> datetime | None:
        """When people serve shoppers again; `at` itself while they do, None when not within sixty days."""
        for start, until in self._spans_from(at, FARTHEST_DAYS):
            if at < until:
                return max(start, at)
        return None

    def due(self, since: datetime, seconds: float) -> datetime:
        """The moment at which so many seconds of business hours have passed. A shop that never opens counts all time."""
        left = timedelta(seconds=seconds)
        for start, until in self._spans_from(since, FARTHEST_DAYS):
            begin = max(start, since)
            if until - begin >= left:
                return begin + left
            left -= max(until - begin, timedelta())
        return since + timedelta(seconds=seconds)

    def on_shift(self, at: datetime) -> list[str]:
        """The usernames of those whom a shift expects at this moment."""
        local = at.astimezone(self.zone)
        day, minute = WEEKDAYS[local.weekday()], local.hour * 60 + local.minute
        expected = [
            agent
            for shift in self.shifts
            if day in shift.days and shift.span.start <= minute < shift.span.until
            for agent in shift.agents
        ]
        return sorted(set(expected))

    def _spans_from(self, at: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """The open spans of the day of `at` and of those after it, in order."""
        today = at.astimezone(self.zone).date()
        for ahead in range(days + 1):
            day = today + timedelta(days=ahead)
            spans = self.holidays.get(day, self.hours.get(WEEKDAYS[day.weekday()], ()))
            for span in sorted(spans, key=lambda one: one.start):
                yield self._moment(day, span.start), self._moment(day, span.until)

    def _moment(self, day: date, minute: int) -> datetime:
        midnight = datetime.combine(day + timedelta(days=minute // 1440), time(), self.zone)
        return midnight + timedelta(minutes=minute % 1440)
