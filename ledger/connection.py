"""Connects to Redis: one server, or a cluster when the address starts with `redis+cluster://`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.cluster import RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import ClusterDownError, OutOfMemoryError, ReadOnlyError, ResponseError, TimeoutError
from redis.exceptions import ConnectionError as RedisConnectionError

from ledger.errors import LedgerUnavailable
from ledger.shared_connection import SharedConnection

CLUSTER = "redis+cluster://"
TIMEOUT_S = 5.0
CONNECTIONS = 64
SHARED = frozenset({"EVAL", "EVALSHA", "HGETALL", "XRANGE", "XREVRANGE"})
"""What goes over the shared connection: scripts and short readings, which may be sent twice and hold nobody up."""
READ = "XREADGROUP"
"""What waits for news, so that nothing else can go over its connection."""
AnyRedis = Redis | RedisCluster
"""Both take the same commands here."""


class OneServer(Redis):
    """A client of one server: redis-py's, but that the frequent commands share a connection."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._shared = self._another()
        self._readers: dict[tuple[Any, Any], SharedConnection] = {}

    def _another(self) -> SharedConnection:
        return SharedConnection(self.connection_pool, self.get_retry() or Retry(NoBackoff(), 0), TIMEOUT_S)

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """The answer as redis-py gives it."""
        if args[0] in SHARED:
            answer = await self._shared.ask(args)
        elif args[0] == READ:
            answer = await self._news(args)
        else:
            return await super().execute_command(*args, **options)
        read = self.response_callbacks.get(args[0])
        options.pop("keys", None)  # meant for redis-py's cache
        return read(answer, **options) if read else answer

    async def _news(self, args: Sequence[Any]) -> Any:
        """What a consumer waits for, on a connection of its own. Who waits no longer must be given nothing any more."""
        reader = args[3], args[-2]
        connection = self._readers.get(reader) or self._readers.setdefault(reader, self._another())
        try:
            return await connection.ask(args)
        except asyncio.CancelledError:
            await connection.aclose()
            raise

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Closes everything."""
        for connection in (self._shared, *self._readers.values()):
            await connection.aclose()
        await super().aclose(close_connection_pool)


def connect(url: str) -> AnyRedis:
    """A client for `url`; nothing is sent yet. A call that takes longer than five seconds fails."""
    options: dict[str, Any] = {
        "decode_responses": True,
        "socket_timeout": TIMEOUT_S,
        "socket_connect_timeout": TIMEOUT_S,
        "retry": Retry(ExponentialBackoff(cap=0.2, base=0.05), retries=2),
    }
    if url.startswith(CLUSTER):
        return RedisCluster.from_url(url.replace(CLUSTER, "redis://", 1), **options)
    # A burst waits for a free connection; redis-py's own pool would refuse it.
    pool = BlockingConnectionPool.from_url(
        url, protocol=2, health_check_interval=15, max_connections=CONNECTIONS, timeout=TIMEOUT_S, **options
    )
    return OneServer.from_pool(pool)


def connect_listener(url: str) -> Redis:
    """A client for pub/sub: any node of a cluster passes on what any other publishes."""
    return Redis.from_url(
        url.replace(CLUSTER, "redis://", 1),
        protocol=2,
        decode_responses=True,
        socket_connect_timeout=TIMEOUT_S,
        health_check_interval=15,
    )


@asynccontextmanager
async def loud() -> AsyncIterator[None]:
    """Turns what redis-py raises for a server that is away, loading, full or without a disk into `LedgerUnavailable`."""
    try:
        yield
    except (RedisConnectionError, TimeoutError, OSError, ClusterDownError, OutOfMemoryError, ReadOnlyError) as error:
        raise LedgerUnavailable(f"Redis does not answer: {error}") from error
    except ResponseError as error:
        if "MISCONF" in str(error) or "OOM" in str(error):
            raise LedgerUnavailable(f"Redis cannot write: {error}") from error
        raise
