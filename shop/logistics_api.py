"""The logistics API: where a parcel is, in the carrier's words."""

from datetime import datetime, timezone

from sanic import Blueprint, HTTPResponse, Request

from shop.api_key import require_api_key
from shop.errors import BadRequest, ShipmentNotFound, json_answer
from shop.faults import Faults
from shop.pickups import free_slots
from shop.reading import Reading
from shop.tracking import tracking_of

LONGEST_CITY = 40

logistics_api = Blueprint("logistics_api", url_prefix="/api/logistics/v1")
logistics_api.middleware(require_api_key, "request")


@logistics_api.get("/pickup-slots")
async def get_pickup_slots(request: Request) -> HTTPResponse:
    """When a courier can collect a return; an empty list where none does."""
    city = request.args.get("city", "")
    if not 1 <= len(city) <= LONGEST_CITY:
        raise BadRequest(f"city must have 1 to {LONGEST_CITY} characters.")
    if spoilt := await request.app.ctx.faults.meet(request, "logistics"):
        return spoilt
    return json_answer({"slots": free_slots(city, datetime.now(timezone.utc))})


@logistics_api.get("/shipments/<tracking_number:str>")
async def get_shipment(request: Request, tracking_number: str) -> HTTPResponse:
    """A shipment with its events, newest first."""
    reading: Reading = request.app.ctx.reading
    faults: Faults = request.app.ctx.faults
    found = reading.rows("SELECT * FROM shipments WHERE tracking_number = ?", (tracking_number,))
    shipment = found[0] if found else None
    carrier = (shipment["carrier_code"], shipment["carrier"]) if shipment else ()
    if spoilt := await faults.meet(request, "logistics", carrier):
        return spoilt
    if shipment is None:
        raise ShipmentNotFound
    return json_answer(
        {
            "tracking_number": tracking_number,
            "carrier": shipment["carrier"],
            "carrier_code": shipment["carrier_code"],
            **tracking_of(reading, shipment),
        }
    )
