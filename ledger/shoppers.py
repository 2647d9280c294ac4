"""The shopper's side of the ledger: open a conversation, say something, ask for a person, look where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ledger.connection import loud
from ledger.entries import Entry, Handoff
from ledger.errors import LedgerError, RateLimited, UnknownChoice
from ledger.store import Ledger, Look

RATE_MESSAGES = 20
RATE_WINDOW_MS = 10_000
WAITS_NEEDED = 3
HOUR_MS = 3_600_000


class OtherCustomer(LedgerError):
    """The conversation belongs to another customer: open a new one."""

    code = "other_customer"


class Appended(msgspec.Struct, frozen=True):
    """Where a message is stored; `duplicate` when an earlier send of it was."""

    id: str
    duplicate: bool
    mode: str


class State(msgspec.Struct, frozen=True):
    """Where a conversation stands. `position` (from 1) and `wait_s` only while waiting, `agent` only with a person.

    `away`: it waits and nobody is on duty, until `back_at` (ISO 8601) where that is known; `contact`: the shopper has left one;
    `read`: the entry that the agent has read up to; `rate`: who may be rated, once it is closed.
    """

    mode: str
    lang: str
    customer: str | None
    position: int | None = None
    wait_s: int | None = None
    agent: str | None = None
    away: bool = False
    back_at: str | None = None
    contact: bool = False
    read: str | None = None
    rate: list[str] | None = None


class ShopperSide:
    """What the gateway does for a shopper.

    `typical_wait_s` is the expected wait for each place in the queue (seconds) until three claims of the last hour tell better.
    """

    def __init__(self, ledger: Ledger, typical_wait_s: int = 120) -> None:
        self._ledger = ledger
        self._typical_wait_s = typical_wait_s

    async def open(self, cid: str, lang: str, customer: str = "", customer_name: str = "") -> bool:
        """Opens `cid`, or signs an anonymous one in; true when it is new. Raises `OtherCustomer`."""
        answer = await self._ledger.run("open", cid, lang, customer, customer_name)
        if answer.get("error"):
            raise OtherCustomer(f"{cid} belongs to another customer")
        return bool(answer["created"])

    async def say(self, cid: str, mid: str, text: str, image: dict[str, Any] | None = None) -> Appended:
        """Stores a message; the bot is told when it is its turn. Raises `RateLimited`, `UnknownConversation`."""
        body = {"text": text} | ({"image": image} if image else {})
        return await self._append(cid, mid, msgspec.json.encode(body).decode(), "")

    async def choose(self, cid: str, mid: str, choice: str) -> Appended:
        """Stores a chosen button as a message with its label. Raises `UnknownChoice`, `RateLimited`."""
        if not choice:
            raise UnknownChoice("a button has an id")
        return await self._append(cid, mid, "", choice)

    async def _append(self, cid: str, mid: str, body: str, choice: str) -> Appended:
        answer = await self._ledger.run("append", cid, mid, body, choice, RATE_MESSAGES, RATE_WINDOW_MS)
        if answer.get("error") == "rate_limited":
            raise RateLimited(f"more than {RATE_MESSAGES} messages in {RATE_WINDOW_MS // 1000} s")
        if answer.get("error") == "unknown_choice":
            raise UnknownChoice(f"no button {choice} was offered")
        return msgspec.convert(answer, Appended)

    async def ask_for_person(self, cid: str, handoff: Handoff) -> bool:
        """Puts the conversation into the queue; false when it is there, or with a person, already."""
        why = msgspec.json.encode(handoff).decode()
        return await self._mode(cid, ",bot,closed,", "waiting", why, handoff.skill, handoff.priority)

    async def back_to_bot(self, cid: str) -> bool:
        """Leaves the queue; false when it was not waiting (any more)."""
        return await self._mode(cid, ",waiting,", "bot", '{"rule":"left_queue"}')

    async def end(self, cid: str) -> bool:
        """Closes the conversation; false when it was closed."""
        return await self._mode(cid, ",bot,waiting,human,", "closed", '{"rule":"shopper_ended"}')

    async def _mode(self, cid: str, among: str, to: str, why: str, skill: str = "", priority: int = 0) -> bool:
        answer = await self._ledger.run(
            "mode", cid, among, to, "shopper", why, skill, priority if skill else "", "", "", ""
        )
        return bool(answer["changed"])

    async def typing(self, cid: str) -> None:
        """Tells the desk, and lets the bot wait for what is being written."""
        await self._ledger.run("mark", cid, "typing", "shopper", "")

    async def rate(
        self, cid: str, score: int, comment: str | None = None, of: str = "", reasons: Sequence[str] = ()
    ) -> None:
        """Stores a rating of `bot` or `agent` (by default who served last) from 1 to 5; a later one replaces it in the state,
        the log keeps both."""
        body: dict[str, Any] = {"score": score}
        if reasons:
            body["reasons"] = list(reasons)
        if comment:
            body["comment"] = comment
        await self._ledger.run("mark", cid, "rating", "shopper", msgspec.json.encode(body).decode(), of)

    async def contact(self, cid: str, contact: str) -> None:
        """How the shopper can be reached: only the desk sees it."""
        await self._ledger.run("mark", cid, "contact", "shopper", msgspec.json.encode({"contact": contact}).decode())

    async def read(self, cid: str, entry_id: str) -> None:
        """The shopper has seen everything up to an entry."""
        await self._ledger.run("mark", cid, "read", "shopper", entry_id)

    async def state(self, cid: str) -> State:
        """Mode, place in the queue, expected wait, who serves. Raises `UnknownConversation`."""
        return (await self.look(cid, None, 0))[1]

    async def look(self, cid: str, after: str | None, limit: int) -> tuple[list[Entry], State]:
        """The first `limit` entries after `after` (without it the newest) and the state of the same moment: no change of mode is
        in one and not in the other. One round trip; for who waits some more for each further shard. Raises `UnknownConversation`.
        """
        seen = await self._ledger.look(cid, after, limit)
        fields, mode = seen.fields, seen.fields["mode"]
        away = msgspec.json.decode(fields["away"]) if mode == "waiting" and fields.get("away") else None
        position = wait = None
        if mode == "waiting" and away is None:
            seen = await self._over_all_shards(cid, seen)
            position = seen.ahead + 1
            wait = self._expected_wait(seen)
        served = ["bot", "agent"] if fields.get("served") else ["bot"]
        return seen.entries, State(
            mode,
            fields["lang"],
            fields.get("customer") or None,
            position,
            wait,
            agent=fields.get("agent_name") if mode == "human" else None,
            away=away is not None,
            back_at=(away or {}).get("back_at"),
            contact=bool(fields.get("contact")),
            read=fields.get("agent_read"),
            rate=served if mode == "closed" else None,
        )

    async def _over_all_shards(self, cid: str, seen: Look) -> Look:
        """With who is before it, and who was claimed, in the other shards; a conversation that was claimed a moment ago counts as first."""
        keys, redis, skill = self._ledger.keys, self._ledger.redis, seen.fields["skill"]
        others = set(range(keys.shards)) - {keys.shard_of(cid)}
        if not others:
            return seen
        ahead, claims, first = seen.ahead, seen.claims, [seen.first_claim] if seen.claims else []
        async with loud():
            score = await redis.zscore(keys.waiting(keys.shard_of(cid), skill), cid)
            for shard in others:
                queue = keys.waiting(shard, skill)
                if score is not None:
                    ahead += await redis.zcount(queue, "-inf", f"({score}")
                    ahead += sum(other < cid for other in await redis.zrangebyscore(queue, score, score))
                rows = await redis.zrangebyscore(keys.waits(shard, skill), seen.now - HOUR_MS, "+inf", withscores=True)
                claims += len(rows)
                first += [int(claimed) for _, claimed in rows[:1]]
        return seen._replace(ahead=ahead, claims=claims, first_claim=min(first, default=0))

    def _expected_wait(self, seen: Look) -> int:
        """Seconds: the place times the mean time between the claims of the last hour, or times the shop's typical one."""
        place = seen.ahead + 1
        if seen.claims < WAITS_NEEDED:
            return place * self._typical_wait_s
        return max(1, round(place * (seen.now - seen.first_claim) / seen.claims / 1000))
