"""Conversations that somebody has open here: one look at the log for all who follow, however many there are."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

from ledger import Ledger, LedgerUnavailable, News, Roster, UnknownConversation
from web.desk.errors import refusal
from web.desk.frames import START, write
from web.desk.shown import shown

logger = logging.getLogger(__name__)
PAGE = 500
NEWEST = 200
RETRY_S = 1.0


class Follower(Protocol):
    """A browser that has a conversation open. No method may block."""

    def masked(self, cid: str) -> bool:
        """Whether personal data of a conversation is hidden from it now."""

    def send(self, frame: str, kind: str = "") -> None:
        """Puts a frame into its outbox."""


class Room:
    """A conversation and who follows it, each with the last entry that they were sent."""

    def __init__(self, cid: str) -> None:
        self.cid = cid
        self.followers: dict[Follower, str] = {}
        self.task: asyncio.Task[None] | None = None
        self.news = False


class Rooms:
    """What is open here."""

    def __init__(self, ledger: Ledger, roster: Roster) -> None:
        self._ledger, self._roster = ledger, roster
        self._rooms: dict[str, Room] = {}
        self._looks: set[asyncio.Task[None]] = set()

    def opened(self) -> list[str]:
        """The conversations that somebody has open here."""
        return list(self._rooms)

    async def enter(self, cid: str, follower: Follower, after: str | None) -> None:
        """Sends the newest 200 entries, or all after `after`, then whatever comes. Raises `LedgerUnavailable`."""
        entries = await self._ledger.read(cid, after, PAGE if after else NEWEST)
        masked = follower.masked(cid)
        for entry in entries:
            follower.send(write(shown(cid, entry, masked)))
        room = self._rooms.setdefault(cid, Room(cid))
        room.followers[follower] = entries[-1].id if entries else after or START
        self._stir(room)
        self._looking(room)

    def leave(self, cid: str, follower: Follower) -> None:
        """Harmless when it has left."""
        room = self._rooms.get(cid)
        if room is None:
            return
        room.followers.pop(follower, None)
        if not room.followers:
            del self._rooms[cid]

    def follows(self, cid: str, follower: Follower) -> bool:
        """Whether somebody has a conversation open."""
        return cid in self._rooms and follower in self._rooms[cid].followers

    def tell(self, cid: str, frame: dict[str, Any], kind: str = "") -> None:
        """Sends a frame to all who have the conversation open here."""
        if (room := self._rooms.get(cid)) is not None:
            text = write(frame)
            for follower in list(room.followers):
                follower.send(text, kind)

    def news(self, news: News) -> None:
        """There is something new, somebody types, or looks."""
        if news.news == "all":
            for room in self._rooms.values():
                self._stir(room)
                self._looking(room)
        elif (told := self._rooms.get(news.cid)) is not None:
            if news.news == "log":
                self._stir(told)
            elif news.news == "looking":
                self._looking(told)
            elif news.news in ("typing", "colleague_typing"):
                sender = "agent" if news.news == "colleague_typing" else news.sender
                self.tell(news.cid, {"type": "typing", "conversation": news.cid, "from": sender, "name": news.name})

    def _stir(self, room: Room) -> None:
        room.news = True
        if room.task is None:
            room.task = asyncio.create_task(self._follow(room))

    async def _follow(self, room: Room) -> None:
        """Looks until there is nothing new; news that come while looking make it look again."""
        try:
            while room.news and room.followers:
                room.news = False
                try:
                    await self._look(room)
                except Exception as error:
                    if not isinstance(error, LedgerUnavailable):
                        refusal(error)  # which logs it
                    room.news = True
                    await asyncio.sleep(RETRY_S)
        finally:
            room.task = None

    async def _look(self, room: Room) -> None:
        after = min(room.followers.values(), key=order_of)
        entries = await self._ledger.read(room.cid, after, PAGE)
        frames = {
            masked: [(entry.id, order_of(entry.id), write(shown(room.cid, entry, masked))) for entry in entries]
            for masked in {follower.masked(room.cid) for follower in room.followers}
        }
        for follower, last in list(room.followers.items()):
            seen = order_of(last)
            for entry_id, order, frame in frames[follower.masked(room.cid)]:
                if order > seen:
                    follower.send(frame)
                    if follower in room.followers:
                        room.followers[follower] = entry_id
        if len(entries) >= PAGE:
            room.news = True

    def _looking(self, room: Room) -> None:
        task = asyncio.create_task(self._tell_looking(room.cid))
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    async def _tell_looking(self, cid: str) -> None:
        try:
            agents = [{"username": username, "name": name} for username, name in await self._roster.looking(cid)]
        except (LedgerUnavailable, UnknownConversation):
            return
        self.tell(cid, {"type": "looking", "conversation": cid, "agents": agents}, f"looking {cid}")


def order_of(entry_id: str) -> tuple[int, int]:
    """A key that sorts entry ids in the order of the conversation."""
    ms, _, n = entry_id.partition("-")
    return int(ms), int(n)
