"""The money of an after-sales case: what goes back for a return, and how much a price has fallen since. All in fen."""

import sqlite3
from collections.abc import Mapping, Sequence

from shop.errors import Refused
from terms.shares import refund_of, shares


def money_of(
    db: sqlite3.Connection, order: sqlite3.Row, lines: Sequence[sqlite3.Row], kind: str, items: Mapping[str, int]
) -> int | None:
    """What goes back, None where nothing does. Raises Refused for a claim about a price that has not fallen."""
    if kind == "return":
        return max(0, _share(order, lines, items) - _claimed_for(db, order["number"], lines, items))
    if kind == "claim":
        return _fallen(db, order, lines, items)
    return None


def _share(order: sqlite3.Row, lines: Sequence[sqlite3.Row], items: Mapping[str, int]) -> int:
    """The pieces' share of what was paid for the goods, beside what went back before them."""
    prices, quantities = [line["price"] for line in lines], [line["quantity"] for line in lines]
    goods = max(0, order["paid"] - order["shipping"])
    before = [line["going_back"] for line in lines]
    after = [line["going_back"] + items.get(line["sku"], 0) for line in lines]
    return refund_of(prices, quantities, goods, after) - refund_of(prices, quantities, goods, before)


def _fallen(db: sqlite3.Connection, order: sqlite3.Row, lines: Sequence[sqlite3.Row], items: Mapping[str, int]) -> int:
    """By how much these pieces cost less now than was paid for them, less what came back for them before."""
    fallen = 0
    for sku, count in items.items():
        now = db.execute("SELECT price FROM skus WHERE sku = ?", (sku,)).fetchone()["price"]
        fallen += max(0, _share(order, lines, {sku: count}) // count - now) * count
    fallen -= _claimed(db, order["number"], items)
    if fallen <= 0:
        raise Refused("not_allowed", "The price has not fallen.")
    return fallen


def _claimed_for(db: sqlite3.Connection, number: str, lines: Sequence[sqlite3.Row], items: Mapping[str, int]) -> int:
    """What claims have brought back of the price of pieces that go back now: nobody is paid that twice.

    A claim is shared over its articles by their prices; the pieces it was about are the first that go back.
    """
    prices = {line["sku"]: line["price"] for line in lines}
    before = {line["sku"]: line["going_back"] for line in lines}
    query = """
        SELECT number, amount FROM cases
        WHERE order_number = ? AND kind = 'claim' AND amount > 0 AND state NOT IN ('rejected', 'withdrawn')
    """
    claimed = 0
    for claim in db.execute(query, (number,)).fetchall():
        about = db.execute("SELECT * FROM case_items WHERE case_number = ?", (claim["number"],)).fetchall()
        parts = shares(claim["amount"], [prices[one["sku"]] * one["quantity"] for one in about])
        for one, part in zip(about, parts, strict=True):
            sku, count = one["sku"], one["quantity"]
            first, last = (min(gone, count) for gone in (before[sku], before[sku] + items.get(sku, 0)))
            claimed += part * last // count - part * first // count
    return claimed


def _claimed(db: sqlite3.Connection, number: str, items: Mapping[str, int]) -> int:
    query = f"""
        SELECT coalesce(sum(amount), 0) FROM cases WHERE order_number = ? AND kind = 'claim'
            AND state NOT IN ('rejected', 'withdrawn') AND number IN
            (SELECT case_number FROM case_items WHERE sku IN ({", ".join("?" * len(items))}))
    """
    amount: int = db.execute(query, (number, *items)).fetchone()[0]
    return amount
