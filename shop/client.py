"""The typed client of a shop's orders and logistics APIs; docs/connect-your-shop.md says what a shop must offer."""

import hmac
import logging
from urllib.parse import quote

import httpx

from shop.api_reader import ApiReader
from shop.client_errors import (
    OrderNotFound,
    ShipmentNotFound,
    ShopClientError,
    ShopReplyInvalid,
    ShopUnauthorized,
    ShopUnavailable,
    TooManyAttempts,
)
from shop.client_settings import ClientSettings, ClientSettingsError
from shop.order import Order, OrderList
from shop.shipment import Shipment

__all__ = [
    "ClientSettings",
    "ClientSettingsError",
    "Order",
    "OrderNotFound",
    "Shipment",
    "ShipmentNotFound",
    "ShopClient",
    "ShopClientError",
    "ShopReplyInvalid",
    "ShopUnauthorized",
    "ShopUnavailable",
    "TooManyAttempts",
]

log = logging.getLogger(__name__)

LONGEST_ID = 64


class ShopClient:
    """Asks the shop. One for a process: it keeps connections open and remembers which API is failing."""

    def __init__(self, settings: ClientSettings) -> None:
        logging.getLogger("httpx").addFilter(_without_query)
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {settings.api_key}", "Accept": "application/json"},
            timeout=httpx.Timeout(settings.read_s, connect=settings.connect_s),
            # A proxy of the environment is meant for the outside, not for a shop on this machine.
            mounts={"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None},
        )
        self.orders = ApiReader(
            "orders",
            settings.orders_url,
            self._http,
            settings,
            {"order_not_found": OrderNotFound, "too_many_attempts": TooManyAttempts},
        )
        self.logistics = ApiReader(
            "logistics", settings.logistics_url, self._http, settings, {"shipment_not_found": ShipmentNotFound}
        )

    async def order(self, number: str, *, customer_id: str | None = None, phone_tail: str | None = None) -> Order:
        """The order of who can prove it is theirs, by verified customer id or by the last four digits of the phone.

        Exactly one proof must be given. Raises OrderNotFound for an unknown order and a wrong proof alike.
        """
        if (customer_id is None) == (phone_tail is None):
            raise ValueError("give exactly one proof: customer_id or phone_tail")
        part = _path_part(number)
        if part is None:
            raise OrderNotFound(OrderNotFound.code)
        proof = {"customer_id": customer_id} if customer_id is not None else {"phone_tail": phone_tail or ""}
        order = await self.orders.get(f"/api/orders/v1/orders/{part}", proof, Order)
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

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _path_part(text: str) -> str | None:
    """The text quoted as one part of a path, or None where it cannot name anything."""
    if not text or len(text) > LONGEST_ID or text in (".", ".."):
        return None
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        return None


def _without_query(record: logging.LogRecord) -> bool:
    """Keep proofs out of httpx's own log lines: the address is logged without its query."""
    if isinstance(record.args, tuple):
        record.args = tuple(str(a.copy_with(query=None)) if isinstance(a, httpx.URL) else a for a in record.args)
    return True


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))


def _wrong_answer(what: str) -> ShopReplyInvalid:
    log.error(what)
    return ShopReplyInvalid(what)
