"""The bot's side of the ledger: take a turn, hold it while it runs, commit what the bot says."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from redis.exceptions import ResponseError

from ledger.connection import loud
from ledger.entries import Entry, Handoff, Reply, Turn
from ledger.keys import GROUP
from ledger.store import Ledger

LEASE_MS = 6_000


class Notice(NamedTuple):
    """An entry of the turn stream: look after this conversation. Where nothing was unread before, its `turn` comes with it, and is
    this worker's for a lease from `read_at` (s, monotonic) on."""

    shard: int
    entry_id: str
    cid: str
    turn: Turn | None = None
    read_at: float = 0.0


class BotSide:
    """What one bot worker does; `worker` is its unique name.

    A turn is leased for six seconds and renewed by `hold`; a worker that dies is replaced after that time.
    """

    def __init__(self, ledger: Ledger, worker: str, lease_ms: int = LEASE_MS) -> None:
        self._ledger = ledger
        self.worker = worker
        self.lease_ms = lease_ms

    async def prepare(self) -> None:
        """Makes the consumer groups; harmless when they exist."""
        keys = self._ledger.keys
        for shard in range(keys.shards):
            try:
                async with loud():
                    await self._ledger.redis.xgroup_create(keys.turns(shard), GROUP, id="0", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise

    async def notices(self, shard: int, block_ms: int, count: int = 16) -> list[Notice]:
        """New notices of a shard, waiting up to `block_ms` (less than the client's time-out of five seconds)."""
        key = self._ledger.keys.turns(shard)
        async with loud():
            rows = await self._ledger.redis.xreadgroup(GROUP, self.worker, {key: ">"}, count=count, block=block_ms)
        entries = rows.get(key, [[]])[0] if isinstance(rows, dict) else [e for _, found in rows or [] for e in found]
        read_at = time.monotonic()
        return [
            Notice(shard, entry_id, cid := fields["cid"], _turn_with(cid, fields.get("turn")), read_at)
            for entry_id, fields in entries
        ]

    async def abandoned(self, shard: int, count: int = 16) -> list[Notice]:
        """Notices that some worker took longer than a lease ago and never finished."""
        key = self._ledger.keys.turns(shard)
        async with loud():
            answer = await self._ledger.redis.xautoclaim(
                key, GROUP, self.worker, min_idle_time=self.lease_ms, count=count
            )
        return [Notice(shard, entry_id, fields["cid"]) for entry_id, fields in answer[1] if fields]

    async def begin(self, cid: str, notice: Notice | None = None, again: bool = False) -> Turn | str:
        """The turn with what is unread by now, or why there is none: `busy`, `idle`, `not_bot`, `gone`.

        It will end there, also when it is done again by another worker; `again` looks once more before anything was done. A
        notice whose turn was run must be given without it.
        On `busy` another worker holds it, and the notice stays pending, in case that worker dies; else it is done with.
        """
        unused = notice is None or notice.turn is not None
        answer = await self._ledger.run(
            "begin_turn", cid, self.worker, self.lease_ms, GROUP, _entry_of(notice),
            "again" if again else "unused" if unused else "",
        )  # fmt: skip
        if answer["status"] != "yours":
            return str(answer["status"])
        return _turn(cid, answer)

    def memory_after(self, upto: str) -> str:
        """What `Turn.memory` will be once this worker has committed the turn that ends with an entry."""
        return f"{self.worker}:{upto}"

    async def hold(self, cid: str, upto: str = "") -> bool:
        """Renews the lease; with `upto` counts another try, of the turn that ends with this entry. False: the turn is lost."""
        answer = await self._ledger.run("hold_turn", cid, self.worker, self.lease_ms, upto, GROUP)
        return bool(answer["held"])

    async def typing(self, cid: str) -> None:
        """Shows the shopper that an answer is under way."""
        await self._ledger.run("mark", cid, "typing", "bot", "")

    async def commit(
        self,
        turn: Turn,
        upto: str,
        replies: Sequence[Reply],
        events: str = "",
        afresh: bool = False,
        handoff: Handoff | None = None,
        notice: Notice | None = None,
    ) -> tuple[bool, bool]:
        """Says it: replies, tracker events (JSON), cursor and handoff in one step; with `afresh` earlier events are forgotten.

        Returns (committed, more): not committed when a person took over, the shopper ended it or the lease ran out; `more`
        when something unread is left, and the turn is still held. When nothing is left, the notice is done with.
        """
        said = [
            {
                "body": msgspec.json.encode(reply.body()).decode(),
                "choices": {
                    button.id: msgspec.json.encode({"label": button.label, "payload": button.payload}).decode()
                    for button in reply.buttons
                },
            }
            for reply in replies
        ]
        answer = await self._ledger.run(
            "commit_turn", turn.cid, self.worker, turn.cursor, upto, msgspec.json.encode(said).decode(), events,
            "1" if afresh else "", msgspec.json.encode(handoff).decode() if handoff else "", self.memory_after(upto),
            GROUP, _entry_of(notice),
        )  # fmt: skip
        return answer["status"] == "done", bool(answer.get("more"))

    async def tracker_events(self, cid: str) -> list[str]:
        """The tracker events as committed: one JSON text a turn, oldest first."""
        async with loud():
            rows = await self._ledger.redis.xrange(self._ledger.keys.events(cid))
        return [fields["events"] for _, fields in rows]


def _turn_with(cid: str, told: str | None) -> Turn | None:
    return _turn(cid, msgspec.json.decode(told)) if told else None


def _turn(cid: str, told: Mapping[str, Any]) -> Turn:
    """As a script tells it."""
    return Turn(
        cid=cid,
        cursor=told["cursor"],
        unread=[Entry.from_stream(entry_id, fields) for entry_id, fields in told["unread"]],
        lang=told["lang"],
        customer=told["customer"] or None,
        customer_name=told["customer_name"] or None,
        typing_at_ms=told["typing_at"],
        now_ms=told["now"],
        agreed=msgspec.json.decode(told["agreed"]) if told.get("agreed") else None,
        upto=told.get("upto"),
        attempts=told["attempts"],
        memory=told["memory"],
    )


def _entry_of(notice: Notice | None) -> str:
    return notice.entry_id if notice else ""
