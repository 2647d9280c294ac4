"""The promotions API: what things cost, and what a customer has to pay less with."""

from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from shop.api_key import require_api_key
from shop.errors import CustomerNotFound, SkuNotFound, json_answer
from shop.faults import Faults
from shop.price_book import PriceBook

promotions_api = Blueprint("promotions_api", url_prefix="/api/promotions/v1")
promotions_api.middleware(require_api_key, "request")


@promotions_api.get("/customers/<customer_id:str>/cart")
async def get_cart(request: Request, customer_id: str) -> HTTPResponse:
    """What a customer has in the cart; an unknown customer's is empty."""
    return await _spoilt(request) or json_answer(_book(request).cart(customer_id))


@promotions_api.get("/customers/<customer_id:str>/coupons")
async def get_coupons(request: Request, customer_id: str) -> HTTPResponse:
    """A customer's coupons; an unknown customer has none."""
    return await _spoilt(request) or json_answer(_book(request).coupons(customer_id))


@promotions_api.get("/customers/<customer_id:str>/membership")
async def get_membership(request: Request, customer_id: str) -> HTTPResponse:
    """A customer's level and points."""
    if spoilt := await _spoilt(request):
        return spoilt
    membership = _book(request).membership(customer_id)
    if membership is None:
        raise CustomerNotFound
    return json_answer(membership)


@promotions_api.get("/skus/<sku:str>")
async def get_sku(request: Request, sku: str) -> HTTPResponse:
    """An article with its price history."""
    if spoilt := await _spoilt(request):
        return spoilt
    article: dict[str, Any] | None = _book(request).sku(sku)
    if article is None:
        raise SkuNotFound
    return json_answer(article)


async def _spoilt(request: Request) -> HTTPResponse | None:
    faults: Faults = request.app.ctx.faults
    return await faults.meet(request, "promotions")


def _book(request: Request) -> PriceBook:
    book: PriceBook = request.app.ctx.price_book
    return book
