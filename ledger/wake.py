"""Wakes readers up. What is passed on here is only a hint: what counts is the log, so a lost hint costs time, no message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import msgspec
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from ledger.connection import connect_listener
from ledger.keys import Keys

logger = logging.getLogger(__name__)
RETRY_S = 1.0
POLL_S = 5.0


class News(msgspec.Struct, frozen=True):
    """`news` is `log` (read on), `queue` (places have moved, or who serves), `typing` (`sender` is), `read` (by `sender`), `offer`,
    `tags`; between desks `roster`, `looking`, `colleague_typing`, `account` (`name` is whose
    sessions or rights have changed), and
    `mention` (`sender` is the entry, `name` the agents with commas between); or `all` (look at everything again).

    `log` may bring the `entries` that are new, as they stand in the stream; they follow the entry `after`."""

    cid: str
    news: str
    sender: str | None = msgspec.field(default=None, name="from")
    name: str | None = None
    after: str | None = None
    entries: list[tuple[str, dict[str, str]]] = []


ALL = News("", "all")


class Wake:
    """One connection that listens for all shards and calls `on_news`, which must not block.

    After a lost connection the listener says `all` once it is back: something may have been missed.
    """

    def __init__(self, url: str, keys: Keys, on_news: Callable[[News], None], desk: bool = False) -> None:
        """With `desk` it listens to what the desks tell each other, too."""
        self._url = url
        self._channels = [keys.wake(shard) for shard in range(keys.shards)] + ([keys.desk] if desk else [])
        self._on_news = on_news
        self.connected = asyncio.Event()

    async def run(self) -> None:
        """Listens until cancelled; reconnects by itself."""
        while True:
            redis = connect_listener(self._url)
            try:
                async with redis.pubsub() as pubsub:
                    await pubsub.subscribe(*self._channels)
                    await self._listen(pubsub)
            except (RedisError, OSError) as error:
                logger.error("the ledger's news cannot be heard, trying again: %s", error)
                await asyncio.sleep(RETRY_S)
            finally:
                self.connected.clear()
                await redis.aclose()

    async def _listen(self, pubsub: PubSub) -> None:
        asked = False
        while True:
            message = await pubsub.get_message(timeout=POLL_S)
            if message is None and asked:
                raise ConnectionError("no answer to a ping")  # a half-dead connection says nothing for hours
            asked = message is None
            if message is None:
                await pubsub.ping()
            elif message["type"] == "subscribe":
                self.connected.set()
                self._on_news(ALL)
            elif message["type"] == "message":
                self._on_news(msgspec.json.decode(message["data"], type=News))
