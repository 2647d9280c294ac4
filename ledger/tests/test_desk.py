"""Claims, leases and ways back: at most one agent, nobody forgotten, everybody at the old place."""

from __future__ import annotations

import asyncio

import pytest

from ledger import DeskSide, Handoff, Ledger, NotYours, ShopperSide


async def queue_up(shopper: ShopperSide, *cids: str, priority: int = 3) -> None:
    for cid in cids:
        await shopper.open(cid, "zh")
        await shopper.ask_for_person(cid, Handoff("asked", "顾客要求人工", priority=priority))
        await asyncio.sleep(0.002)


async def test_a_waiting_conversation_has_one_winner(shopper: ShopperSide, desk: DeskSide) -> None:
    for n in range(30):
        await queue_up(shopper, f"c{n}")
        won = await asyncio.gather(*(desk.claim(f"c{n}", f"agent{a}", "x") for a in range(20)))
        assert won.count(True) == 1


async def test_many_agents_pulling_share_out_the_queue(shopper: ShopperSide, desk: DeskSide) -> None:
    await queue_up(shopper, *(f"c{n}" for n in range(30)))

    async def pull(agent: str) -> list[str]:
        mine = []
        while cid := await desk.claim_next("general", agent, agent):
            mine.append(cid)
        return mine

    taken = await asyncio.gather(*(pull(f"a{n}") for n in range(6)))
    assert sorted(cid for mine in taken for cid in mine) == sorted(f"c{n}" for n in range(30))


async def test_only_the_holder_speaks(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await queue_up(shopper, "c1")
    with pytest.raises(NotYours):
        await desk.say("c1", "a1", "小林", "m1", "您好")
    await desk.claim("c1", "a1", "小林")
    first = await desk.say("c1", "a1", "小林", "m1", "您好")
    assert (await desk.say("c1", "a1", "小林", "m1", "您好")).id == first.id
    with pytest.raises(NotYours):
        await desk.say("c1", "a2", "小周", "m1", "我来")
    await desk.note("c1", "a2", "小周", "n1", "这位顾客上周也来过")
    kinds = [(entry.kind, entry.name) for entry in await ledger.read("c1")]
    assert kinds[-2:] == [("message", "小林"), ("note", "小周")]
    state = await shopper.state("c1")
    assert (state.mode, state.agent, state.position) == ("human", "小林", None)


async def test_vanished_agent_loses_it_to_the_old_place(ledger: Ledger, shopper: ShopperSide) -> None:
    brief = DeskSide(ledger, grace_ms=40)
    await queue_up(shopper, "first", "second", "third")
    assert await brief.claim_next("general", "a1", "小林") == "first"
    while await brief.waiting("general") != ["first", "second", "third"]:
        await brief.reclaim()
        await asyncio.sleep(0.01)
    entry = (await ledger.read("first"))[-1]
    assert (entry.body["rule"], entry.body["agent"]) == ("agent_vanished", "a1")
    assert (await ledger.state("first"))["declined"] == "a1", "it is offered to others first"
    assert not await brief.renew("first", "a1")
    with pytest.raises(NotYours):
        await brief.say("first", "a1", "小林", "late", "我回来了")


async def test_agent_who_keeps_in_touch_keeps_it(ledger: Ledger, shopper: ShopperSide) -> None:
    brief, patient = DeskSide(ledger, grace_ms=1), DeskSide(ledger, grace_ms=60_000)
    await queue_up(shopper, "c1")
    await brief.claim("c1", "a1", "小林")
    assert await patient.renew("c1", "a1")
    await asyncio.sleep(0.01)
    assert await brief.reclaim() == []
    assert not await patient.renew("c1", "a2")


async def test_transfer_keeps_the_waiting_time(shopper: ShopperSide, desk: DeskSide) -> None:
    await queue_up(shopper, "early")
    await desk.claim("early", "a1", "小林")
    await shopper.open("late", "zh")
    await shopper.ask_for_person("late", Handoff("asked", "", "logistics"))
    await desk.transfer("early", "a1", "logistics", 3, "快递的问题")
    assert await desk.waiting("logistics") == ["early", "late"]
    with pytest.raises(NotYours):
        await desk.transfer("early", "a1", "logistics", 3, "")


async def test_resolve_needs_the_holder_and_closes(shopper: ShopperSide, desk: DeskSide, ledger: Ledger) -> None:
    await queue_up(shopper, "c1")
    await desk.claim("c1", "a1", "小林")
    with pytest.raises(NotYours):
        await desk.resolve("c1", "a2", "closed")
    await desk.resolve("c1", "a1", "closed", "已补发")
    assert (await shopper.state("c1")).mode == "closed"
    assert (await ledger.read("c1"))[-1].body["summary"] == "已补发"
    assert await ledger.redis.zcard(ledger.keys.leases(0)) == 0


async def test_ended_while_waiting_leaves_the_queue(shopper: ShopperSide, desk: DeskSide) -> None:
    await queue_up(shopper, "c1", "c2")
    await shopper.end("c1")
    assert await desk.waiting("general") == ["c2"]
    assert (await shopper.state("c2")).position == 1
    assert not await desk.claim("c1", "a1", "小林")
