"""Asks a bot worker for something and waits for its answer: what an agent settles about an order is decided by the bot's own code."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from redis.exceptions import ResponseError

from ledger.connection import loud
from ledger.errors import LedgerError, LedgerUnavailable
from ledger.keys import GROUP
from ledger.store import Ledger
from ledger.tasks import end

logger = logging.getLogger(__name__)
TIMEOUT_S = 10.0
BLOCK_S = 2.0
"""Less than the client's time-out of five seconds."""
LEAST_S = 0.01
ANSWER_KEPT_S = 60
MOST_KEPT = 10_000
RETRY_S = 1.0
CONCURRENCY = 16
Handler = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Given the conversation and the body of a request, its answer."""


class NoAnswer(LedgerError):
    """No worker has answered in time. Whether it was carried out is unknown: ask again with the same `mid` in the body."""

    code = "unavailable"


class Requests:
    """The channel. A request is given to one worker, once; one that is older than its time-out is not carried out any more."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def ask(self, cid: str, body: dict[str, Any], timeout_s: float = TIMEOUT_S) -> dict[str, Any]:
        """The worker's answer to a request about a conversation. Raises `NoAnswer`, `LedgerUnavailable`."""
        keys, redis = self._ledger.keys, self._ledger.redis
        shard, name = keys.shard_of(cid), secrets.token_hex(8)
        fields = {
            "id": name,
            "cid": cid,
            "timeout_ms": str(int(timeout_s * 1000)),
            "body": msgspec.json.encode(body).decode(),
        }
        async with loud():
            entry = await redis.xadd(keys.requests(shard), fields, maxlen=MOST_KEPT, approximate=True)
            answer = await self._answer(keys.answer(shard, name), time.monotonic() + timeout_s)
            if answer is None:
                await redis.xdel(keys.requests(shard), entry)
                raise NoAnswer(f"no bot worker has answered within {timeout_s:g} s")
        decoded = msgspec.json.decode(answer)
        if "answer" not in decoded:
            raise NoAnswer("the bot worker could not answer; its log says why")
        found: dict[str, Any] = decoded["answer"]
        return found

    async def _answer(self, key: str, deadline: float) -> str | None:
        while (left := deadline - time.monotonic()) > 0:
            found = await self._ledger.redis.blpop([key], timeout=max(LEAST_S, min(left, BLOCK_S)))
            if found is not None:
                return str(found[1])
        return None

    async def serve(self, worker: str, handler: Handler) -> None:
        """Answers the requests of all shards until cancelled, then finishes those under way; `worker` is its unique name."""
        serving = _Serving(self._ledger, worker, handler)
        readers = [asyncio.create_task(serving.read(shard)) for shard in range(self._ledger.keys.shards)]
        try:
            await asyncio.wait(readers)
        finally:
            await end(readers)
            await asyncio.gather(*serving.under_way, return_exceptions=True)


class _Serving:
    """One worker's part."""

    def __init__(self, ledger: Ledger, worker: str, handler: Handler) -> None:
        self._ledger, self._worker, self._handler = ledger, worker, handler
        self._places = asyncio.Semaphore(CONCURRENCY)
        self.under_way: set[asyncio.Task[None]] = set()

    async def read(self, shard: int) -> None:
        """Takes requests of one shard for ever; a Redis that is away is waited for."""
        prepared = False
        while True:
            try:
                if not prepared:
                    await self._prepare(shard)
                    prepared = True
                await self._take(shard)
            except LedgerUnavailable as error:
                logger.error("no requests can be taken: %s", error)
                prepared = False
                await asyncio.sleep(RETRY_S)
            except Exception:
                logger.exception("reading requests failed, trying again")
                prepared = False
                await asyncio.sleep(RETRY_S)

    async def _prepare(self, shard: int) -> None:
        try:
            async with loud():
                key = self._ledger.keys.requests(shard)
                await self._ledger.redis.xgroup_create(key, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def _take(self, shard: int) -> None:
        """Nothing stays pending: who asked and hears nothing asks again, with the key that makes it harmless."""
        key = self._ledger.keys.requests(shard)
        async with loud():
            rows = await self._ledger.redis.xreadgroup(
                GROUP, self._worker, {key: ">"}, count=1, block=int(BLOCK_S * 1000), noack=True
            )
        entries = rows.get(key, [[]])[0] if isinstance(rows, dict) else [e for _, found in rows or [] for e in found]
        for entry_id, fields in entries:
            await self._places.acquire()
            task = asyncio.create_task(self._look_after(shard, entry_id, fields))
            self.under_way.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self.under_way.discard(task)
        self._places.release()

    async def _look_after(self, shard: int, entry_id: str, fields: dict[str, str]) -> None:
        try:
            if await self._too_late(entry_id, fields):
                logger.warning("a request about %s came too late and is left", fields["cid"])
                return
            answer = await self._answer(fields)
            key = self._ledger.keys.answer(shard, fields["id"])
            async with loud():
                pipeline = self._ledger.redis.pipeline()
                pipeline.rpush(key, msgspec.json.encode(answer).decode())
                pipeline.expire(key, ANSWER_KEPT_S)
                await pipeline.execute()
        except LedgerUnavailable as error:
            logger.error("a request about %s could not be answered: %s", fields["cid"], error)
        finally:
            with contextlib.suppress(LedgerUnavailable):
                async with loud():
                    await self._ledger.redis.xdel(self._ledger.keys.requests(shard), entry_id)

    async def _answer(self, fields: dict[str, str]) -> dict[str, Any]:
        try:
            return {"answer": await self._handler(fields["cid"], msgspec.json.decode(fields["body"]))}
        except LedgerUnavailable:
            raise
        except Exception:
            logger.exception("a request about %s failed", fields["cid"])
            return {"failed": True}

    async def _too_late(self, entry_id: str, fields: dict[str, str]) -> bool:
        """By Redis' clock, which has stamped the request."""
        async with loud():
            seconds, micros = await self._ledger.redis.time()
        now = int(seconds) * 1000 + int(micros) // 1000
        return now - int(entry_id.split("-")[0]) >= int(fields["timeout_ms"])
