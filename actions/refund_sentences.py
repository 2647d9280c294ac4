"""How money that goes back is told: how much, by which way, and how long that takes. Pure functions."""

from __future__ import annotations

from typing import Any

from actions.shop_terms import returns_today
from actions.tasks import row
from actions.wording import Wording
from shop.client import Order
from terms.refunds import refund_path


def refund_row(order: Order, amount: str, wording: Wording) -> list[dict[str, Any]]:
    """The rows of a card about a refund of so many yuan."""
    rows = [row(wording, "utter_row_refund", wording.text("utter_yuan", amount=amount), strong=True)]
    if order.payment_method is not None:
        rows.append(row(wording, "utter_row_refund_path", path_of(order.payment_method, wording)))
    return rows


def path_of(method: str, wording: Wording) -> str:
    """By which way the money goes back, and within how many working days."""
    path = refund_path(returns_today(), method)
    way = wording.text(f"utter_payment_{method}")
    if path.to == "balance" and path.days == 0:
        return wording.text("utter_refund_to_balance_at_once", way=way)
    return wording.text(f"utter_refund_to_{path.to}", way=way, days=str(path.days))
