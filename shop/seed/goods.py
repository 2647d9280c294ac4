"""What the terms go by: kinds of goods, what is sold out, how orders were paid, and some after-sales cases."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from shop.seed.calendar import BEIJING, Calendar, iso
from shop.seed.orders import SeedOrder
from terms.shares import refund_of

# Product -> its kinds, and whether the buyer agrees at purchase that it does not go back.
KINDS: dict[str, tuple[str, bool]] = {
    "fd05": ("fresh", False),
    "hm08": ("fresh", False),
    "hm06": ("made_to_order", False),
    "bt01": ("opened_hygiene", True),
    "hm04": ("opened_hygiene", True),
    "el04": ("activated", True),
}
SOLD_OUT = frozenset({"CL01-3", "CL08-2", "SP01-2"})
METHODS = ("alipay", "alipay", "wechat", "wechat", "card", "credit", "balance", "cash")
GIFTS = ("CL06-1", "BK04-1", "HM07-1")
DEPOSIT, WORTH = 50_00, 100_00
# First and last day on which the balance is paid, and whether it has been; None where the whole price was paid at once.
BALANCES: tuple[tuple[int, int, bool] | None, ...] = ((-2, 2, False), (-3, 1, True), (3, 6, False), None)
SEND_TO = "浙江省杭州市余杭区仓前街道 余杭仓退货组"
PREFIX = {"return": "RT", "exchange": "HH"}
SHOWN = ("c001", "c002", "c003")
CASES = (("return", "on_its_way"), ("exchange", "done"), ("damaged", "requested"), ("return", "approved"))


def insert_terms(db: sqlite3.Connection, orders: Sequence[SeedOrder], calendar: Calendar) -> None:
    """Kinds of goods, how each order was paid, and cases of some delivered ones."""
    rows = [(product, kinds, agreed) for product, (kinds, agreed) in KINDS.items()]
    db.executemany("INSERT INTO product_terms VALUES (?, ?, ?)", rows)
    rng = Random(20261125)
    for order in orders:
        method = rng.choice(METHODS) if order.times.paid else None
        insert_order_terms(db, order.number, method, insured=rng.random() < 0.3)
        gift, article = rng.random() < 0.12, rng.choice(GIFTS)
        if gift and order.state != "pre_sale" and order.customer.id not in SHOWN:
            _add_gift(db, order, article)
    for index, order in enumerate(one for one in orders if one.state == "pre_sale"):
        if days := BALANCES[index % len(BALANCES)]:
            span = (calendar.at(days[0], 10), calendar.at(days[1], 22))
            begin_with_deposit(db, order.number, order.money.total, span, paid=days[2])
    delivered = [one for one in orders if one.state == "delivered" and one.customer.id not in SHOWN]
    for index, ((kind, state), order) in enumerate(zip(CASES, reversed(delivered), strict=False), start=1):
        _case(db, order, kind, state, index, calendar)


def insert_order_terms(db: sqlite3.Connection, number: str, method: str | None, insured: bool) -> None:
    """How an order was paid (None: not yet), and whether its way back is insured."""
    db.execute(
        "INSERT INTO order_terms (order_number, payment_method, freight_insurance) VALUES (?, ?, ?)",
        (number, method, insured),
    )


def begin_with_deposit(
    db: sqlite3.Connection, number: str, total: int, span: tuple[datetime, datetime], *, paid: bool
) -> None:
    """Makes an order of `total` fen one that was begun with a deposit: what it counts for beyond itself is a discount."""
    balance = max(0, total - WORTH)
    query = """
        UPDATE order_terms SET deposit = ?, worth = ?, balance = ?, balance_from = ?, balance_until = ?, balance_paid = ?
        WHERE order_number = ?
    """
    db.execute(query, (DEPOSIT, WORTH, balance, *map(iso, span), paid, number))
    received = DEPOSIT + balance if paid else DEPOSIT
    query = "UPDATE orders SET discount = discount + ?, paid = ? WHERE number = ?"
    db.execute(query, (WORTH - DEPOSIT, received, number))


def _add_gift(db: sqlite3.Connection, order: SeedOrder, sku: str) -> None:
    """One more line that costs nothing, in the first parcel."""
    if sku in {line.sku.sku for line in order.lines}:
        return
    db.execute(
        """
        INSERT INTO order_items SELECT ?, ?, sku, product_id, name, spec, 1, 0
        FROM skus JOIN products ON products.id = product_id WHERE sku = ?
        """,
        (order.number, len(order.lines) + 1, sku),
    )
    if order.parcels:
        db.execute("INSERT INTO shipment_skus VALUES (?, ?)", (order.parcels[0].tracking_number, sku))


def _case(db: sqlite3.Connection, order: SeedOrder, kind: str, state: str, index: int, calendar: Calendar) -> None:
    """A case about the first line; the money of a return that is on its way is to come."""
    delivered = order.parcels[0].journey.scans[-1].at
    created = min(delivered + timedelta(hours=3), calendar.now - timedelta(minutes=2))
    line, others = order.lines[0], order.lines[1:]
    number = f"{PREFIX.get(kind, 'AS')}{created.astimezone(BEIJING):%Y%m%d}{900_000 + index}"
    amount = None
    if kind == "return":
        prices, counts = [one.sku.fen for one in order.lines], [one.quantity for one in order.lines]
        goods = order.money.total - order.money.shipping
        amount = refund_of(prices, counts, goods, [line.quantity, *(0 for _ in others)])
    about = (number, order.number, kind, state, "quality" if kind != "damaged" else None, None, None, amount)
    sends = SEND_TO if kind in PREFIX else None
    times = (iso(created), iso(created + timedelta(days=7)))
    db.execute(f"INSERT INTO cases VALUES ({', '.join('?' * 12)})", (*about, *times, None, sends))
    db.execute("INSERT INTO case_items VALUES (?, ?, ?)", (number, line.sku.sku, line.quantity))
    if amount and state == "on_its_way":
        db.execute("INSERT INTO refunds VALUES (?, 'pending', ?, ?)", (order.number, amount, iso(created)))
