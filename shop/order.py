"""What the orders API says about an order, as immutable typed records."""

from datetime import datetime
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

OrderState = Literal[
    "unpaid",
    "paid",
    "packed",
    "shipped",
    "in_transit",
    "stuck",
    "out_for_delivery",
    "delivered",
    "refused",
    "returned",
    "refunded",
    "cancelled",
    "partly_shipped",
    "pre_sale",
]
ORDER_STATES: tuple[str, ...] = get_args(OrderState)

RefundState = Literal["pending", "done", "rejected"]

Yuan = Annotated[str, Meta(pattern=r"^\d{1,9}\.\d{2}$")]
Instant = Annotated[datetime, Meta(tz=True)]
PhoneTail = Annotated[str, Meta(pattern=r"^\d{4}$")]
Count = Annotated[int, Meta(ge=1)]


class Receiver(Struct, frozen=True):
    """Who gets the parcel; the name comes masked (王*), never in full."""

    name: str
    phone_tail: PhoneTail
    city: str


class Item(Struct, frozen=True):
    """One line of an order; `price` is the price of one piece."""

    sku: str
    name: str
    spec: str
    quantity: Count
    price: Yuan
    image: str | None


class Amount(Struct, frozen=True):
    """Money of an order in yuan: total = items - discount + shipping; paid is what has been received."""

    total: Yuan
    paid: Yuan
    discount: Yuan
    shipping: Yuan


class Parcel(Struct, frozen=True):
    """A parcel of an order and what is in it; where it is, is a question for the logistics API."""

    carrier: str
    carrier_code: str
    tracking_number: str
    shipped_at: Instant
    skus: tuple[str, ...]


class Refund(Struct, frozen=True):
    """Money going back; `at` is when it was asked for, or when it was settled."""

    state: RefundState
    amount: Yuan
    at: Instant


class Order(Struct, frozen=True):
    """An order; a time that has not come is None."""

    number: str
    state: OrderState
    customer_id: str
    receiver: Receiver
    items: Annotated[tuple[Item, ...], Meta(min_length=1)]
    amount: Amount
    created_at: Instant
    paid_at: Instant | None
    packed_at: Instant | None
    shipped_at: Instant | None
    delivered_at: Instant | None
    cancelled_at: Instant | None
    expected_ship_at: Instant | None
    shipments: tuple[Parcel, ...]
    refund: Refund | None


class OrderList(Struct, frozen=True):
    """A customer's orders, newest first."""

    orders: tuple[Order, ...]
