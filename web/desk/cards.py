"""Cards of orders, cases and products as docs/frames.md has them, and the sentence that says the essential. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shop.after_sales import Case
from shop.offers import Sku
from shop.order import Item, Order
from shop.shipment import Shipment
from web.desk.card_wording import APPROVED, CASE_KINDS, CASE_STATES, NEXT, STATES, CardWording
from web.desk.requests import iso

EVENTS_SHOWN = 3
OTHERS_SHOWN = 6
GOES_BACK = frozenset({"return", "exchange", "repair"})
"""Kinds of cases in which the goods are sent back."""


@dataclass(frozen=True)
class Card:
    """What is sent to a shopper: the card, and `text` for a client that does not know it."""

    text: str
    card: dict[str, Any]


@dataclass(frozen=True)
class Tracked:
    """A parcel of an order with the carrier's answer; `silent` when the carrier could not be reached."""

    carrier: str
    tracking_number: str
    shipment: Shipment | None
    silent: bool = False


def order_card(order: Order, parcels: Sequence[Tracked], wording: CardWording, now: datetime) -> Card:
    """The `order` card of an order with its parcels."""
    state, then = wording.say(STATES[order.state]), next_step(order, parcels, wording, now)
    text = wording.text("order", number=order.number, items=_in_words(order, wording), state=state, next=then)
    if any(parcel.silent for parcel in parcels):
        text += ("" if text.endswith("。") else " ") + wording.text("carrier_silent")
    card = {
        "type": "order",
        "number": order.number,
        "state": {"code": order.state, "label": state},
        "items": [_item(item, item.quantity) for item in order.items],
        "amount": order.amount.total,
        "paid_at": iso(order.paid_at),
        "shipped_at": iso(order.shipped_at),
        "shipments": [_shipment(parcel, order, wording) for parcel in parcels],
        "next": then,
    }
    return Card(text, card)


def case_card(case: Case, order: Order, wording: CardWording) -> Card:
    """A `summary` of how a case stands."""
    kind, state = wording.say(CASE_KINDS[case.kind]), case_state(case, wording)
    says = [wording.text("case", kind=kind, number=case.number, order=order.number, state=state)]
    rows = [_row(wording, "state", state, strong=True), _row(wording, "order", order.number)]
    if case.amount is not None:
        says.append(wording.text("case_amount", amount=case.amount))
        rows.append(_row(wording, "amount", f"¥{case.amount}", strong=True))
    if case.pickup is not None:
        when = wording.span(case.pickup.day, case.pickup.start, case.pickup.until)
        rows.append(_row(wording, "pickup", when))
    rows.append(_row(wording, "created", wording.moment(case.created_at)))
    if case.by is not None:
        says.append(wording.text("case_by", day=wording.day(case.by)))
        rows.append(_row(wording, "by", wording.moment(case.by)))
    if case.send_to:
        rows.append(_row(wording, "send_to", case.send_to))
    items = {item.sku: item for item in order.items}
    about = [_item(items[one.sku], one.quantity) for one in case.items if one.sku in items]
    link = {"label": wording.text("photos"), "url": case.photo_url} if _is_page(case.photo_url) else None
    return Card(_joined(says, wording), _summary(kind, case.number, about, rows, link))


def product_card(sku: Sku, wording: CardWording) -> Card:
    """A `summary` of an article: its price, whether there is any, its other specs."""
    stock = wording.text("in_stock" if sku.in_stock else "sold_out")
    name = f"{sku.name} {sku.spec}".strip()
    rows = [_row(wording, "price", f"¥{sku.price}", strong=True), _row(wording, "stock", stock)]
    if sku.spec:
        rows.insert(1, _row(wording, "spec", sku.spec))
    others = [f"{one.spec} ¥{one.price}" for one in sku.others if one.in_stock][:OTHERS_SHOWN]
    if others:
        rows.append(_row(wording, "others", "\n".join(others)))
    item = {"name": sku.name, "spec": sku.spec, "quantity": 1, "price": sku.price, "image": sku.image}
    text = wording.text("product", name=name, price=sku.price, stock=stock)
    return Card(text, _summary(sku.name, sku.sku, [item], rows, None))


def case_state(case: Case, wording: CardWording) -> str:
    """How far a case is, in words."""
    nothing_back = case.state == "approved" and case.kind not in GOES_BACK
    return wording.say(APPROVED if nothing_back else CASE_STATES[case.state])


def next_step(order: Order, parcels: Sequence[Tracked], wording: CardWording, now: datetime) -> str:
    """What happens next; a day is named only when the shop or the carrier gave one."""
    refund = order.refund
    if refund is not None and order.state in ("refused", "returned", "refunded", "cancelled"):
        return wording.say(NEXT[f"refund_{refund.state}"], amount=refund.amount, day=wording.day(refund.at))
    if order.state == "delivered" and order.delivered_at is not None:
        return wording.say(NEXT["delivered_dated"], day=wording.day(order.delivered_at))
    expected = _expected(order, parcels)
    if expected is None:
        return wording.say(NEXT[order.state])
    return wording.say(NEXT[f"{order.state}_{'late' if expected < now else 'dated'}"], day=wording.day(expected))


def _expected(order: Order, parcels: Sequence[Tracked]) -> datetime | None:
    """When what waits is sent, or when the last of the parcels arrives, if that is known of all."""
    if order.state in ("paid", "packed", "pre_sale", "partly_shipped"):
        return order.expected_ship_at
    if order.state in ("shipped", "in_transit", "out_for_delivery"):
        days = [parcel.shipment.estimated_delivery if parcel.shipment else None for parcel in parcels]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None
    return None


def _shipment(parcel: Tracked, order: Order, wording: CardWording) -> dict[str, Any]:
    code = parcel.shipment.state if parcel.shipment else order.state
    events = parcel.shipment.events[:EVENTS_SHOWN] if parcel.shipment else ()
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "state": {"code": code, "label": wording.say(STATES[code])},
        "events": [{"at": iso(event.at), "text": event.text} for event in events],
        "unavailable": parcel.silent,
    }


def _item(item: Item, quantity: int) -> dict[str, Any]:
    return {"name": item.name, "spec": item.spec, "quantity": quantity, "price": item.price, "image": item.image}


def _in_words(order: Order, wording: CardWording) -> str:
    first, pieces = order.items[0].name, sum(item.quantity for item in order.items)
    if pieces == 1:
        return first
    return wording.text("items_same" if len(order.items) == 1 else "items_several", name=first, count=str(pieces))


def _row(wording: CardWording, label: str, value: str, strong: bool = False) -> dict[str, Any]:
    return {"label": wording.text(f"row_{label}"), "value": value, "strong": strong}


def _summary(
    title: str, number: str, items: list[dict[str, Any]], rows: list[dict[str, Any]], link: dict[str, Any] | None
) -> dict[str, Any]:
    card = {"type": "summary", "kind": "info", "title": title, "number": number, "items": items, "rows": rows}
    return {**card, "reasons": [], "link": link, "note": None}


def _is_page(url: str | None) -> bool:
    return url is not None and url.startswith(("https://", "http://"))


def _joined(sentences: Iterable[str], wording: CardWording) -> str:
    return (" " if wording.english else "").join(sentences)
