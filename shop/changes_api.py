"""The orders API's changes: cancelling, another receiver, after-sales cases, couriers. Each needs an Idempotency-Key."""

import asyncio
import re
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import raw

from shop.after_sales import Cancellation, CaseRequest, Pickup, ReceiverChange
from shop.after_sales_book import book_pickup, open_case
from shop.case_links import photo_key
from shop.changes import Asked, cancel, change_receiver, made_before, make
from shop.errors import BadRequest, OrderNotFound, json_answer
from shop.orders_api import orders_api, proofs_of, proven
from shop.pickups import served_cities
from shop.settings import ShopSettings

KEY = re.compile(r"[!-~]{1,200}")
PHONE = re.compile(r"1[0-9]{10}")
LONGEST_NOTE, MOST_ITEMS = 500, 50
LENGTHS = {"name": (1, 40), "address": (5, 200)}

Body = TypeVar("Body")


@orders_api.post("/orders/<number:str>/cancellation")
async def post_cancellation(request: Request, number: str) -> HTTPResponse:
    """Cancel an order that has not been sent."""

    def work() -> Callable[[Any], dict[str, Any]]:
        _body(request, Cancellation)
        return lambda db: cancel(db, number)

    return await _changed(request, number, "cancel", work)


@orders_api.post("/orders/<number:str>/receiver")
async def post_receiver(request: Request, number: str) -> HTTPResponse:
    """Change who and where an order is sent to."""

    def work() -> Callable[[Any], dict[str, Any]]:
        change = {
            name: value
            for name, value in msgspec.to_builtins(_body(request, ReceiverChange)).items()
            if value is not None
        }
        tidy = {name: in_one_line(value) for name, value in change.items()}
        if not change or not PHONE.fullmatch(change.get("phone", "10000000000")):
            raise BadRequest("Give a name, a phone of 11 digits or an address.")
        if any(
            len(tidy[name]) < least or len(change[name]) > most
            for name, (least, most) in LENGTHS.items()
            if name in tidy
        ):
            raise BadRequest("A name has 1 to 40 characters, an address 5 to 200; blanks around them do not count.")
        return lambda db: change_receiver(db, number, tidy, served_cities())

    return await _changed(request, number, "address", work)


@orders_api.post("/orders/<number:str>/after-sales")
async def post_case(request: Request, number: str) -> HTTPResponse:
    """Open an after-sales case."""

    def work() -> Callable[[Any], dict[str, Any]]:
        asked = _body(request, CaseRequest)
        if len(asked.items) > MOST_ITEMS or len(asked.note or "") > LONGEST_NOTE:
            raise BadRequest(f"At most {MOST_ITEMS} items and {LONGEST_NOTE} characters of note.")
        case = msgspec.to_builtins(asked)
        if asked.note is not None:
            case["note"] = without_controls(asked.note)
        return lambda db: open_case(db, number, case, _photos(request))

    return await _changed(request, number, "case", work)


@orders_api.post("/orders/<number:str>/after-sales/<case:str>/pickup")
async def post_pickup(request: Request, number: str, case: str) -> HTTPResponse:
    """Have the courier collect a return."""

    def work() -> Callable[[Any], dict[str, Any]]:
        pickup = msgspec.to_builtins(_body(request, Pickup))
        return lambda db: book_pickup(db, number, case, pickup)

    return await _changed(request, number, "pickup", work, case)


@orders_api.get("/orders/<number:str>/after-sales")
async def get_cases(request: Request, number: str) -> HTTPResponse:
    """The after-sales cases of an order, newest first."""
    customer_id, phone_tail = proofs_of(request)
    if spoilt := await request.app.ctx.faults.meet(request, "orders"):
        return spoilt
    await proven(request, number, customer_id, phone_tail)
    photos = _photos(request)
    settings: ShopSettings = request.app.ctx.settings

    def address(case: str) -> str:
        return photos.replace("{number}", case).replace("{key}", photo_key(case, settings.identity_secret))

    return json_answer({"cases": request.app.ctx.order_book.cases(number, address)})


async def _changed(
    request: Request,
    number: str,
    action: str,
    work: Callable[[], Callable[[Any], dict[str, Any]]],
    case: str | None = None,
) -> HTTPResponse:
    """The proof first, then the form of the request, then the change itself in a thread of its own."""
    customer_id, phone_tail = proofs_of(request)
    faults, settings = request.app.ctx.faults, request.app.ctx.settings
    if spoilt := await faults.meet(request, "orders"):
        return spoilt
    proof, key = "customer" if customer_id is not None else "phone", request.headers.get("idempotency-key", "")
    action = f"{action} {case}" if case else action
    asked = Asked(key, action, number, proof, customer_id or phone_tail or "", request.body)
    kept = phone_tail is not None and KEY.fullmatch(key)
    again = bool(kept and await asyncio.to_thread(made_before, settings.db, asked))
    await proven(request, number, customer_id, phone_tail, again=again)
    if case is not None:
        cases = request.app.ctx.order_book.cases(number, str)
        if case not in [one["number"] for one in cases]:
            raise OrderNotFound
    if not KEY.fullmatch(key):
        raise BadRequest("Send an Idempotency-Key: 1 to 200 visible ASCII characters.")
    answered = await asyncio.to_thread(make, settings.db, asked, work())
    await faults.hold_back("orders")
    headers = {"Cache-Control": "no-store"} | ({"Idempotent-Replayed": "true"} if answered.replayed else {})
    body = _with_key(answered.body, settings)
    return raw(body, status=answered.status, content_type="application/json", headers=headers)


def _body(request: Request, kind: type[Body]) -> Body:
    try:
        return msgspec.json.decode(request.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadRequest(f"The body is not of the documented form: {error}") from None
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None


def in_one_line(text: str) -> str:
    """For a label: blanks of any kind and breaks become one blank; what cannot be seen, or turns writing round, is left out."""
    seen = "".join(one for one in text if one.isspace() or unicodedata.category(one)[0] != "C")
    return " ".join(seen.split())


def without_controls(text: str) -> str:
    """The shopper's words with their lines, without other control characters."""
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) != "Cc").strip()


def _photos(request: Request) -> str:
    """The address of a case's photo page; the number and its key are still to be filled in."""
    settings: ShopSettings = request.app.ctx.settings
    return f"{settings.public_url}/cases/{{number}}/photos?key={{key}}"


def _with_key(body: bytes, settings: ShopSettings) -> bytes:
    """The receipt with the key in the address of its photo page: a secret is kept in no table."""
    answer = msgspec.json.decode(body)
    if answer.get("photo_url"):
        answer["photo_url"] = answer["photo_url"].replace(
            "{key}", photo_key(answer["number"], settings.identity_secret)
        )
    return msgspec.json.encode(answer)
