"""The orders API: an order for who can prove that it is theirs, and a customer's latest orders."""

import hmac
import re

from sanic import Blueprint, HTTPResponse, Request

from shop.api_key import require_api_key
from shop.attempts import Attempts
from shop.errors import BadRequest, OrderNotFound, TooManyAttempts, json_answer
from shop.faults import Faults
from shop.order import ORDER_STATES
from shop.order_book import NOTHING, OrderBook, Row, Tells

MOST_ORDERS = 50
_NUMBER = re.compile(r"[0-9]{14}")

orders_api = Blueprint("orders_api", url_prefix="/api/orders/v1")
orders_api.middleware(require_api_key, "request")


@orders_api.get("/orders/<number:str>")
async def get_order(request: Request, number: str) -> HTTPResponse:
    """One order. Unknown and not yours look the same from outside."""
    customer_id, phone_tail = proofs_of(request)
    faults: Faults = request.app.ctx.faults
    if spoilt := await faults.meet(request, "orders"):
        return spoilt
    order = await proven(request, number, customer_id, phone_tail)
    return json_answer(request.app.ctx.order_book.full(order, telling(faults)))


@orders_api.get("/customers/<customer_id:str>/orders")
async def get_orders(request: Request, customer_id: str) -> HTTPResponse:
    """A customer's latest orders; an unknown customer has none."""
    limit, state = request.args.get("limit", "10"), request.args.get("state")
    if not re.fullmatch(r"[0-9]{1,2}", limit) or not 1 <= int(limit) <= MOST_ORDERS:
        raise BadRequest(f"limit must be a number from 1 to {MOST_ORDERS}.")
    if state is not None and state not in ORDER_STATES:
        raise BadRequest(f"state must be one of: {' '.join(ORDER_STATES)}.")
    faults: Faults = request.app.ctx.faults
    if spoilt := await faults.meet(request, "orders"):
        return spoilt
    book: OrderBook = request.app.ctx.order_book
    orders = book.of_customer(customer_id, int(limit), state)
    tells = telling(faults) if len(orders) == 1 else NOTHING
    return json_answer({"orders": [book.full(order, tells) for order in orders]})


def telling(faults: Faults) -> Tells:
    """A single order tells where its parcels are, but for those that the logistics API would not tell."""
    return lambda parcel: faults.spare("logistics", (parcel["carrier_code"], parcel["carrier"]))


def proofs_of(request: Request) -> tuple[str | None, str | None]:
    """The customer id or the phone's ending that a request carries; raises BadRequest unless there is exactly one."""
    proofs = request.get_args(keep_blank_values=True)
    customer_id, phone_tail = proofs.get("customer_id"), proofs.get("phone_tail")
    if (customer_id is None) == (phone_tail is None):
        raise BadRequest("Give exactly one proof: customer_id or phone_tail.")
    return customer_id, phone_tail


async def proven(
    request: Request, number: str, customer_id: str | None, phone_tail: str | None, *, again: bool = False
) -> Row:
    """The order, if the proof holds; raises OrderNotFound or TooManyAttempts. `again`: it held for this very change before.

    A customer's own id (which the caller has verified) opens their order even when a stranger's guesses have used up
    the tries: it tells the stranger nothing.
    """
    if not _NUMBER.fullmatch(number):
        raise OrderNotFound
    attempts: Attempts = request.app.ctx.attempts
    book: OrderBook = request.app.ctx.order_book
    async with attempts.checking():
        used_up = attempts.used_up(number)
        order = book.find(number)
        if order is not None and customer_id is not None and _same(order["customer_id"], customer_id):
            return order
        if used_up:
            raise TooManyAttempts
        if order is not None and phone_tail is not None and (again or _same(order["receiver_phone"][-4:], phone_tail)):
            return order
        await attempts.failed(number)
        raise OrderNotFound


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
