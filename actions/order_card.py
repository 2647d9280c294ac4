"""The order card of docs/frames.md and what comes next, from an order and what its carriers answered. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from actions.wording import Wording
from shop.client import Order, Shipment

EVENTS_SHOWN = 3


@dataclass(frozen=True)
class Parcel:
    """A parcel of an order with the carrier's answer: None when there is none, `silent` when the carrier could not be reached."""

    carrier: str
    tracking_number: str
    shipment: Shipment | None
    silent: bool = False


def order_card(order: Order, parcels: Sequence[Parcel], wording: Wording, now: datetime) -> dict[str, Any]:
    """The card in the language of the wording."""
    return {
        "type": "order",
        "number": order.number,
        "state": _state(order.state, wording),
        "items": [
            {"name": item.name, "spec": item.spec, "quantity": item.quantity, "price": item.price, "image": item.image}
            for item in order.items
        ],
        "amount": order.amount.total,
        "paid_at": _instant(order.paid_at),
        "shipped_at": _instant(order.shipped_at),
        "shipments": [_shipment(parcel, order, wording) for parcel in parcels],
        "next": next_step(order, parcels, wording, now),
    }


def next_step(order: Order, parcels: Sequence[Parcel], wording: Wording, now: datetime) -> str:
    """What happens next in one sentence; a date is named only when the shop or the carrier gave one."""
    stem = f"utter_order_next_{order.state}"
    refund = order.refund
    if refund is not None and order.state in ("refused", "returned", "refunded", "cancelled"):
        return wording.text(f"utter_order_next_refund_{refund.state}", amount=refund.amount, day=wording.day(refund.at))
    if order.state == "delivered" and order.delivered_at is not None:
        return wording.text(f"{stem}_dated", day=wording.day(order.delivered_at))
    expected = _expected(order, parcels)
    if expected is None:
        return wording.text(stem)
    return wording.text(f"{stem}_{'late' if expected < now else 'dated'}", day=wording.day(expected))


def items_in_words(order: Order, wording: Wording) -> str:
    """What was bought, short: the first item, and how many pieces when there are more."""
    first, pieces = order.items[0], sum(item.quantity for item in order.items)
    if pieces == 1:
        return first.name
    if len(order.items) == 1:
        return wording.text("utter_order_items_same", name=first.name, count=str(pieces))
    return wording.text("utter_order_items_several", name=order.items[0].name, count=str(pieces))


def state_in_words(state: str, wording: Wording) -> str:
    """The label of a state of an order or a shipment."""
    return wording.text(f"utter_order_state_{state}")


def _expected(order: Order, parcels: Sequence[Parcel]) -> datetime | None:
    if order.state in ("paid", "packed", "pre_sale", "partly_shipped"):
        return order.expected_ship_at
    if order.state in ("shipped", "in_transit", "out_for_delivery"):
        estimates = [parcel.shipment.estimated_delivery for parcel in parcels if parcel.shipment is not None]
        known = [estimate for estimate in estimates if estimate is not None]
        return max(known) if known and len(known) == len(parcels) else None
    return None


def _shipment(parcel: Parcel, order: Order, wording: Wording) -> dict[str, Any]:
    shipment = parcel.shipment
    events = shipment.events[:EVENTS_SHOWN] if shipment else ()
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "state": _state(shipment.state if shipment else order.state, wording),
        "events": [{"at": _instant(event.at), "text": event.text} for event in events],
        "unavailable": parcel.silent,
    }


def _state(code: str, wording: Wording) -> dict[str, str]:
    return {"code": code, "label": state_in_words(code, wording)}


def _instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
