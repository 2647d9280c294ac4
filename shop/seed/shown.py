"""The orders that the demo is shown with: those of c001 and c002, and one in every state."""

import sqlite3
from dataclasses import dataclass

from shop.order import ORDER_STATES
from shop.seed.plan import SHOWN


@dataclass(frozen=True)
class ShownOrder:
    """What is needed to ask for an order."""

    number: str
    phone_tail: str
    state: str
    customer_id: str
    customer_name: str


QUERY = """
    SELECT orders.number, substr(receiver_phone, -4), state, customer_id, customers.name
    FROM orders JOIN customers ON customers.id = orders.customer_id
    ORDER BY created_at DESC, number
"""


def shown_orders(db: sqlite3.Connection) -> list[ShownOrder]:
    """First the orders of the customers that the demo is shown with, then one for each state."""
    return choose_shown([ShownOrder(*row) for row in db.execute(QUERY)])


def choose_shown(orders: list[ShownOrder]) -> list[ShownOrder]:
    """The ones to show, out of all orders (newest first)."""
    chosen = [order for one in SHOWN for order in orders if order.customer_id == one]
    for state in ORDER_STATES:
        chosen.append(next(order for order in orders if order.state == state and order.customer_id not in SHOWN))
    return chosen


def sample_order(orders: list[ShownOrder]) -> ShownOrder:
    """The one to try first: c002's only order, on its way."""
    return next(order for order in orders if order.customer_id == "c002")
