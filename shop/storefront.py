"""The storefront: products to look at, and an order to try the chat with."""

from collections.abc import Iterable
from dataclasses import dataclass

import aiosqlite
from sanic import Blueprint, HTTPResponse, Request

from shop.order_book import yuan
from shop.page import language, pages_of
from shop.seed.shown import QUERY, ShownOrder, choose_shown, sample_order

CATEGORIES = ("clothes", "electronics", "food", "home", "beauty", "books", "sport")

storefront = Blueprint("storefront")


@dataclass(frozen=True)
class ProductCard:
    """A product in the grid."""

    id: str
    category: str
    name: str
    badge: str | None
    price: str
    specs: int


@storefront.get("/")
async def show_storefront(request: Request) -> HTTPResponse:
    """All products, those of a category, or those that match a search."""
    db = request.app.ctx.db
    category = request.args.get("category", "")
    search = request.args.get("q", "").strip()[:40]
    cards = [card for card in await _cards(db, language(request)) if _wanted(card, category, search)]
    sample = sample_order(await _orders(db))
    return await pages_of(request).show(
        request, "storefront.html", cards=cards, categories=CATEGORIES, category=category, search=search, sample=sample
    )


@storefront.get("/demo")
async def show_demo_orders(request: Request) -> HTTPResponse:
    """Orders to try, with their proofs."""
    orders = choose_shown(await _orders(request.app.ctx.db))
    return await pages_of(request).show(request, "demo.html", orders=orders)


async def _cards(db: aiosqlite.Connection, lang: str) -> list[ProductCard]:
    name = "name_en" if lang == "en" else "name"
    query = f"""
        SELECT id, category, products.{name}, badge, min(price), count(*)
        FROM products JOIN skus ON skus.product_id = products.id GROUP BY id ORDER BY position
    """
    async with db.execute(query) as rows:
        found: Iterable[aiosqlite.Row] = await rows.fetchall()
    return [
        ProductCard(product_id, category, product, badge, yuan(fen).removesuffix(".00"), specs)
        for product_id, category, product, badge, fen, specs in found
    ]


async def _orders(db: aiosqlite.Connection) -> list[ShownOrder]:
    async with db.execute(QUERY) as rows:
        return [ShownOrder(*row) for row in await rows.fetchall()]


def _wanted(card: ProductCard, category: str, search: str) -> bool:
    in_category = category not in CATEGORIES or card.category == category
    return in_category and search.lower() in card.name.lower()
