"""Makes one more order, in any state, in a database that is in use: for trying and testing what can be done about it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import count
from random import Random

from shop.seed.calendar import BEIJING, Calendar
from shop.seed.goods import begin_with_deposit, insert_order_terms
from shop.seed.journey import Journey, Scan, travel
from shop.seed.orders import Line, Money, Parcel, Refund, SeedOrder, Times
from shop.seed.rows import insert_orders
from shop.seed.shown import ShownOrder
from shop.seed.stock import Customer, Stock, read_stock

UNSENT = frozenset({"unpaid", "paid", "packed", "pre_sale", "cancelled"})
_endings = count(1)


def new_order(
    db: sqlite3.Connection,
    state: str,
    customer_id: str | None = None,
    *,
    items: Sequence[tuple[str, int]] = (("CL01-1", 1),),
    delivered_days_ago: int = 2,
    created_days_ago: int | None = None,
    payment_method: str = "alipay",
    discount: int | str = 0,
    shipping: int = 0,
    freight_insurance: bool = False,
    gifts: Sequence[str] = (),
    prices: dict[str, int] | None = None,
    city: str | None = None,
    balance: tuple[float, float] | None = None,
) -> ShownOrder:
    """The order, written. `items` are (sku, quantity), `gifts` skus that came free, `prices` what a sku cost then, in fen.

    `discount` is in fen, or text in yuan: "30.00". An order that was sent is at least as old as its first parcel.
    `balance` is for a pre-order begun with a deposit: days from now from which and until which the rest can be paid.
    """
    stock, now = read_stock(), datetime.now(timezone.utc).replace(microsecond=0)
    customer = _customer(db, customer_id or "c030")
    lines = tuple(_line(stock, sku, pieces, (prices or {}).get(sku)) for sku, pieces in items)
    lines += tuple(_line(stock, sku, 1, 0) for sku in gifts)
    if len({line.sku.sku for line in lines}) < len(lines):
        raise ValueError("each article has one line: a gift is another one than what was bought")
    goods = sum(line.sku.fen * line.quantity for line in lines)
    off = int(discount.replace(".", "")) if isinstance(discount, str) else discount
    money = Money(off, shipping, goods - off + shipping)
    parcels = _parcels(stock, state, lines, customer, now, delivered_days_ago)
    times = _older(_times(state, parcels, now), now, created_days_ago)
    number = f"{times.created.astimezone(BEIJING):%Y%m%d}{_ending(db)}"
    refund = _refund(state, money, now)
    insert_orders(db, [SeedOrder(number, customer, state, lines, money, times, parcels, refund)])
    insert_order_terms(db, number, payment_method if times.paid else None, freight_insurance)
    if city is not None:
        address = (city, f"{city}市中心区人民路 1 号", number)
        db.execute("UPDATE orders SET receiver_city = ?, receiver_address = ? WHERE number = ?", address)
    if balance is not None:
        begins, ends = (now + timedelta(days=days) for days in balance)
        begin_with_deposit(db, number, money.total, (begins, ends), paid=False)
    return ShownOrder(number, customer.phone[-4:], state, customer.id, customer.name)


def new_customer(db: sqlite3.Connection) -> str:
    """Somebody who has no orders yet, written; their id."""
    number = db.execute("SELECT count(*) FROM customers").fetchone()[0] + 1
    row = (f"c{number:03d}", "程晓", f"1000001{number:04d}", "杭州", "浙江省杭州市西湖区文三路 1 号 2 幢 303 室")
    db.execute("INSERT INTO customers VALUES (?, ?, ?, ?, ?)", row)
    return row[0]


def _customer(db: sqlite3.Connection, customer_id: str) -> Customer:
    row = db.execute("SELECT id, name, phone, city, address FROM customers WHERE id = ?", (customer_id,)).fetchone()
    return Customer(*row)


def _line(stock: Stock, sku: str, pieces: int, fen: int | None) -> Line:
    product, found = next((one, item) for one in stock.products for item in one.skus if item.sku == sku)
    if fen is not None:
        found = type(found)(found.sku, found.spec, found.spec_en, f"{fen // 100}.{fen % 100:02d}")
    return Line(product, found, pieces)


def _parcels(
    stock: Stock, state: str, lines: tuple[Line, ...], customer: Customer, now: datetime, days_ago: int
) -> tuple[Parcel, ...]:
    if state in UNSENT:
        return ()
    rng = Random()
    calendar, carrier = Calendar(now), stock.carriers[0]
    states = (
        ("delivered", "in_transit") if state == "partly_shipped" else ("returned" if state == "refunded" else state,)
    )
    contents = (lines[:1], lines[1:2] if len(lines) > 2 else ()) if state == "partly_shipped" else (lines,)
    made = []
    for one, inside in zip(states, contents, strict=True):
        if not inside:
            continue
        travelled = travel(rng, calendar, one, customer, carrier, stock.routes)
        journey = _moved(travelled, now, days_ago) if one == "delivered" else travelled
        digits = "".join(rng.choices("0123456789", k=carrier.length - len(carrier.prefix)))
        made.append(Parcel(carrier, carrier.prefix + digits, one, journey, inside))
    return tuple(made)


def _moved(journey: Journey, now: datetime, days_ago: int) -> Journey:
    """The same way, with its last scan at noon of that day, or an hour ago today; in the first hour of a day as it began."""
    begin = datetime.combine((now.astimezone(BEIJING) - timedelta(days=days_ago)).date(), datetime.min.time(), BEIJING)
    last = max(begin, min(begin + timedelta(hours=12), now - timedelta(hours=1)))
    by = last.astimezone(timezone.utc) - journey.scans[-1].at
    return Journey(tuple(Scan(one.at + by, one.text, one.place) for one in journey.scans), None)


def _times(state: str, parcels: tuple[Parcel, ...], now: datetime) -> Times:
    if not parcels:
        created = now - timedelta(hours=20)
        paid = None if state == "unpaid" else created + timedelta(minutes=2)
        return Times(
            created,
            paid,
            packed=now - timedelta(hours=2) if state == "packed" else None,
            cancelled=now - timedelta(hours=1) if state == "cancelled" else None,
            expected_ship=now + timedelta(days=1) if state in ("paid", "packed", "pre_sale") else None,
        )
    shipped = min(parcel.journey.scans[0].at for parcel in parcels)
    created = shipped - timedelta(hours=10)
    delivered = parcels[0].journey.scans[-1].at if state == "delivered" else None
    expected = now + timedelta(days=2) if state == "partly_shipped" else None
    packed = shipped - timedelta(hours=2)
    return Times(created, created + timedelta(minutes=2), packed, shipped, delivered, expected_ship=expected)


def _older(times: Times, now: datetime, days_ago: int | None) -> Times:
    """Made and paid so many days ago, or before it was packed."""
    if days_ago is None:
        return times
    created = min(times.created, now - timedelta(days=days_ago))
    paid = created + timedelta(minutes=2) if times.paid else None
    return replace(times, created=created, paid=paid)


def _refund(state: str, money: Money, now: datetime) -> Refund | None:
    if state in ("refused", "returned"):
        return Refund("pending", money.total, now - timedelta(hours=3))
    return Refund("done", money.total, now - timedelta(hours=3)) if state in ("refunded", "cancelled") else None


def _ending(db: sqlite3.Connection) -> str:
    """Six digits that no seeded order has: they begin with 9."""
    while True:
        ending = f"{900_000 + next(_endings)}"
        if not db.execute("SELECT 1 FROM orders WHERE number LIKE ?", (f"%{ending}",)).fetchone():
            return ending
