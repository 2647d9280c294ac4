"""What the logistics API says about a parcel on its way, as immutable typed records."""

from typing import Literal, get_args

from msgspec import Struct

from shop.order import Instant

ShipmentState = Literal[
    "packed",
    "shipped",
    "in_transit",
    "stuck",
    "out_for_delivery",
    "delivered",
    "refused",
    "returned",
]
SHIPMENT_STATES: tuple[str, ...] = get_args(ShipmentState)


class TrackingEvent(Struct, frozen=True):
    """One scan of a parcel, in the carrier's words."""

    at: Instant
    text: str
    place: str


class Shipment(Struct, frozen=True):
    """Where a parcel is; events come newest first, and there may be none yet."""

    tracking_number: str
    carrier: str
    carrier_code: str
    state: ShipmentState
    estimated_delivery: Instant | None
    events: tuple[TrackingEvent, ...]
