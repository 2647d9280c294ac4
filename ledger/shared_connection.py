"""One connection to Redis that all calls of a process share: commands are sent as they come, and answered in that order.

redis-py takes a connection out of a pool for each command, sends in a task of its own and waits for the one answer, which costs more
of the processor than Redis takes for the command. Opening a connection (TLS, user, database) stays redis-py's.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

from hiredis import Reader, pack_command
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError,
)
from redis.exceptions import ConnectionError as RedisConnectionError

_ERRORS: dict[str, type[Exception]] = {
    "LOADING": BusyLoadingError,
    "NOAUTH": AuthenticationError,
    "NOSCRIPT": NoScriptError,
    "OOM": OutOfMemoryError,
    "READONLY": ReadOnlyError,
}


class SharedConnection:
    """Opened when it is first needed and when it was lost. A command whose answer is lost is sent again: it must bear that."""

    def __init__(self, pool: ConnectionPool, retry: Retry, timeout_s: float) -> None:
        self._pool, self._retry, self._timeout_s = pool, retry, timeout_s
        self._opening: asyncio.Task[_Wire] | None = None
        self._wire: _Wire | None = None

    async def ask(self, command: Sequence[Any]) -> Any:
        """Redis's answer. Raises redis-py's errors, `TimeoutError` for an answer that takes too long."""
        packed: bytes = pack_command(tuple(command))
        return await self._retry.call_with_retry(lambda: self._once(packed), _nothing)

    async def _once(self, packed: bytes) -> Any:
        wire = self._wire
        if wire is None or wire.lost:
            wire = await self._opened()
        return await wire.ask(packed)

    async def _opened(self) -> _Wire:
        """All who ask meanwhile wait for one try, and get its error: none waits for the tries of others before."""
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
            self._opening.add_done_callback(self._tried)
        return await asyncio.shield(self._opening)

    def _tried(self, opening: asyncio.Task[_Wire]) -> None:
        self._opening = None
        if not opening.cancelled():
            opening.exception()  # known to all who waited; when they have gone, nobody needs to know

    async def _open(self) -> _Wire:
        await self._let_go()
        connection = self._pool.make_connection()
        await connection.connect_check_health(check_health=False, retry_socket_connect=False)  # `ask` tries again
        self._wire = _Wire(connection, self._timeout_s)
        return self._wire

    async def aclose(self) -> None:
        """Closes it; what waits for an answer fails. It is opened again when it is needed."""
        if self._opening is not None:
            self._opening.cancel()
        await self._let_go()

    async def _let_go(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.aclose()


class _Wire(asyncio.Protocol):
    """An open connection, taken over from redis-py. Once it is lost it stays so."""

    def __init__(self, connection: AbstractConnection, timeout_s: float) -> None:
        self._connection, self._timeout_s = connection, timeout_s
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._reader = Reader(encoding="utf-8", replyError=_error_of)
        self._look: asyncio.TimerHandle | None = None
        assert connection._writer is not None  # it has just been opened
        self._transport = connection._writer.transport
        self._transport.set_protocol(self)

    @property
    def lost(self) -> bool:
        """Whether nothing more can be asked."""
        return bool(self._transport.is_closing())

    def ask(self, packed: bytes) -> asyncio.Future[Any]:
        """Sends a command; the answer comes in its turn."""
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append((self._loop.time() + self._timeout_s, answer))
        self._transport.write(packed)
        if self._look is None:
            self._look = self._loop.call_later(self._timeout_s, self._look_at_time)
        return answer

    def data_received(self, data: bytes) -> None:
        """One answer, several, or a piece of one."""
        self._reader.feed(data)
        while (found := self._reader.gets()) is not False:
            _, answer = self._waiting.popleft()
            if answer.done():  # whoever asked has been cancelled
                continue
            if isinstance(found, Exception):
                answer.set_exception(found)
            else:
                answer.set_result(found)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing that was asked will be answered."""
        self._fail(RedisConnectionError("the connection was lost"))

    def _look_at_time(self) -> None:
        """Gives up when the oldest question has waited too long: answers come in order, so no other would come sooner."""
        self._look = None
        if not self._waiting:
            return
        wait_s = self._waiting[0][0] - self._loop.time()
        if wait_s > 0:
            self._look = self._loop.call_later(wait_s, self._look_at_time)
            return
        self._transport.abort()
        self._fail(TimeoutError(f"no answer within {self._timeout_s} s"))

    def _fail(self, error: Exception) -> None:
        while self._waiting:
            _, answer = self._waiting.popleft()
            if not answer.done():
                answer.set_exception(error)

    async def aclose(self) -> None:
        """Closes it."""
        if self._look is not None:
            self._look.cancel()
        await self._connection.disconnect(nowait=True)


def _error_of(text: str) -> Exception:
    code, _, rest = text.partition(" ")
    return _ERRORS[code](rest) if code in _ERRORS else ResponseError(text)


async def _nothing(error: Exception) -> None:
    """There is nothing to do before the next try: a lost connection is opened anew."""
