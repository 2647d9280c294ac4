"""What an after-sales case may be about: the state of the order, the pieces that are left, other cases, the stock."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from shop.errors import Refused

BACK = frozenset({"return", "exchange", "repair"})
PAID = frozenset({"paid", "packed", "pre_sale", "shipped", "in_transit", "stuck", "out_for_delivery"})
CAME = frozenset({"delivered", "partly_shipped"})
STATES: dict[str, frozenset[str]] = {
    "urge_shipping": frozenset({"paid", "packed", "pre_sale", "partly_shipped"}),
    "urge_delivery": frozenset({"shipped", "in_transit", "stuck", "out_for_delivery", "partly_shipped"}),
    "not_received": frozenset({"delivered", "stuck", "out_for_delivery", "in_transit", "partly_shipped"}),
    "claim": PAID | CAME,
}
OPEN = "('requested', 'approved', 'on_its_way', 'received')"


def check_state(db: sqlite3.Connection, order: sqlite3.Row, kind: str) -> None:
    """Raises Refused where an order in this state has no case of the kind."""
    if order["state"] not in STATES.get(kind, CAME):
        raise Refused("not_allowed", f"An order that is {order['state']} allows no case of {kind}.")
    lost = kind == "not_received" and order["state"] not in ("delivered", "stuck")
    if lost and not _skus_in(db, order["number"], ("delivered", "stuck")):
        raise Refused("not_allowed", "No parcel has been delivered or is stuck.")


def pieces(
    db: sqlite3.Connection, order: sqlite3.Row, lines: Sequence[sqlite3.Row], asked: Mapping[str, Any]
) -> dict[str, int]:
    """So many pieces of each sku; without items, all that are left. Raises Refused."""
    kind, number = asked["kind"], order["number"]
    left = {line["sku"]: line["quantity"] - line["going_back"] for line in lines}
    if kind in BACK:
        left = {sku: count - _in_repair(db, number, sku) for sku, count in left.items()}
    elif kind != "claim":
        left = {line["sku"]: line["quantity"] for line in lines}
    wanted: dict[str, int] = {}
    for one in asked.get("items", ()):
        wanted[one["sku"]] = wanted.get(one["sku"], 0) + one["quantity"]
    items = wanted or {sku: count for sku, count in left.items() if count > 0}
    if any(sku not in left for sku in items):
        raise Refused("not_allowed", "The order has no such article.")
    if kind not in STATES:
        _check_delivered(db, order, items)
    none_left = not items or any(left[sku] <= 0 for sku in items)
    if kind in BACK and none_left and (case := _going_back(db, number, items or left)):
        raise Refused("already_open", "These articles are going back already.", case)
    if not items or any(count > left[sku] for sku, count in items.items()):
        raise Refused("not_allowed", "No more pieces than there are.")
    return items


def check_no_other(db: sqlite3.Connection, number: str, kind: str, items: Mapping[str, int]) -> None:
    """One open case of a kind about an article. Pieces that are left may go back beside those of an open return."""
    if kind in BACK:
        return
    marks = ", ".join("?" * len(items))
    query = f"""
        SELECT cases.number FROM cases JOIN case_items ON case_number = cases.number
        WHERE order_number = ? AND kind = ? AND state IN {OPEN} AND sku IN ({marks}) LIMIT 1
    """
    other = db.execute(query, (number, kind, *items)).fetchone()
    if other is not None:
        raise Refused("already_open", "A case of that kind about these articles is under way.", other["number"])


def check_stock(db: sqlite3.Connection, items: Mapping[str, int], wanted: str | None) -> None:
    """Whether there is what an exchange wants: the same again, or one other article of the same product."""
    query = "SELECT product_id, in_stock FROM skus WHERE sku = ?"
    for sku in items:
        old, new = (db.execute(query, (one,)).fetchone() for one in (sku, wanted or sku))
        if new is None or old["product_id"] != new["product_id"]:
            raise Refused("not_allowed", "An article is exchanged for one of its own product.")
        if not new["in_stock"]:
            raise Refused("out_of_stock", "There is none left to exchange it for.")


def _check_delivered(db: sqlite3.Connection, order: sqlite3.Row, items: Mapping[str, int]) -> None:
    if order["state"] != "partly_shipped":
        return
    here = _skus_in(db, order["number"], ("delivered",))
    if any(sku not in here for sku in items):
        raise Refused("not_allowed", "An article has not been delivered yet.")


def _skus_in(db: sqlite3.Connection, number: str, states: Sequence[str]) -> set[str]:
    """What is in parcels that the carrier has in one of these states."""
    query = f"""
        SELECT sku FROM shipments JOIN shipment_skus USING (tracking_number)
        WHERE order_number = ? AND shipments.state IN ({", ".join("?" * len(states))})
    """
    return {row["sku"] for row in db.execute(query, (number, *states))}


def _in_repair(db: sqlite3.Connection, number: str, sku: str) -> int:
    query = f"""
        SELECT coalesce(sum(case_items.quantity), 0) FROM cases JOIN case_items ON case_number = cases.number
        WHERE order_number = ? AND sku = ? AND kind = 'repair' AND state IN {OPEN}
    """
    count: int = db.execute(query, (number, sku)).fetchone()[0]
    return count


def _going_back(db: sqlite3.Connection, number: str, items: Mapping[str, int]) -> str | None:
    """The latest open case with which one of these articles goes back."""
    query = f"""
        SELECT cases.number FROM cases JOIN case_items ON case_number = cases.number
        WHERE order_number = ? AND kind IN ('return', 'exchange', 'repair') AND state IN {OPEN}
            AND sku IN ({", ".join("?" * len(items))})
        ORDER BY created_at DESC, cases.number DESC LIMIT 1
    """
    row = db.execute(query, (number, *items)).fetchone()
    return row["number"] if row else None
