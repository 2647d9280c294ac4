"""The endings of phones by which agents have proved strangers' orders, so that the next step need not ask for them again."""

from __future__ import annotations

from ledger import Ledger
from ledger.connection import loud

KEPT_S = 3600


class Proofs:
    """For one conversation each, for an hour. The shop looks at the proof anew each time."""

    def __init__(self, ledger: Ledger) -> None:
        self._redis, self._keys = ledger.redis, ledger.keys

    async def remember(self, cid: str, number: str, tail: str) -> None:
        """The shop has accepted it. Raises `LedgerUnavailable`."""
        key = self._keys.proofs(cid)
        async with loud():
            await self._redis.hset(key, number, tail)
            await self._redis.expire(key, KEPT_S)

    async def of(self, cid: str, number: str) -> str | None:
        """What proved an order of this conversation. Raises `LedgerUnavailable`."""
        async with loud():
            found: str | None = await self._redis.hget(self._keys.proofs(cid), number)
        return found
