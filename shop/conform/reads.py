"""What a schema cannot say of the answers to reads: their order, their sums, their times, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shop.conform.calls import Answer
from shop.conform.check import Check, NotRun
from shop.conform.subject import Subject

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


def example_order(subject: Subject) -> None:
    """By the customer's id."""
    subject.own()


def example_by_phone(subject: Subject) -> None:
    """By the last four digits of the phone; not after too many tries, which is rightly a 429."""
    path, proof = {"number": subject.settings.order}, {"phone_tail": subject.settings.phone_tail}
    answer = subject.ask("getOrder", path, proof)
    if answer.status == 429:
        raise NotRun("this order number has had too many wrong proofs in the last hour")
    if answer.must_be(200).body != subject.order:
        raise answer.broken("It is not the same order as with the customer's id.")


def whose_it_is(subject: Subject) -> None:
    """The order shown is the one asked for; Shopdesk checks this once more."""
    order, settings = subject.order, subject.settings
    given = (order["number"], order["customer_id"], order["receiver"]["phone_tail"])
    if given != (settings.order, settings.customer, settings.phone_tail):
        raise subject.ask("getOrder", {"number": settings.order}, {"customer_id": settings.customer}).broken(
            f"number, customer_id and receiver.phone_tail are {given}."
        )


def of_each_order(fault: Callable[[dict[str, Any]], str | None]) -> Callable[[Subject], None]:
    """A check that holds for each of the customer's latest orders."""

    def run(subject: Subject) -> None:
        orders = subject.latest.body["orders"]
        if not orders:
            raise NotRun("this customer has no orders")
        found = [f"{order['number']}: {text}" for order in orders if (text := fault(order))]
        if found:
            raise subject.latest.broken(*found[:5])

    return run


def wrong_sum(order: dict[str, Any]) -> str | None:
    """total = items - discount + shipping."""
    amount = {name: Decimal(text) for name, text in order["amount"].items() if name in _AMOUNTS}
    items = sum((Decimal(item["price"]) * item["quantity"] for item in order["items"]), Decimal())
    wanted = items - amount["discount"] + amount["shipping"]
    if amount["total"] == wanted:
        return None
    return f"total is {amount['total']}, but {items} - {amount['discount']} + {amount['shipping']} is {wanted}."


_AMOUNTS = ("total", "paid", "discount", "shipping")


def refund_too_high(order: dict[str, Any]) -> str | None:
    """No more goes back than was paid."""
    refund, paid = order["refund"], order["amount"]["paid"]
    if refund is None or Decimal(refund["amount"]) <= Decimal(paid):
        return None
    return f"{refund['amount']} is refunded, but {paid} was paid."


def name_in_full(order: dict[str, Any]) -> str | None:
    """The receiver's name is masked."""
    return None if "*" in order["receiver"]["name"] else "receiver.name has no *."


def newest_first(subject: Subject) -> None:
    """A customer's orders."""
    _sorted(subject.latest, [one["created_at"] for one in subject.latest.body["orders"]], "created_at", newest=True)


def limit_and_state(subject: Subject) -> None:
    """`limit` cuts the list, `state` picks from it."""
    orders = subject.latest.body["orders"]
    if not orders:
        raise NotRun("this customer has no orders")
    path = {"customer_id": subject.settings.customer}
    one = subject.ask("getOrdersOfCustomer", path, {"limit": 1}).must_be(200)
    if [order["number"] for order in one.body["orders"]] != [orders[0]["number"]]:
        raise one.broken(f"With limit=1 it must be the newest order alone, {orders[0]['number']}.")
    state = orders[0]["state"]
    picked = subject.ask("getOrdersOfCustomer", path, {"limit": 50, "state": state}).must_be(200)
    wanted = [order["number"] for order in orders if order["state"] == state]
    if [order["number"] for order in picked.body["orders"]] != wanted:
        raise picked.broken(f"The orders in {state} are {' '.join(wanted)}.")


def parcels(subject: Subject) -> None:
    """Each parcel of the latest orders, its events newest first; what an order tells of them is what the logistics API tells."""
    orders = [subject.order, *subject.latest.body["orders"]]
    told = {one["tracking_number"]: one["tracking"] for one in subject.order["shipments"] if "tracking" in one}
    numbers = dict.fromkeys(parcel["tracking_number"] for order in orders for parcel in order["shipments"])
    if not numbers:
        raise NotRun("no order of this customer has a parcel")
    for number in list(numbers)[:10]:
        answer = subject.ask("getShipment", {"tracking_number": number}).must_be(200)
        _sorted(answer, [event["at"] for event in answer.body["events"]], "events.at", newest=True)
        if number in told and told[number]["state"] != answer.body["state"]:
            raise answer.broken(
                f"The order's `tracking` of this parcel says {told[number]['state']}. Leave it out where it is older."
            )


def promotions(subject: Subject) -> None:
    """Cart, coupons, level and the ordered articles."""
    customer = {"customer_id": subject.settings.customer}
    for operation_id in ("getCart", "getCoupons", "getMembership"):
        subject.ask(operation_id, customer).must_be(200)
    for sku in dict.fromkeys(item["sku"] for item in subject.order["items"]):
        answer = subject.ask("getSku", {"sku": sku}).must_be(200)
        _sorted(answer, [price["since"] for price in answer.body["prices"]], "prices.since", newest=True)


def after_sales(subject: Subject) -> None:
    """The example order's cases."""
    path, proof = {"number": subject.settings.order}, {"customer_id": subject.settings.customer}
    answer = subject.ask("getAfterSales", path, proof).must_be(200)
    _sorted(answer, [case["created_at"] for case in answer.body["cases"]], "created_at", newest=True)


def pickup_slots(subject: Subject) -> None:
    """In the city of the example order."""
    answer = subject.ask("getPickupSlots", query={"city": subject.order["receiver"]["city"]}).must_be(200)
    _sorted(answer, [f"{slot['day']}T{slot['from']}" for slot in answer.body["slots"]], "day, from", newest=False)


def times_in_utc(subject: Subject) -> None:
    """Everywhere in the latest orders."""
    found = [f"{place}: {text}" for place, text in _times(subject.latest.body) if not _in_utc(text)]
    if found:
        raise subject.latest.broken(*found[:5])


def refused_parameters(subject: Subject) -> None:
    """Parameters outside their bounds, and not exactly one proof."""
    customer, number = {"customer_id": subject.settings.customer}, {"number": subject.made_up(0)}
    for query in ({"limit": 0}, {"limit": 51}, {"limit": "ten"}, {"state": "somewhere"}):
        subject.ask("getOrdersOfCustomer", customer, query).must_be(400, "bad_request")
    for proofs in ({}, {"customer_id": "c001", "phone_tail": "0000"}):
        for operation_id in ("getOrder", "getAfterSales"):
            subject.ask(operation_id, number, proofs).must_be(400, "bad_request")
    subject.ask("getPickupSlots").must_be(400, "bad_request")


def unknown_things(subject: Subject) -> None:
    """An unknown customer has nothing; what nobody has is not found."""
    nobody = {"customer_id": f"nobody-{subject.run_id}"}
    for operation_id, name in (("getOrdersOfCustomer", "orders"), ("getCart", "lines"), ("getCoupons", "coupons")):
        answer = subject.ask(operation_id, nobody).must_be(200)
        if answer.body[name]:
            raise answer.broken(f"{name} must be empty.")
    subject.ask("getMembership", nobody).must_be(404, "customer_not_found")
    subject.ask("getSku", {"sku": f"NONE-{subject.run_id}"}).must_be(404, "sku_not_found")
    subject.ask("getShipment", {"tracking_number": f"NONE{subject.run_id}"}).must_be(404, "shipment_not_found")


def _sorted(answer: Answer, times: list[str], name: str, *, newest: bool) -> None:
    moments = [datetime.fromisoformat(text.upper()) for text in times]
    if moments != sorted(moments, reverse=newest):
        raise answer.broken(f"{name} must go from the {'newest' if newest else 'earliest'} on: {' '.join(times[:8])}")


def _times(body: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(body, dict | list):
        for name, part in body.items() if isinstance(body, dict) else enumerate(body):
            yield from _times(part, f"{place}.{name}".lstrip("."))
    elif isinstance(body, str) and place.endswith(("_at", ".at", "_from", "_until")) and _TIME.fullmatch(body):
        yield place, body


def _in_utc(text: str) -> bool:
    return datetime.fromisoformat(text.upper()).utcoffset() == timedelta(0)


READS = (
    Check(
        "The example order opens with the customer's id",
        "getOrder, 200: schema Order, all fields there",
        "Check CONFORM_ORDER and CONFORM_CUSTOMER; then add or correct the field that is named.",
        example_order,
    ),
    Check(
        "and with the last four digits of the phone",
        "getOrder: phone_tail is the other proof, and the answer is the same order",
        "Check CONFORM_PHONE_TAIL; compare it with the last four digits of the receiver's phone.",
        example_by_phone,
    ),
    Check(
        "It is the order asked for, of this customer",
        "Order: number, customer_id and receiver.phone_tail are those of the proof",
        "Give the same customer id and phone ending that proofs are compared with.",
        whose_it_is,
    ),
    Check(
        "total = items - discount + shipping",
        "Amount: total = items - discount + shipping",
        "Put what was taken off into discount and the postage into shipping; price is for one piece.",
        of_each_order(wrong_sum),
    ),
    Check(
        "No refund is higher than what was paid",
        "Refund: money that was paid and goes back",
        "Correct amount.paid (what was received in all) or refund.amount.",
        of_each_order(refund_too_high),
    ),
    Check(
        "Names are masked",
        "Receiver.name: the surname and a star, never the full name",
        "Send 王* for 王晓雯.",
        of_each_order(name_in_full),
    ),
    Check(
        "A customer's orders come newest first",
        "getOrdersOfCustomer: newest first",
        "Sort by created_at, newest first, before the limit is applied.",
        newest_first,
    ),
    Check(
        "limit and state pick from a customer's orders",
        "getOrdersOfCustomer: limit and state",
        "Apply state first, then sort, then cut at limit.",
        limit_and_state,
    ),
    Check("Times are in UTC", "Times are ISO 8601 in UTC", "Send 2026-11-20T02:11:00.000Z.", times_in_utc),
    Check(
        "Parcels are found, their events newest first",
        "getShipment: every tracking_number of an order, events newest first",
        "Answer for each parcel that an order names, with an empty list before the carrier has scanned it.",
        parcels,
    ),
    Check(
        "The order's after-sales cases can be read",
        "getAfterSales: newest first; none is an empty list",
        'Answer {"cases": []} where there are none.',
        after_sales,
    ),
    Check(
        "Pickup times can be read",
        "getPickupSlots: free times, the earliest first; an empty list where no courier collects",
        'Answer {"slots": []} where no courier collects.',
        pickup_slots,
    ),
    Check(
        "Cart, coupons, level and articles can be read",
        "getCart, getCoupons, getMembership, getSku: 200, prices newest first",
        "Answer for each customer and each article that an order names.",
        promotions,
    ),
    Check(
        "Parameters out of bounds are refused",
        "400 bad_request: limit from 1 to 50, a known state, exactly one proof, a city",
        "Check parameters before anything else is done.",
        refused_parameters,
    ),
    Check(
        "What nobody has is empty or not found",
        "an unknown customer has no orders, cart or coupons; else 404 with the code of the contract",
        "Answer 200 with an empty list, or 404 with the code named above.",
        unknown_things,
    ),
)
