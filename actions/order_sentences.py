"""Chooses the sentence that goes with an order card, and what fills it."""

from collections.abc import Sequence
from typing import Any

from actions.order_card import Parcel, items_in_words, state_in_words
from actions.wording import Wording
from shop.client import Order


def sentence_for(
    question: str | None, order: Order, parcels: Sequence[Parcel], card: dict[str, Any], wording: Wording
) -> tuple[str, dict[str, str]]:
    """The response and its values: about the parcel when the shopper asked for that, else about the order."""
    values = {"number": order.number, "state": card["state"]["label"], "next": card["next"]}
    if any(parcel.silent for parcel in parcels):
        return "utter_order_shown_carrier_silent", {**values, "items": items_in_words(order, wording)}
    never_sent = not parcels and order.state in ("cancelled", "refunded")
    if question != "logistics" or never_sent:
        return "utter_order_shown", {**values, "items": items_in_words(order, wording)}
    if not parcels:
        return "utter_logistics_not_sent", values
    if len(parcels) > 1:
        listed = wording.text("utter_list_separator").join(_in_words(parcel, order, wording) for parcel in parcels)
        return "utter_logistics_several", {**values, "count": str(len(parcels)), "parcels": listed}
    return _one_parcel(parcels[0], values, order, wording)


def _one_parcel(parcel: Parcel, values: dict[str, str], order: Order, wording: Wording) -> tuple[str, dict[str, str]]:
    values = {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "state": state_in_words(parcel.shipment.state if parcel.shipment else order.state, wording),
        "next": values["next"],
    }
    if parcel.shipment is None or not parcel.shipment.events:
        return "utter_logistics_no_events", values
    return "utter_logistics_shown", {**values, "event": parcel.shipment.events[0].text.rstrip("。. ")}


def _in_words(parcel: Parcel, order: Order, wording: Wording) -> str:
    state = parcel.shipment.state if parcel.shipment else order.state
    return wording.text(
        "utter_parcel",
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        state=state_in_words(state, wording),
    )
