"""One WebSocket of a shopper: what was missed, then a reader and a bounded outbox."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Literal, NamedTuple

from sanic import Websocket
from sanic.exceptions import ServerError, WebsocketClosed

from ledger import LedgerUnavailable, UnknownConversation
from web.gateway.conversations import PAGE, Conversations
from web.gateway.errors import Refused, SessionExpired, refusal
from web.gateway.frames import (
    START,
    Error,
    Message,
    OutFrame,
    Read,
    State,
    Typing,
    TypingSeen,
    error_frame,
    kind_of,
    mid_of,
    read_frame,
    write_frame,
)
from web.gateway.hub import RETRY_S, Hub
from web.gateway.metrics import Metrics
from web.gateway.sessions import Session
from web.gateway.transcript import shown

logger = logging.getLogger(__name__)
OUTBOX_FRAMES = 256
SEND_S = 20.0
GOODBYE_S = 2.0
BAD_REQUEST, TOKEN_REFUSED, GOING_AWAY, TRY_AGAIN_LATER = 4400, 4401, 1001, 1013


class Goodbye(NamedTuple):
    """Put into the outbox, it closes the socket once everything before it has been sent."""

    code: int


class Wiring(NamedTuple):
    """What every connection of this process works with."""

    conversations: Conversations
    hub: Hub
    metrics: Metrics


class Connection:
    """One open socket of one conversation. To the hub it is a listener."""

    def __init__(self, ws: Websocket, session: Session, after: str | None, to: Wiring) -> None:
        self.cid = session.cid
        self.last = after or START
        self.told: State | None = None
        self._ws, self._session, self._after = ws, session, after
        self._conversations, self._hub, self._metrics = to
        self._outbox: asyncio.Queue[OutFrame | Goodbye] = asyncio.Queue(OUTBOX_FRAMES)
        self._dropped = False

    async def run(self) -> None:
        """Serves the socket until it is closed."""
        sending = asyncio.create_task(self._send_all())
        loop = asyncio.get_running_loop()
        expiry = loop.call_later(max(0.0, self._session.expires - time.time()), self.dismiss, SessionExpired("over"))
        try:
            await self._replay()
            self._hub.join(self)
            while True:
                raw = await self._ws.recv()
                await self._take(raw.encode() if isinstance(raw, str) else bytes(raw or b""))
        except WebsocketClosed:
            pass
        except (Refused, UnknownConversation) as error:
            self.dismiss(refusal(error))
            await asyncio.wait([sending], timeout=GOODBYE_S)
        finally:
            expiry.cancel()
            self._hub.leave(self)
            sending.cancel()

    def hear(self, messages: Sequence[Message], state: State | None) -> None:
        """From the hub: new messages, and the state if it has changed."""
        for message in messages:
            self._put(message)
        if state is not None:
            self._put(state)

    def hear_typing(self, sender: Literal["bot", "agent"]) -> None:
        """From the hub: the bot or an agent is typing."""
        self._put(TypingSeen(sender))

    def dismiss(self, refused: Refused) -> None:
        """Says why, then closes. Without an answer to that the socket is cut."""
        self._hub.leave(self)
        self._put(self._error(refused))
        self._put(Goodbye(TOKEN_REFUSED if refused.status == 401 else BAD_REQUEST))

    def go_away(self) -> None:
        """The server stops: no time for what is still in the outbox, it is in the log."""
        self._hub.leave(self)
        self._ws.fail_connection(GOING_AWAY)

    async def _replay(self) -> None:
        """Sends what was missed, past the outbox and as slowly as the client reads. Waits where Redis is away."""
        told = False
        while True:
            try:
                while await self._replay_page():
                    pass
                return
            except LedgerUnavailable as error:
                if not told:
                    self._put(self._error(refusal(error)))
                told = True
                await asyncio.sleep(RETRY_S)
            except TimeoutError:
                self._drop()
                raise WebsocketClosed from None

    async def _replay_page(self) -> bool:
        """Whether there may be more. Without an entry to begin after, the newest page is all."""
        page, standing = await self._conversations.look(self.cid, self._after)
        for message in filter(None, (shown(entry, standing.lang) for entry in page)):
            await self._send(message)
        more = self._after is not None and len(page) >= PAGE
        if page:
            self.last = self._after = page[-1].id
        return more

    async def _take(self, raw: bytes) -> None:
        """Does what a frame asks for; a refusal is a frame, too, and leaves the socket open."""
        try:
            frame = read_frame(raw)
            ack = await self._conversations.take(self._session, frame)
            if ack is not None:
                self._put(ack)
            elif not isinstance(frame, Typing | Read):
                await self._hub.answer_state(self)
        except Exception as error:
            refused = refusal(error)
            if isinstance(refused, SessionExpired):
                raise refused from None
            self._put(self._error(refused, mid_of(raw)))

    def _error(self, refused: Refused, mid: str | None = None) -> Error:
        self._metrics.errors.labels(refused.code).inc()
        return error_frame(refused, self._session.lang, mid)

    def _put(self, frame: OutFrame | Goodbye) -> None:
        try:
            self._outbox.put_nowait(frame)
        except asyncio.QueueFull:
            self._drop()

    def _drop(self) -> None:
        """The client does not read. What it missed is in the log; it comes again with `after`."""
        if self._dropped:
            return
        self._dropped = True
        self._hub.leave(self)
        self._metrics.dropped.inc()
        logger.warning("slow_reader_dropped conversation=%s", self.cid)
        self._ws.fail_connection(TRY_AGAIN_LATER, "slow reader")

    async def _send_all(self) -> None:
        try:
            while not isinstance(frame := await self._outbox.get(), Goodbye):
                await self._send(frame)
            await self._ws.close(frame.code)
            await self._ws.wait_for_connection_lost(GOODBYE_S)
            self._ws.fail_connection(frame.code)
        except TimeoutError:
            self._drop()
        except (WebsocketClosed, ServerError):
            pass

    async def _send(self, frame: OutFrame) -> None:
        async with asyncio.timeout(SEND_S):
            await self._ws.send(write_frame(frame))
        self._metrics.frames_out.labels(kind_of(frame)).inc()
