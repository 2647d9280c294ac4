"""Days and hours in the shop's own time zone; everything it keeps is in UTC."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from random import Random

BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Calendar:
    """The moment that the seed is made at."""

    now: datetime

    @property
    def today(self) -> date:
        """The day it is in Beijing."""
        return self.now.astimezone(BEIJING).date()

    def at(self, days_from_today: int, hour: float) -> datetime:
        """An hour (Beijing time, fractions allowed) of another day."""
        midnight = datetime(self.today.year, self.today.month, self.today.day, tzinfo=BEIJING)
        moment = midnight + timedelta(days=days_from_today, hours=hour)
        return moment.astimezone(timezone.utc).replace(microsecond=0)


def spell(rng: Random, low: float, high: float) -> timedelta:
    """A random time between so many hours, in whole seconds."""
    return timedelta(seconds=rng.randint(round(low * 3600), round(high * 3600)))


def by_day(moment: datetime) -> datetime:
    """The moment itself, or the evening before for one in the night: people neither order nor pack then."""
    hour = moment.astimezone(BEIJING).hour
    return moment - timedelta(hours=hour + 3) if hour < 8 else moment


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
