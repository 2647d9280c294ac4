"""Reads orders out of the database, in the shape that the orders API and the pages show."""

from collections.abc import Iterable
from typing import Any

import aiosqlite

COMPOUND_SURNAMES = ("欧阳", "诸葛", "司马", "上官", "皇甫", "慕容", "令狐", "司徒")
TIMES = ("created_at", "paid_at", "packed_at", "shipped_at", "delivered_at", "cancelled_at", "expected_ship_at")

Row = aiosqlite.Row


class OrderBook:
    """Orders by number and by customer. `public_url` is where the addresses of pictures begin."""

    def __init__(self, db: aiosqlite.Connection, public_url: str) -> None:
        self._db = db
        self._public_url = public_url

    async def find(self, number: str) -> Row | None:
        """The bare row of an order, for checking a proof against it."""
        rows = await self._rows("SELECT * FROM orders WHERE number = ?", (number,))
        return rows[0] if rows else None

    async def of_customer(self, customer_id: str, limit: int, state: str | None) -> list[Row]:
        """The customer's latest orders, newest first."""
        query = """
            SELECT * FROM orders WHERE customer_id = ?1 AND (?3 IS NULL OR state = ?3)
            ORDER BY created_at DESC, number DESC LIMIT ?2
        """
        return await self._rows(query, (customer_id, limit, state))

    async def full(self, order: Row) -> dict[str, Any]:
        """An order with its items, parcels and refund."""
        number = order["number"]
        items = await self._rows("SELECT * FROM order_items WHERE order_number = ? ORDER BY line", (number,))
        goods = sum(item["price"] * item["quantity"] for item in items)
        return {
            "number": number,
            "state": order["state"],
            "customer_id": order["customer_id"],
            "receiver": {
                "name": masked(order["receiver_name"]),
                "phone_tail": order["receiver_phone"][-4:],
                "city": order["receiver_city"],
            },
            "items": [self._item(item) for item in items],
            "amount": {
                "total": yuan(goods - order["discount"] + order["shipping"]),
                "paid": yuan(order["paid"]),
                "discount": yuan(order["discount"]),
                "shipping": yuan(order["shipping"]),
            },
            **{name: order[name] for name in TIMES},
            "shipments": await self._parcels(number),
            "refund": await self._refund(number),
        }

    def _item(self, item: Row) -> dict[str, Any]:
        return {
            "sku": item["sku"],
            "name": item["name"],
            "spec": item["spec"],
            "quantity": item["quantity"],
            "price": yuan(item["price"]),
            "image": f"{self._public_url}/pictures/{item['product_id']}.svg",
        }

    async def _parcels(self, number: str) -> list[dict[str, Any]]:
        query = """
            SELECT shipments.*, group_concat(sku, ' ') AS skus
            FROM shipments JOIN shipment_skus USING (tracking_number)
            WHERE order_number = ? GROUP BY tracking_number ORDER BY shipped_at, tracking_number
        """
        return [
            {
                "carrier": parcel["carrier"],
                "carrier_code": parcel["carrier_code"],
                "tracking_number": parcel["tracking_number"],
                "shipped_at": parcel["shipped_at"],
                "skus": sorted(parcel["skus"].split(" ")),
            }
            for parcel in await self._rows(query, (number,))
        ]

    async def _refund(self, number: str) -> dict[str, Any] | None:
        rows = await self._rows("SELECT * FROM refunds WHERE order_number = ?", (number,))
        if not rows:
            return None
        return {"state": rows[0]["state"], "amount": yuan(rows[0]["amount"]), "at": rows[0]["at"]}

    async def _rows(self, query: str, values: Iterable[object]) -> list[Row]:
        async with self._db.execute(query, tuple(values)) as rows:
            return list(await rows.fetchall())


def yuan(fen: int) -> str:
    """299.00 for 29900."""
    return f"{fen // 100}.{fen % 100:02d}"


def masked(name: str) -> str:
    """The surname and a star: 王*, 欧阳*."""
    surname = next((one for one in COMPOUND_SURNAMES if name.startswith(one)), name[:1])
    return f"{surname}*"
