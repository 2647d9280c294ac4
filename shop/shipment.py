"""What is known about a parcel on its way, as an immutable typed record."""

from msgspec import Struct

from shop.order import Instant, Parcel, ShipmentState, TrackingEvent


class Shipment(Struct, frozen=True):
    """A parcel as the logistics API gives it: where it is, with events that come newest first; there may be none yet."""

    tracking_number: str
    carrier: str
    carrier_code: str
    state: ShipmentState
    estimated_delivery: Instant | None
    events: tuple[TrackingEvent, ...]


def told_by(parcel: Parcel) -> Shipment | None:
    """What the order itself tells of where its parcel is; None where the logistics API has to be asked."""
    where = parcel.tracking
    if where is None:
        return None
    return Shipment(
        parcel.tracking_number, parcel.carrier, parcel.carrier_code, where.state, where.estimated_delivery, where.events
    )
