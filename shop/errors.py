"""What the shop's APIs refuse, and the one place that turns it into an answer: {"error":{"code","message"}}."""

import logging
from typing import ClassVar

import msgspec
from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import raw

log = logging.getLogger(__name__)

JSON_PATHS = ("/api/", "/admin/", "/healthz")


class ShopError(Exception):
    """A refusal with its HTTP status and code."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    message: ClassVar[str] = "Something went wrong in the shop."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class BadRequest(ShopError):
    """A parameter or body is missing or of the wrong kind."""

    status = 400
    code = "bad_request"
    message = "The request is not of the documented form."


class Unauthorized(ShopError):
    """No API key, or a wrong one."""

    status = 401
    code = "unauthorized"
    message = "Send the shop's API key: Authorization: Bearer <key>."


class OrderNotFound(ShopError):
    """Unknown order or wrong proof; the answer is the same."""

    status = 404
    code = "order_not_found"
    message = "No order matches this number and proof."


class ShipmentNotFound(ShopError):
    """The tracking number is unknown."""

    status = 404
    code = "shipment_not_found"
    message = "No shipment has this tracking number."


class CustomerNotFound(ShopError):
    """Nobody has this customer id."""

    status = 404
    code = "customer_not_found"
    message = "No such customer."


class SkuNotFound(ShopError):
    """No article has this number."""

    status = 404
    code = "sku_not_found"
    message = "No article has this number."


class KeyReused(ShopError):
    """An idempotency key that belongs to another request."""

    status = 422
    code = "idempotency_key_reused"
    message = "This Idempotency-Key belongs to another request."


class Refused(ShopError):
    """A change that cannot be made; `case` is the after-sales case that is in the way."""

    status = 409

    def __init__(self, code: str, message: str, case: str | None = None) -> None:
        super().__init__(message)
        self.refusal, self.case = code, case


class TooManyAttempts(ShopError):
    """An order number has been guessed at too often."""

    status = 429
    code = "too_many_attempts"
    message = "Too many wrong proofs for this order number; try again in an hour."


class Unavailable(ShopError):
    """The API is (made to be) down."""

    status = 503
    code = "unavailable"
    message = "This API is not available right now."


def json_answer(content: object, status: int = 200) -> HTTPResponse:
    """An answer of the APIs; it is about a person, so nobody keeps it."""
    headers = {"Cache-Control": "no-store"}
    return raw(msgspec.json.encode(content), status=status, content_type="application/json", headers=headers)


def error_answer(status: int, code: str, message: str) -> HTTPResponse:
    """The one shape of errors."""
    return json_answer({"error": {"code": code, "message": message}}, status)


def answer_errors(app: Sanic) -> None:
    """Register the handlers."""
    app.error_handler.add(ShopError, _shop_error)
    app.error_handler.add(SanicException, _http_error)
    app.error_handler.add(Exception, _unexpected)


async def _shop_error(request: Request, error: ShopError) -> HTTPResponse:
    if not request.path.startswith(JSON_PATHS):
        return await _error_page(request, error.status)
    answer = error_answer(error.status, error.code, str(error))
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


async def _http_error(request: Request, error: SanicException) -> HTTPResponse:
    status = error.status_code or 500
    if not request.path.startswith(JSON_PATHS):
        return await _error_page(request, status)
    code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(status, "bad_request")
    if status >= 500:
        code = "unavailable" if status == 503 else "internal"
    return error_answer(status, code, str(error) or code)


async def _unexpected(request: Request, error: Exception) -> HTTPResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    if not request.path.startswith(JSON_PATHS):
        return await _error_page(request, ShopError.status)
    return error_answer(ShopError.status, ShopError.code, ShopError.message)


async def _error_page(request: Request, status: int) -> HTTPResponse:
    answer: HTTPResponse = await request.app.ctx.pages.error(request, status)
    return answer
