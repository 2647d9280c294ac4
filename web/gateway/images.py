"""Pictures at the shoppers' door: handed in by those who are in a conversation, and shown to nobody else."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from sanic import HTTPResponse, Request
from sanic.exceptions import PayloadTooLarge
from sanic.http import Http

from ledger.images import LARGEST_BYTES, ImageStore
from web.gateway.errors import NotFound, TooFast, TooLong
from web.pace import Pace
from web.visitor import site

AT_ONCE = 2
"""Pictures drawn anew at once; each takes a core, and up to 200 MB where it is as large as allowed."""

ARRIVING, ARRIVING_FROM_ADDRESS = 64, 16
"""Under way at once: nobody keeps the door busy with pictures that never come to an end."""

PATIENCE_BYTES = 4 * LARGEST_BYTES
IMAGES, IMAGES_OF_ADDRESS, WINDOW_S = 20, 120, 60.0
"""For each conversation, and for each network address, since anybody may open conversations."""

SHOWN = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
}


class Images:
    """The store behind the door, never in the way of the event loop."""

    def __init__(self, store: ImageStore) -> None:
        self._store = store
        self._drawing = asyncio.Semaphore(AT_ONCE)
        self._pace, self._pace_of_address = Pace(IMAGES, WINDOW_S), Pace(IMAGES_OF_ADDRESS, WINDOW_S)
        self._arriving: Counter[str] = Counter()

    async def find(self, cid: str, image_id: str) -> dict[str, Any] | None:
        """`{"id","width","height"}` of a picture of this conversation, or None."""
        return await asyncio.to_thread(self._store.find, cid, image_id)

    async def take(self, request: Request, cid: str) -> dict[str, Any]:
        """Reads a picture from a request and keeps it. Raises `TooLong`, `TooFast` and what the store raises."""
        address = site(request.client_ip)
        allowed = self._pace.allows(cid) and self._pace_of_address.allows(address)
        if not allowed or self._arriving.total() >= ARRIVING or self._arriving[address] >= ARRIVING_FROM_ADDRESS:
            raise TooFast("too many pictures")
        self._arriving[address] += 1
        try:
            content = await _received(request)
            async with self._drawing:
                return await asyncio.to_thread(self._store.keep, cid, content)
        finally:
            self._arriving -= Counter([address])  # which forgets an address that has none left

    async def show(self, cid: str, image_id: str) -> HTTPResponse:
        """The picture, for this conversation only. Raises `NotFound`."""
        path = self._store.path(cid, image_id)
        if path is None:
            raise NotFound("no such picture here")
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            raise NotFound("it has just gone") from None
        return HTTPResponse(content, 200, dict(SHOWN), "image/jpeg")


async def _received(request: Request) -> bytes:
    """The request's body, up to 8 MB: only here may one be so large. Raises `TooLong`.

    What is somewhat too large is read to its end all the same, but not kept: a browser shows no answer that comes sooner.
    """
    stream = request.stream
    if not isinstance(stream, Http):
        return request.body
    stream.request_max_size = PATIENCE_BYTES
    content, total = bytearray(), 0
    try:
        while part := await stream.read():
            total += len(part)
            content += part if total <= LARGEST_BYTES else b""
    except PayloadTooLarge:
        raise TooLong("far more than 8 MB") from None
    if total > LARGEST_BYTES:
        raise TooLong(f"a picture of {total} bytes")
    return bytes(content)
