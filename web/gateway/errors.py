"""What the door refuses, by the codes of docs/frames.md, and the one place where an error becomes an answer."""

from __future__ import annotations

import logging

import msgspec
from sanic import HTTPResponse
from sanic.exceptions import SanicException

from ledger import LedgerError, LedgerUnavailable, RateLimited, UnknownChoice, UnknownConversation, images
from web.gateway.wording import error_text

logger = logging.getLogger(__name__)


class Refused(Exception):
    """Base of all; the shopper gets `code` and a sentence in their language, never the text of the exception."""

    code = "unavailable"
    status = 503


class BadFrame(Refused):
    """Not JSON, an unknown `type`, a field missing or of the wrong kind."""

    code, status = "bad_frame", 400


class TooLong(Refused):
    """A text or a frame over its limit."""

    code, status = "too_long", 413


class Empty(Refused):
    """A text without any visible character."""

    code, status = "empty", 400


class NotOffered(Refused):
    """A choice that this conversation was never offered."""

    code, status = "unknown_choice", 400


class BadImage(Refused):
    """No picture that we take, or the id of none in this conversation."""

    code, status = "bad_image", 400


class TooMany(Refused):
    """The conversation has as many pictures as one may have."""

    code, status = "too_many", 409


class TooFast(Refused):
    """Too many messages or pictures, or too many sessions from one address."""

    code, status = "rate_limited", 429


class Unauthorized(Refused):
    """No token, or one that is not ours."""

    code, status = "unauthorized", 401


class SessionExpired(Refused):
    """The token's time is over, or its conversation's."""

    code, status = "session_expired", 401


class BadIdentity(Refused):
    """The shop's signature or time does not hold."""

    code, status = "bad_identity", 401


class ForbiddenOrigin(Refused):
    """A page that is not one of ours."""

    code, status = "forbidden_origin", 403


class NotFound(Refused):
    """No such address."""

    code, status = "not_found", 404


class Unavailable(Refused):
    """Redis is away, or something broke; sending again with the same `mid` is harmless."""


OF_LEDGER: dict[type[LedgerError], type[Refused]] = {
    LedgerUnavailable: Unavailable,
    UnknownConversation: SessionExpired,
    UnknownChoice: NotOffered,
    RateLimited: TooFast,
    images.BadImage: BadImage,
    images.ImageTooLarge: TooLong,
    images.TooManyImages: TooMany,
}
OF_STATUS: dict[int, type[Refused]] = {404: NotFound, 405: NotFound, 413: TooLong, 414: TooLong, 431: TooLong}


def refusal(error: BaseException) -> Refused:
    """What the shopper is told about any error; one that nobody foresaw is logged, its place but not its text."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, LedgerError) and type(error) in OF_LEDGER:
        return OF_LEDGER[type(error)](str(error))
    if isinstance(error, SanicException) and 400 <= error.status_code < 500:
        return OF_STATUS.get(error.status_code, BadFrame)(f"HTTP {error.status_code}")
    logger.error("unexpected_error", exc_info=error)
    return Unavailable(type(error).__name__)


def http_answer(refused: Refused, lang: str) -> HTTPResponse:
    """The one shape of an error over HTTP."""
    body = {"error": {"code": refused.code, "message": error_text(refused.code, lang)}}
    headers = {"Retry-After": "5"} if refused.status in (429, 503) else {}
    return HTTPResponse(msgspec.json.encode(body), refused.status, headers, "application/json")
