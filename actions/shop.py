"""The one client of the shop's APIs in this process: made from the environment at the first question."""

from typing import Protocol

from shop.after_sales import Cancellation, Case, CaseRequest, Pickup, Receipt, ReceiverChange
from shop.client import ClientSettings, Order, Proof, Shipment, ShopClient
from shop.offers import Cart, Coupon, Membership, Sku
from shop.order import Parcel
from shop.shipment import told_by


class Shop(Protocol):
    """What the actions ask of the shop; ShopClient says what each answers and raises."""

    async def order(self, number: str, *, customer_id: str | None = None, phone_tail: str | None = None) -> Order: ...

    async def orders_of(self, customer_id: str, limit: int = 10) -> list[Order]: ...

    async def shipment(self, tracking_number: str) -> Shipment: ...

    async def cancel(self, number: str, proof: Proof, change: Cancellation, key: str) -> Receipt: ...

    async def change_receiver(self, number: str, proof: Proof, change: ReceiverChange, key: str) -> Receipt: ...

    async def open_case(self, number: str, proof: Proof, request: CaseRequest, key: str) -> Receipt: ...

    async def book_pickup(self, number: str, proof: Proof, case: str, pickup: Pickup, key: str) -> Receipt: ...

    async def cases_of(self, number: str, proof: Proof) -> tuple[Case, ...]: ...

    async def pickup_slots(self, city: str) -> tuple[Pickup, ...]: ...

    async def cart_of(self, customer_id: str) -> Cart: ...

    async def coupons_of(self, customer_id: str) -> tuple[Coupon, ...]: ...

    async def membership_of(self, customer_id: str) -> Membership: ...

    async def sku(self, sku: str) -> Sku: ...


_shop: Shop | None = None


async def shipment_of(parcel: Parcel) -> Shipment:
    """Where a parcel of an order is: as the order tells it, or else as the logistics API does. Raises what `Shop.shipment` raises."""
    return told_by(parcel) or await the_shop().shipment(parcel.tracking_number)


def the_shop() -> Shop:
    """The shop's client."""
    global _shop
    if _shop is None:
        _shop = ShopClient(ClientSettings.from_env())
    return _shop


async def close() -> None:
    """Closes the connections of the environment's shop, if it was asked anything."""
    global _shop
    if isinstance(_shop, ShopClient):
        shop, _shop = _shop, None
        await shop.aclose()


def use(shop: Shop | None) -> None:
    """Ask this shop from now on; None means the one of the environment again. Tests put theirs in here."""
    global _shop
    _shop = shop
