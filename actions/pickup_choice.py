"""When a courier fetches what goes back: the question, its answer, and how it is shown."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from actions.return_sentences import pickup_in_words
from actions.shop import the_shop
from actions.tasks import Ask, Facts, Option, Work, row
from actions.wording import SHOP_CLOCK
from shop.after_sales import Pickup
from shop.client import ShopClientError

log = logging.getLogger(__name__)

SELF = "self"
OTHER_TIME = "other"
"""A time was named that is not offered."""
MOST_SLOTS = 4
_SELF = re.compile(
    r"自己(?:去)?[寄送]|不用(?:上门|来取|取)|\b(?:send|post|ship|mail) it (?:back )?(?:my|our)sel(?:f|ves)\b|\bmyself\b",
    re.IGNORECASE,
)
_DAYS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"大后天"), 3),
    (re.compile(r"后天|day after tomorrow", re.IGNORECASE), 2),
    (re.compile(r"明[天儿早晚]|tomorrow", re.IGNORECASE), 1),
    (re.compile(r"今[天儿晚]|today|tonight", re.IGNORECASE), 0),
)
_DAY_OF_MONTH = re.compile(r"(\d{1,2})\s*(?:[号日]|st\b|nd\b|rd\b|th\b|Nov\b|Dec\b)", re.IGNORECASE)
_MORNING = re.compile(r"上午|早上|明早|中午前|morning", re.IGNORECASE)
_AFTERNOON = re.compile(r"下午|afternoon", re.IGNORECASE)
_EVENING = re.compile(r"[今明]?晚上?|evening|tonight", re.IGNORECASE)


def sends_it(text: str) -> bool:
    """Whether a message says that the shopper sends it."""
    return _SELF.search(text) is not None


def pickup_named(text: str, options: Sequence[Option], now: datetime | None = None) -> str | None:
    """The earliest offered time that a message means, sending it oneself, or OTHER_TIME; None when it is about neither."""
    if sends_it(text):
        return SELF
    day = _day_in(text, now or datetime.now(SHOP_CLOCK))
    early, late, evening = (bool(one.search(text)) for one in (_MORNING, _AFTERNOON, _EVENING))
    if not (day or early or late or evening):
        return None
    slots = [option.value for option in options if option.value != SELF]
    for slot in slots if not evening else ():
        on, start, _ = slot.split(" ")
        if (not day or day(on)) and not (early and start >= "12:00") and not (late and start < "12:00"):
            return slot
    return OTHER_TIME


async def pickup_ask(work: Work) -> Ask | None:
    """The question when it shall be fetched; None when that is known, or when nobody collects there."""
    again = work.facts.get("pickup") == OTHER_TIME
    if "pickup" in work.facts and not again:
        return None
    try:
        slots = await the_shop().pickup_slots(work.order.receiver.city)
    except ShopClientError:
        log.warning("no pick-up is offered: the logistics API does not answer")
        slots = ()
    if not slots:
        work.facts["pickup"] = SELF
        return None
    options = [Option(_value(slot), pickup_in_words(slot, work.wording)) for slot in slots[:MOST_SLOTS]]
    options.append(Option(SELF, work.wording.text("utter_pickup_self")))
    return Ask("pickup", "utter_pickup_ask_again" if again else "utter_pickup_ask", tuple(options))


def pickup_of(facts: Facts) -> Pickup | None:
    """The time that was chosen; None for who sends it themselves."""
    parts = str(facts.get("pickup") or SELF).split(" ")
    return Pickup(*parts) if len(parts) == 3 else None


def pickup_rows(work: Work) -> list[dict[str, Any]]:
    """The row of a card about it."""
    pickup = pickup_of(work.facts)
    told = work.wording.text("utter_pickup_self") if pickup is None else pickup_in_words(pickup, work.wording)
    return [row(work.wording, "utter_row_pickup", told)]


def _day_in(text: str, now: datetime) -> Callable[[str], bool] | None:
    """Whether a day such as 2026-11-26 is the one that a message names; None when it names none."""
    for words, ahead in _DAYS:
        if words.search(text):
            wanted = (now + timedelta(days=ahead)).date().isoformat()
            return lambda day: day == wanted
    if found := _DAY_OF_MONTH.search(text):
        ending = f"-{int(found[1]):02d}"
        return lambda day: day.endswith(ending)
    return None


def _value(slot: Pickup) -> str:
    return f"{slot.day} {slot.start} {slot.until}"
