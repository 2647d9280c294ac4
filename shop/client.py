"""The typed client of a shop's orders, logistics and promotions APIs; docs/connect-your-shop.md says what a shop must offer."""

import hmac
import logging
from dataclasses import dataclass
from urllib.parse import quote

from shop.after_sales import (
    Cancellation,
    Case,
    CaseList,
    CaseRequest,
    Change,
    Pickup,
    PickupList,
    Receipt,
    ReceiverChange,
)
from shop.api_reader import ApiReader
from shop.client_errors import (
    AlreadyOpen,
    CustomerNotFound,
    NotAllowed,
    OrderNotCancellable,
    OrderNotFound,
    OutOfStock,
    PickupUnavailable,
    ReceiverNotChangeable,
    ShipmentNotFound,
    ShopClientError,
    ShopRefused,
    ShopReplyInvalid,
    ShopUnauthorized,
    ShopUnavailable,
    ShopUncertain,
    SkuNotFound,
    TooManyAttempts,
)
from shop.client_settings import ClientSettings, ClientSettingsError
from shop.connections import Connections
from shop.offers import Cart, Coupon, CouponList, Membership, Sku
from shop.order import Order, OrderList
from shop.shipment import Shipment

__all__ = [
    "AlreadyOpen",
    "ClientSettings",
    "ClientSettingsError",
    "CustomerNotFound",
    "NotAllowed",
    "Order",
    "OrderNotCancellable",
    "OrderNotFound",
    "OutOfStock",
    "PickupUnavailable",
    "Proof",
    "ReceiverNotChangeable",
    "Shipment",
    "ShipmentNotFound",
    "ShopClient",
    "ShopClientError",
    "ShopRefused",
    "ShopReplyInvalid",
    "ShopUnauthorized",
    "ShopUnavailable",
    "ShopUncertain",
    "SkuNotFound",
    "TooManyAttempts",
]

log = logging.getLogger(__name__)

LONGEST_ID = 64
REFUSALS: dict[str, type[ShopClientError]] = {
    "order_not_cancellable": OrderNotCancellable,
    "receiver_not_changeable": ReceiverNotChangeable,
    "not_allowed": NotAllowed,
    "already_open": AlreadyOpen,
    "out_of_stock": OutOfStock,
    "pickup_unavailable": PickupUnavailable,
}


@dataclass(frozen=True)
class Proof:
    """Shows that an order is theirs: exactly one of a verified customer's id and the last four digits of the phone."""

    customer_id: str | None = None
    phone_tail: str | None = None

    def __post_init__(self) -> None:
        if (self.customer_id is None) == (self.phone_tail is None):
            raise ValueError("give exactly one proof: customer_id or phone_tail")

    @property
    def params(self) -> dict[str, str]:
        """As the API takes it."""
        if self.customer_id is not None:
            return {"customer_id": self.customer_id}
        return {"phone_tail": self.phone_tail or ""}


class ShopClient:
    """Asks the shop. One for a process: it keeps connections open and remembers which API is failing."""

    def __init__(self, settings: ClientSettings) -> None:
        self._connections = Connections(settings)
        self.orders = ApiReader(
            "orders",
            settings.orders_url,
            self._connections,
            settings,
            {"order_not_found": OrderNotFound, "too_many_attempts": TooManyAttempts, **REFUSALS},
        )
        self.logistics = ApiReader(
            "logistics", settings.logistics_url, self._connections, settings, {"shipment_not_found": ShipmentNotFound}
        )
        self.promotions = ApiReader(
            "promotions",
            settings.promotions_url,
            self._connections,
            settings,
            {"sku_not_found": SkuNotFound, "customer_not_found": CustomerNotFound},
        )

    async def order(self, number: str, *, customer_id: str | None = None, phone_tail: str | None = None) -> Order:
        """The order of who can prove it is theirs, by verified customer id or by the last four digits of the phone.

        Exactly one proof must be given. Raises OrderNotFound for an unknown order and a wrong proof alike.
        """
        proof = Proof(customer_id, phone_tail)
        order = await self.orders.get(_order_path(number), proof.params, Order)
        if order.number != number:
            raise _wrong_answer("the orders API answered with another order")
        owner = order.customer_id if customer_id is not None else order.receiver.phone_tail
        claimed = customer_id if customer_id is not None else phone_tail
        if not _same(owner, claimed or ""):
            log.critical("the orders API gave out order %s against a proof that does not match it", order.number)
            raise OrderNotFound(OrderNotFound.code)
        return order

    async def orders_of(self, customer_id: str, limit: int = 10) -> list[Order]:
        """The customer's latest orders, newest first; an unknown customer has none."""
        part = _path_part(customer_id)
        if part is None:
            return []
        path = f"/api/orders/v1/customers/{part}/orders"
        reply = await self.orders.get(path, {"limit": str(limit)}, OrderList)
        own = [order for order in reply.orders if _same(order.customer_id, customer_id)]
        if len(own) != len(reply.orders):
            log.critical("the orders API listed %d orders of other customers", len(reply.orders) - len(own))
        return own[:limit]

    async def shipment(self, tracking_number: str) -> Shipment:
        """Where a parcel is. Whoever asks must have come by the tracking number through an order of theirs."""
        part = _path_part(tracking_number)
        if part is None:
            raise ShipmentNotFound(ShipmentNotFound.code)
        shipment = await self.logistics.get(f"/api/logistics/v1/shipments/{part}", {}, Shipment)
        if shipment.tracking_number != tracking_number:
            raise _wrong_answer("the logistics API answered with another shipment")
        return shipment

    async def cancel(self, number: str, proof: Proof, change: Cancellation, key: str) -> Receipt:
        """Cancels an order that has not been sent. Raises OrderNotCancellable, and what every change may (ApiReader.post)."""
        return await self._change(number, "cancellation", proof, change, key)

    async def change_receiver(self, number: str, proof: Proof, change: ReceiverChange, key: str) -> Receipt:
        """Changes who and where an order is sent to. Raises ReceiverNotChangeable, and what every change may."""
        return await self._change(number, "receiver", proof, change, key)

    async def open_case(self, number: str, proof: Proof, request: CaseRequest, key: str) -> Receipt:
        """Opens an after-sales case. Raises NotAllowed, AlreadyOpen, OutOfStock, PickupUnavailable, and what every change may."""
        return await self._change(number, "after-sales", proof, request, key)

    async def book_pickup(self, number: str, proof: Proof, case: str, pickup: Pickup, key: str) -> Receipt:
        """Has a courier collect the goods of a case. Raises NotAllowed, PickupUnavailable, and what every change may."""
        part = _path_part(case)
        if part is None:
            raise OrderNotFound(OrderNotFound.code)
        return await self._change(number, f"after-sales/{part}/pickup", proof, pickup, key)

    async def cases_of(self, number: str, proof: Proof) -> tuple[Case, ...]:
        """The after-sales cases of an order, newest first."""
        return (await self.orders.get(f"{_order_path(number)}/after-sales", proof.params, CaseList)).cases

    async def pickup_slots(self, city: str) -> tuple[Pickup, ...]:
        """When a courier can collect in a city, the earliest first."""
        return (await self.logistics.get("/api/logistics/v1/pickup-slots", {"city": city}, PickupList)).slots

    async def cart_of(self, customer_id: str) -> Cart:
        """What a verified customer has in the cart."""
        return await self.promotions.get(_customer_path(customer_id, "cart"), {}, Cart)

    async def coupons_of(self, customer_id: str) -> tuple[Coupon, ...]:
        """A verified customer's coupons, those that can be used first."""
        return (await self.promotions.get(_customer_path(customer_id, "coupons"), {}, CouponList)).coupons

    async def membership_of(self, customer_id: str) -> Membership:
        """A verified customer's level and points. Raises CustomerNotFound."""
        return await self.promotions.get(_customer_path(customer_id, "membership"), {}, Membership)

    async def sku(self, sku: str) -> Sku:
        """An article with its price history. Raises SkuNotFound."""
        part = _path_part(sku)
        if part is None:
            raise SkuNotFound(SkuNotFound.code)
        return await self.promotions.get(f"/api/promotions/v1/skus/{part}", {}, Sku)

    async def _change(self, number: str, what: str, proof: Proof, change: Change, key: str) -> Receipt:
        receipt = await self.orders.post(f"{_order_path(number)}/{what}", proof.params, change, key, Receipt)
        if receipt.order != number:
            log.error("the orders API answered about another order")
            raise ShopUncertain("the orders API answered about another order")
        return receipt

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connections.aclose()


def _order_path(number: str) -> str:
    part = _path_part(number)
    if part is None:
        raise OrderNotFound(OrderNotFound.code)
    return f"/api/orders/v1/orders/{part}"


def _customer_path(customer_id: str, what: str) -> str:
    part = _path_part(customer_id)
    if part is None:
        raise CustomerNotFound(CustomerNotFound.code)
    return f"/api/promotions/v1/customers/{part}/{what}"


def _path_part(text: str) -> str | None:
    """The text quoted as one part of a path, or None where it cannot name anything."""
    if not text or len(text) > LONGEST_ID or text in (".", ".."):
        return None
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        return None


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))


def _wrong_answer(what: str) -> ShopReplyInvalid:
    log.error(what)
    return ShopReplyInvalid(what)
