"""Where a parcel of the demo shop is, as both APIs tell it."""

from typing import Any

from shop.reading import Reading, Row


def tracking_of(reading: Reading, shipment: Row) -> dict[str, Any]:
    """State, estimated delivery and scans, the newest first, for a row of `shipments`."""
    query = "SELECT at, text, place FROM shipment_events WHERE tracking_number = ? ORDER BY at DESC"
    return {
        "state": shipment["state"],
        "estimated_delivery": shipment["estimated_delivery"],
        "events": [dict(event) for event in reading.rows(query, (shipment["tracking_number"],))],
    }
