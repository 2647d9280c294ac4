"""The ledger itself: a Redis client, the key shapes, and the scripts that are the only way to change anything."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha1
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec
from redis.exceptions import NoScriptError

from ledger.connection import AnyRedis, loud
from ledger.entries import Entry
from ledger.errors import UnknownConversation
from ledger.keys import CONVERSATION_TTL_S, Keys

STATE_FIELDS = """
mode lang shopper customer customer_name created_at mode_at closed_at   what it is and whose
skill priority reason passed prioritised level queued_at                the queue, and why (`passed`: passed on since)
offered_to offered_name offer_until offer_why                           to whom it is offered
declined declined_at prefer away                                        who declined; whom it is passed on to; nobody on duty
agent agent_name claimed_at first_reply_at served agreed                who serves, or has served, and what was agreed
round_since clock_first clock_round                                     the clocks, and what was noted of them
changed                                                                the id of an agent's last change of mode
cursor last_shopper typing_at last_said unread shopper_read agent_read  what was said and read
rating rating_bot rating_agent contact tags
turn_owner turn_until turn_upto turn_attempts committed                 the bot's turn under way (owner: a worker, or `notice <id>`)
rate_start rate_count
"""
"""The fields of the conversation hash; the scripts write them, `state()` reads them."""


@cache
def script(name: str) -> tuple[str, str]:
    """Source and SHA-1 of `scripts/<name>.lua`, with what all of them share put in front."""
    folder = files("ledger") / "scripts"
    source = (folder / "common.lua").read_text("utf-8") + (folder / f"{name}.lua").read_text("utf-8")
    return source, sha1(source.encode(), usedforsecurity=False).hexdigest()


class Look(NamedTuple):
    """A conversation at one moment. For who waits: how many are before it in its shard, how many of its skill were claimed in
    the last hour, the first claim and the moment itself (ms)."""

    fields: dict[str, str]
    entries: list[Entry]
    ahead: int = 0
    claims: int = 0
    first_claim: int = 0
    now: int = 0


class Ledger:
    """One installation's ledger. The sides (`ShopperSide`, `BotSide`, `DeskSide`) add the verbs."""

    def __init__(self, redis: AnyRedis, keys: Keys | None = None) -> None:
        self.redis: Any = redis  # redis-py annotates each answer for its sync and its async client at once
        self.keys = keys or Keys()

    async def run(self, name: str, cid: str, *args: str | int) -> Any:
        """Runs a script on one conversation and decodes its JSON answer.

        Every script may be sent twice (redis-py does so after a lost connection): the second run changes nothing.
        Raises `UnknownConversation`, `LedgerUnavailable`.
        """
        decoded = msgspec.json.decode(await self._evaluate(name, cid, args))
        if decoded.get("error") == "not_found":
            raise UnknownConversation(f"no conversation {cid}")
        return decoded

    async def _evaluate(self, name: str, cid: str, args: Sequence[str | int]) -> Any:
        source, digest = script(name)
        keys = self.keys.for_scripts(cid)
        argv = [cid, CONVERSATION_TTL_S * 1000, *args]
        async with loud():
            try:
                return await self.redis.evalsha(digest, len(keys), *keys, *argv)
            except NoScriptError:
                return await self.redis.eval(source, len(keys), *keys, *argv)

    async def look(self, cid: str, after: str | None, limit: int) -> Look:
        """State and entries of the same moment in one round trip; without `after` the newest entries. Raises `UnknownConversation`."""
        found = await self._evaluate("look", cid, [after or "", limit])
        if not found:
            raise UnknownConversation(f"no conversation {cid}")
        flat, rows, *queue = found
        fields = dict(zip(flat[::2], flat[1::2], strict=True))
        entries = [Entry.from_stream(entry_id, dict(zip(row[::2], row[1::2], strict=True))) for entry_id, row in rows]
        return Look(fields, entries, *(int(number) for number in queue))

    async def state(self, cid: str) -> dict[str, str]:
        """The raw state hash. Raises `UnknownConversation`."""
        async with loud():
            fields: dict[str, str] = await self.redis.hgetall(self.keys.conversation(cid))
        if not fields:
            raise UnknownConversation(f"no conversation {cid}")
        return fields

    async def read(self, cid: str, after: str | None = None, limit: int = 500) -> list[Entry]:
        """Entries after the one with id `after`, oldest first.

        Without `after` the newest `limit`."""
        key = self.keys.log(cid)
        async with loud():
            if after:
                rows = await self.redis.xrange(key, min=f"({after}", count=limit)
            else:
                rows = (await self.redis.xrevrange(key, count=limit))[::-1]
        return [Entry.from_stream(entry_id, fields) for entry_id, fields in rows]

    async def read_before(self, cid: str, before: str, limit: int = 100) -> list[Entry]:
        """The newest `limit` entries before the one with id `before`, oldest first."""
        async with loud():
            rows = await self.redis.xrevrange(self.keys.log(cid), max=f"({before}", count=limit)
        return [Entry.from_stream(entry_id, fields) for entry_id, fields in rows[::-1]]
