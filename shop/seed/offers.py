"""Carts, coupons, memberships and prices of the seed: written by hand for the shown customers, drawn for everybody else."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec

from shop.seed.calendar import Calendar, iso
from shop.seed.orders import SeedOrder
from shop.seed.prices import Prices
from shop.seed.stock import Customer, Stock

FILE = Path(__file__).with_name("offers.json")
LEVELS = ("regular", "regular", "silver", "silver", "gold")


class Limited(msgspec.Struct, frozen=True):
    """A price in yuan for some days."""

    sku: str
    price: str
    from_day: int
    until_day: int


class InCart(msgspec.Struct, frozen=True):
    """So many pieces of a sku."""

    sku: str
    quantity: int


class Member(msgspec.Struct, frozen=True):
    """A level and points, some of which may go on a day."""

    level: str
    points: int
    expiring: int
    expire_day: int | None


class Design(msgspec.Struct, frozen=True):
    """What a coupon promises: so much off from so much on, in yuan."""

    name: str
    name_en: str
    kind: str
    least: str
    off: str
    categories: tuple[str, ...]


class Held(msgspec.Struct, frozen=True):
    """A coupon that somebody has: good from the first to the last day, counted from today."""

    coupon: str
    from_day: int
    until_day: int
    state: str
    order: str | None = None


class Offers(msgspec.Struct, frozen=True):
    """The hand-written part."""

    limited: tuple[Limited, ...]
    carts: dict[str, tuple[InCart, ...]]
    members: dict[str, Member]
    coupons: dict[str, Design]
    held: dict[str, tuple[Held, ...]]


def insert_offers(
    db: sqlite3.Connection, stock: Stock, calendar: Calendar, orders: Sequence[SeedOrder], prices: Prices
) -> None:
    """Fill the tables of the promotions API."""
    offers = msgspec.json.decode(FILE.read_bytes(), type=Offers)
    rng = Random(20261124)
    history = [(sku, iso(price.since), price.fen) for sku, held in prices.items() for price in held]
    db.executemany("INSERT INTO prices VALUES (?, ?, ?)", history)
    limited = [
        (one.sku, _fen(one.price), iso(calendar.at(one.from_day, 0)), _last_second(calendar, one.until_day))
        for one in offers.limited
    ]
    db.executemany("INSERT INTO limited_prices VALUES (?, ?, ?, ?)", limited)
    for customer in stock.customers:
        _insert_member(db, customer, offers.members.get(customer.id) or _a_member(rng), calendar)
        written = offers.carts.get(customer.id)
        for line, one in enumerate(_a_cart(rng, stock) if written is None else written, start=1):
            db.execute("INSERT INTO carts VALUES (?, ?, ?, ?)", (customer.id, line, one.sku, one.quantity))
        own = [order for order in orders if order.customer.id == customer.id]
        held = offers.held.get(customer.id)
        _insert_coupons(db, customer, _some_coupons(rng, offers, own) if held is None else held, own, offers, calendar)


def _insert_member(db: sqlite3.Connection, customer: Customer, member: Member, calendar: Calendar) -> None:
    expire_at = None if member.expire_day is None else _last_second(calendar, member.expire_day)
    row = (customer.id, member.level, member.points, member.expiring, expire_at)
    db.execute("INSERT INTO memberships VALUES (?, ?, ?, ?, ?)", row)


def _insert_coupons(
    db: sqlite3.Connection,
    customer: Customer,
    held: Sequence[Held],
    own: Sequence[SeedOrder],
    offers: Offers,
    calendar: Calendar,
) -> None:
    for index, one in enumerate(held, start=1):
        design = offers.coupons[one.coupon]
        order = one.order or (_paid_with(own, _fen(design.off)) if one.state == "used" else None)
        promise = (design.name, design.name_en, design.kind, _fen(design.least), _fen(design.off))
        days = (iso(calendar.at(one.from_day, 0)), _last_second(calendar, one.until_day))
        categories = " ".join(design.categories)
        row = (f"QH{customer.id[1:]}{index:02d}", customer.id, *promise, categories, *days, one.state, order)
        db.execute(f"INSERT INTO coupons VALUES ({', '.join('?' * len(row))})", row)


def _paid_with(own: Sequence[SeedOrder], off: int) -> str | None:
    """The customer's latest order that was reduced by so much."""
    return next((order.number for order in reversed(own) if order.money.discount == off), None)


def _a_member(rng: Random) -> Member:
    points = rng.randint(0, 6_000)
    if points < 300 or rng.random() < 0.5:
        return Member(rng.choice(LEVELS), points, 0, None)
    return Member(rng.choice(LEVELS), points, rng.randint(20, points // 3), rng.randint(5, 29))


def _a_cart(rng: Random, stock: Stock) -> Iterator[InCart]:
    for product in rng.sample(stock.products, rng.choice((0, 1, 1, 2, 2, 3, 4))):
        yield InCart(rng.choice(product.skus).sku, rng.choice((1, 1, 1, 2)))


def _some_coupons(rng: Random, offers: Offers, own: Sequence[SeedOrder]) -> list[Held]:
    """Up to three coupons, now and then an old one, and those that reduce an order which is not paid yet."""
    names = rng.sample(list(offers.coupons), rng.randint(0, 3))
    some = [Held(name, -rng.randint(1, 20), rng.randint(1, 25), "usable") for name in names]
    if rng.random() < 0.3:
        some.append(Held(rng.choice(list(offers.coupons)), -60, -rng.randint(2, 30), "expired"))
    locked = [order.number for order in own if order.state == "unpaid" and order.money.discount == 30_00]
    return some + [Held("shop_300_30", -8, 14, "locked", number) for number in locked]


def _last_second(calendar: Calendar, day: int) -> str:
    """The end of a day in Beijing."""
    return iso(calendar.at(day + 1, 0) - timedelta(seconds=1))


def _fen(yuan: str) -> int:
    return int(yuan.replace(".", ""))
