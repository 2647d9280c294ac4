"""The one place where the door uses the ledger, for the socket and for plain HTTP alike."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import ledger
from ledger import Entry, Handoff, Ledger, LedgerUnavailable, ShopperSide
from ledger.connection import loud
from ledger.shoppers import RATE_MESSAGES, RATE_WINDOW_MS, OtherCustomer
from web.gateway.arrivals import Arrivals
from web.gateway.errors import BadImage, TooFast
from web.gateway.frames import START, Ack, Choose, Contact, End, Human, InFrame, Rate, Read, Say, Typing, kind_of
from web.gateway.images import Images
from web.gateway.metrics import Metrics
from web.gateway.sessions import Customer, Session, new_cid
from web.gateway.texts import clean, clean_contact, clean_message
from web.gateway.transcript import BACK_TO_BOT
from web.gateway.wording import ASKED_REASON
from web.pace import Pace

logger = logging.getLogger(__name__)
AT_ONCE = 64
"""Calls to Redis under way at once; the client's pool refuses more than a hundred."""

PAGE = 500
ASKED_PRIORITY = 3
NOBODY = Customer("")


class Conversations:
    """Takes what shoppers hand in and reads what there is for them. Errors are the ledger's and `Refused`."""

    def __init__(self, store: Ledger, typical_wait_s: int, images: Images, metrics: Metrics) -> None:
        self._ledger, self._images, self._metrics = store, images, metrics
        self._shopper = ShopperSide(store, typical_wait_s)
        self._arrivals = Arrivals(store)
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._typing = Pace(1, 1.0)
        self._reading = Pace(5, 1.0)
        self._deeds = Pace(RATE_MESSAGES, RATE_WINDOW_MS / 1000)
        self._away = False

    @asynccontextmanager
    async def _redis(self) -> AsyncIterator[None]:
        async with self._gate:
            try:
                yield
            except LedgerUnavailable as error:
                if not self._away:
                    self._away = True
                    logger.error("redis_away cause=%s", type(error.__cause__ or error).__name__)
                self._metrics.redis_up.set(0)
                raise
            if self._away:
                self._away = False
                logger.warning("redis_back")
            self._metrics.redis_up.set(1)

    async def ping(self) -> None:
        """Nothing, when Redis answers."""
        async with self._redis(), loud():
            await self._ledger.redis.ping()

    async def admit(self, address: str) -> None:
        """Counts a new session from an address. Raises `TooFast`."""
        async with self._redis():
            await self._arrivals.admit(address)

    async def open(self, cid: str | None, lang: str, customer: Customer = NOBODY) -> tuple[str, str]:
        """Opens a conversation, or goes on with `cid`; another customer's is left alone. Returns id and language."""
        async with self._redis():
            if cid is not None:
                try:
                    created = await self._shopper.open(cid, lang, customer.id, customer.name)
                    return cid, lang if created else (await self._shopper.state(cid)).lang
                except OtherCustomer:
                    logger.info("other_customer conversation=%s", cid)
            cid = new_cid()
            await self._shopper.open(cid, lang, customer.id, customer.name)
            return cid, lang

    async def take(self, session: Session, frame: InFrame) -> Ack | None:
        """Does what a frame asks for. Returns the ack, or None when the answer is the state."""
        self._metrics.frames_in.labels(kind_of(frame)).inc()
        cid = session.cid
        match frame:
            case Say():
                return await self._say(cid, frame)
            case Choose(choice=choice) if choice == BACK_TO_BOT:
                self._count_deed(cid)
                return await self._leave_queue(cid, frame.mid)
            case Choose():
                return await self._store(cid, frame.mid, choice=frame.choice)
            case Typing():
                if self._typing.allows(cid):
                    async with self._redis():
                        await self._shopper.typing(cid)
            case Read():
                if self._reading.allows(cid):
                    async with self._redis():
                        await self._shopper.read(cid, frame.id)
            case Rate() | Contact():
                self._count_deed(cid)
                await self._tell_desk(cid, frame)
            case Human():
                self._count_deed(cid)
                await self._ask_for_person(cid)
            case End():
                self._count_deed(cid)
                async with self._redis():
                    await self._shopper.end(cid)
        return None

    def _count_deed(self, cid: str) -> None:
        if not self._deeds.allows(cid):
            raise TooFast("too many changes in a row")

    async def _say(self, cid: str, frame: Say) -> Ack:
        if frame.image is None:
            return await self._store(cid, frame.mid, text=clean_message(frame.text))
        text, image = clean(frame.text).strip(), await self._images.find(cid, frame.image)
        if image is None:
            raise BadImage("no picture of this conversation")
        return await self._store(cid, frame.mid, text=text, image=image)

    async def _tell_desk(self, cid: str, frame: Rate | Contact) -> None:
        if isinstance(frame, Contact):
            contact = clean_contact(frame.contact)
            async with self._redis():
                await self._shopper.contact(cid, contact)
            return
        comment, reasons = clean(frame.comment or "").strip() or None, tuple(dict.fromkeys(frame.reasons))
        async with self._redis():
            await self._shopper.rate(cid, frame.score, comment, of=frame.of or "", reasons=reasons)

    async def _store(
        self, cid: str, mid: str, text: str = "", choice: str = "", image: dict[str, Any] | None = None
    ) -> Ack:
        began = time.perf_counter()
        async with self._redis():
            if choice:
                stored = await self._shopper.choose(cid, mid, choice)
            else:
                stored = await self._shopper.say(cid, mid, text, image)
        self._metrics.append_s.observe(time.perf_counter() - began)
        return Ack(mid, stored.id)

    async def _leave_queue(self, cid: str, mid: str) -> Ack:
        async with self._redis():
            await self._shopper.back_to_bot(cid)
            newest = await self._ledger.read(cid, limit=1)
        return Ack(mid, newest[-1].id if newest else START)

    async def _ask_for_person(self, cid: str) -> None:
        async with self._redis():
            fields = await self._ledger.state(cid)
            reason = ASKED_REASON.get(fields["lang"], ASKED_REASON["zh"])
            skill = fields.get("skill") or "general"
            await self._shopper.ask_for_person(cid, Handoff("asked", reason, skill, ASKED_PRIORITY))

    async def state(self, cid: str) -> ledger.State:
        """Where a conversation stands."""
        async with self._redis():
            return await self._shopper.state(cid)

    async def look(self, cid: str, after: str | None) -> tuple[list[Entry], ledger.State]:
        """The first 500 entries after `after` (without it the newest 500) and the state of the same moment, in one round trip."""
        async with self._redis():
            return await self._shopper.look(cid, after, PAGE)
