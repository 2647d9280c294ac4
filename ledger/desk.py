"""The agents' side of the ledger: claim, speak, keep alive, hand back. The desk puts dispatch and pages on top."""

from __future__ import annotations

from typing import Any

import msgspec

from ledger.connection import loud
from ledger.errors import NotYours
from ledger.shoppers import Appended
from ledger.store import Ledger

GRACE_MS = 30_000


class DeskSide:
    """What the desk does for its agents. An agent not heard of for `grace_ms` loses the conversation to the queue."""

    def __init__(self, ledger: Ledger, grace_ms: int = GRACE_MS) -> None:
        self._ledger = ledger
        self.grace_ms = grace_ms

    async def waiting(self, skill: str, limit: int = 100) -> list[str]:
        """Conversations waiting for a skill, who comes first first."""
        keys = self._ledger.keys
        found: list[Any] = []
        async with loud():
            for shard in range(keys.shards):
                found += await self._ledger.redis.zrange(keys.waiting(shard, skill), 0, limit - 1, withscores=True)
        return [cid for cid, _ in sorted(found, key=lambda row: (row[1], row[0]))[:limit]]

    async def claim(self, cid: str, agent: str, name: str) -> bool:
        """Takes a waiting conversation; of several who try, one gets true. Claiming one's own again is true."""
        return bool((await self._ledger.run("claim", cid, agent, name, self.grace_ms))["won"])

    async def claim_next(self, skill: str, agent: str, name: str) -> str | None:
        """Takes the first in the queue of a skill, or the next one when somebody was faster."""
        while found := await self.waiting(skill, limit=5):
            for cid in found:
                if await self.claim(cid, agent, name):
                    return cid
        return None

    async def say(self, cid: str, agent: str, name: str, mid: str, text: str) -> Appended:
        """The agent's message to the shopper; a resend with the same mid is harmless. Raises `NotYours`."""
        return await self._write(cid, agent, mid, "message", {"text": text}, name)

    async def note(self, cid: str, agent: str, name: str, mid: str, text: str) -> Appended:
        """A note that the shopper never sees."""
        return await self._write(cid, agent, mid, "note", {"text": text}, name)

    async def _write(self, cid: str, agent: str, mid: str, kind: str, body: dict[str, Any], name: str) -> Appended:
        answer = await self._ledger.run("say", cid, agent, mid, kind, msgspec.json.encode(body).decode(), name)
        if answer.get("error") == "not_yours":
            raise NotYours(f"{cid} is not held by {agent}")
        return Appended(answer["id"], answer["duplicate"], "human")

    async def typing(self, cid: str) -> None:
        """Shows the shopper that the agent is writing."""
        await self._ledger.run("mark", cid, "typing", "agent")

    async def renew(self, cid: str, agent: str) -> bool:
        """Keeps hold of a conversation; the desk does so for everyone who is connected. False: it is lost."""
        return bool((await self._ledger.run("lease", cid, agent, self.grace_ms))["held"])

    async def reclaim(self) -> list[str]:
        """Returns to the queue, at their old places, the conversations whose agent has vanished."""
        keys = self._ledger.keys
        returned: list[str] = []
        for shard in range(keys.shards):
            async with loud():
                seconds, micros = await self._ledger.redis.time()
                now = seconds * 1000 + micros // 1000
                held = await self._ledger.redis.zrangebyscore(keys.leases(shard), "-inf", now, start=0, num=100)
            for cid in held:
                if (await self._ledger.run("lease", cid, "", 0)).get("returned"):
                    returned.append(cid)
        return returned

    async def resolve(self, cid: str, agent: str, to: str, summary: str | None = None) -> None:
        """Ends the agent's part: `to` is bot or closed. Raises `NotYours`."""
        why: dict[str, Any] = {"rule": "resolved"}
        if summary:
            why["summary"] = summary
        await self._release(cid, agent, to, why)

    async def transfer(self, cid: str, agent: str, skill: str, priority: int, comment: str) -> None:
        """Gives the conversation to the queue of another skill, at the place it had by waiting. Raises `NotYours`."""
        why = {"rule": "transferred", "skill": skill, "priority": priority, "comment": comment}
        await self._release(cid, agent, "waiting", why)

    async def _release(self, cid: str, agent: str, to: str, why: dict[str, Any]) -> None:
        answer = await self._ledger.run(
            "mode", cid, ",human,", to, "agent", msgspec.json.encode(why).decode(),
            why.get("skill", ""), why.get("priority", 0), agent,
        )  # fmt: skip
        if not answer["changed"]:
            raise NotYours(f"{cid} is not held by {agent}")
