"""When a courier of the demo shop collects: mornings and afternoons of the next three days, in the cities that are served."""

from datetime import datetime, timedelta
from functools import cache

from shop.seed.calendar import BEIJING
from shop.seed.stock import read_stock

SPANS = (("09:00", "12:00"), ("13:00", "17:00"))
DAYS = 3


def free_slots(city: str, now: datetime) -> list[dict[str, str]]:
    """The free times, the earliest first; none in a city that is not served."""
    if city not in served_cities():
        return []
    today = now.astimezone(BEIJING).date()
    days = [(today + timedelta(days=ahead)).isoformat() for ahead in range(1, DAYS + 1)]
    return [{"day": day, "from": begins, "until": ends} for day in days for begins, ends in SPANS]


@cache
def served_cities() -> frozenset[str]:
    """Where parcels go."""
    return frozenset(read_stock().routes.cities)
