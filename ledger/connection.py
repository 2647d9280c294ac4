"""Connects to Redis: one server, or a cluster when the address starts with `redis+cluster://`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.cluster import RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ClusterDownError, OutOfMemoryError, ReadOnlyError, ResponseError, TimeoutError
from redis.exceptions import ConnectionError as RedisConnectionError

from ledger.errors import LedgerUnavailable

CLUSTER = "redis+cluster://"
TIMEOUT_S = 5.0
CONNECTIONS = 64
AnyRedis = Redis | RedisCluster
"""Both take the same commands here."""


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
    return Redis.from_pool(pool)


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
