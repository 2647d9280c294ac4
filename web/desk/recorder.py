"""Takes what is to be kept for good out of the ledger: closed conversations, ratings, and the audit trail.

An entry is acknowledged only when it is in SQL; those of a desk that died are taken over by another. While the database or Redis is
away, the recorder says so and waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from redis.exceptions import ResponseError
from sqlalchemy import insert, select

from ledger import Ledger, LedgerUnavailable, UnknownConversation
from ledger.connection import loud
from web.desk.audit import clip, short
from web.desk.database import Database, DatabaseUnavailable
from web.desk.keeping import Keeping
from web.desk.tables import AuditRow

logger = logging.getLogger(__name__)
GROUP = "desk"
BLOCK_MS = 2_000
BATCH = 32
ABANDONED_MS = 60_000
LOOK_EVERY_S = 20.0
RETRY_S = 1.0
PATIENCE = 5
BOT = "bot"


class _Entry(NamedTuple):
    key: str
    id: str
    fields: Mapping[str, str]


class Recorder:
    """One desk's recorder; `name` is unique among all desks."""

    def __init__(self, ledger: Ledger, database: Database, name: str, abandoned_ms: int = ABANDONED_MS) -> None:
        self._ledger, self._database, self._name, self._abandoned_ms = ledger, database, name, abandoned_ms
        self._keeping = Keeping(database, ledger)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins to read every shard."""
        shards = range(self._ledger.keys.shards)
        self._tasks = [asyncio.create_task(self._follow(shard), name=f"recorder-{shard}") for shard in shards]

    async def stop(self) -> None:
        """Ends between two entries, or in the middle of one, which then stays unacknowledged."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _follow(self, shard: int) -> None:
        streams = [self._ledger.keys.records(shard), self._ledger.keys.audit(shard)]
        look_again = 0.0
        while True:
            try:
                now = asyncio.get_running_loop().time()
                if now >= look_again:
                    await self._prepare(streams)
                    for key in streams:
                        await self._take(await self._abandoned(key))
                    look_again = now + LOOK_EVERY_S
                await self._take(await self._new(streams))
            except (LedgerUnavailable, DatabaseUnavailable) as error:
                logger.error("recorder_waits shard=%s why=%s", shard, error)
                await asyncio.sleep(RETRY_S)
                look_again = 0.0
            except Exception as error:
                if not (
                    isinstance(error, ResponseError) and "NOGROUP" in str(error)
                ):  # which is a Redis that was emptied
                    logger.error("recorder_stumbled shard=%s", shard, exc_info=error)
                    await asyncio.sleep(RETRY_S)
                look_again = 0.0

    async def _take(self, entries: list[_Entry]) -> None:
        for entry in entries:
            try:
                await self._keep_patiently(entry)
            except Exception as error:
                # Left unacknowledged: it is tried again, and said again, until somebody has mended what is wrong.
                logger.error("not_recorded stream=%s entry=%s", entry.key, entry.id, exc_info=error)

    async def _keep_patiently(self, entry: _Entry) -> None:
        """Waits where the database or Redis is away; an entry that alone fails again and again holds the others up no longer."""
        failures = 0
        while True:
            try:
                return await self._keep(entry)
            except LedgerUnavailable as error:
                logger.error("recorder_waits stream=%s why=%s", entry.key, error)
            except DatabaseUnavailable as error:
                logger.error("recorder_waits stream=%s why=%s", entry.key, error)
                failures += await self._answers()
                if failures >= PATIENCE:
                    raise
            await asyncio.sleep(RETRY_S)

    async def _answers(self) -> bool:
        try:
            await self._database.ping()
        except DatabaseUnavailable:
            return False
        return True

    async def _keep(self, entry: _Entry) -> None:
        if "cid" in entry.fields:
            try:
                await self._keeping.keep(entry.fields["cid"])
            except UnknownConversation:
                logger.warning("nothing_to_record conversation=%s: it has expired", entry.fields["cid"])
        else:
            await self._copy_audit(entry)
        async with loud():
            pipeline = self._ledger.redis.pipeline(transaction=False)  # one write to the disk
            pipeline.xack(entry.key, GROUP, entry.id)
            if "cid" in entry.fields:
                pipeline.xdel(entry.key, entry.id)
            await pipeline.execute()

    async def _copy_audit(self, entry: _Entry) -> None:
        source = f"{entry.key}:{entry.id}"[-64:]
        fields = dict(entry.fields)
        conversation = fields.pop("conversation", None)
        what = fields.pop("action", None) or fields.pop("what", None) or "change"
        who = fields.pop("by", None) or BOT
        at = datetime.fromtimestamp(int(entry.id.split("-")[0]) / 1000, UTC)
        async with self._database.begin() as session:
            if await session.scalar(select(AuditRow.id).where(AuditRow.source == source)) is None:
                row: dict[str, Any] = {"at": at, "who": clip(who), "what": clip(what), "source": source}
                row |= {"conversation": clip(conversation) if conversation else None, "detail": short(fields)}
                await session.execute(insert(AuditRow).values(row))

    async def _prepare(self, streams: list[str]) -> None:
        for key in streams:
            try:
                async with loud():
                    await self._ledger.redis.xgroup_create(key, GROUP, id="0", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise

    async def _new(self, streams: list[str]) -> list[_Entry]:
        async with loud():
            rows = await self._ledger.redis.xreadgroup(
                GROUP, self._name, dict.fromkeys(streams, ">"), count=BATCH, block=BLOCK_MS
            )
        found = rows.items() if isinstance(rows, dict) else rows or []
        return [
            _Entry(key, entry_id, fields)
            for key, entries in found
            for entry_id, fields in (entries[0] if isinstance(rows, dict) and entries else entries)
        ]

    async def _abandoned(self, key: str) -> list[_Entry]:
        found: list[_Entry] = []
        start = "0-0"
        while True:
            async with loud():
                start, rows, *_ = await self._ledger.redis.xautoclaim(
                    key, GROUP, self._name, min_idle_time=self._abandoned_ms, start_id=start, count=BATCH
                )
            found += [_Entry(key, entry_id, fields) for entry_id, fields in rows if fields]
            if start in ("0-0", b"0-0"):
                return found
