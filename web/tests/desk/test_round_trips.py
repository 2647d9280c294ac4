"""How often Redis is asked for a handoff and for a reply. Each write waits for the disk, and each look for somebody's write:
a trip more is milliseconds more for everybody, and is counted here instead of measured."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from ledger import BotSide, Handoff, Ledger, Reply, ShopperSide, Turn, connect
from ledger.store import script
from ledger.testing import RedisServer
from web.desk.testing import RunningDesk
from web.gateway.testing import start_gateway
from web.tests.desk.agent import Agent, agent_at
from web.tests.gateway.shopper import Shopper

ANGRY = Handoff("angry", "生气: 骗子", "complaint", 8, ["骗子"])
SCRIPTS = (
    "append",
    "begin_turn",
    "claim",
    "commit_turn",
    "hold_turn",
    "lease",
    "look",
    "mark",
    "offer",
    "open",
    "rank",
    "say",
)
SETTLES_S = 0.3
"""For what is still asked afterwards; what is counted needs no time."""


@asynccontextmanager
async def asked_about(server: RedisServer, cid: str) -> AsyncIterator[list[str]]:
    """What clients ask about a conversation meanwhile: commands, or scripts by their names."""
    redis, asked = connect(server.url), list[str]()
    for name in SCRIPTS:
        await redis.script_load(script(name)[0])
    names = {script(name)[1]: name for name in SCRIPTS}

    async def listen(started: asyncio.Event) -> None:
        async with redis.monitor() as monitor:
            started.set()
            while True:
                heard = await monitor.next_command()
                words = heard["command"].split()
                if heard["client_type"] != "lua" and f":c:{cid}" in heard["command"]:
                    asked.append(names.get(words[1], words[0]) if words[0] == "EVALSHA" else words[0])

    started = asyncio.Event()
    listening = asyncio.create_task(listen(started))
    await started.wait()
    try:
        yield asked
        await asyncio.sleep(SETTLES_S)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await redis.aclose()


async def hands_over(ledger: Ledger, cid: str) -> None:
    """As the bot does."""
    bot = BotSide(ledger, "bot-1")
    turn = await bot.begin(cid)
    assert isinstance(turn, Turn)
    upto = turn.unread[-1].id
    assert await bot.hold(cid, upto)
    await bot.commit(turn, upto, [Reply("我为您转接人工客服")], handoff=ANGRY)


async def offered(agent: Agent, ledger: Ledger, cid: str) -> None:
    """An angry shopper reaches the agent."""
    shopper = ShopperSide(ledger)
    await shopper.open(cid, "zh", "cust-1", "王晓雯")
    await shopper.say(cid, "m1", "骗子")
    await hands_over(ledger, cid)
    assert "accept_by" in await agent.sees("assigned", conversation=cid)


async def test_a_handoff_is_one_look_and_one_write_of_the_desk(
    desk: RunningDesk, ledger: Ledger, redis_server: RedisServer
) -> None:
    async with agent_at(desk, "agent1") as agent:
        await agent.on_duty()
        async with asked_about(redis_server, "c1") as asked:
            await offered(agent, ledger, "c1")
        assert [one for one in asked if one != "HGETALL"] == [
            "open", "append", "begin_turn", "hold_turn", "commit_turn", "offer",
        ]  # fmt: skip
        assert asked[: asked.index("offer")].count("HGETALL") == 1, "read once between the handoff and the offer"
        state = await ledger.state("c1")
        assert (state["skill"], state["priority"]) == ("complaint", "9"), "the offer has ranked it"
        assert state["prioritised"] == '["rule:angry"]'


async def test_who_cannot_be_offered_to_anybody_is_ranked_all_the_same(desk: RunningDesk, ledger: Ledger) -> None:
    shopper = ShopperSide(ledger)
    async with agent_at(desk, "agent1") as agent:
        await shopper.open("c1", "zh")
        await shopper.ask_for_person("c1", ANGRY)
        await agent.sees("queue", when=lambda frame: [one["priority"] for one in frame["items"]] == [9])
        async with asyncio.timeout(5):
            while "prioritised" not in (state := await ledger.state("c1")):
                await asyncio.sleep(0.02)
        assert state["priority"] == "9"


async def test_a_reply_is_one_write_and_comes_with_the_news(
    desk: RunningDesk, ledger: Ledger, redis_server: RedisServer
) -> None:
    gateway = start_gateway(redis_server.url)
    try:
        async with httpx.AsyncClient(trust_env=False) as client, agent_at(desk, "agent1") as agent:
            await agent.on_duty()
            one = await Shopper.come(gateway, client)
            async with one.socket() as socket:
                await socket.until("state", mode="bot")
                await socket.send("human")
                await agent.sees("assigned", conversation=one.cid)
                await agent.send("claim", conversation=one.cid)
                await socket.until("state", mode="human")
                await agent.send("open", conversation=one.cid)
                await agent.sees("opened", conversation=one.cid)
                await asyncio.sleep(SETTLES_S)
                async with asked_about(redis_server, one.cid) as asked:
                    await agent.send("message", conversation=one.cid, mid="m1", text="您好")
                    await socket.until("message", **{"from": "agent"})
                assert [one for one in asked if one in ("say", "look")] == ["say"]
                beside = set(asked) - {"say", "HGETALL", "XRANGE", "lease"}
                assert not beside, f"the desk's own lists and rooms read, and write nothing: {beside}"
    finally:
        gateway.stop()
