"""The plain requests about one conversation: older messages, tags, pictures."""

from __future__ import annotations

import asyncio
import re

from msgspec import Struct
from sanic import HTTPResponse, Request
from sanic.exceptions import PayloadTooLarge

from ledger import DeskSide, Ledger
from ledger.images import LARGEST_BYTES, BadImage, ImageStore, ImageTooLarge, TooManyImages
from web.desk import errors
from web.desk.audit import Audit
from web.desk.login_api import account_of, login_of
from web.desk.logins import Logins
from web.desk.requests import answer, number_of, read_body, text_of
from web.desk.shown import shown
from web.desk.texts import clean_name

ENTRY_ID = re.compile(r"[0-9]{1,16}-[0-9]{1,16}")
CID = re.compile(r"[A-Za-z0-9_-]{1,64}")
MOST, MOST_TAGS, LONGEST_TAG = 200, 20, 32
AT_ONCE = 2
"""Pictures that are drawn anew at once; each takes a core for a moment."""


class Tags(Struct, frozen=True, forbid_unknown_fields=True):
    """The tags from now on."""

    tags: list[str]


class ConversationApi:
    """`/api/desk/conversations/<cid>/messages` and `…/tags`, `/api/desk/images`."""

    def __init__(self, ledger: Ledger, images: ImageStore, logins: Logins, audit: Audit) -> None:
        self._ledger, self._desk, self._images, self._logins = ledger, DeskSide(ledger), images, logins
        self._audit = audit
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def older(self, request: Request, cid: str) -> HTTPResponse:
        """`GET …/messages?before=<entry>&limit=100`."""
        login = await login_of(request, self._logins)
        before, limit = text_of(request, "before") or "", number_of(text_of(request, "limit") or "100", MOST, "limit")
        if not ENTRY_ID.fullmatch(before):
            raise errors.BadFrame("`before` is an entry's id")
        await self._ledger.state(cid)
        entries = await self._ledger.read_before(cid, before, limit + 1)
        masked = not await self._logins.revealed(login, cid)
        if not masked:
            await self._audit.note(login.account.username, "personal_data_seen", cid)
        messages = [shown(cid, entry, masked) for entry in entries[-limit:]]
        return answer({"messages": messages, "more": len(entries) > limit})

    async def tag(self, request: Request, cid: str) -> HTTPResponse:
        """`PUT …/tags`."""
        who = await account_of(request, self._logins)
        who.must("agent")
        tags = list(dict.fromkeys(clean_name(tag, LONGEST_TAG) for tag in read_body(request, Tags).tags))
        if len(tags) > MOST_TAGS:
            raise errors.TooLong(f"{len(tags)} tags")
        await self._desk.tag(cid, tags)
        await self._audit.note(who.username, "tagged", cid, tags=tags)
        return answer({"tags": tags})

    async def keep_image(self, request: Request) -> HTTPResponse:
        """`POST /api/desk/images?conversation=`: for an agent who serves it."""
        who, cid = await account_of(request, self._logins), text_of(request, "conversation") or ""
        who.must("agent")
        if not CID.fullmatch(cid):
            raise errors.NotFound("no conversation")
        state = await self._ledger.state(cid)
        if state["mode"] != "human" or state.get("agent") != who.username:
            raise errors.NotHeld("not this agent's conversation")
        if request.stream is not None:
            request.stream.request_max_size = LARGEST_BYTES
        try:
            await request.receive_body()
            async with self._gate:
                kept = await asyncio.to_thread(self._images.keep, cid, request.body)
        except (PayloadTooLarge, ImageTooLarge):
            raise errors.TooLong("a picture over 8 MB") from None
        except BadImage as error:
            raise errors.BadImage(str(error)) from None
        except TooManyImages as error:
            raise errors.TooFast(str(error)) from None
        return answer(kept, 201)

    async def image(self, request: Request, cid: str, image_id: str) -> HTTPResponse:
        """`GET /api/desk/images/<cid>/<id>`."""
        who = await account_of(request, self._logins)
        found = await asyncio.to_thread(self._images.path, cid, image_id)
        if found is None:
            raise errors.NotFound("no such picture")
        # Nothing in a picture can be masked: who has looked at it is noted.
        await self._audit.note(who.username, "picture_seen", cid, image=image_id)
        headers = {"Cache-Control": "private, max-age=86400, immutable", "Content-Security-Policy": "sandbox"}
        return HTTPResponse(await asyncio.to_thread(found.read_bytes), 200, headers, "image/jpeg")
