"""What was about to be sent to the shop under which key, so that the same request asked once more sends the very same."""

from __future__ import annotations

from typing import Any

import msgspec

from ledger.connection import loud
from ledger.keys import SENT_TTL_S
from ledger.store import Ledger


class SentChanges:
    """One note a key, for a day. The shop does a change once for its key, but only when it is told the same under it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def remember(self, cid: str, key: str, change: dict[str, Any]) -> dict[str, Any]:
        """Notes a change before it is sent; answers what is noted, which is an earlier one if there is one."""
        name = self._name(cid, key)
        async with loud():
            await self._ledger.redis.set(name, msgspec.json.encode(change).decode(), nx=True, ex=SENT_TTL_S)
        return await self.known(cid, key) or change

    async def known(self, cid: str, key: str) -> dict[str, Any] | None:
        """What is noted under a key."""
        async with loud():
            found = await self._ledger.redis.get(self._name(cid, key))
        change: dict[str, Any] | None = msgspec.json.decode(found) if found else None
        return change

    async def forget(self, cid: str, key: str) -> None:
        """It was surely not done: the next try may look at everything anew."""
        async with loud():
            await self._ledger.redis.delete(self._name(cid, key))

    def _name(self, cid: str, key: str) -> str:
        return self._ledger.keys.sent(self._ledger.keys.shard_of(cid), key)
