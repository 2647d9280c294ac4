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

RefundState = Literal["pending", "done", "rejected"]
PaymentMethod = Literal["alipay", "wechat", "card", "credit", "balance", "cash"]
GoodsKind = Literal[
    "made_to_order",
    "fresh",
    "opened_media",
    "download",
    "newspaper",
    "opened_hygiene",
    "activated",
    "near_expiry",
]

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
    """One line of an order; `price` is the price of one piece.

    `kinds` is what the terms of return go by, `agreed` whether the buyer agreed at purchase that it does not go back, `gift`
    whether it came free, `returning` how many pieces have gone back or are about to.
    """

    sku: str
    name: str
    spec: str
    quantity: Count
    price: Yuan
    image: str | None
    category: str = ""
    kinds: tuple[GoodsKind, ...] = ()
    agreed: bool = False
    gift: bool = False
    returning: int = 0


class Amount(Struct, frozen=True):
    """Money of an order in yuan: total = items - discount + shipping; paid is what has been received."""

    total: Yuan
    paid: Yuan
    discount: Yuan
    shipping: Yuan


class TrackingEvent(Struct, frozen=True):
    """One scan of a parcel, in the carrier's words."""

    at: Instant
    text: str
    place: str


class Tracking(Struct, frozen=True):
    """Where a parcel is; events come newest first, and there may be none yet."""

    state: ShipmentState
    estimated_delivery: Instant | None
    events: tuple[TrackingEvent, ...]


class Parcel(Struct, frozen=True):
    """A parcel of an order and what is in it; where it is, is a question for the logistics API, unless `tracking` tells it."""

    carrier: str
    carrier_code: str
    tracking_number: str
    shipped_at: Instant
    skus: tuple[str, ...]
    tracking: Tracking | None = None


class Refund(Struct, frozen=True):
    """Money going back; `at` is when it was asked for, or when it was settled."""

    state: RefundState
    amount: Yuan
    at: Instant


class Presale(Struct, frozen=True):
    """An order begun with a deposit, which counts for `worth`; the balance is paid between two times."""

    deposit: Yuan
    worth: Yuan
    balance: Yuan
    balance_from: Instant
    balance_until: Instant
    balance_paid: bool


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
    payment_method: PaymentMethod | None = None
    freight_insurance: bool = False
    presale: Presale | None = None


class OrderList(Struct, frozen=True):
    """A customer's orders, newest first."""

    orders: tuple[Order, ...]
