"""The shoppers' door without a socket: sessions, one frame at a time, and waiting for news."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType
from sanic import HTTPResponse, Request

from web.gateway.conversations import NOBODY, PAGE, Conversations
from web.gateway.errors import BadFrame, Refused, TooLong
from web.gateway.frames import FRAME_BYTES, START, Message, State, read_after, read_frame
from web.gateway.hub import Hub
from web.gateway.images import Images
from web.gateway.metrics import Metrics
from web.gateway.sessions import Session, Sessions
from web.gateway.transcript import shown, state_frame
from web.visitor import preferred_lang

logger = logging.getLogger(__name__)
LONGEST_WAIT_S = 25
BEARER = "bearer "


class Opening(Struct, frozen=True):
    """What a session is opened with."""

    lang: Literal["zh", "en"] | UnsetType = UNSET
    identity: str | UnsetType = UNSET


class Waiter:
    """A request that waits for news. To the hub it is a listener."""

    def __init__(self, cid: str, last: str, told: State) -> None:
        self.cid = cid
        self.last = last
        self.told: State | None = told
        self.state = told
        self.messages: list[Message] = []
        self.refused: Refused | None = None
        self._done = asyncio.Event()

    def hear(self, messages: Sequence[Message], state: State | None) -> None:
        """From the hub: that is what was waited for."""
        self.messages += messages
        self.state = state or self.state
        self._done.set()

    def hear_typing(self, sender: Literal["bot", "agent"]) -> None:
        """Nothing that would be worth a request."""

    def dismiss(self, refused: Refused) -> None:
        """Waits no longer; a server that stops answers with what there is."""
        self.refused = refused if refused.status == 401 else None
        self._done.set()

    async def wait(self, seconds: float) -> None:
        """Until there is news, or the time is over."""
        try:
            async with asyncio.timeout(seconds):
                await self._done.wait()
        except TimeoutError:
            pass


class HttpApi:
    """The requests under /api/chat, except the socket."""

    def __init__(
        self, sessions: Sessions, conversations: Conversations, hub: Hub, images: Images, metrics: Metrics
    ) -> None:
        self._sessions, self._conversations, self._hub, self._metrics = sessions, conversations, hub, metrics
        self._images = images

    async def open_session(self, request: Request) -> HTTPResponse:
        """`POST /api/chat/sessions`: a new conversation, or an anonymous one that is now signed in."""
        await self._conversations.admit(request.client_ip)
        opening = _read_opening(request.body)
        customer, old = NOBODY, None
        if opening.identity is not UNSET:
            customer = self._sessions.read_identity(opening.identity)
            if token := _bearer(request):
                old = self._sessions.read(token).cid
        lang = preferred_lang(request.headers.get("accept-language")) if opening.lang is UNSET else opening.lang
        cid, lang = await self._conversations.open(old, lang, customer)
        self._metrics.sessions.inc()
        logger.info("session_opened conversation=%s signed_in=%s again=%s", cid, bool(customer.id), cid == old)
        return _answer({"token": self._sessions.issue(cid, lang), "conversation": cid}, 201)

    async def hand_in(self, request: Request) -> HTTPResponse:
        """`POST /api/chat/messages`: one frame; answers its ack or the state."""
        session = self._session(request)
        ack = await self._conversations.take(session, read_frame(request.body))
        return _answer(ack or state_frame(await self._conversations.state(session.cid)))

    async def news(self, request: Request) -> HTTPResponse:
        """`GET /api/chat/messages?after=…&wait=…`: what came after, at once or as soon as there is something."""
        session = self._session(request)
        after, wait = read_after(request.args.get("after")), _read_wait(request.args.get("wait"))
        while True:
            entries, standing = await self._conversations.look(session.cid, after)
            messages = [message for entry in entries if (message := shown(entry, standing.lang)) is not None]
            after = entries[-1].id if entries else after
            if messages or len(entries) < PAGE:
                break
        state = state_frame(standing)
        if not messages and wait > 0:
            messages, state = await self._wait(Waiter(session.cid, after or START, state), wait)
        return _answer({"messages": messages, "state": state})

    async def keep_image(self, request: Request) -> HTTPResponse:
        """`POST /api/chat/images`: a picture, to be named by a later message. The token is looked at before it is read."""
        session = self._session(request)
        await self._conversations.state(session.cid)  # a conversation that has ended takes no pictures
        return _answer(await self._images.take(request, session.cid), 201)

    async def show_image(self, request: Request, image: str) -> HTTPResponse:
        """`GET /api/chat/images/<id>?token=…`: the token is in the address because an `<img>` sends no header."""
        session = self._sessions.read(request.args.get("token") or _bearer(request))
        return await self._images.show(session.cid, image)

    async def _wait(self, waiter: Waiter, seconds: float) -> tuple[list[Message], State]:
        self._metrics.long_polls.inc()
        self._hub.join(waiter)
        try:
            await waiter.wait(seconds)
        finally:
            self._hub.leave(waiter)
            self._metrics.long_polls.dec()
        if waiter.refused:
            raise waiter.refused
        return waiter.messages, waiter.state

    def _session(self, request: Request) -> Session:
        session = self._sessions.read(_bearer(request))
        request.ctx.lang = session.lang
        return session


def _bearer(request: Request) -> str | None:
    header: str = request.headers.get("authorization", "")
    return header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else None


def _read_opening(raw: bytes) -> Opening:
    if len(raw) > FRAME_BYTES:
        raise TooLong(f"a request of {len(raw)} bytes")
    try:
        return msgspec.json.decode(raw or b"{}", type=Opening)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise BadFrame("not what a session is opened with") from None


def _read_wait(text: str | None) -> float:
    """Seconds to wait; more than 25 are 25."""
    if text is None:
        return 0.0
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadFrame("`wait` is no number of seconds")
    return float(min(int(text), LONGEST_WAIT_S))


def _answer(content: object, status: int = 200) -> HTTPResponse:
    return HTTPResponse(msgspec.json.encode(content), status, content_type="application/json")
