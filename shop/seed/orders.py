"""Makes the orders of the seed: the same ones for the same day, whoever makes them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from shop.seed.calendar import BEIJING, Calendar, by_day, spell
from shop.seed.journey import Journey, travel
from shop.seed.plan import OTHERS, SHOWN
from shop.seed.stock import Carrier, Customer, Product, Sku, Stock

FREE_SHIPPING_FROM = 99_00
SHIPPING = 8_00


@dataclass(frozen=True)
class Line:
    """So many pieces of one sku."""

    product: Product
    sku: Sku
    quantity: int


@dataclass(frozen=True)
class Parcel:
    """Some lines of an order on their way."""

    carrier: Carrier
    tracking_number: str
    state: str
    journey: Journey
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Money:
    """What an order costs besides its lines, in fen."""

    discount: int
    shipping: int
    total: int


@dataclass(frozen=True)
class Times:
    """When things happened to an order; what has not happened is None."""

    created: datetime
    paid: datetime | None = None
    packed: datetime | None = None
    shipped: datetime | None = None
    delivered: datetime | None = None
    cancelled: datetime | None = None
    expected_ship: datetime | None = None


@dataclass(frozen=True)
class Refund:
    """Money going back, in fen."""

    state: str
    amount: int
    at: datetime


@dataclass(frozen=True)
class SeedOrder:
    """One order of the seed."""

    number: str
    customer: Customer
    state: str
    lines: tuple[Line, ...]
    money: Money
    times: Times
    parcels: tuple[Parcel, ...] = ()
    refund: Refund | None = None


def make_orders(stock: Stock, calendar: Calendar) -> list[SeedOrder]:
    """All orders of the seed, oldest first."""
    rng = Random(20261122)
    maker = _Maker(rng, stock, calendar)
    by_id = {customer.id: customer for customer in stock.customers}
    orders = [maker.order(by_id[one], state) for one, states in SHOWN.items() for state in states]
    others = [customer for customer in stock.customers if customer.id not in SHOWN]
    states = [state for state, count in OTHERS.items() for _ in range(count)]
    rng.shuffle(states)
    orders += [maker.order(others[index % len(others)], state) for index, state in enumerate(states)]
    return sorted(orders, key=lambda order: (order.times.created, order.number))


class _Maker:
    """Draws one order after the other from one random source."""

    def __init__(self, rng: Random, stock: Stock, calendar: Calendar) -> None:
        self._rng = rng
        self._stock = stock
        self._calendar = calendar
        self._endings = iter(rng.sample(range(1_000, 999_999), 2_000))
        self._in_stock = [product for product in stock.products if product.badge != "pre_sale"]
        self._pre_sale = [product for product in stock.products if product.badge == "pre_sale"]

    def order(self, customer: Customer, state: str) -> SeedOrder:
        lines = self._lines(state)
        money = self._money(lines)
        parcels = self._parcels(customer, state, lines)
        times = self._times(state, parcels)
        number = f"{times.created.astimezone(BEIJING):%Y%m%d}{next(self._endings):06d}"
        order = SeedOrder(number, customer, state, lines, money, times, parcels)
        return replace(order, refund=self._refund(order))

    def _lines(self, state: str) -> tuple[Line, ...]:
        if state == "pre_sale":
            products = [self._rng.choice(self._pre_sale)]
        else:
            count = 3 if state == "partly_shipped" else self._rng.choice((1, 1, 1, 2, 2, 3))
            products = self._rng.sample(self._in_stock, count)
        return tuple(Line(one, self._rng.choice(one.skus), self._rng.choice((1, 1, 1, 1, 2))) for one in products)

    def _money(self, lines: tuple[Line, ...]) -> Money:
        goods = sum(line.sku.fen * line.quantity for line in lines)
        discount = goods // 300_00 * 30_00 if self._rng.random() < 0.4 else 0
        shipping = 0 if goods - discount >= FREE_SHIPPING_FROM else SHIPPING
        return Money(discount, shipping, goods - discount + shipping)

    def _parcels(self, customer: Customer, state: str, lines: tuple[Line, ...]) -> tuple[Parcel, ...]:
        if state == "partly_shipped":
            return (
                self._parcel(customer, "delivered_lately", lines[:1]),
                self._parcel(customer, "in_transit", lines[1:2]),
            )
        if state == "refunded":
            return (self._parcel(customer, "returned", lines),) if self._rng.random() < 0.5 else ()
        if state in ("unpaid", "paid", "packed", "cancelled", "pre_sale"):
            return ()
        return (self._parcel(customer, state, lines),)

    def _parcel(self, customer: Customer, state: str, lines: tuple[Line, ...]) -> Parcel:
        carrier = self._rng.choice(self._stock.carriers)
        digits = carrier.length - len(carrier.prefix)
        number = carrier.prefix + "".join(self._rng.choices("0123456789", k=digits))
        journey = travel(self._rng, self._calendar, state, customer, carrier, self._stock.routes)
        return Parcel(carrier, number, state.removesuffix("_lately"), journey, lines)

    def _times(self, state: str, parcels: tuple[Parcel, ...]) -> Times:
        if parcels:
            return self._times_sent(state, parcels)
        rng, calendar = self._rng, self._calendar
        if state == "unpaid":
            return Times(created=calendar.at(-1, rng.uniform(19, 23.8)))
        days = {"paid": (1, 1), "packed": (1, 2), "pre_sale": (2, 12), "cancelled": (2, 20), "refunded": (4, 18)}[state]
        created = calendar.at(-rng.randint(*days), rng.uniform(8, 15))
        paid = created + timedelta(seconds=rng.randint(20, 600))
        if state == "cancelled" and rng.random() < 0.5:
            return Times(created=created, cancelled=created + timedelta(hours=1))
        times = Times(created=created, paid=paid)
        if state == "paid":
            return replace(times, expected_ship=calendar.at(1, 18))
        if state == "packed":
            return replace(times, packed=paid + spell(rng, 2, 7), expected_ship=calendar.at(1, 12))
        if state == "pre_sale":
            return replace(times, expected_ship=calendar.at(rng.randint(5, 30), 18))
        return replace(times, cancelled=paid + spell(rng, 0.3, 9))

    def _times_sent(self, state: str, parcels: tuple[Parcel, ...]) -> Times:
        first = min(parcel.journey.scans[0].at for parcel in parcels)
        packed = by_day(first - spell(self._rng, 1.5, 6))
        paid = by_day(packed - spell(self._rng, 2, 16))
        created = paid - timedelta(seconds=self._rng.randint(20, 600))
        delivered = parcels[0].journey.scans[-1].at if state == "delivered" else None
        expected = self._calendar.at(2, 18) if state == "partly_shipped" else None
        return Times(created, paid, packed, first, delivered, expected_ship=expected)

    def _refund(self, order: SeedOrder) -> Refund | None:
        times, amount = order.times, order.money.total
        last = order.parcels[-1].journey.scans[-1].at if order.parcels else times.cancelled
        if order.state in ("refused", "returned") and last:
            return Refund("pending", amount, last + timedelta(minutes=self._rng.randint(3, 200)))
        if order.state == "refunded" and last:
            return Refund("done", amount, last + timedelta(minutes=self._rng.randint(3, 200)))
        if order.state == "cancelled" and times.paid and last:
            return Refund("done", amount, last + timedelta(minutes=self._rng.randint(2, 30)))
        return None
