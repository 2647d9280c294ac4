"""One WebSocket of an agent: a reader that does what is asked, and a bounded outbox."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sanic import Websocket
from sanic.exceptions import ServerError, WebsocketClosed

from ledger import LedgerUnavailable
from web.desk.accounts import Account
from web.desk.board import Board
from web.desk.context import context_of
from web.desk.deeds import Deeds, Tools
from web.desk.errors import NotFound, Refused, TooFast, Unauthorized, refusal
from web.desk.frames import BoardOn, Close, Open, Typing, about, read_frame, write
from web.desk.items import Items
from web.desk.logins import Login, Logins
from web.desk.metrics import Metrics
from web.desk.notifier import Notifier
from web.desk.outbox import Outbox, TooSlow
from web.desk.rooms import Rooms
from web.desk.talk import talk_of
from web.desk.times import iso
from web.desk.wording import error_text
from web.pace import Pace

logger = logging.getLogger(__name__)
SEND_S = 20.0
GOODBYE_S = 2.0
CHECK_S = 30.0
RETRY_S = 1.0
BAD_REQUEST, TOKEN_REFUSED, GOING_AWAY, TRY_AGAIN_LATER = 4400, 4401, 1001, 1013
MOST_OPEN = 50
FRAMES_A_SECOND = 40


class Wiring(NamedTuple):
    """What every connection of this desk works with."""

    tools: Tools
    deeds: Deeds
    rooms: Rooms
    notifier: Notifier
    items: Items
    board: Board
    logins: Logins
    metrics: Metrics


class Connection:
    """One open socket of one agent."""

    def __init__(self, ws: Websocket, login: Login, token: str | None, to: Wiring) -> None:
        self.account = login.account
        self.opened: set[str] = set()
        self._revealed: dict[str, datetime] = {}
        self._ws, self._login, self._token, self._to = ws, login, token, to
        self._outbox = Outbox()
        self._pace, self._typing = Pace(FRAMES_A_SECOND, 1.0), Pace(1, 1.0)
        self._dropped = False
        self._active = time.monotonic()
        self._look = asyncio.Event()

    async def run(self) -> None:
        """Serves the socket until it is closed."""
        sending = asyncio.create_task(self._send_all())
        checking = asyncio.create_task(self._check())
        try:
            await self._greet()
            while True:
                raw = await self._ws.recv()
                self._active = time.monotonic()
                await self._take(raw.encode() if isinstance(raw, str) else bytes(raw or b""))
        except WebsocketClosed:
            pass
        except Unauthorized as error:
            await self._dismiss(error)
        finally:
            checking.cancel()
            sending.cancel()
            self._to.tools.seats.rise(self)
            self._to.board.watch(self, False)

    def send(self, frame: str, kind: str = "") -> None:
        """Puts a frame into the outbox; who does not read is dropped, and comes again."""
        try:
            self._outbox.put(frame, kind)
        except TooSlow:
            self.drop()

    def masked(self, cid: str) -> bool:
        """Whether personal data of a conversation is hidden here: a reason shows it for a quarter of an hour."""
        return cid not in self._revealed or self._revealed[cid] <= datetime.now(UTC)

    def drop(self) -> None:
        """Cuts the socket: everything is in the log."""
        if not self._dropped:
            self._dropped = True
            self._to.metrics.dropped.inc()
            logger.warning("slow_reader_dropped agent=%s", self.account.username)
            self._ws.fail_connection(TRY_AGAIN_LATER, "slow reader")

    def look_again(self) -> None:
        """The session may be over, or the account have other rights: it is looked at now, and not only after a while."""
        self._look.set()

    def go_away(self) -> None:
        """The server stops."""
        self._ws.fail_connection(GOING_AWAY)

    async def _greet(self) -> None:
        """`hello`, `queue`, `mine`; waits where Redis is away."""
        told = False
        while True:
            try:
                await self._to.tools.seats.sit(self)
                await self._to.tools.mirror.read_roster()
                break
            except LedgerUnavailable as error:
                if not told:
                    self._refuse(refusal(error), {})
                told = True
                await asyncio.sleep(RETRY_S)
        self.send(write(self._hello()))
        self.send(write(self._to.notifier.queue()), "queue")
        self.send(write(self._to.notifier.mine(self.account.username)), "mine")

    def _hello(self) -> dict[str, Any]:
        rules = self._to.tools.rules
        return {
            "type": "hello",
            "account": self.account,
            "now": iso(self._to.tools.mirror.now()),
            "skills": [{"id": name, **names} for name, names in rules.skills.items()],
            "categories": [{"id": name, **names} for name, names in rules.categories.items()],
            "agents": self._to.notifier.agents(),
            "ledger": self._to.tools.mirror.up,
        }

    async def _take(self, raw: bytes) -> None:
        """Does what a frame asks for; a refusal is a frame, too, and leaves the socket open."""
        try:
            if not self._pace.allows("frames"):
                raise TooFast(f"more than {FRAMES_A_SECOND} frames in a second")
            frame = read_frame(raw)
            if isinstance(frame, Typing) and not self._typing.allows(frame.conversation):
                return
            self._to.metrics.frames_in.labels(type(frame).__name__.lower()).inc()
            if isinstance(frame, Open):
                await self._open(frame)
            elif isinstance(frame, Close):
                await self._close(frame.conversation)
            elif isinstance(frame, BoardOn):
                self._watch(frame.on)
            elif (answer := await self._to.deeds.do(self.account, frame)) is not None:
                self.send(write(answer))
        except WebsocketClosed:
            raise
        except Exception as error:
            refused = refusal(error)
            if isinstance(refused, Unauthorized):
                raise refused from None
            self._refuse(refused, about(raw))

    async def _open(self, frame: Open) -> None:
        cid = frame.conversation
        if cid not in self.opened and len(self.opened) >= MOST_OPEN:
            await self._close(next(iter(self.opened)))
        if self._to.deeds.offered(cid, self.account):
            await self._to.deeds.take(self.account, cid)
        talk = talk_of(cid, await self._to.tools.ledger.state(cid))
        if talk.agent != self.account.username:
            await self._to.tools.audit.note(self.account.username, "opened", cid)
        people, until = await asyncio.gather(
            self._to.tools.roster.look(cid, self.account.username, self.account.name),
            self._to.logins.revealed_until(self._login, cid),
        )
        self.opened.add(cid)
        self._revealed.pop(cid, None)
        if until is not None:
            self._revealed[cid] = until
            await self._to.tools.audit.note(self.account.username, "personal_data_seen", cid)
        looking = [{"username": who, "name": name} for who, name in people]
        item = self._to.items.item(talk, self._to.tools.mirror.now())
        frame_out = {
            "type": "opened",
            "conversation": cid,
            "state": item,
            "context": context_of(talk, self.masked(cid)),
            "looking": looking,
            "masked": self.masked(cid),
        }
        self.send(write(frame_out))
        self._to.rooms.leave(cid, self)
        await self._to.rooms.enter(cid, self, frame.after)

    async def _close(self, cid: str) -> None:
        if cid not in self.opened:
            raise NotFound(f"{cid} is not open here")
        self._to.rooms.leave(cid, self)
        self.opened.discard(cid)
        elsewhere = any(cid in one.opened for one in self._to.tools.seats.of(self.account.username))
        if not elsewhere:
            await self._to.tools.roster.look_away(cid, self.account.username, self.account.name)

    async def leave(self) -> None:
        """Says of everything that was open here that it is no longer."""
        for cid in list(self.opened):
            try:
                await self._close(cid)
            except LedgerUnavailable:
                self._to.rooms.leave(cid, self)

    def _watch(self, on: bool) -> None:
        self.account.must("supervisor")
        self._to.board.watch(self, on)

    def _refuse(self, refused: Refused, named: dict[str, str]) -> None:
        self._to.metrics.errors.labels(refused.code).inc()
        text = error_text(refused.code, self.account.lang)
        self.send(write({"type": "error", "code": refused.code, "message": text, **named}))

    async def _check(self) -> None:
        """Ends the socket when the session is over; working at it keeps the session alive."""
        checked = time.monotonic()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CHECK_S):
                    await self._look.wait()
            self._look.clear()
            try:
                if self._active > checked:
                    await self._to.logins.enter(self._token)
                await self._become(await self._to.logins.still(self._login))
                checked = time.monotonic()
            except Unauthorized as error:
                await self._dismiss(error)
                return
            except Exception as error:
                refusal(error)  # which logs it; a database that is away ends nobody's session

    async def _become(self, account: Account) -> None:
        """The account as it is now: an admin may have changed its role or skills."""
        if account != self.account:
            self.account = account
            if not account.may("supervisor"):
                self._to.board.watch(self, False)
            agent = self._to.tools.mirror.floor.agents.get(account.username)
            speaks = agent is not None and account.may("agent")
            await self._to.tools.seats.set_status(account, agent.status if agent and speaks else "offline")
            if not speaks:  # a trainer cannot answer, nor pass on what is still theirs
                await self._to.deeds.give_back(account.username, all_of_it=True)

    async def _dismiss(self, refused: Refused) -> None:
        self._refuse(refused, {})
        await asyncio.sleep(0.1)
        await self._ws.close(TOKEN_REFUSED)
        await self._ws.wait_for_connection_lost(GOODBYE_S)
        self._ws.fail_connection(TOKEN_REFUSED)

    async def _send_all(self) -> None:
        try:
            while True:
                frame = await self._outbox.get()
                async with asyncio.timeout(SEND_S):
                    await self._ws.send(frame)
        except TimeoutError:
            self.drop()
        except (WebsocketClosed, ServerError):
            pass
