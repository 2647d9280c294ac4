"""A shop held in memory that answers like ShopClient, and fails on demand."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from shop.client import OrderNotFound, Shipment, ShipmentNotFound
from shop.order import Amount, Item, Order, Parcel, Receiver, Refund, TrackingEvent

NOW = datetime.now(timezone.utc).replace(microsecond=0)
NUMBER = "20261120000042"
TAIL = "3388"
CUSTOMER = "c001"


def order(number: str = NUMBER, state: str = "in_transit", **changes: Any) -> Order:
    """An order of CUSTOMER with the phone tail TAIL; anything can be changed."""
    sent = state not in ("unpaid", "paid", "packed", "pre_sale", "cancelled")
    parcel = Parcel("顺丰速运", "SF", f"SF{number[-13:]}", NOW - timedelta(days=2), ("s1",))
    facts: dict[str, Any] = {
        "number": number,
        "state": state,
        "customer_id": CUSTOMER,
        "receiver": Receiver("王*", TAIL, "杭州市"),
        "items": (Item("s1", "羊绒围巾", "驼色", 1, "299.00", None),),
        "amount": Amount("299.00", "299.00", "0.00", "0.00"),
        "created_at": NOW - timedelta(days=3),
        "paid_at": None if state == "unpaid" else NOW - timedelta(days=3),
        "packed_at": None,
        "shipped_at": NOW - timedelta(days=2) if sent else None,
        "delivered_at": NOW - timedelta(days=1) if state == "delivered" else None,
        "cancelled_at": None,
        "expected_ship_at": None,
        "shipments": (parcel,) if sent else (),
        "refund": None,
    }
    return Order(**{**facts, **changes})


def refund(state: str) -> Refund:
    """Money going back."""
    return Refund(state, "299.00", NOW - timedelta(days=1))  # type: ignore[arg-type]


def shipment(
    tracking_number: str, state: str = "in_transit", scans: int = 4, arrives_in_days: int | None = 1
) -> Shipment:
    """A parcel's way; events newest first."""
    events = tuple(TrackingEvent(NOW - timedelta(hours=n), f"快件到达 第{n}站", "杭州市") for n in range(1, scans + 1))
    arrival = None if arrives_in_days is None else NOW + timedelta(days=arrives_in_days)
    which = {"tracking_number": tracking_number, "carrier": "顺丰速运", "carrier_code": "SF"}
    return Shipment(**which, state=state, estimated_delivery=arrival, events=events)  # type: ignore[arg-type]


class ShopDouble:
    """Knows its orders and shipments, counts look-ups, and raises `orders_fail` or `carrier_fails` when set."""

    def __init__(self, *orders: Order) -> None:
        self.orders = {one.number: one for one in orders}
        self.shipments = {p.tracking_number: shipment(p.tracking_number) for one in orders for p in one.shipments}
        self.orders_fail: Exception | None = None
        self.carrier_fails: Exception | None = None
        self.asked: list[tuple[str, str | None, str | None]] = []

    async def order(self, number: str, *, customer_id: str | None = None, phone_tail: str | None = None) -> Order:
        self.asked.append((number, customer_id, phone_tail))
        if self.orders_fail:
            raise self.orders_fail
        found = self.orders.get(number)
        if found is None or (found.customer_id if customer_id else found.receiver.phone_tail) != (
            customer_id or phone_tail
        ):
            raise OrderNotFound("order_not_found")
        return found

    async def orders_of(self, customer_id: str, limit: int = 10) -> list[Order]:
        if self.orders_fail:
            raise self.orders_fail
        return [one for one in self.orders.values() if one.customer_id == customer_id][:limit]

    async def shipment(self, tracking_number: str) -> Shipment:
        if self.carrier_fails:
            raise self.carrier_fails
        if tracking_number not in self.shipments:
            raise ShipmentNotFound("shipment_not_found")
        return self.shipments[tracking_number]
