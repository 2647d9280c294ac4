"""What those who run the gateway see."""

from __future__ import annotations

import httpx

from ledger import Ledger
from web.gateway.testing import RunningGateway
from web.tests.gateway.backstage import eventually, number
from web.tests.gateway.shopper import Shopper


async def test_health_is_ok_when_redis_answers(gateway: RunningGateway, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{gateway.url}/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_numbers_follow_what_happens(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient, shopper: Shopper
) -> None:
    async def seen(name: str) -> float:
        return await number(client, gateway, name)

    await eventually(lambda: _is(client, gateway, "connections", 0))
    counted = ('frames_in_total{type="message"}', 'frames_out_total{type="ack"}', 'errors_total{code="empty"}')
    before = [await seen(name) for name in (*counted, "append_seconds_count")]
    async with shopper.socket() as socket:
        await socket.send("message", mid="m1", text="你好")
        await socket.until("ack")
        await socket.send("message", mid="m2", text=" ")
        await socket.until("error")
        assert await seen("connections") == 1
        after = [await seen(name) for name in (*counted, "append_seconds_count")]
    assert [new - old for new, old in zip(after, before, strict=True)] == [2, 1, 1, 1]
    await eventually(lambda: _is(client, gateway, "connections", 0))
    assert await seen("redis_up") == 1


async def _is(client: httpx.AsyncClient, gateway: RunningGateway, name: str, value: float) -> bool:
    return await number(client, gateway, name) == value


async def test_metrics_are_prometheus_text(gateway: RunningGateway, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{gateway.url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "# TYPE shopdesk_gateway_append_seconds histogram" in answer.text
