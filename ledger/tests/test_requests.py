"""What the desk asks of the bot is answered once, by one worker, in time or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ledger import Ledger
from ledger.keys import GROUP
from ledger.requests import Handler, NoAnswer, Requests
from ledger.sent import SentChanges


@asynccontextmanager
async def served(ledger: Ledger, handler: Handler, worker: str = "w1") -> AsyncIterator[None]:
    serving = asyncio.create_task(Requests(ledger).serve(worker, handler))
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def echo(cid: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"cid": cid, **body}


async def test_the_answer_comes_back(ledger: Ledger) -> None:
    async with served(ledger, echo):
        assert await Requests(ledger).ask("c1", {"what": "订单"}) == {"cid": "c1", "what": "订单"}
    assert await ledger.redis.xlen(ledger.keys.requests(0)) == 0


async def test_each_asker_gets_their_own_answer(ledger: Ledger) -> None:
    async def later_first(cid: str, body: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.05 if body["n"] == 0 else 0)
        return body

    async with served(ledger, later_first), served(ledger, later_first, "w2"):
        found = await asyncio.gather(*(Requests(ledger).ask(f"c{n}", {"n": n}) for n in range(20)))
    assert [one["n"] for one in found] == list(range(20))


async def test_one_worker_does_it(ledger: Ledger) -> None:
    done: list[str] = []

    async def note(cid: str, body: dict[str, Any]) -> dict[str, Any]:
        done.append(cid)
        return {}

    async with served(ledger, note), served(ledger, note, "w2"):
        await asyncio.gather(*(Requests(ledger).ask(f"c{n}", {}) for n in range(10)))
    assert sorted(done) == sorted(f"c{n}" for n in range(10))


class Deaf:
    """A Redis client that loses its first cancellation, as redis-py's `wait_for` may on Python 3.10."""

    def __init__(self, redis: Any) -> None:
        self._redis = redis
        self.lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._redis, name)

    async def xreadgroup(self, *args: Any, **options: Any) -> Any:
        try:
            return await self._redis.xreadgroup(*args, **options)
        except asyncio.CancelledError:
            if self.lost:
                raise
            self.lost = True
            return []


async def test_serving_ends_also_when_a_cancellation_gets_lost(ledger: Ledger) -> None:
    deaf: Any = Deaf(ledger.redis)
    serving = asyncio.create_task(Requests(Ledger(deaf, ledger.keys)).serve("w1", echo))
    await asyncio.sleep(0.1)
    serving.cancel()
    done, _ = await asyncio.wait([serving], timeout=5)
    assert done and deaf.lost


async def test_nobody_there_is_said_in_time(ledger: Ledger) -> None:
    with pytest.raises(NoAnswer) as error:
        await Requests(ledger).ask("c1", {}, timeout_s=0.1)
    assert error.value.code == "unavailable"
    assert await ledger.redis.xlen(ledger.keys.requests(0)) == 0


async def test_a_request_that_waited_too_long_is_not_carried_out(ledger: Ledger) -> None:
    """As after a desk that was killed while it waited: nobody has taken the request back."""
    fields = {"id": "r1", "cid": "c1", "timeout_ms": "20", "body": '{"what":"old"}'}
    await ledger.redis.xadd(ledger.keys.requests(0), fields)
    await asyncio.sleep(0.05)
    done: list[str] = []

    async def note(cid: str, body: dict[str, Any]) -> dict[str, Any]:
        done.append(body["what"])
        return {}

    async with served(ledger, note):
        await Requests(ledger).ask("c1", {"what": "new"})
    assert done == ["new"]
    assert await ledger.redis.xlen(ledger.keys.requests(0)) == 0


async def test_a_handler_that_breaks_is_no_answer_and_stops_nothing(ledger: Ledger) -> None:
    async def breaks_once(cid: str, body: dict[str, Any]) -> dict[str, Any]:
        if body["n"] == 1:
            raise ValueError("broken")
        return body

    async with served(ledger, breaks_once):
        with pytest.raises(NoAnswer):
            await Requests(ledger).ask("c1", {"n": 1})
        assert await Requests(ledger).ask("c1", {"n": 2}) == {"n": 2}


async def test_who_stops_finishes_what_is_under_way(ledger: Ledger) -> None:
    begun = asyncio.Event()

    async def slow(cid: str, body: dict[str, Any]) -> dict[str, Any]:
        begun.set()
        await asyncio.sleep(0.1)
        return {"done": True}

    async with served(ledger, slow):
        asked = asyncio.create_task(Requests(ledger).ask("c1", {}))
        await begun.wait()
    assert await asked == {"done": True}


async def test_answers_do_not_stay(ledger: Ledger) -> None:
    """Somebody who went away leaves an answer that goes by itself."""
    keys = ledger.keys
    await ledger.redis.xgroup_create(keys.requests(0), GROUP, id="0", mkstream=True)
    fields = {"id": "r1", "cid": "c1", "timeout_ms": "5000", "body": "{}"}
    await ledger.redis.xadd(keys.requests(0), fields)
    async with served(ledger, echo):
        await Requests(ledger).ask("c1", {})
    assert 0 < await ledger.redis.ttl(keys.answer(0, "r1")) <= 60


async def test_what_was_sent_first_under_a_key_stays(ledger: Ledger) -> None:
    sent = SentChanges(ledger)
    assert await sent.known("c1", "c1:m1:cancel") is None
    assert await sent.remember("c1", "c1:m1:cancel", {"reason": "other"}) == {"reason": "other"}
    assert await sent.remember("c1", "c1:m1:cancel", {"reason": "too_slow"}) == {"reason": "other"}
    await sent.forget("c1", "c1:m1:cancel")
    assert await sent.known("c1", "c1:m1:cancel") is None
