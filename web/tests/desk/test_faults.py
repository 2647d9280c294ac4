"""What breaks: desks and gateways that are killed, Redis that goes away, browsers that do not read, clocks that run out."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import websockets

from ledger import DeskSide, Handoff, Ledger, ShopperSide, connect
from ledger.testing import RedisServer
from web.desk.testing import RunningDesk, start_desk
from web.gateway.testing import RunningGateway, start_gateway
from web.tests.desk.agent import PATIENCE_S, Agent, agent_at, cookie_of
from web.tests.desk.conftest import rules_with
from web.tests.gateway.shopper import Shopper, Socket

AWAY_S = 30
ASKED = Handoff("asked", "顾客要求人工", "orders", 3)


class Place:
    """A Redis of its own, with as many desks and gateways as a test wants."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self.folder, self._stack = folder, stack
        self.redis = RedisServer(folder / "redis").start()
        stack.callback(self.redis.stop)

    def gateway(self) -> RunningGateway:
        """One more gateway; all read each other's tokens."""
        gateway = start_gateway(self.redis.url, SHOPDESK_SECRET="s" * 40)
        self._stack.callback(gateway.stop)
        return gateway

    def desk(self, grace_s: str = "3", **rules: str) -> RunningDesk:
        """One more desk; all have the same database and password."""
        env = {"DESK_GRACE_S": grace_s, "SHOPDESK_DEMO_PASSWORD": "one-for-all-desks"}
        env["SHOPDESK_DESK_RULES"] = str(rules_with(self.folder / "desk.yml", **rules))
        desk = start_desk(self.redis.url, self.folder, **env)
        self._stack.callback(desk.stop)
        return desk

    async def ledger(self) -> Ledger:
        """The ledger as another process sees it."""
        redis = connect(self.redis.url)
        self._stack.push_async_callback(redis.aclose)
        return Ledger(redis)


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        yield Place(tmp_path, stack)


async def takes(agent: Agent, cid: str) -> None:
    """The agent accepts what is offered."""
    await agent.sees("assigned", conversation=cid)
    await agent.send("claim", conversation=cid)
    await agent.sees("assigned", conversation=cid, when=lambda frame: "accept_by" not in frame)
    await agent.send("open", conversation=cid)
    await agent.sees("opened", conversation=cid)


async def test_killed_desk_loses_no_conversation_and_another_one_dispatches(place: Place) -> None:
    first, second = place.desk(), place.desk()
    ledger = await place.ledger()
    shopper = ShopperSide(ledger)
    for cid in ("c1", "c2"):
        await shopper.open(cid, "zh")
    async with agent_at(first, "agent1") as agent, agent_at(second, "agent2") as other:
        await agent.on_duty()
        await shopper.ask_for_person("c1", ASKED)
        await takes(agent, "c1")
        await agent.send("message", conversation="c1", mid="m1", text="您好")
        await agent.sees("ack", mid="m1")
        first.kill()
        await other.on_duty()
        await shopper.ask_for_person("c2", ASKED)
        await takes(other, "c2")
        async with agent_at(second, "agent1") as again:
            mine = await again.sees("mine")
            assert [item["conversation"] for item in mine["items"]] == ["c1"], "still theirs, at the other desk"
            await again.send("message", conversation="c1", mid="m2", text="我回来了")
            await again.sees("ack", mid="m2")
    said = [entry.body["text"] for entry in await ledger.read("c1") if entry.kind == "message"]
    assert said == ["您好", "我回来了"]


async def test_who_does_not_come_back_loses_it_to_a_colleague_at_another_desk(place: Place) -> None:
    first, second = place.desk(), place.desk()
    shopper = ShopperSide(await place.ledger())
    await shopper.open("c1", "zh")
    async with agent_at(first, "agent1") as agent, agent_at(second, "agent2") as other:
        await agent.on_duty()
        await shopper.ask_for_person("c1", ASKED)
        await takes(agent, "c1")
        await other.on_duty()
        first.kill()
        await takes(other, "c1")
    assert (await shopper.state("c1")).agent == "客服二号"


async def test_killed_gateway_loses_nothing(place: Place) -> None:
    desk, gateways = place.desk(), [place.gateway(), place.gateway()]
    async with httpx.AsyncClient(trust_env=False) as client, agent_at(desk, "agent1") as agent:
        await agent.on_duty()
        one = await Shopper.come(gateways[0], client)
        async with one.socket() as socket:
            await socket.send("human")
            await takes(agent, one.cid)
            await socket.until("state", mode="human")
            last = socket.messages[-1]["id"]
            gateways[0].kill()
        await agent.send("message", conversation=one.cid, mid="m1", text="还在吗")
        await agent.sees("ack", mid="m1")
        async with one.socket(last, gateways[1]) as again:
            got = [message async for message in _messages(again, 1)]
            assert [message["body"]["text"] for message in got] == ["还在吗"]
            await again.send("message", mid="s1", text="在的")
            await agent.sees("message", when=lambda frame: frame["body"].get("text") == "在的")


async def _messages(socket: Socket, count: int) -> AsyncIterator[dict[str, Any]]:
    for _ in range(count):
        yield await socket.until("message")


async def test_redis_goes_away_and_comes_back(place: Place) -> None:
    """Both doors say so, nobody is thrown out, and everything goes on where it was: also leases that ran out meanwhile."""
    desk, gateway = place.desk(), place.gateway()
    async with httpx.AsyncClient(trust_env=False) as client, agent_at(desk, "agent1") as agent:
        await agent.on_duty()
        one = await Shopper.come(gateway, client)
        async with one.socket() as socket:
            await socket.send("human")
            await takes(agent, one.cid)
            await socket.until("state", mode="human")
            place.redis.kill()
            assert not (await agent.sees("ledger"))["up"]
            await agent.send("message", conversation=one.cid, mid="m1", text="收到")
            assert (await agent.sees("error", mid="m1"))["code"] == "unavailable"
            await socket.send("message", mid="s1", text="还在吗")
            assert (await socket.until("error"))["code"] == "unavailable"
            await asyncio.sleep(AWAY_S)
            place.redis.start()
            await agent.sees("ledger", up=True)
            await agent.send("message", conversation=one.cid, mid="m1", text="收到")
            await agent.sees("ack", mid="m1")
            assert (await socket.until("message"))["body"]["text"] == "收到"
            await socket.send("message", mid="s1", text="还在吗")
            await agent.sees("message", when=lambda frame: frame["body"].get("text") == "还在吗")
    entries = await (await place.ledger()).read(one.cid)
    assert [entry.body["rule"] for entry in entries if entry.kind == "mode"][-1] == "claimed"
    assert all(entry.kind != "notice" for entry in entries), "nobody was told that nobody is there"


async def test_browser_that_does_not_read_slows_nobody_else(place: Place) -> None:
    """It asks for a long conversation again and again and takes nothing: it is dropped, and a colleague notices nothing."""
    desk, ledger = place.desk(), await place.ledger()
    shopper, side = ShopperSide(ledger), DeskSide(ledger)
    await shopper.open("c1", "zh")
    cookie = {"Cookie": await cookie_of(desk, "agent2")}
    connection = websockets.connect(desk.socket_url, additional_headers=cookie, proxy=None, max_queue=1)
    async with agent_at(desk, "agent1") as agent, connection as stuck:
        await agent.on_duty()
        await shopper.ask_for_person("c1", ASKED)
        await takes(agent, "c1")
        await asyncio.gather(*(side.note("c1", "agent2", "x", f"n{n}", "长" * 2000) for n in range(200)))
        stuck.transport.pause_reading()
        for _ in range(20):
            await stuck.send(json.dumps({"type": "open", "conversation": "c1"}))
        took = []
        for n in range(20):
            began = time.monotonic()
            await agent.send("message", conversation="c1", mid=f"m{n}", text="您好")
            await agent.sees("ack", mid=f"m{n}")
            took.append(time.monotonic() - began)
        async with asyncio.timeout(PATIENCE_S):
            while "slow_reader_dropped agent=agent2" not in desk.log:
                await asyncio.sleep(0.05)
        assert statistics.median(took) < 1.0
        stuck.transport.abort()


@pytest.mark.parametrize("clock", ["first_response", "round"])
async def test_clock_warns_then_breaks_and_both_are_recorded(place: Place, clock: str) -> None:
    desk = place.desk(first_response_s="4", round_s="4", warn_at="50")
    ledger = await place.ledger()
    shopper = ShopperSide(ledger)
    await shopper.open("c1", "zh")
    async with agent_at(desk, "agent1") as agent:
        await agent.on_duty()
        await shopper.ask_for_person("c1", ASKED)
        await takes(agent, "c1")
        if clock == "round":
            await agent.send("message", conversation="c1", mid="m1", text="您好")
            await agent.sees("ack", mid="m1")
            await shopper.say("c1", "s1", "怎么还没退款")
        await agent.sees("state", when=lambda frame: frame["state"].get("clock", {}).get("state") == "breach")
        kinds = [
            (entry.body["clock"], entry.body["event"]) for entry in await ledger.read("c1") if entry.kind == "clock"
        ]
        assert kinds == [(clock, "warning"), (clock, "breach")]
        since = len(agent.frames)
        await agent.send("message", conversation="c1", mid="m2", text="来了")
        await agent.sees("state", since, when=lambda frame: "clock" not in frame["state"])
