"""Keeps the floor in step with the ledger: hears the news, reads what has changed, and tells who listens here."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Protocol

from msgspec.structs import replace

from ledger import DeskSide, Ledger, LedgerUnavailable, News, OnDuty, Roster
from ledger.wake import Wake
from web.desk.errors import refusal
from web.desk.floor import Floor
from web.desk.talk import Talk, talk_of

logger = logging.getLogger(__name__)
RETRY_S = 1.0
ROSTER_S = 1.0
SWEEP_S = 30.0
"""A hint that got lost costs no more than this."""

Fields = Mapping[str, str]
HEARD = frozenset({"all", "log", "typing", "looking", "colleague_typing", "mention", "account"})
MOVES = frozenset({"queue", "offer", "tags", "read"})


class Listener(Protocol):
    """Who wants to know what has changed. No method may block."""

    def moved(self, before: Talk | None, after: Talk) -> None:
        """A conversation stands differently now."""

    def news(self, news: News) -> None:
        """There is something new in a conversation, or somebody types, or looks."""

    def staffed(self) -> None:
        """The roster has changed."""

    def ledger(self, up: bool) -> None:
        """The ledger does not answer, or does so again."""


class Mirror:
    """The floor of this desk. Every desk has one; only the leader dispatches by it."""

    def __init__(
        self, ledger: Ledger, roster: Roster, redis_url: str, floor: Floor, placed: Callable[[Talk], Talk]
    ) -> None:
        """`placed` gives who has just come the place that the desk's rules say."""
        self.floor = floor
        self.up = True
        self._desk, self._roster, self._placed = DeskSide(ledger), roster, placed
        self._wake = Wake(redis_url, ledger.keys, self._heard, desk=True)
        self._listeners: list[Listener] = []
        self._changed: set[str] = set()
        self._everything = False
        self._news, self._roster_news = asyncio.Event(), asyncio.Event()
        self._reading, self._reading_roster = asyncio.Lock(), asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._clock_offset = 0
        self._agents: list[OnDuty] = []

    def listen(self, listener: Listener) -> None:
        """From now on this one is told."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Begins to listen."""
        self._everything = True
        self._news.set()
        tasks = (self._hear(), self._follow(), self._follow_roster(), self._sweep())
        self._tasks = [asyncio.create_task(one) for one in tasks]

    async def stop(self) -> None:
        """Listens no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def now(self) -> int:
        """The ledger's clock (ms), as far as it is known."""
        return round(time.time() * 1000) + self._clock_offset

    def _apply(self, talk: Talk) -> None:
        before = self.floor.put(talk)
        if before == talk and before.fields == talk.fields:
            return
        for listener in self._listeners:
            listener.moved(before, talk)

    async def refresh(self, cids: Iterable[str]) -> None:
        """Reads these conversations again. Raises `LedgerUnavailable`.

        One reading at a time: what was read earlier must not be put over what was read later.
        """
        wanted = sorted(cids)
        async with self._reading:
            states = await self._desk.states(wanted)
            served = await self._served_by(states)
            for cid in wanted:
                if cid in states:
                    self._apply(self._placed(talk_of(cid, states[cid], served.get(cid, ""))))
                elif cid in self.floor.talks:
                    self._apply(Talk(cid, "closed"))

    async def _served_by(self, states: Mapping[str, Fields]) -> dict[str, str]:
        """Who served each of those who wait; asked once for each stay in the queue."""
        waiting = {cid: one for cid, one in states.items() if one["mode"] == "waiting" and not one.get("prefer")}
        known = {cid: self.floor.talks[cid] for cid in waiting if cid in self.floor.talks}
        served = {
            cid: talk.prefer
            for cid, talk in known.items()
            if talk.mode == "waiting" and not talk.passed_to and talk.queued_at == int(waiting[cid]["queued_at"])
        }
        fresh = [cid for cid in waiting if cid not in served]
        whos = [waiting[cid].get("customer") or cid for cid in fresh]
        return served | dict(zip(fresh, await self._roster.served_by(whos), strict=True))

    async def written(self, writing: Awaitable[Mapping[str, Fields]]) -> None:
        """Takes over the states that scripts answer, without reading them again; nothing is read meanwhile."""
        async with self._reading:
            for cid, fields in (await writing).items():
                known = self.floor.talks.get(cid)
                self._apply(self._placed(talk_of(cid, fields, known.prefer if known else "")))

    async def read_roster(self) -> None:
        """Reads who is on duty. Raises `LedgerUnavailable`."""
        async with self._reading_roster:
            agents = await self._roster.all()
            unchanged = [replace(agent, seen=0) for agent in agents] == self._agents
            self._agents = [replace(agent, seen=0) for agent in agents]
            if unchanged:
                return
            self.floor.staff(agents)
            for listener in self._listeners:
                listener.staffed()

    async def _read_everything(self) -> None:
        self._clock_offset = await self._desk.now_ms() - round(time.time() * 1000)
        await self.read_roster()
        await self.refresh({*await self._desk.queue(), *await self._desk.held(), *self.floor.talks})

    def _heard(self, news: News) -> None:
        if news.news == "all":
            self._everything = True
        elif news.news == "roster":
            self._roster_news.set()
        elif news.news in MOVES or (news.news == "log" and news.cid in self.floor.talks):
            self._changed.add(news.cid)
        if news.news in HEARD:
            for listener in self._listeners:
                listener.news(news)
        self._news.set()

    async def _follow(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            changed, everything = self._changed, self._everything
            self._changed, self._everything = set(), False
            if not await self._guarded(self._read_everything() if everything else self.refresh(changed)):
                self._changed |= changed
                self._everything |= everything
                self._news.set()

    async def _follow_roster(self) -> None:
        """Apart from the conversations: nobody waits for an agent behind a look at the roster."""
        while True:
            await self._roster_news.wait()
            self._roster_news.clear()
            if not await self._guarded(self.read_roster()):
                self._roster_news.set()

    async def _guarded(self, reading: Awaitable[None]) -> bool:
        """Whether that was read; otherwise it has waited for a moment."""
        try:
            await reading
        except Exception as error:
            if not isinstance(error, LedgerUnavailable):
                refusal(error)  # which logs it; a mirror that ended for good would leave everybody waiting
            self.answered(False)
            await asyncio.sleep(RETRY_S)
            return False
        self.answered(True)
        return True

    def answered(self, up: bool) -> None:
        """The ledger has answered, or has not."""
        if up == self.up:
            return
        self.up = up
        logger.log(logging.WARNING if up else logging.ERROR, "redis_back" if up else "redis_away")
        for listener in self._listeners:
            listener.ledger(up)

    async def _hear(self) -> None:
        while True:
            try:
                await self._wake.run()
            except Exception as error:
                refusal(error)  # which logs it
            await asyncio.sleep(RETRY_S)

    async def _sweep(self) -> None:
        """Who has vanished says nothing: the roster is looked at again and again."""
        swept = time.monotonic()
        while True:
            await asyncio.sleep(ROSTER_S)
            self._roster_news.set()
            if time.monotonic() - swept >= SWEEP_S:
                self._everything, swept = True, time.monotonic()
                self._news.set()
