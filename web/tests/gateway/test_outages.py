"""Things break: Redis goes, a gateway is killed or stopped. Nothing is lost, doubled or hung, and the shopper is told."""

from __future__ import annotations

import asyncio
import contextlib
import socket as network
import subprocess
import sys

import httpx
import pytest
import websockets

from ledger import Ledger, Reply, ShopperSide, Turn
from ledger.testing import RedisServer
from ledger.turns import BotSide
from web.gateway.testing import RunningGateway, start_gateway
from web.testing import ROOT
from web.tests.gateway.backstage import eventually, number
from web.tests.gateway.shopper import Shopper, Socket, identity

PATIENT = 30


async def send_until_acknowledged(socket: Socket, mid: str, text: str) -> str:
    """As a client does: sends again with the same id as long as the door says `unavailable`."""
    async with asyncio.timeout(PATIENT):
        while True:
            await socket.send("message", mid=mid, text=text)
            while (answer := await socket.next())["type"] not in ("ack", "error") or answer.get("mid") != mid:
                pass
            if answer["type"] == "ack":
                return str(answer["id"])
            assert answer["code"] == "unavailable"


async def test_redis_goes_and_comes_back_under_open_sockets(
    own_gateway: RunningGateway, own_redis: RedisServer, own_ledger: Ledger, client: httpx.AsyncClient
) -> None:
    shopper = await Shopper.come(own_gateway, client)
    async with shopper.socket() as socket, shopper.socket() as tab:
        first = await send_until_acknowledged(socket, "m1", "之前")
        await tab.until("message", mid="m1")
        own_redis.kill()
        await socket.send("message", mid="m2", text="期间")
        refusal = await socket.until("error")
        assert (refusal["code"], refusal["mid"]) == ("unavailable", "m2")
        assert refusal["message"] == "服务暂时不可用，请稍后再试。"
        for answer in (await shopper.post("message", mid="m3", text="期间"), await shopper.news()):
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        assert (await client.post(f"{own_gateway.url}/api/chat/sessions", json={})).status_code == 503
        health = await client.get(f"{own_gateway.url}/healthz")
        assert (health.status_code, health.json()["error"]["code"]) == (503, "unavailable")
        assert await number(client, own_gateway, "redis_up") == 0
        own_redis.start()
        await send_until_acknowledged(socket, "m2", "期间")
        await send_until_acknowledged(socket, "m4", "之后")
        await tab.until("message", mid="m4")
        assert [m["mid"] for m in tab.messages] == ["m1", "m2", "m4"]
        assert tab.messages[0]["id"] == first
        assert (await client.get(f"{own_gateway.url}/healthz")).status_code == 200
        assert await number(client, own_gateway, "redis_up") == 1
    log = own_gateway.log
    assert log.count("redis_away") == 1, "loud, once"
    assert log.count("redis_back") == 1
    assert "Traceback" not in log


async def test_what_was_said_while_nobody_could_be_woken_comes_after_all(
    own_gateway: RunningGateway, own_redis: RedisServer, own_ledger: Ledger, client: httpx.AsyncClient
) -> None:
    shopper = await Shopper.come(own_gateway, client)
    async with shopper.socket() as socket:
        await socket.replayed()
        await own_ledger.redis.client_kill_filter(_type="pubsub")
        await ShopperSide(own_ledger).say(shopper.cid, "m1", "没有人听见")
        async with asyncio.timeout(PATIENT):
            await socket.until("message", mid="m1")


async def test_socket_that_comes_while_redis_is_away_is_told_and_served_later(
    own_gateway: RunningGateway, own_redis: RedisServer, client: httpx.AsyncClient
) -> None:
    shopper = await Shopper.come(own_gateway, client)
    await shopper.post("message", mid="m1", text="你好")
    own_redis.kill()
    async with shopper.socket() as socket:
        assert (await socket.next())["code"] == "unavailable"
        own_redis.start()
        assert [m["mid"] for m in await socket.replayed()] == ["m1"]


async def test_gateway_starts_without_redis(own_redis: RedisServer, client: httpx.AsyncClient) -> None:
    own_redis.kill()
    gateway = start_gateway(own_redis.url)
    try:
        assert (await client.get(f"{gateway.url}/healthz")).status_code == 503
        own_redis.start()
        shopper = await Shopper.come(gateway, client)
        async with shopper.socket() as socket:
            await send_until_acknowledged(socket, "m1", "你好")
    finally:
        gateway.stop()


async def test_gateway_killed_in_the_middle_loses_and_doubles_nothing(
    own_gateway: RunningGateway, own_ledger: Ledger, client: httpx.AsyncClient
) -> None:
    shopper = await Shopper.come(own_gateway, client)
    stored: list[str] = []
    for round_ in range(3):
        async with shopper.socket() as socket:
            await socket.replayed()
            for n in range(5):
                stored.append(await send_until_acknowledged(socket, f"m{round_}-{n}", str(n)))
            await socket.send("message", mid=f"m{round_}-last", text="还没有回音")
            own_gateway.kill()
            with contextlib.suppress(websockets.ConnectionClosed):
                while True:
                    await socket.next()
        own_gateway.restart()
        async with shopper.socket(after=stored[-1]) as socket:
            missed = await socket.replayed()
            stored.append(await send_until_acknowledged(socket, f"m{round_}-last", "还没有回音"))
            assert [m["id"] for m in missed] in ([], [stored[-1]])
    assert [entry.id for entry in await own_ledger.read(shopper.cid)] == stored
    async with shopper.socket() as socket:
        assert [m["id"] for m in await socket.replayed()] == stored


async def test_two_gateways_are_one_door(
    own_gateway: RunningGateway, own_redis: RedisServer, own_ledger: Ledger, client: httpx.AsyncClient
) -> None:
    second = start_gateway(
        own_redis.url,
        SHOPDESK_SECRET=own_gateway.secret,
        SHOPDESK_IDENTITY_SECRET=own_gateway.identity_secret,
    )
    try:
        shopper = await Shopper.come(own_gateway, client, identity=identity(own_gateway))
        async with shopper.socket() as here, shopper.socket(gateway=second) as there:
            await there.replayed()
            first = await send_until_acknowledged(here, "m1", "从这里")
            await there.until("message", mid="m1")
            assert await send_until_acknowledged(there, "m1", "从这里") == first
            await send_until_acknowledged(there, "m2", "从那里")
            await here.until("message", mid="m2")
            bot = BotSide(own_ledger, "w1")
            turn = await bot.begin(shopper.cid)
            assert isinstance(turn, Turn)
            await bot.commit(turn, turn.unread[-1].id, [Reply("您好")])
            for socket in (here, there):
                await socket.until("message", **{"from": "bot"})
                assert [m.get("mid") for m in socket.messages] == ["m1", "m2", None]
            await here.send("human")
            await there.until("state", mode="waiting")
            own_gateway.kill()
            await send_until_acknowledged(there, "m3", "还在吗")
    finally:
        second.stop()


async def test_stop_says_goodbye_ends_waiting_and_is_quick(
    own_gateway: RunningGateway, client: httpx.AsyncClient
) -> None:
    shopper = await Shopper.come(own_gateway, client)
    idle = network.create_connection(("127.0.0.1", own_gateway.port))
    half = network.create_connection(("127.0.0.1", own_gateway.port))
    half.sendall(b"POST /api/chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
    with idle, half:
        async with shopper.socket() as socket, shopper.socket() as tab:
            await socket.replayed()
            await tab.replayed()
            poll = asyncio.create_task(shopper.news(wait=25))
            await eventually(lambda: _waiting(client, own_gateway))
            stopping = asyncio.create_task(asyncio.to_thread(own_gateway.terminate))
            assert await socket.closed() == 1001
            assert await tab.closed() == 1001
            assert (await poll).json() == {"messages": [], "state": {"type": "state", "mode": "bot"}}
            assert await stopping < 3
    own_gateway.restart()
    async with shopper.socket() as socket:
        assert await socket.replayed() == []


async def _waiting(client: httpx.AsyncClient, gateway: RunningGateway) -> bool:
    return await number(client, gateway, "long_polls") == 1


async def test_stop_is_quick_while_redis_is_away(
    own_gateway: RunningGateway, own_redis: RedisServer, client: httpx.AsyncClient
) -> None:
    shopper = await Shopper.come(own_gateway, client)
    own_redis.kill()
    async with shopper.socket() as socket:
        await socket.until("error")
        assert await asyncio.to_thread(own_gateway.terminate) < 3


async def test_logs_hold_no_words_tokens_names_or_addresses(
    own_gateway: RunningGateway, own_redis: RedisServer, client: httpx.AsyncClient
) -> None:
    shopper = await Shopper.come(own_gateway, client, identity=identity(own_gateway, "customer-17"))
    async with shopper.socket() as socket:
        await socket.send("message", mid="m1", text="我的电话是13800138000")
        await socket.until("ack")
        await socket.ws.send('{"type":"message","text":"我的电话是13800138000"')
        await socket.until("error")
    async with Socket(f"{own_gateway.socket_url}?token=forged-token") as socket:
        await socket.closed()
    own_redis.kill()
    await shopper.post("message", mid="m2", text="我的电话是13800138000")
    own_gateway.terminate()
    log = own_gateway.log
    assert "socket_opened conversation=" in log
    for secret in ("13800138000", shopper.token, "forged-token", "林小满", "customer-17", own_gateway.secret):
        assert secret not in log
    assert all(line[:4].isdigit() for line in log.splitlines()), "one line each"


@pytest.mark.parametrize(
    ("env", "code", "line"),
    [
        ({}, 2, "gateway: SHOPDESK_SECRET is not set: put a long random text there"),
        (
            {"SHOPDESK_SECRET": "x" * 32, "SHOPDESK_IDENTITY_SECRET": "y" * 32, "GATEWAY_PORT": "taken"},
            1,
            "cannot listen on",
        ),
    ],
)
def test_wrong_start_is_one_clear_line(env: dict[str, str], code: int, line: str) -> None:
    with network.create_server(("127.0.0.1", 0)) as taken:
        env = {name: value.replace("taken", str(taken.getsockname()[1])) for name, value in env.items()}
        ended = subprocess.run(
            [sys.executable, "-m", "web.gateway"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=20
        )
    assert ended.returncode == code
    assert line in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
