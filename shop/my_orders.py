"""The pages of a signed-in customer: signing in (a demo of it), their orders, signing out."""

from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from shop.errors import BadRequest
from shop.order_book import OrderBook, Row
from shop.page import language, pages_of, see_other
from shop.settings import ShopSettings
from shop.sign_in import sign_in, sign_out

SHOWN_ORDERS = 20

my_orders = Blueprint("my_orders")


@my_orders.get("/orders")
async def show_orders(request: Request) -> HTTPResponse:
    """The customer's orders, newest first."""
    visitor = await pages_of(request).visitor(request)
    if visitor is None:
        return see_other("/login")
    book = OrderBook(request.app.ctx.reading, public_url="")
    orders = [_with_cases(book, order) for order in book.of_customer(visitor.id, SHOWN_ORDERS, None)]
    if language(request) == "en":
        await _in_english(request, orders)
    return await pages_of(request).show(request, "orders.html", orders=orders)


@my_orders.get("/login")
async def show_login(request: Request) -> HTTPResponse:
    """Everybody one can be."""
    query = """
        SELECT id, name, city, count(number) AS orders
        FROM customers LEFT JOIN orders ON customer_id = id GROUP BY id ORDER BY id
    """
    async with request.app.ctx.db.execute(query) as rows:
        customers = await rows.fetchall()
    return await pages_of(request).show(request, "login.html", customers=customers)


@my_orders.post("/login")
async def do_login(request: Request) -> HTTPResponse:
    """Sign in as one of the customers; no password, for this is a demo."""
    own_form(request)
    form = request.form
    customer_id = str(form.get("customer") or "") if form else ""
    async with request.app.ctx.db.execute("SELECT id FROM customers WHERE id = ?", (customer_id,)) as rows:
        if await rows.fetchone() is None:
            raise BadRequest("Choose one of the customers.")
    settings: ShopSettings = request.app.ctx.settings
    answer = see_other("/orders")
    sign_in(answer, customer_id, settings.identity_secret)
    return answer


@my_orders.post("/logout")
async def do_logout(request: Request) -> HTTPResponse:
    """Sign out and go back to the storefront."""
    own_form(request)
    answer = see_other("/")
    sign_out(answer)
    return answer


def _with_cases(book: OrderBook, order: Row) -> dict[str, Any]:
    """An order as the API has it, and how far its after-sales cases are, newest first."""
    cases = book.cases(order["number"], str)
    shown = [{name: case[name] for name in ("number", "kind", "state")} for case in cases]
    return {**book.full(order), "cases": shown}


async def _in_english(request: Request, orders: list[dict[str, Any]]) -> None:
    """Give the items the English names that their products have now."""
    query = "SELECT sku, name_en, spec_en FROM skus JOIN products ON products.id = product_id"
    async with request.app.ctx.db.execute(query) as rows:
        names = {row["sku"]: (row["name_en"], row["spec_en"]) for row in await rows.fetchall()}
    for order in orders:
        for item in order["items"]:
            item["name"], item["spec"] = names[item["sku"]]


def own_form(request: Request) -> None:
    """Another site must not sign anybody in or out. Browsers say where a form comes from."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise BadRequest("This form belongs to the shop's own pages.")
