"""Orders that tests and dialogues ask for, at whatever time of day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shop.seed.calendar import BEIJING
from shop.seed.journey import Journey, Scan
from shop.seed.new_order import _moved

TODAY = datetime(2026, 11, 29, tzinfo=BEIJING)


@pytest.mark.parametrize("minutes", [0, 10, 59, 60, 90, 13 * 60, 24 * 60 - 1])
@pytest.mark.parametrize("days_ago", [0, 1, 7])
def test_parcel_was_delivered_on_the_day_that_was_asked_for(minutes: int, days_ago: int) -> None:
    now = TODAY + timedelta(minutes=minutes)
    way = Journey(
        (Scan(TODAY - timedelta(days=30), "揽收", "天津"), Scan(TODAY - timedelta(days=28), "签收", "北京")), None
    )
    last = _moved(way, now, days_ago).scans[-1].at
    assert last <= now
    assert (TODAY.date() - last.astimezone(BEIJING).date()).days == days_ago
