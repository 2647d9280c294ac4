"""What the desk refuses, by the codes of docs/frames.md, and the one place where an error becomes an answer."""

from __future__ import annotations

import logging

import msgspec
from sanic import HTTPResponse
from sanic.exceptions import SanicException

import ledger
from ledger import LedgerError, LedgerUnavailable, NotYours, UnknownConversation
from ledger.requests import NoAnswer
from web.desk.database import DatabaseUnavailable
from web.desk.wording import error_text

logger = logging.getLogger(__name__)
SOON_S = 5


class Refused(Exception):
    """Base of all; the agent gets `code` and a sentence in their language, never the text of the exception.

    `retry_after` is in seconds, where trying again later may help.
    """

    code = "unavailable"
    status = 503
    retry_after: int | None = None


class BadFrame(Refused):
    """Not JSON, an unknown `type`, a field missing or of the wrong kind."""

    code, status = "bad_frame", 400


class TooLong(Refused):
    """A text, a frame or a picture over its limit."""

    code, status = "too_long", 413


class Empty(Refused):
    """A text without any visible character."""

    code, status = "empty", 400


class BadImage(Refused):
    """Not a picture that can be read."""

    code, status = "bad_image", 400


class BadLogin(Refused):
    """No such account, or not its password; which of the two is not told."""

    code, status = "bad_login", 401


class Locked(Refused):
    """Too many wrong passwords for this account, or from this address."""

    code, status = "locked", 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"locked for {retry_after} s")
        self.retry_after = retry_after


class Unauthorized(Refused):
    """Not signed in, or no longer."""

    code, status = "unauthorized", 401


class WeakPassword(Refused):
    """A password that would be guessed."""

    code, status = "weak_password", 400


class Forbidden(Refused):
    """The role does not allow it."""

    code, status = "forbidden", 403


class ForbiddenOrigin(Refused):
    """A page that is not the desk's own."""

    code, status = "forbidden_origin", 403


class NotFound(Refused):
    """No such address, conversation, account or text."""

    code, status = "not_found", 404


class Exists(Refused):
    """The name is in use already."""

    code, status = "exists", 409


class NotHeld(Refused):
    """The conversation is not held by this agent (any more)."""

    code, status = "not_yours", 409


class Taken(Refused):
    """Somebody else was faster, or the offer is over."""

    code, status = "taken", 409


class UnknownTarget(Refused):
    """No such skill or colleague to pass the conversation on to."""

    code, status = "unknown_target", 400


class TooLate(Refused):
    """It was closed more than 24 hours ago."""

    code, status = "too_late", 409


class TooFast(Refused):
    """Too many requests in a short time."""

    code, status = "rate_limited", 429


class ShopUnavailable(Refused):
    """The shop's API does not answer; the conversation itself goes on."""

    code, status = "shop_unavailable", 503


class OrderNotFound(Refused):
    """The shop knows no such order, case or product, or not for this shopper."""

    code, status = "order_not_found", 404


class Unavailable(Refused):
    """Redis or the database is away, or something broke; sending again with the same `mid` is harmless."""


OF_LEDGER: dict[type[LedgerError], type[Refused]] = {
    LedgerUnavailable: Unavailable,
    UnknownConversation: NotFound,
    NotYours: NotHeld,
    ledger.Taken: Taken,
    ledger.TooLate: TooLate,
    NoAnswer: Unavailable,
}
OF_STATUS: dict[int, type[Refused]] = {404: NotFound, 405: NotFound, 413: TooLong, 414: TooLong, 431: TooLong}


def refusal(error: BaseException) -> Refused:
    """What the agent is told about any error; one that nobody foresaw is logged, its place but not its text."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, LedgerError) and type(error) in OF_LEDGER:
        return OF_LEDGER[type(error)](str(error))
    if isinstance(error, DatabaseUnavailable):
        logger.error("database_unavailable why=%s", error)
        return Unavailable("the database does not answer")
    if isinstance(error, SanicException) and 400 <= error.status_code < 500:
        return OF_STATUS.get(error.status_code, BadFrame)(f"HTTP {error.status_code}")
    logger.error("unexpected_error", exc_info=error)
    return Unavailable(type(error).__name__)


def http_answer(refused: Refused, lang: str) -> HTTPResponse:
    """The one shape of an error over HTTP."""
    body = {"error": {"code": refused.code, "message": error_text(refused.code, lang)}}
    wait = refused.retry_after or (SOON_S if refused.status in (429, 503) else None)
    headers = {"Retry-After": str(wait)} if wait else {}
    return HTTPResponse(msgspec.json.encode(body), refused.status, headers, "application/json")
