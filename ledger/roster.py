"""The roster: which agents there are, whether they are on duty, and when a desk last heard of each. All desks share it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ledger.connection import loud
from ledger.errors import LedgerError
from ledger.keys import SERVED_TTL_S
from ledger.store import Ledger

STATUSES = ("online", "away", "offline")
VANISHED_MS = 30_000
"""Not heard of for so long, an agent is not there."""

LEADER_MS = 3_000
CHANGED = '{"cid":"","news":"roster"}'


class UnknownStatus(LedgerError):
    """A status that there is not."""

    code = "bad_frame"


class OnDuty(msgspec.Struct, frozen=True):
    """An agent as the dispatch sees them; `seen` is when a desk last heard of them (ms)."""

    username: str
    name: str
    role: str
    status: str
    skills: list[str]
    capacity: int
    seen: int = 0


class Roster:
    """Written by the desk that an agent is connected to."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._keys = ledger, ledger.keys

    async def put(self, agent: OnDuty) -> None:
        """Who an agent is, and the status they have chosen; every desk is told."""
        if agent.status not in STATUSES:
            raise UnknownStatus(f"a status is one of {', '.join(STATUSES)}")
        await self.seen([agent.username])
        async with loud():
            await self._ledger.redis.hset(self._keys.agents, agent.username, msgspec.json.encode(agent))
            await self._ledger.redis.publish(self._keys.desk, CHANGED)

    async def seen(self, usernames: Iterable[str]) -> None:
        """These agents are connected at this moment."""
        async with loud():
            seconds, micros = await self._ledger.redis.time()
            now = int(seconds) * 1000 + int(micros) // 1000
            if rows := dict.fromkeys(usernames, now):
                await self._ledger.redis.zadd(self._keys.seen, rows)

    async def forget(self, username: str) -> None:
        """The account is no more."""
        async with loud():
            await self._ledger.redis.hdel(self._keys.agents, username)
            await self._ledger.redis.zrem(self._keys.seen, username)
            await self._ledger.redis.publish(self._keys.desk, CHANGED)

    async def all(self) -> list[OnDuty]:
        """Everybody, by username; who has not been heard of for 30 s is `offline`."""
        async with loud():
            rows = await self._ledger.redis.hgetall(self._keys.agents)
            seen = dict(await self._ledger.redis.zrange(self._keys.seen, 0, -1, withscores=True))
            seconds, micros = await self._ledger.redis.time()
        now = int(seconds) * 1000 + int(micros) // 1000
        found = []
        for username, row in sorted(rows.items()):
            agent, heard = msgspec.json.decode(row, type=OnDuty), int(seen.get(username, 0))
            status = agent.status if now - heard < VANISHED_MS else "offline"
            found.append(msgspec.structs.replace(agent, status=status, seen=heard))
        return found

    async def served(self, who: str, username: str) -> None:
        """An agent serves this shopper: asked for a person again within a day, they are offered to them first."""
        async with loud():
            await self._ledger.redis.set(self._keys.served(who), username, ex=SERVED_TTL_S)

    async def served_by(self, who: str) -> str | None:
        """Who served this shopper in the last day."""
        async with loud():
            found: str | None = await self._ledger.redis.get(self._keys.served(who))
        return found

    async def lead(self, desk: str, lease_ms: int = LEADER_MS) -> bool:
        """Whether this desk dispatches for the next `lease_ms`: one does, the others stand by."""
        async with loud():
            if await self._ledger.redis.set(self._keys.leader, desk, nx=True, px=lease_ms):
                return True
            if await self._ledger.redis.get(self._keys.leader) != desk:
                return False
            return bool(await self._ledger.redis.pexpire(self._keys.leader, lease_ms))

    async def stand_down(self, desk: str) -> None:
        """This desk stops: another one may lead at once."""
        async with loud():
            if await self._ledger.redis.get(self._keys.leader) == desk:
                await self._ledger.redis.delete(self._keys.leader)
