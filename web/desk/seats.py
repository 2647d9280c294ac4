"""Who is connected to this desk: keeps them on the roster, and their conversations theirs, as long as the line holds."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Protocol

from ledger import DeskSide, LedgerUnavailable, OnDuty, Roster, UnknownConversation
from web.desk.accounts import Account
from web.desk.errors import refusal
from web.desk.mirror import Mirror

logger = logging.getLogger(__name__)
AT_ONCE = 32
LOOKS_AT_ONCE = 200


class Seated(Protocol):
    """A browser of an agent."""

    account: Account
    opened: set[str]

    def send(self, frame: str, kind: str = "") -> None:
        """Puts a frame into its outbox."""

    def look_again(self) -> None:
        """The session may be over, or the account another."""


class Seats:
    """The browsers that are connected here, by agent."""

    def __init__(self, mirror: Mirror, desk: DeskSide, roster: Roster, beat_s: float) -> None:
        self._mirror, self._desk, self._roster, self._beat_s = mirror, desk, roster, beat_s
        self._by_agent: defaultdict[str, set[Seated]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._gate = asyncio.Semaphore(AT_ONCE)

    def start(self) -> None:
        """Begins to keep them."""
        self._task = asyncio.create_task(self._beat())

    async def stop(self) -> None:
        """Keeps them no longer: within thirty seconds they sit at another desk, or their conversations go back."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def sit(self, one: Seated) -> str:
        """A browser has connected; returns the agent's status, which outlives a reload. Raises `LedgerUnavailable`."""
        account = one.account
        self._by_agent[account.username].add(one)
        known = {agent.username: agent for agent in await self._roster.all()}.get(account.username)
        status = known.status if known is not None else "offline"
        await self.set_status(account, status)
        return status

    def rise(self, one: Seated) -> None:
        """A browser has gone."""
        self._by_agent[one.account.username].discard(one)
        if not self._by_agent[one.account.username]:
            del self._by_agent[one.account.username]

    async def set_status(self, account: Account, status: str) -> None:
        """How an agent is on duty from now on. Raises `LedgerUnavailable`."""
        agent = OnDuty(account.username, account.name, account.role, status, account.skills, account.capacity)
        await self._roster.put(agent)

    def all(self) -> list[Seated]:
        """Every browser."""
        return [one for browsers in self._by_agent.values() for one in browsers]

    def of(self, username: str) -> list[Seated]:
        """The browsers of an agent."""
        return list(self._by_agent.get(username, ()))

    def each(self, username: str, make: Callable[[], str], kind: str = "") -> None:
        """Sends a frame to an agent's browsers; it is only made when there are any."""
        if browsers := self.of(username):
            frame = make()
            for one in browsers:
                one.send(frame, kind)

    async def _beat(self) -> None:
        while True:
            try:
                here = list(self._by_agent)
                await self._roster.seen(here)
                await asyncio.gather(*(self._keep(username) for username in here))
                await self._say_what_is_open()
            except LedgerUnavailable:
                logger.error("agents cannot be kept on the roster: redis is away")
            except Exception as error:
                refusal(error)  # which logs it; a beat that ended would take everybody's conversations away
            await asyncio.sleep(self._beat_s)

    async def _say_what_is_open(self) -> None:
        opened = [(one, cid) for one in self.all() for cid in one.opened]
        for at in range(0, len(opened), LOOKS_AT_ONCE):
            some = opened[at : at + LOOKS_AT_ONCE]
            await self._roster.look_at([(cid, one.account.username, one.account.name) for one, cid in some])
            for one, cid in some:
                if cid not in one.opened:  # closed while that was said
                    await self._roster.look_away(cid, one.account.username, one.account.name)

    async def _keep(self, username: str) -> None:
        for talk in self._mirror.floor.of(username):
            if talk.mode != "human":
                continue
            async with self._gate:
                try:
                    held = await self._desk.renew(talk.cid, username)
                except UnknownConversation:
                    held = False
            if not held:
                await self._mirror.refresh([talk.cid])
