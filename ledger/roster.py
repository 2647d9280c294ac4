"""The roster: which agents there are, whether they are on duty, and when a desk last heard of each. All desks share it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from ledger.connection import loud
from ledger.errors import LedgerError
from ledger.keys import SERVED_TTL_S
from ledger.store import Ledger

STATUSES = ("online", "away", "offline")
VANISHED_MS = 30_000
"""Not heard of for so long, an agent is not there."""

LEADER_MS = 3_000


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

    def __init__(self, ledger: Ledger, vanished_ms: int = VANISHED_MS) -> None:
        self._ledger, self._keys, self._vanished_ms = ledger, ledger.keys, vanished_ms

    async def put(self, agent: OnDuty) -> None:
        """Who an agent is, and the status they have chosen; every desk is told."""
        if agent.status not in STATUSES:
            raise UnknownStatus(f"a status is one of {', '.join(STATUSES)}")
        await self.seen([agent.username])
        async with loud():
            await self._ledger.redis.hset(self._keys.agents, agent.username, msgspec.json.encode(agent))
            await self._ledger.redis.publish(self._keys.desk, _news("", "roster"))

    async def set_status(self, username: str, was: str, status: str) -> bool:
        """Another status for an agent who still has the status `was`: what they choose themselves meanwhile wins."""
        async with loud():
            changed = await self._ledger.redis.eval(_script("status"), 1, self._keys.agents, username, was, status)
            if changed:
                await self._ledger.redis.publish(self._keys.desk, _news("", "roster"))
        return bool(changed)

    async def seen(self, usernames: Iterable[str]) -> None:
        """These agents are connected at this moment."""
        async with loud():
            now = await self._now()
            if rows := dict.fromkeys(usernames, now):
                await self._ledger.redis.zadd(self._keys.seen, rows)

    async def forget(self, username: str) -> None:
        """The account is no more."""
        async with loud():
            await self._ledger.redis.hdel(self._keys.agents, username)
            await self._ledger.redis.zrem(self._keys.seen, username)
            await self._ledger.redis.publish(self._keys.desk, _news("", "roster"))

    async def all(self) -> list[OnDuty]:
        """Everybody, by username; who has not been heard of for `vanished_ms` is `offline`."""
        async with loud():
            rows = await self._ledger.redis.hgetall(self._keys.agents)
            seen = dict(await self._ledger.redis.zrange(self._keys.seen, 0, -1, withscores=True))
            now = await self._now()
        found = []
        for username, row in sorted(rows.items()):
            agent, heard = msgspec.json.decode(row, type=OnDuty), int(seen.get(username, 0))
            status = agent.status if now - heard < self._vanished_ms else "offline"
            found.append(msgspec.structs.replace(agent, status=status, seen=heard))
        return found

    async def served(self, who: str, username: str) -> None:
        """An agent serves this shopper: asked for a person again within a day, they are offered to them first."""
        async with loud():
            await self._ledger.redis.set(self._keys.served(who), username, ex=SERVED_TTL_S)

    async def served_by(self, shoppers: Sequence[str]) -> list[str]:
        """Who served each of these shoppers in the last day; '' for nobody."""
        if not shoppers:
            return []
        async with loud():
            pipeline = self._ledger.redis.pipeline(transaction=False)
            for who in shoppers:
                pipeline.get(self._keys.served(who))
            return [username or "" for username in await pipeline.execute()]

    async def look(self, cid: str, username: str, name: str) -> list[tuple[str, str]]:
        """An agent has a conversation open; to be said again every few seconds. Every desk is told of a new one.

        Returns who has it open, as `looking` does."""
        args = (f"{username} {name}", self._vanished_ms, _news(cid, "looking"), self._keys.desk)
        async with loud():
            rows = await self._ledger.redis.eval(_script("look"), 1, self._keys.looking(cid), *args)
        return _people(rows)

    async def look_at(self, opened: Sequence[tuple[str, str, str]]) -> None:
        """The same of many: conversation, username and name of each. All of them in one round trip, as one write."""
        if not opened:
            return
        async with loud():
            now = await self._now()
            pipeline = self._ledger.redis.pipeline(transaction=False)
            for cid, username, name in opened:
                pipeline.zadd(self._keys.looking(cid), {f"{username} {name}": now})
                pipeline.pexpire(self._keys.looking(cid), self._vanished_ms)
            fresh = (await pipeline.execute())[::2]
            for cid in dict.fromkeys(cid for (cid, _, _), added in zip(opened, fresh, strict=True) if added):
                await self._ledger.redis.publish(self._keys.desk, _news(cid, "looking"))

    async def look_away(self, cid: str, username: str, name: str) -> None:
        """The agent has closed it."""
        async with loud():
            await self._ledger.redis.zrem(self._keys.looking(cid), f"{username} {name}")
            await self._ledger.redis.publish(self._keys.desk, _news(cid, "looking"))

    async def mention(self, cid: str, entry_id: str, usernames: Sequence[str]) -> None:
        """Tells every desk that a note is for these agents."""
        news = {"cid": cid, "news": "mention", "from": entry_id, "name": ",".join(usernames)}
        async with loud():
            await self._ledger.redis.publish(self._keys.desk, msgspec.json.encode(news))

    async def account_changed(self, username: str) -> None:
        """Tells every desk that an account's sessions, role or password have changed: open sockets look at once."""
        async with loud():
            await self._ledger.redis.publish(
                self._keys.desk, msgspec.json.encode({"cid": "", "news": "account", "name": username})
            )

    async def colleague_typing(self, cid: str, username: str, name: str) -> None:
        """Tells every desk that somebody who does not serve it writes something there, a note most likely."""
        news = {"cid": cid, "news": "colleague_typing", "from": username, "name": name}
        async with loud():
            await self._ledger.redis.publish(self._keys.desk, msgspec.json.encode(news))

    async def looking(self, cid: str) -> list[tuple[str, str]]:
        """Who has it open: usernames and names."""
        async with loud():
            oldest = await self._now() - self._vanished_ms
            rows = await self._ledger.redis.zrangebyscore(self._keys.looking(cid), oldest, "+inf")
        return _people(rows)

    async def _now(self) -> int:
        seconds, micros = await self._ledger.redis.time()
        return int(seconds) * 1000 + int(micros) // 1000

    async def lead(self, desk: str, lease_ms: int = LEADER_MS) -> bool:
        """Whether this desk dispatches for the next `lease_ms`: one does, the others stand by."""
        async with loud():
            return bool(await self._ledger.redis.eval(_script("lead"), 1, self._keys.leader, desk, lease_ms))

    async def stand_down(self, desk: str) -> None:
        """This desk stops: another one may lead at once."""
        async with loud():
            if await self._ledger.redis.get(self._keys.leader) == desk:
                await self._ledger.redis.delete(self._keys.leader)


def _people(rows: Iterable[str]) -> list[tuple[str, str]]:
    return sorted((username, name) for username, _, name in (row.partition(" ") for row in rows))


@cache
def _script(name: str) -> str:
    return (files("ledger") / f"roster_{name}.lua").read_text("utf-8")


def _news(cid: str, news: str) -> bytes:
    return msgspec.json.encode({"cid": cid, "news": news})
