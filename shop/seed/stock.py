"""Reads the hand-written part of the seed: products, customers, carriers and routes."""

from pathlib import Path
from typing import TypeVar

import msgspec

HERE = Path(__file__).parent

Shape = TypeVar("Shape")


class Sku(msgspec.Struct, frozen=True):
    """Something that can be bought; the price is in yuan."""

    sku: str
    spec: str
    spec_en: str
    price: str

    @property
    def fen(self) -> int:
        """The price in fen."""
        return int(self.price.replace(".", ""))


class Product(msgspec.Struct, frozen=True):
    """A product with its specs; `drawing` and `hue` say what its picture looks like."""

    id: str
    category: str
    name: str
    name_en: str
    badge: str | None
    drawing: str
    hue: int
    skus: tuple[Sku, ...]


class Customer(msgspec.Struct, frozen=True):
    """A customer. The phone numbers begin with 1000000, which no network has."""

    id: str
    name: str
    phone: str
    city: str
    address: str

    @property
    def district(self) -> str:
        """The district of the address, such as 洪山区."""
        within_city = self.address.partition(f"{self.city}市")[2]
        return within_city[: within_city.index("区") + 1]


class Carrier(msgspec.Struct, frozen=True):
    """A carrier: how its tracking numbers look and what it calls its hubs."""

    code: str
    name: str
    prefix: str
    length: int
    hub: str


class Routes(msgspec.Struct, frozen=True):
    """Warehouses, and for each city its warehouse and the hubs on the way."""

    warehouses: dict[str, str]
    cities: dict[str, tuple[str, tuple[str, ...]]]


class Stock(msgspec.Struct, frozen=True):
    """All of the hand-written part."""

    products: tuple[Product, ...]
    customers: tuple[Customer, ...]
    carriers: tuple[Carrier, ...]
    routes: Routes


def read_stock() -> Stock:
    """The contents of the .json files of this folder."""
    return Stock(
        products=_read("products.json", tuple[Product, ...]),
        customers=_read("customers.json", tuple[Customer, ...]),
        carriers=_read("carriers.json", tuple[Carrier, ...]),
        routes=_read("routes.json", Routes),
    )


def _read(name: str, shape: type[Shape]) -> Shape:
    return msgspec.json.decode((HERE / name).read_bytes(), type=shape)
