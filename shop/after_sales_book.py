"""Opens after-sales cases and books couriers: what the state of an order allows, and what goes back."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from shop.case_checks import BACK, check_no_other, check_state, check_stock, pieces
from shop.case_money import money_of
from shop.changes import next_number, order_row, receipt
from shop.errors import Refused
from shop.order_book import ITEMS, PHOTO_KINDS, pickup_of, yuan
from shop.pickups import free_slots
from shop.seed.calendar import iso
from shop.seed.goods import SEND_TO

PREFIX = {"return": "RT", "exchange": "HH", "repair": "WX", "claim": "JB"}
DUE_H = {"return": 168, "exchange": 168, "repair": 336, "claim": 72, "urge_shipping": 24, "urge_delivery": 24}


def open_case(db: sqlite3.Connection, number: str, asked: Mapping[str, Any], photos: str) -> dict[str, Any]:
    """Opens a case; `photos` is the address of its photo page with {number} in it. Raises Refused."""
    order, kind, now = order_row(db, number), asked["kind"], datetime.now(timezone.utc)
    check_state(db, order, kind)
    lines = db.execute(ITEMS, (number,)).fetchall()
    items = pieces(db, order, lines, asked)
    check_no_other(db, number, kind, items)
    if kind == "exchange":
        check_stock(db, items, asked.get("exchange_for"))
    elif asked.get("exchange_for") is not None:
        raise Refused("not_allowed", f"Nothing is exchanged in a case of {kind}.")
    pickup = asked.get("pickup")
    if pickup and kind not in BACK:
        raise Refused("not_allowed", f"Nothing is collected in a case of {kind}.")
    if pickup and pickup not in free_slots(order["receiver_city"], now):
        raise Refused("pickup_unavailable", "No courier collects at that time.")
    amount = money_of(db, order, lines, kind, items)
    case = next_number(db, PREFIX.get(kind, "AS"), now)
    due = iso(now + timedelta(hours=DUE_H.get(kind, 48)))
    sends = SEND_TO if kind in BACK else None
    kept = " ".join(pickup.values()) if pickup else None
    state = "approved" if kind in BACK else "requested"
    row = (case, number, kind, state, asked.get("cause"), asked.get("exchange_for"), asked.get("note"), amount)
    db.execute(f"INSERT INTO cases VALUES ({', '.join('?' * 12)})", (*row, iso(now), due, kept, sends))
    db.executemany("INSERT INTO case_items VALUES (?, ?, ?)", [(case, sku, count) for sku, count in items.items()])
    faulty = kind in PHOTO_KINDS or asked.get("cause") in ("quality", "damaged", "wrong_item")
    return receipt(
        case,
        number,
        now,
        amount=None if amount is None else yuan(amount),
        by=due,
        pickup=pickup,
        send_to=sends,
        photo_url=photos.replace("{number}", case) if faulty else None,
    )


def book_pickup(db: sqlite3.Connection, number: str, case: str, pickup: dict[str, str]) -> dict[str, Any]:
    """Has a courier collect the goods of a case that have not been sent. Raises Refused."""
    found = db.execute("SELECT * FROM cases WHERE number = ? AND order_number = ?", (case, number)).fetchone()
    now = datetime.now(timezone.utc)
    if found["kind"] not in BACK or found["state"] not in ("requested", "approved"):
        raise Refused("not_allowed", "The goods of this case need not be collected.")
    if pickup not in free_slots(order_row(db, number)["receiver_city"], now):
        raise Refused("pickup_unavailable", "No courier collects at that time.")
    db.execute("UPDATE cases SET pickup = ? WHERE number = ?", (" ".join(pickup.values()), case))
    kept = pickup_of(" ".join(pickup.values()))
    return receipt(next_number(db, "QJ", now), number, now, pickup=kept, send_to=found["send_to"])
