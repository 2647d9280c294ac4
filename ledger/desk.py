"""The agents' side of the ledger: who waits, offers, claims, what agents say, and the ways out of their hands."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from ledger.connection import loud
from ledger.errors import NotYours, Taken, TooLate
from ledger.shoppers import Appended
from ledger.store import Ledger

GRACE_MS = 30_000
REOPEN_MS = 24 * 3600 * 1000
PAGE = 1_000


class Place(NamedTuple):
    """What the desk's rules say of who waits since `queued_at`, and the codes of what was looked at."""

    queued_at: str
    skill: str
    priority: int
    why: Sequence[str]


class Offered(NamedTuple):
    """Until when an offer can be accepted (ms), and the state of the conversation with it."""

    accept_by: int
    fields: dict[str, str]


class DeskSide:
    """What the desk does for its agents. An agent not heard of for `grace_ms` loses the conversation to the queue."""

    def __init__(self, ledger: Ledger, grace_ms: int = GRACE_MS) -> None:
        self._ledger = ledger
        self.grace_ms = grace_ms

    async def waiting(self, skill: str, limit: int = 100) -> list[str]:
        """Conversations waiting for a skill, who comes first first."""
        keys = self._ledger.keys
        return await self._first([keys.waiting(shard, skill) for shard in range(keys.shards)], limit)

    async def queue(self, limit: int = 10_000) -> list[str]:
        """Conversations waiting for anybody, who comes first first."""
        keys = self._ledger.keys
        return await self._first([keys.queue(shard) for shard in range(keys.shards)], limit)

    async def held(self) -> list[str]:
        """Conversations that agents hold."""
        keys = self._ledger.keys
        return await self._first([keys.leases(shard) for shard in range(keys.shards)], -1)

    async def _first(self, names: Sequence[str], limit: int) -> list[str]:
        found: list[Any] = []
        async with loud():
            for name in names:
                found += await self._ledger.redis.zrange(name, 0, limit - 1 if limit > 0 else -1, withscores=True)
        ordered = [cid for cid, _ in sorted(found, key=lambda row: (row[1], row[0]))]
        return ordered[:limit] if limit > 0 else ordered

    async def states(self, cids: Sequence[str]) -> dict[str, dict[str, str]]:
        """The raw states of many conversations, without those that have expired."""
        found: dict[str, dict[str, str]] = {}
        for at in range(0, len(cids), PAGE):
            part = cids[at : at + PAGE]
            async with loud():
                pipeline = self._ledger.redis.pipeline(transaction=False)
                for cid in part:
                    pipeline.hgetall(self._ledger.keys.conversation(cid))
                rows = await pipeline.execute()
            found |= {cid: fields for cid, fields in zip(part, rows, strict=True) if fields}
        return found

    async def now_ms(self) -> int:
        """The ledger's clock, in ms since 1970."""
        async with loud():
            seconds, micros = await self._ledger.redis.time()
        return int(seconds) * 1000 + int(micros) // 1000

    async def offer(
        self, cid: str, agent: str, name: str, accept_ms: int, why: dict[str, Any], place: Place | None = None
    ) -> Offered | None:
        """Offers a waiting conversation to one agent, or None when it was not to be had. `place` is the one that the desk's rules
        give it, in the same step, where they have not done so before."""
        answer = await self._ledger.run("offer", cid, agent, name, accept_ms, _json(why), *_placed(place))
        return Offered(int(answer["accept_by"]), answer["state"]) if answer["offered"] else None

    async def decline(self, cid: str, agent: str) -> bool:
        """The agent does not want what was offered; false when nothing was offered to them."""
        return bool((await self._ledger.run("decline", cid, agent, "declined"))["over"])

    async def end_offer(self, cid: str) -> bool:
        """Takes an offer back that nobody has accepted in time; false when it still runs, or is over."""
        return bool((await self._ledger.run("decline", cid, "", "no_answer"))["over"])

    async def offer_again(self, cid: str) -> None:
        """Everybody has declined it or not answered: all of them may be asked again."""
        await self._ledger.run("offer_again", cid)

    async def rank(self, cid: str, place: Place, level: str = "") -> bool:
        """Gives a waiting conversation another skill or priority; false when that stay in the queue is over."""
        answer = await self._ledger.run("rank", cid, *_placed(place), level)
        return bool(answer["ranked"])

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

    async def take_over(self, cid: str, agent: str, name: str) -> None:
        """A supervisor takes it from whoever has it, or out of the queue. Raises `Taken`."""
        answer = await self._ledger.run("take", cid, agent, name, self.grace_ms, "taken_over", ",waiting,human,", "")
        if not answer["taken"]:
            raise Taken(f"{cid} is in mode {answer['mode']}")

    async def reopen(self, cid: str, agent: str, name: str, within_ms: int = REOPEN_MS) -> None:
        """Makes a conversation the agent's again that was closed or handed back. Raises `TooLate`, `Taken`."""
        answer = await self._ledger.run("take", cid, agent, name, self.grace_ms, "reopened", ",closed,bot,", within_ms)
        if answer.get("too_late"):
            raise TooLate(f"{cid} was closed more than {within_ms} ms ago")
        if not answer["taken"]:
            raise Taken(f"{cid} is in mode {answer['mode']}")

    async def say(
        self,
        cid: str,
        agent: str,
        name: str,
        mid: str,
        text: str | None = None,
        image: dict[str, Any] | None = None,
        card: dict[str, Any] | None = None,
    ) -> Appended:
        """The agent's message to the shopper; a resend with the same mid is harmless. Raises `NotYours`."""
        parts = {"text": text, "image": image, "card": card}
        return await self._write(cid, agent, mid, "message", {k: v for k, v in parts.items() if v}, name)

    async def note(
        self, cid: str, agent: str, name: str, mid: str, text: str, to: Sequence[str] = (), whisper: bool = False
    ) -> Appended:
        """A note that the shopper never sees; `to` are agents that it mentions, a `whisper` is for who serves."""
        body: dict[str, Any] = {"text": text, "agent": agent}
        if to:
            body["to"] = list(to)
        if whisper:
            body["whisper"] = True
        return await self._write(cid, agent, mid, "note", body, name)

    async def _write(self, cid: str, agent: str, mid: str, kind: str, body: dict[str, Any], name: str) -> Appended:
        answer = await self._ledger.run("say", cid, agent, mid, kind, _json(body), name)
        if answer.get("error") == "not_yours":
            raise NotYours(f"{cid} is not held by {agent}")
        return Appended(answer["id"], answer["duplicate"], "human")

    async def typing(self, cid: str, name: str = "") -> None:
        """Shows the shopper, and colleagues, that the agent is writing."""
        await self._ledger.run("mark", cid, "typing", "agent", name)

    async def read(self, cid: str, entry_id: str) -> None:
        """The agent who serves has seen everything up to an entry."""
        await self._ledger.run("mark", cid, "read", "agent", entry_id)

    async def tag(self, cid: str, tags: Sequence[str]) -> None:
        """The conversation's tags from now on."""
        await self._ledger.run("mark", cid, "tags", "agent", _json(list(tags)))

    async def notice(
        self, cid: str, modes: Sequence[str], kind: str, body: dict[str, Any], field: str, value: str, had: str = "*"
    ) -> bool:
        """Puts something into the log once: `field` of the state remembers it by `value` ('' forgets it).

        False when it stands there, when the field is not what it `had` to be, or in another mode.
        """
        answer = await self._ledger.run("notice", cid, f",{','.join(modes)},", kind, _json(body), field, value, had)
        return bool(answer["noted"])

    async def renew(self, cid: str, agent: str) -> bool:
        """Keeps hold of a conversation; the desk does so for everyone who is connected. False: it is lost."""
        return bool((await self._ledger.run("lease", cid, agent, self.grace_ms))["held"])

    async def reclaim(self) -> list[str]:
        """Returns to the queue, at their old places, the conversations whose agent has vanished."""
        keys = self._ledger.keys
        returned: list[str] = []
        now = await self.now_ms()
        for shard in range(keys.shards):
            async with loud():
                held = await self._ledger.redis.zrangebyscore(keys.leases(shard), "-inf", now, start=0, num=100)
            for cid in held:
                if (await self._ledger.run("lease", cid, "", 0)).get("returned"):
                    returned.append(cid)
        return returned

    async def release(self, cid: str, agent: str) -> None:
        """The agent goes off duty: back to the queue, at its old place. Raises `NotYours`."""
        await self._release(cid, agent, "waiting", {"rule": "agent_offline", "agent": agent})

    async def resolve(
        self,
        cid: str,
        agent: str,
        to: str,
        summary: str | None = None,
        category: str | None = None,
        solution: str | None = None,
        order: str | None = None,
    ) -> None:
        """Ends the agent's part: `to` is bot or closed. The bot learns of the `summary`. Raises `NotYours`."""
        parts = {"summary": summary, "category": category, "solution": solution, "order": order}
        why = {"rule": "resolved", "agent": agent, **{name: text for name, text in parts.items() if text}}
        await self._release(cid, agent, to, why)

    async def transfer(
        self, cid: str, agent: str, skill: str, priority: int | None, comment: str, to: str | None = None
    ) -> None:
        """Gives the conversation to the queue of a skill, offered first to the agent `to`, at the place it had by waiting.

        Without a priority it keeps the one it has. Raises `NotYours`.
        """
        why: dict[str, Any] = {"rule": "transferred", "agent": agent, "skill": skill, "comment": comment}
        if priority is not None:
            why["priority"] = priority
        if to:
            why["to"] = to
        await self._release(cid, agent, "waiting", why)

    async def reassign(self, cid: str, by: str, skill: str, comment: str, to: str | None = None) -> None:
        """A supervisor gives it to another skill or agent, whoever has it. Raises `Taken` when it is not with people."""
        why = {"rule": "reassigned", "agent": by, "skill": skill, "comment": comment, **({"to": to} if to else {})}
        answer = await self._ledger.run(
            "mode", cid, ",waiting,human,", "waiting", "agent", _json(why), skill, "", "", to or "", _once()
        )
        if not answer["changed"]:
            raise Taken(f"{cid} is in mode {answer['mode']}")

    async def _release(self, cid: str, agent: str, to: str, why: dict[str, Any]) -> None:
        answer = await self._ledger.run(
            "mode", cid, ",human,", to, "agent", _json(why),
            why.get("skill", ""), why.get("priority", ""), agent, why.get("to", ""), _once(),
        )  # fmt: skip
        if not answer["changed"]:
            raise NotYours(f"{cid} is not held by {agent}")


def _placed(place: Place | None) -> tuple[str, str, str | int, str]:
    """As the scripts take it."""
    return (place.queued_at, place.skill, place.priority, _json(list(place.why))) if place else ("", "", "", "")


def _once() -> str:
    """Names one change, so that a repeated call is known."""
    return secrets.token_hex(8)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
