"""The one client of the shop's APIs in this process: made from the environment at the first question."""

from typing import Protocol

from shop.client import ClientSettings, Order, Shipment, ShopClient


class Shop(Protocol):
    """What the actions ask of the shop; ShopClient says what each answers and raises."""

    async def order(self, number: str, *, customer_id: str | None = None, phone_tail: str | None = None) -> Order: ...

    async def orders_of(self, customer_id: str, limit: int = 10) -> list[Order]: ...

    async def shipment(self, tracking_number: str) -> Shipment: ...


_shop: Shop | None = None


def the_shop() -> Shop:
    """The shop's client."""
    global _shop
    if _shop is None:
        _shop = ShopClient(ClientSettings.from_env())
    return _shop


def use(shop: Shop | None) -> None:
    """Ask this shop from now on; None means the one of the environment again. Tests put theirs in here."""
    global _shop
    _shop = shop
