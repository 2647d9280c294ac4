"""What the orders API takes and answers about changes of an order and its after-sales cases, as immutable typed records."""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from shop.order import Count, Instant, Yuan

CancelReason = Literal["changed_mind", "wrong_order", "wrong_address", "too_slow", "cheaper_elsewhere", "other"]
CaseKind = Literal[
    "return",
    "exchange",
    "repair",
    "damaged",
    "missing",
    "wrong_item",
    "not_received",
    "urge_shipping",
    "urge_delivery",
    "claim",
]
CaseState = Literal["requested", "approved", "on_its_way", "received", "done", "rejected", "withdrawn"]
Cause = Literal["no_reason", "quality", "wrong_item", "damaged"]
CANCEL_REASONS: tuple[str, ...] = get_args(CancelReason)
CASE_KINDS: tuple[str, ...] = get_args(CaseKind)
CASE_STATES: tuple[str, ...] = get_args(CaseState)
OPEN_STATES = frozenset({"requested", "approved", "on_its_way", "received"})


class CaseItem(Struct, frozen=True):
    """So many pieces of one line of an order."""

    sku: str
    quantity: Count


class Pickup(Struct, frozen=True, rename={"start": "from"}):
    """A time span on a day of the shop's clock, in which a courier collects: 2026-11-26, 09:00, 12:00."""

    day: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    start: Annotated[str, Meta(pattern=r"^[0-2]\d:[0-5]\d$")]
    until: Annotated[str, Meta(pattern=r"^[0-2]\d:[0-5]\d$")]


class PickupList(Struct, frozen=True):
    """Free times, the earliest first."""

    slots: tuple[Pickup, ...]


class Cancellation(Struct, frozen=True):
    """Why an order is cancelled."""

    reason: CancelReason


class ReceiverChange(Struct, frozen=True, omit_defaults=True):
    """What changes of the receiver; what is None stays as it is."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None


class CaseRequest(Struct, frozen=True, omit_defaults=True):
    """A case to open; without items it is about all of the order."""

    kind: CaseKind
    cause: Cause | None = None
    items: tuple[CaseItem, ...] = ()
    exchange_for: str | None = None
    note: str | None = None
    pickup: Pickup | None = None


class Case(Struct, frozen=True):
    """A case as it stands; `by` is when the shop will have settled it, `photo_url` a page to leave photos on."""

    number: str
    kind: CaseKind
    state: CaseState
    items: tuple[CaseItem, ...]
    amount: Yuan | None
    created_at: Instant
    by: Instant | None
    pickup: Pickup | None
    send_to: str | None
    photo_url: str | None


class CaseList(Struct, frozen=True):
    """The cases of an order, newest first."""

    cases: tuple[Case, ...]


class Receipt(Struct, frozen=True):
    """What was done: the number to refer to; the money that goes back; when the shop will have settled it."""

    number: str
    order: str
    at: Instant
    amount: Yuan | None
    by: Instant | None = None
    pickup: Pickup | None = None
    send_to: str | None = None
    photo_url: str | None = None


Change = Cancellation | ReceiverChange | CaseRequest | Pickup

__all__ = [
    "CANCEL_REASONS",
    "CASE_KINDS",
    "CASE_STATES",
    "OPEN_STATES",
    "Cancellation",
    "Case",
    "CaseItem",
    "CaseList",
    "CaseRequest",
    "Change",
    "Pickup",
    "PickupList",
    "Receipt",
    "ReceiverChange",
]
