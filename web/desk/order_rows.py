"""An order as the customer column shows it, and what orders come to. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shop.after_sales import OPEN_STATES, Case
from shop.order import Order
from web.desk.card_wording import CASE_KINDS, CardWording
from web.desk.cards import Tracked, case_state, order_card
from web.desk.masks import mask_name, mask_text
from web.desk.requests import iso


def order_row(
    order: Order, about: tuple[Sequence[Tracked], Sequence[Case]], wording: CardWording, now: datetime, masked: bool
) -> dict[str, Any]:
    """The card, the cases, what comes next and who receives it; `about` are the order's parcels and cases."""
    parcels, cases = about
    card = order_card(order, parcels, wording, now).card
    if masked:
        _mask_scans(card)
    return {
        "card": card,
        "case": [_case_row(case, wording) for case in cases],
        "next": card["next"],
        "receiver": _receiver(order, masked),
    }


def spent(orders: Sequence[Order]) -> str:
    """What was paid for them in yuan, less the refunds that were made."""
    fen = sum(_fen(order.amount.paid) for order in orders)
    fen -= sum(_fen(order.refund.amount) for order in orders if order.refund and order.refund.state == "done")
    return f"{max(0, fen) // 100}.{max(0, fen) % 100:02d}"


def _fen(yuan: str) -> int:
    return int(yuan.replace(".", ""))


def _case_row(case: Case, wording: CardWording) -> dict[str, Any]:
    pickup = wording.span(case.pickup.day, case.pickup.start, case.pickup.until) if case.pickup else None
    return {
        "number": case.number,
        "kind": {"code": case.kind, "label": wording.say(CASE_KINDS[case.kind])},
        "state": {"code": case.state, "label": case_state(case, wording)},
        "open": case.state in OPEN_STATES,
        "amount": case.amount,
        "created_at": iso(case.created_at),
        "by": iso(case.by),
        "pickup": pickup,
    }


def _receiver(order: Order, masked: bool) -> dict[str, str]:
    """The shop gives the name masked already, and of the phone its ending, which proves an order."""
    tail = "****" if masked else f"****{order.receiver.phone_tail}"
    return {"name": mask_name(order.receiver.name), "city": order.receiver.city, "phone": tail}


def _mask_scans(card: dict[str, Any]) -> None:
    """Carriers write couriers' phones into their scans."""
    for shipment in card["shipments"]:
        for event in shipment["events"]:
            event["text"] = mask_text(event["text"])
