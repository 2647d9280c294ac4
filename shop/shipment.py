"""What is known about a parcel on its way, as an immutable typed record."""

from msgspec import structs

from shop.order import Parcel, Tracking


class Shipment(Tracking, frozen=True, kw_only=True):
    """A parcel as the logistics API gives it: which it is, and where."""

    tracking_number: str
    carrier: str
    carrier_code: str


def told_by(parcel: Parcel) -> Shipment | None:
    """What the order itself tells of where its parcel is; None where the logistics API has to be asked."""
    where = parcel.tracking
    if where is None:
        return None
    which = {name: getattr(parcel, name) for name in ("tracking_number", "carrier", "carrier_code")}
    return Shipment(**which, **structs.asdict(where))
