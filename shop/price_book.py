"""Reads carts, coupons, memberships and prices, in the shape that the promotions API and the pages show."""

from datetime import datetime, timedelta, timezone
from typing import Any

from shop.order_book import terms_category, yuan
from shop.reading import Reading, Row
from shop.seed.calendar import iso

KEPT_DAYS = 90


class PriceBook:
    """Prices, and what a customer has to do with them. `public_url` is where the addresses of pictures begin."""

    def __init__(self, reading: Reading, public_url: str) -> None:
        self._rows = reading.rows
        self._public_url = public_url

    def cart(self, customer_id: str, lang: str = "zh") -> dict[str, Any]:
        """What is in the cart, at the prices of this moment; an unknown customer's is empty."""
        query = """
            SELECT skus.*, products.*, quantity, coalesce(limited_prices.price, skus.price) AS price_now,
                skus.price AS list_price
            FROM carts JOIN skus USING (sku) JOIN products ON products.id = product_id
            LEFT JOIN limited_prices ON limited_prices.sku = skus.sku AND ?2 BETWEEN starts_at AND ends_at
            WHERE customer_id = ?1 ORDER BY line
        """
        lines = self._rows(query, (customer_id, iso(_now())))
        return {
            "lines": [
                self._article(line, lang)
                | {
                    "quantity": line["quantity"],
                    "price": yuan(line["price_now"]),
                    "list_price": yuan(line["list_price"]),
                }
                for line in lines
            ]
        }

    def coupons(self, customer_id: str, lang: str = "zh") -> dict[str, Any]:
        """The customer's coupons: those that can be used, those that can be used later, then all others of 90 days."""
        query = """
            SELECT *, CASE WHEN state = 'usable' AND valid_until < ?2 THEN 'expired' ELSE state END AS state_now,
                CASE WHEN state <> 'usable' OR valid_until < ?2 THEN 2 ELSE valid_from > ?2 END AS place
            FROM coupons WHERE customer_id = ?1 AND valid_until >= ?3
            ORDER BY place, instr('used locked expired', state_now), valid_until, code
        """
        now = _now()
        rows = self._rows(query, (customer_id, iso(now), iso(now - timedelta(days=KEPT_DAYS))))
        return {"coupons": [_coupon(row, lang) for row in rows]}

    def membership(self, customer_id: str) -> dict[str, Any] | None:
        """The customer's level and points; None for somebody unknown."""
        query = """
            SELECT level, points, points_expiring, points_expire_at FROM memberships WHERE customer_id = ?
        """
        rows = self._rows(query, (customer_id,))
        return dict(rows[0]) if rows else None

    def sku(self, sku: str) -> dict[str, Any] | None:
        """An article, its siblings and its price history; None for an unknown number."""
        query = "SELECT skus.*, products.* FROM skus JOIN products ON products.id = product_id WHERE sku = ?"
        found = self._rows(query, (sku,))
        if not found:
            return None
        siblings = "SELECT * FROM skus WHERE product_id = ? AND sku <> ? ORDER BY sku"
        others = self._rows(siblings, (found[0]["product_id"], sku))
        history = self._rows("SELECT since, price FROM prices WHERE sku = ? ORDER BY since DESC", (sku,))
        return self._article(found[0], "zh") | {
            "price": yuan(found[0]["price"]),
            "in_stock": bool(found[0]["in_stock"]),
            "others": [_other(one) for one in others],
            "prices": [{"since": one["since"], "price": yuan(one["price"])} for one in history],
        }

    def _article(self, row: Row, lang: str) -> dict[str, Any]:
        suffix = "_en" if lang == "en" else ""
        return {
            "sku": row["sku"],
            "name": row[f"name{suffix}"],
            "spec": row[f"spec{suffix}"],
            "category": terms_category(row["product_id"], row["category"]),
            "image": f"{self._public_url}/pictures/{row['product_id']}.svg",
        }


def _coupon(row: Row, lang: str) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name": row["name_en" if lang == "en" else "name"],
        "kind": row["kind"],
        "least": yuan(row["least"]),
        "off": yuan(row["off"]),
        "categories": row["categories"].split(),
        "valid_from": row["valid_from"],
        "valid_until": row["valid_until"],
        "state": row["state_now"],
        "order": row["order_number"],
    }


def _other(row: Row) -> dict[str, Any]:
    return {
        "sku": row["sku"],
        "spec": row["spec"],
        "price": yuan(row["price"]),
        "in_stock": bool(row["in_stock"]),
    }


def _now() -> datetime:
    return datetime.now(timezone.utc)
