"""What each sku cost and since when: the price of today, and for some of them the one before it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

import msgspec

from shop.seed.calendar import Calendar
from shop.seed.orders import FREE_SHIPPING_FROM, SHIPPING, Line, SeedOrder
from shop.seed.stock import Sku, Stock

# Articles of orders that have lately been made: cheaper since so many days.
FALLEN = {"CL05-3": 3, "FD03-2": 3, "FD06-2": 4, "SP04-1": 4, "HM09-2": 5, "FD01-1": 5}
MORE_RISES = 6


@dataclass(frozen=True)
class Price:
    """A price in fen and since when it holds."""

    since: datetime
    fen: int


Prices = Mapping[str, tuple[Price, ...]]


def make_prices(stock: Stock, calendar: Calendar) -> Prices:
    """The prices of each sku, oldest first; the last one is today's. A quarter of them fell in the last ten days."""
    rng = Random(20261123)
    skus = {sku.sku: sku for product in stock.products for sku in product.skus}
    steady = [sku.sku for product in stock.products for sku in product.skus if product.badge != "pre_sale"]
    others = rng.sample([sku for sku in steady if sku not in FALLEN], len(skus) // 4 - len(FALLEN) + MORE_RISES)
    fallen = FALLEN | {sku: rng.randint(3, 10) for sku in others[MORE_RISES:]}
    risen = {sku: rng.randint(12, 40) for sku in others[:MORE_RISES]}
    return {sku: _history(rng, one, calendar, fallen.get(sku), risen.get(sku)) for sku, one in skus.items()}


def price_at(prices: tuple[Price, ...], moment: datetime) -> int:
    """The price at a moment, in fen."""
    return next((price.fen for price in reversed(prices) if price.since <= moment), prices[0].fen)


def at_their_prices(order: SeedOrder, prices: Prices) -> SeedOrder:
    """The order with what its articles cost when it was made, and the money that follows from it."""
    made = order.times.created
    lines = tuple(_priced(line, price_at(prices[line.sku.sku], made)) for line in order.lines)
    goods = sum(line.sku.fen * line.quantity for line in lines) - order.money.discount
    shipping = 0 if goods >= FREE_SHIPPING_FROM else SHIPPING
    money = replace(order.money, shipping=shipping, total=goods + shipping)
    refund = replace(order.refund, amount=money.total) if order.refund else None
    return replace(order, lines=lines, money=money, refund=refund)


def _history(rng: Random, sku: Sku, calendar: Calendar, fell: int | None, rose: int | None) -> tuple[Price, ...]:
    first = calendar.at(-rng.randint(57, 66), 10)
    if fell is not None:
        before = _whole_yuan(sku.fen * rng.choice((108, 112, 118, 125)))
        return Price(first, before), Price(calendar.at(-fell, 10), sku.fen)
    if rose is not None:
        before = _whole_yuan(sku.fen * rng.choice((88, 92)))
        return Price(first, before), Price(calendar.at(-rose, 10), sku.fen)
    return (Price(first, sku.fen),)


def _whole_yuan(hundredths: int) -> int:
    """The nearest whole yuan, in fen."""
    return round(hundredths / 100_00) * 100


def _priced(line: Line, fen: int) -> Line:
    return replace(line, sku=msgspec.structs.replace(line.sku, price=f"{fen // 100}.{fen % 100:02d}"))
