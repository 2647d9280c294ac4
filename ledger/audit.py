"""The audit trail: what was changed on a shopper's behalf, before it was asked of the shop and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.connection import loud
from ledger.keys import AUDIT_TTL_S
from ledger.store import Ledger


class AuditTrail:
    """One stream a shard, oldest first; entries are never changed. Those older than `AUDIT_TTL_S` go when new ones come."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def note(self, cid: str, entry: Mapping[str, str]) -> None:
        """Adds an entry; values are text. Raises `LedgerUnavailable`."""
        key = self._ledger.keys.audit(self._ledger.keys.shard_of(cid))
        async with loud():
            now = await self._ledger.redis.time()
            oldest = f"{(now[0] - AUDIT_TTL_S) * 1000}-0"
            await self._ledger.redis.xadd(key, dict(entry), minid=oldest, approximate=True)

    async def entries(self, cid: str) -> list[dict[str, str]]:
        """The entries about a conversation, oldest first."""
        key = self._ledger.keys.audit(self._ledger.keys.shard_of(cid))
        async with loud():
            rows = await self._ledger.redis.xrange(key)
        return [fields for _, fields in rows if fields.get("conversation") == cid]
