"""Reads what plain requests bring, strictly, and writes what they get; the same for every part of the desk's HTTP side."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from sanic import HTTPResponse, Request

from web.desk.errors import BadFrame, NotFound, TooLong

BODY_BYTES = 64 * 1024
LARGEST_PAGE = 100_000
LARGEST_NUMBER = 2**31 - 1
LONGEST_NUMBER = 9
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_body[T](request: Request, shape: type[T]) -> T:
    """The body as `shape`. Raises `TooLong`, `BadFrame`."""
    if len(request.body) > BODY_BYTES:
        raise TooLong(f"a request of {len(request.body)} bytes")
    try:
        return msgspec.json.decode(request.body or b"{}", type=shape)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise BadFrame(f"not the fields of {shape.__name__}") from None


def answer(content: object, status: int = 200) -> HTTPResponse:
    """An answer in JSON."""
    return HTTPResponse(msgspec.json.encode(content), status, content_type="application/json")


def done() -> HTTPResponse:
    """204: it is done, and there is nothing to say about it."""
    return HTTPResponse(None, 204)


def iso(moment: datetime | None) -> str | None:
    """A time as docs/frames.md spells it."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def text_of(request: Request, name: str) -> str | None:
    """A parameter of the query; None when it is missing or empty."""
    value: Any = request.args.get(name)
    return (str(value).replace("\0", "").strip() or None) if value is not None else None


def row_number(number: int) -> int:
    """A row's number out of an address. Raises `NotFound` for one that no table has."""
    if not 0 < number <= LARGEST_NUMBER:
        raise NotFound("no such number")
    return number


def page_of(request: Request) -> int:
    """`page`, from 1. Raises `BadFrame`."""
    text = text_of(request, "page") or "1"
    return number_of(text, LARGEST_PAGE, "page")


def number_of(text: str, most: int, name: str) -> int:
    """A number from 1 to `most`, as it is in a query. Raises `BadFrame`."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER and 1 <= int(text) <= most):
        raise BadFrame(f"`{name}` is no number from 1 to {most}")
    return int(text)


def moment_of(request: Request, name: str, end: bool = False) -> datetime | None:
    """`from` or `to`: a time with a zone, or a day (UTC); with `end`, the day counts in. Raises `BadFrame`."""
    text = text_of(request, name)
    if text is None:
        return None
    try:
        if DAY.fullmatch(text):
            day = datetime.combine(date.fromisoformat(text), time(), UTC)
            return day + timedelta(days=1) if end else day
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise BadFrame(f"`{name}` has no zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadFrame(f"`{name}` is no time") from None
