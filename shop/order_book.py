"""Reads orders out of the database, in the shape that the orders API and the pages show."""

from collections.abc import Callable, Mapping
from typing import Any

from shop.reading import Reading, Row
from shop.tracking import tracking_of

COMPOUND_SURNAMES = ("欧阳", "诸葛", "司马", "上官", "皇甫", "慕容", "令狐", "司徒")
TIMES = ("created_at", "paid_at", "packed_at", "shipped_at", "delivered_at", "cancelled_at", "expected_ship_at")

# `going_back` counts what is in a case of return or exchange that was neither turned down nor withdrawn.
ITEMS = """
    SELECT order_items.*, category, coalesce(kinds, '') AS kinds, coalesce(agreed, 0) AS agreed, (
        SELECT coalesce(sum(case_items.quantity), 0) FROM cases JOIN case_items ON case_number = cases.number
        WHERE cases.order_number = order_items.order_number AND case_items.sku = order_items.sku
            AND cases.kind IN ('return', 'exchange') AND cases.state NOT IN ('rejected', 'withdrawn')
    ) AS going_back
    FROM order_items JOIN products ON products.id = order_items.product_id
    LEFT JOIN product_terms ON product_terms.product_id = products.id
    WHERE order_number = ? ORDER BY line
"""
# What the shop's terms name more narrowly than the storefront does.
TERMS_CATEGORIES = {"cl06": "socks"}
PHOTO_KINDS = frozenset({"damaged", "missing", "wrong_item"})


Tells = Callable[[Row], bool]
"""Whether an order tells where this parcel (a row of `shipments`) is."""
NOTHING: Tells = lambda parcel: False  # noqa: E731 - a value of the type above, not a function to be looked for


class OrderBook:
    """Orders by number and by customer. `public_url` is where the addresses of pictures begin."""

    def __init__(self, reading: Reading, public_url: str) -> None:
        self._reading, self._rows = reading, reading.rows
        self._public_url = public_url

    def find(self, number: str) -> Row | None:
        """The bare row of an order, for checking a proof against it."""
        rows = self._rows("SELECT * FROM orders WHERE number = ?", (number,))
        return rows[0] if rows else None

    def of_customer(self, customer_id: str, limit: int, state: str | None) -> list[Row]:
        """The customer's latest orders, newest first."""
        query = """
            SELECT * FROM orders WHERE customer_id = ?1 AND (?3 IS NULL OR state = ?3)
            ORDER BY created_at DESC, number DESC LIMIT ?2
        """
        return self._rows(query, (customer_id, limit, state))

    def full(self, order: Row, tells: Tells = NOTHING) -> dict[str, Any]:
        """An order with its items, parcels and refund; of the parcels that `tells` allows, with where they are."""
        number = order["number"]
        items = self._rows(ITEMS, (number,))
        terms = self._rows("SELECT * FROM order_terms WHERE order_number = ?", (number,))
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
            "shipments": self._parcels(number, tells),
            "refund": self._refund(number),
            "payment_method": terms[0]["payment_method"] if terms else None,
            "freight_insurance": bool(terms and terms[0]["freight_insurance"]),
            "presale": _presale(terms[0]) if terms and order["state"] == "pre_sale" else None,
        }

    def cases(self, number: str, photos: Callable[[str], str]) -> list[dict[str, Any]]:
        """The after-sales cases of an order, newest first; `photos` makes the address of a case's photo page."""
        query = "SELECT * FROM cases WHERE order_number = ? ORDER BY created_at DESC, number DESC"
        found = []
        for row in self._rows(query, (number,)):
            items = self._rows("SELECT sku, quantity FROM case_items WHERE case_number = ?", (row["number"],))
            found.append(case_of(dict(row), [dict(item) for item in items], photos))
        return found

    def _item(self, item: Row) -> dict[str, Any]:
        return {
            "sku": item["sku"],
            "name": item["name"],
            "spec": item["spec"],
            "quantity": item["quantity"],
            "price": yuan(item["price"]),
            "image": f"{self._public_url}/pictures/{item['product_id']}.svg",
            "category": terms_category(item["product_id"], item["category"]),
            "kinds": item["kinds"].split(),
            "agreed": bool(item["agreed"]),
            "gift": item["price"] == 0,
            "returning": item["going_back"],
        }

    def _parcels(self, number: str, tells: Tells) -> list[dict[str, Any]]:
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
                **({"tracking": tracking_of(self._reading, parcel)} if tells(parcel) else {}),
            }
            for parcel in self._rows(query, (number,))
        ]

    def _refund(self, number: str) -> dict[str, Any] | None:
        rows = self._rows("SELECT * FROM refunds WHERE order_number = ?", (number,))
        if not rows:
            return None
        return {"state": rows[0]["state"], "amount": yuan(rows[0]["amount"]), "at": rows[0]["at"]}


def terms_category(product_id: str, category: str) -> str:
    """The category of a product as the shop's terms name it."""
    return TERMS_CATEGORIES.get(product_id, category)


def case_of(row: Mapping[str, Any], items: list[dict[str, Any]], photos: Callable[[str], str]) -> dict[str, Any]:
    """A case in the contract's shape."""
    faulty = row["kind"] in PHOTO_KINDS or row["cause"] in ("quality", "damaged", "wrong_item")
    return {
        "number": row["number"],
        "kind": row["kind"],
        "state": row["state"],
        "items": items,
        "amount": None if row["amount"] is None else yuan(row["amount"]),
        "created_at": row["created_at"],
        "by": row["due_at"],
        "pickup": pickup_of(row["pickup"]),
        "send_to": row["send_to"],
        "photo_url": photos(row["number"]) if faulty else None,
    }


def pickup_of(text: str | None) -> dict[str, str] | None:
    """A time span as it is kept: day, begin, end, with blanks between."""
    return dict(zip(("day", "from", "until"), text.split(), strict=True)) if text else None


def _presale(row: Row) -> dict[str, Any] | None:
    """The deposit and the balance; None where the whole price was paid at once."""
    if row["deposit"] is None:
        return None
    return {
        "deposit": yuan(row["deposit"]),
        "worth": yuan(row["worth"]),
        "balance": yuan(row["balance"]),
        "balance_from": row["balance_from"],
        "balance_until": row["balance_until"],
        "balance_paid": bool(row["balance_paid"]),
    }


def yuan(fen: int) -> str:
    """299.00 for 29900."""
    return f"{fen // 100}.{fen % 100:02d}"


def masked(name: str) -> str:
    """The surname and a star: 王*, 欧阳*."""
    surname = next((one for one in COMPOUND_SURNAMES if name.startswith(one)), name[:1])
    return f"{surname}*"
