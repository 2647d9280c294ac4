"""Passes on what is new: one listener for the process, one look at the log for each conversation that has news."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Literal, Protocol, cast

from ledger import Entry, LedgerUnavailable, News, UnknownConversation
from ledger.keys import Keys
from ledger.wake import Wake
from web.gateway.conversations import PAGE, Conversations
from web.gateway.errors import Refused, SessionExpired, Unavailable, refusal
from web.gateway.frames import Message, State, order_of
from web.gateway.transcript import shown, shown_message, state_frame

logger = logging.getLogger(__name__)
RETRY_S = 1.0
QUEUE_PAUSE_S = 0.1
"""Places in the queue move in bursts; those who wait are told once for each."""

SWEEP_S = 30.0
"""A hint that got lost costs no more than twice this."""
SWEEP_STEPS = 300
LOOKS_AT_ONCE = 32
"""When everybody is looked after at once, as after a lost connection, messages still get through between."""


STEADY = ("bot", "human")
"""Modes in which a message changes nothing else that a shopper sees."""


class Listener(Protocol):
    """Somebody who follows a conversation: a socket, or a request that waits for news. No method may block."""

    cid: str
    last: str
    """The id of the last entry that was passed on, or looked at and not meant for the shopper."""
    told: State | None
    """The state that was passed on last."""

    def hear(self, messages: Sequence[Message], state: State | None) -> None:
        """New messages in order, and the state if it has changed."""

    def hear_typing(self, sender: Literal["bot", "agent"]) -> None:
        """The bot or an agent is typing."""

    def dismiss(self, refused: Refused) -> None:
        """There is nothing to follow any more."""


class Room:
    """A conversation that somebody follows here. `news`: there may be something that nobody has looked at yet."""

    def __init__(self, cid: str) -> None:
        self.cid = cid
        self.listeners: set[Listener] = set()
        self.looking = asyncio.Lock()
        self.task: asyncio.Task[None] | None = None
        self.news = False


class Hub:
    """Conversations and who follows them in this process."""

    def __init__(self, conversations: Conversations, redis_url: str, keys: Keys) -> None:
        self._conversations = conversations
        self._wake = Wake(redis_url, keys, self._on_news)
        self._rooms: dict[str, Room] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._queue_moves: asyncio.TimerHandle | None = None
        self._looks = asyncio.Semaphore(LOOKS_AT_ONCE)

    def start(self) -> None:
        """Begins to listen."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._sweep())]

    async def stop(self) -> None:
        """Sends everybody away and listens no more."""
        if self._queue_moves:
            self._queue_moves.cancel()
        for room in list(self._rooms.values()):
            for listener in list(room.listeners):
                listener.dismiss(Unavailable("going away"))
            if room.task:
                self._tasks.append(room.task)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def join(self, listener: Listener) -> None:
        """From now on nothing after `listener.last` is missed: a look at the log follows at once."""
        room = self._rooms.setdefault(listener.cid, Room(listener.cid))
        room.listeners.add(listener)
        self._stir(room)

    def leave(self, listener: Listener) -> None:
        """Harmless when it has left."""
        if (left := self._rooms.get(listener.cid)) is None:
            return
        left.listeners.discard(listener)
        if not left.listeners:
            del self._rooms[listener.cid]

    async def answer_state(self, listener: Listener) -> None:
        """Looks now, and tells this listener the state even when it has not changed."""
        if (asked := self._rooms.get(listener.cid)) is not None:
            await self._look(asked, listener)

    def _on_news(self, news: News) -> None:
        if news.news == "all":
            for room in self._rooms.values():
                self._stir(room)
        elif news.news == "queue":
            if self._queue_moves is None:
                self._queue_moves = asyncio.get_running_loop().call_later(QUEUE_PAUSE_S, self._tell_those_waiting)
        elif (told := self._rooms.get(news.cid)) is not None:
            if news.news == "log":
                if not self._pass_on(told, news):
                    self._stir(told)
            elif news.news == "read" and news.sender == "agent":
                self._stir(told)
            elif news.news == "typing" and news.sender in ("bot", "agent"):
                for listener in list(told.listeners):
                    listener.hear_typing(cast(Literal["bot", "agent"], news.sender))

    def _pass_on(self, room: Room, news: News) -> bool:
        """Passes on the messages that came with the news, where nothing else can have changed and nobody has missed anything before."""
        if room.task is not None or room.looking.locked() or not news.entries:
            return False
        for listener in room.listeners:
            if listener.last != news.after or listener.told is None or listener.told.mode not in STEADY:
                return False
        entries = [Entry.from_stream(*entry) for entry in news.entries]
        if any(entry.kind != "message" for entry in entries):
            return False
        messages = [shown_message(entry) for entry in entries]
        for listener in list(room.listeners):
            listener.last = entries[-1].id
            listener.hear(messages, None)
        return True

    def _tell_those_waiting(self) -> None:
        self._queue_moves = None
        for room in self._rooms.values():
            if any(listener.told is None or listener.told.mode == "waiting" for listener in room.listeners):
                self._stir(room)

    def _stir(self, room: Room) -> None:
        room.news = True
        if room.task is None:
            room.task = asyncio.create_task(self._follow(room))

    async def _follow(self, room: Room) -> None:
        """Looks until there is nothing new; news that come while looking make it look again."""
        try:
            while room.news and room.listeners:
                room.news = False
                try:
                    async with self._looks:
                        await self._look(room)
                except UnknownConversation:
                    for listener in list(room.listeners):
                        listener.dismiss(SessionExpired("the conversation has expired"))
                except Exception as error:
                    if not isinstance(error, LedgerUnavailable):
                        refusal(error)  # which logs it
                    room.news = True
                    await asyncio.sleep(RETRY_S)
        finally:
            room.task = None

    async def _look(self, room: Room, asking: Listener | None = None) -> None:
        async with room.looking:
            present = list(room.listeners)  # who joins while we read has missed more, and gets a look of their own
            if not present:
                return
            after = min((listener.last for listener in present), key=order_of)
            entries, standing = await self._conversations.look(room.cid, after)
            state = state_frame(standing)
            seen = [(order_of(entry.id), shown(entry, standing.lang)) for entry in entries]
            for listener in present:
                if listener not in room.listeners:
                    continue
                last = order_of(listener.last)
                fresh = [message for order, message in seen if order > last and message is not None]
                changed = state != listener.told or listener is asking
                if entries and order_of(entries[-1].id) > last:
                    listener.last = entries[-1].id
                listener.told = state
                if fresh or changed:
                    listener.hear(fresh, state if changed else None)
            if len(entries) >= PAGE:
                self._stir(room)

    async def _listen(self) -> None:
        while True:
            try:
                await self._wake.run()
            except Exception as error:
                refusal(error)  # which logs it; a listener that ended for good would leave every shopper waiting
            await asyncio.sleep(RETRY_S)

    async def _sweep(self) -> None:
        """Everybody's turn comes once in `SWEEP_S`, a few at a time: those who talk do not wait behind thousands who are silent."""
        while True:
            rooms = list(self._rooms.values())
            for step in range(SWEEP_STEPS):
                await asyncio.sleep(SWEEP_S / SWEEP_STEPS)
                for room in rooms[step::SWEEP_STEPS]:
                    if self._rooms.get(room.cid) is room:
                        self._stir(room)
