"""The agents' door over a real socket: offers, claims, talking, passing on, ending; and who may not."""

from __future__ import annotations

import asyncio

import httpx
import msgspec
import pytest
import websockets

from ledger import Handoff, Ledger, ShopperSide
from web.desk.testing import RunningDesk
from web.tests.desk.agent import Agent, agent_at, cookie_of

ASKED = Handoff("asked", "顾客要求人工", "orders", 3, ["转人工"], {"order": "20261120000042"})
ANGRY = Handoff("angry", "生气: 骗子", "complaint", 8, ["骗子"])


async def waits(shopper: ShopperSide, cid: str, handoff: Handoff = ASKED, lang: str = "zh", customer: str = "") -> None:
    await shopper.open(cid, lang, customer, "王晓雯" if customer else "")
    await shopper.ask_for_person(cid, handoff)


async def serves(agent: Agent, shopper: ShopperSide, cid: str = "c1") -> None:
    """A conversation that the agent has taken and has open."""
    await waits(shopper, cid)
    await agent.send("claim", conversation=cid)
    await agent.sees("assigned", conversation=cid, when=lambda frame: "accept_by" not in frame)
    await agent.send("open", conversation=cid)
    await agent.sees("opened", conversation=cid)


async def test_only_who_is_signed_in_comes_in(desk: RunningDesk) -> None:
    async with websockets.connect(desk.socket_url, proxy=None) as socket:
        frame = msgspec.json.decode(await socket.recv())
        assert (frame["type"], frame["code"]) == ("error", "unauthorized")
        with pytest.raises(websockets.ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 4401


async def test_page_of_another_site_is_refused(desk: RunningDesk) -> None:
    cookie = await cookie_of(desk, "agent1")
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(
            desk.socket_url, origin="https://evil.example", additional_headers={"Cookie": cookie}, proxy=None
        )  # type: ignore[call-overload]
    assert refused.value.response.status_code == 403
    async with httpx.AsyncClient(base_url=desk.url, trust_env=False) as client:
        answer = await client.post("/api/logout", headers={"Cookie": cookie, "Origin": "https://evil.example"})
    assert answer.json()["error"]["code"] == "forbidden_origin"


async def test_signing_out_elsewhere_is_noticed_by_requests(desk: RunningDesk) -> None:
    async with httpx.AsyncClient(base_url=desk.url, trust_env=False) as client:
        cookie = {"Cookie": await cookie_of(desk, "agent1")}
        assert (await client.get("/api/desk/tags", headers=cookie)).status_code == 200
        assert (await client.post("/api/logout", headers=cookie)).status_code == 204
        assert (await client.get("/api/desk/tags", headers=cookie)).status_code == 401


async def test_offer_is_accepted_talked_in_and_handed_back(
    desk: RunningDesk, ledger: Ledger, shopper: ShopperSide
) -> None:
    async with agent_at(desk, "agent1") as agent:
        await agent.on_duty()
        await waits(shopper, "c1", ANGRY, customer="cust-1")
        offer = await agent.sees("assigned", conversation="c1")
        assert "accept_by" in offer
        assert offer["why"]["rule"] == "least_loaded"
        assert (offer["reason"], offer["context"]["evidence"]) == ("生气: 骗子", ["骗子"])
        await agent.send("claim", conversation="c1")
        await agent.sees("assigned", conversation="c1", when=lambda frame: "accept_by" not in frame)
        await agent.send("open", conversation="c1")
        opened = await agent.sees("opened", conversation="c1")
        assert opened["state"]["agent"] == {"username": "agent1", "name": "客服一号"}
        assert opened["state"]["name"] == "王**"
        await agent.send("message", conversation="c1", mid="m1", text="您好，我是客服一号")
        ack = await agent.sees("ack", mid="m1")
        assert (await agent.sees("message", id=ack["id"]))["body"] == {"text": "您好，我是客服一号"}
        await shopper.say("c1", "s1", "什么时候退款")
        await agent.sees("message", kind="message", when=lambda frame: frame["from"] == "shopper")
        await agent.send(
            "resolve", conversation="c1", to="bot", summary="今天退款", category="payment", solution="已退"
        )
        assert (await agent.sees("released", conversation="c1"))["why"] == "resolved"
    state = await ledger.state("c1")
    assert state["mode"] == "bot"
    assert msgspec.json.decode(state["agreed"])["summary"] == "今天退款"


async def test_resend_is_harmless(desk: RunningDesk, ledger: Ledger, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent:
        await serves(agent, shopper)
        for _ in range(3):
            await agent.send("message", conversation="c1", mid="same", text="您好")
        await agent.send("message", conversation="c1", mid="other", text="在的")
        await agent.sees("ack", mid="other")
    said = [entry.body["text"] for entry in await ledger.read("c1") if entry.kind == "message"]
    assert said == ["您好", "在的"]


async def test_unanswered_offer_goes_to_the_next_and_the_missing_agent_is_set_away(
    desk: RunningDesk, shopper: ShopperSide
) -> None:
    async with agent_at(desk, "agent1") as first, agent_at(desk, "agent2") as second:
        await first.on_duty()
        await second.on_duty()
        await waits(shopper, "c1")
        one = await first.sees("assigned", conversation="c1")
        assert "accept_by" in one
        assert (await first.sees("released", conversation="c1"))["why"] == "offer_over"
        await second.sees("assigned", conversation="c1")
        await second.send("claim", conversation="c1")
        await second.sees("assigned", conversation="c1", when=lambda frame: "accept_by" not in frame)
        await waits(shopper, "c2")
        await first.sees("assigned", conversation="c2")
        await first.sees("agents", when=lambda frame: first.status_in(frame) == "away")


async def test_declined_is_offered_to_a_colleague_at_once(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as first, agent_at(desk, "agent2") as second:
        await first.on_duty()
        await second.on_duty()
        await waits(shopper, "c1")
        await first.sees("assigned", conversation="c1")
        await first.send("decline", conversation="c1")
        await second.sees("assigned", conversation="c1")
        assert (await first.sees("released", conversation="c1"))["why"] == "offer_over"


async def test_two_claims_have_one_winner(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as first, agent_at(desk, "agent2") as second:
        for n in range(10):
            await waits(shopper, f"c{n}")
            await asyncio.gather(*(one.send("claim", conversation=f"c{n}") for one in (first, second)))

            async def outcome(one: Agent, cid: str = f"c{n}") -> str:
                frame = await one.sees_any(("assigned", "error"), cid)
                return str(frame["type"])

            assert sorted(await asyncio.gather(outcome(first), outcome(second))) == ["assigned", "error"]
        assert {f["code"] for one in (first, second) for f in one.frames if f["type"] == "error"} == {"taken"}


async def test_only_the_holder_talks(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as first, agent_at(desk, "agent2") as second:
        await serves(first, shopper)
        await second.send("message", conversation="c1", mid="m1", text="我也来说一句")
        assert (await second.sees("error"))["code"] == "not_yours"
        await second.send("resolve", conversation="c1", to="closed")
        await second.sees("error", len(second.frames), code="not_yours")


async def test_notes_mention_and_whisper_stay_inside(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with (
        agent_at(desk, "agent1") as agent,
        agent_at(desk, "agent2") as other,
        agent_at(desk, "supervisor") as boss,
    ):
        await serves(agent, shopper)
        await other.on_duty()
        await agent.send("note", conversation="c1", text="请看一下这单", to=["agent2", "nobody"])
        mention = await other.sees("mention", conversation="c1")
        assert (mention["from"], mention["text"]) == ("agent1", "请看一下这单")
        await boss.send("note", conversation="c1", text="先道歉", whisper=True)
        assert (await agent.sees("mention", conversation="c1", whisper=True))["name"] == "主管"
        note = await agent.sees("message", kind="note", when=lambda frame: frame["body"].get("whisper") is True)
        assert note["body"]["text"] == "先道歉"
        await other.send("note", conversation="c1", text="我是主管", whisper=True)
        assert (await other.sees("error"))["code"] == "forbidden"


async def test_who_looks_and_who_types_is_seen(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent, agent_at(desk, "agent2") as other:
        await serves(agent, shopper)
        await other.send("open", conversation="c1")
        await agent.sees(
            "looking", when=lambda frame: [one["username"] for one in frame["agents"]] == ["agent1", "agent2"]
        )
        await other.send("typing", conversation="c1")
        await agent.sees("typing", name="客服二号")
        await shopper.typing("c1")
        await agent.sees("typing", when=lambda frame: frame["from"] == "shopper")
        since = len(agent.frames)
        await other.leave()
        await agent.sees(
            "looking", since, when=lambda frame: [one["username"] for one in frame["agents"]] == ["agent1"]
        )


async def test_passed_on_to_a_colleague(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent, agent_at(desk, "agent2") as other:
        await serves(agent, shopper)
        await other.on_duty()
        await agent.send("transfer", conversation="c1", to="agent2", comment="英文顾客")
        assert (await agent.sees("released", conversation="c1"))["why"] == "transferred"
        offer = await other.sees("assigned", conversation="c1")
        assert offer["context"]["passed"]["comment"] == "英文顾客"
        assert offer["context"]["rule"] == "asked", "why a person was asked for is still told"


@pytest.mark.parametrize("to", ["nobody", "trainer", "agent1"])
async def test_cannot_be_passed_on_to_nobody(desk: RunningDesk, shopper: ShopperSide, to: str) -> None:
    async with agent_at(desk, "agent1") as agent:
        await serves(agent, shopper)
        await agent.send("transfer", conversation="c1", to=to, comment="")
        assert (await agent.sees("error"))["code"] == "unknown_target"
        assert (await shopper.state("c1")).mode == "human"


async def test_closed_is_opened_again_within_a_day(desk: RunningDesk, ledger: Ledger, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent:
        await serves(agent, shopper)
        await agent.send("resolve", conversation="c1", to="closed", category="goods")
        await agent.sees("released", conversation="c1")
        since = len(agent.frames)
        await agent.send("reopen", conversation="c1")
        await agent.sees("assigned", since, conversation="c1")
        await agent.send("resolve", conversation="c1", to="closed")
        await agent.sees("released", since, conversation="c1")
        await ledger.redis.hincrby(ledger.keys.conversation("c1"), "mode_at", -25 * 3600 * 1000)
        await agent.send("reopen", conversation="c1")
        assert (await agent.sees("error"))["code"] == "too_late"


async def test_going_offline_gives_everything_back(desk: RunningDesk, ledger: Ledger, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent, agent_at(desk, "agent2") as other:
        await serves(agent, shopper)
        queued_at = (await ledger.state("c1"))["queued_at"]
        await agent.send("presence", status="offline")
        assert (await agent.sees("released", conversation="c1"))["why"] == "offline"
        await other.on_duty()
        await other.sees("assigned", conversation="c1")
        assert (await ledger.state("c1"))["queued_at"] == queued_at, "at its old place"


async def test_reload_of_the_page_keeps_everything(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent:
        await agent.on_duty()
        await serves(agent, shopper)
        agent.cut()
    async with agent_at(desk, "agent1") as again:
        mine = await again.sees("mine")
        assert [item["conversation"] for item in mine["items"]] == ["c1"]
        hello = await again.sees("hello")
        assert again.status_in(hello) == "online", "the status that was chosen outlives a reload"


async def test_who_vanishes_loses_it_to_the_queue(desk: RunningDesk, ledger: Ledger, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent2") as other:
        async with agent_at(desk, "agent1") as agent:
            await agent.on_duty()
            await serves(agent, shopper)
            agent.cut()
        await other.on_duty()
        await other.sees("assigned", conversation="c1")
    rules = [entry.body.get("rule") for entry in await ledger.read("c1") if entry.kind == "mode"]
    assert rules[-1] == "agent_vanished"


async def test_nobody_on_duty_is_told_and_so_is_the_return(
    desk: RunningDesk, ledger: Ledger, shopper: ShopperSide
) -> None:
    await waits(shopper, "c1")
    async with asyncio.timeout(10):
        while not (await shopper.state("c1")).away:
            await asyncio.sleep(0.05)
    await shopper.contact("c1", "13800001234")
    async with agent_at(desk, "agent1") as agent:
        queue = await agent.sees("queue", when=lambda frame: bool(frame["items"]))
        assert (queue["items"][0]["away"], queue["items"][0].get("contact")) == (True, True)
        await agent.on_duty()
        await agent.sees("assigned", conversation="c1")
    assert not (await shopper.state("c1")).away
    notices = [entry.body["notice"] for entry in await ledger.read("c1") if entry.kind == "notice"]
    assert notices == ["away", "back"]


async def test_supervisor_takes_over_and_reassigns(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent, agent_at(desk, "supervisor") as boss:
        await serves(agent, shopper)
        await agent.send("take_over", conversation="c1")
        assert (await agent.sees("error"))["code"] == "forbidden"
        await boss.send("take_over", conversation="c1")
        await boss.sees("assigned", conversation="c1")
        assert (await agent.sees("released", conversation="c1"))["why"] == "taken_over"
        await agent.on_duty()
        since = len(agent.frames)
        await boss.send("reassign", conversation="c1", to="agent1", comment="你继续")
        await agent.sees("assigned", since, conversation="c1")
        assert (await boss.sees("released", conversation="c1"))["why"] == "reassigned"


async def test_board_shows_the_floor_to_supervisors_only(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent, agent_at(desk, "supervisor") as boss:
        await agent.send("board", on=True)
        assert (await agent.sees("error"))["code"] == "forbidden"
        await serves(agent, shopper)
        await waits(shopper, "c2", ANGRY)
        await boss.send("board", on=True)
        board = await boss.sees("board", when=lambda frame: frame["queue"]["total"] == 1 and frame["held"] == 1)
        assert board["queue"]["by_skill"] == {"complaint": 1}
        assert board["moods"]["angry"] == 1
        row = next(one for one in board["agents"] if one["username"] == "agent1")
        assert (row["load"], row["conversations"]) == (1, ["c1"])


async def test_trainer_looks_but_does_not_speak(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent, agent_at(desk, "trainer") as trainer:
        await serves(agent, shopper)
        await trainer.send("open", conversation="c1")
        await trainer.sees("opened", conversation="c1")
        await trainer.send("claim", conversation="c1")
        assert (await trainer.sees("error"))["code"] == "forbidden"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("nonsense", "bad_frame"),
        ('{"type":"dance"}', "bad_frame"),
        ('{"type":"claim"}', "bad_frame"),
        ('{"type":"claim","conversation":"no such one"}', "bad_frame"),
        ('{"type":"claim","conversation":"nosuchone"}', "not_found"),
        ('{"type":"presence","status":"asleep"}', "bad_frame"),
        ('{"type":"note","conversation":"c1","text":"  "}', "empty"),
        ('{"type":"message","conversation":"c1","mid":"m"}', "empty"),
        ('{"type":"message","conversation":"c1","mid":"m","image":"aaaa"}', "not_found"),
        ('{"type":"resolve","conversation":"c1","to":"closed","category":"weather"}', "bad_frame"),
        ('{"type":"message","conversation":"c1","mid":"m","text":"' + "长" * 2001 + '"}', "too_long"),
        ('{"type":"note","conversation":"c1","text":"' + "x" * 20_000 + '"}', "too_long"),
    ],
)
async def test_wrong_frame_is_refused_and_loses_nothing(
    desk: RunningDesk, shopper: ShopperSide, raw: str, code: str
) -> None:
    async with agent_at(desk, "agent1") as agent:
        await serves(agent, shopper)
        await agent.send_raw(raw)
        error = await agent.sees("error")
        assert error["code"] == code
        assert error["message"]
        await agent.send("message", conversation="c1", mid="after", text="还在")
        await agent.sees("ack", mid="after")


async def test_missed_entries_come_with_after(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent:
        await serves(agent, shopper)
        await shopper.say("c1", "s1", "第一句")
        last = await agent.sees("message", kind="message")
        await agent.send("close", conversation="c1")
        await shopper.say("c1", "s2", "第二句")
        since = len(agent.frames)
        await agent.send("open", conversation="c1", after=last["id"])
        await agent.sees("message", since, when=lambda frame: frame["body"].get("text") == "第二句")
        texts = [
            f["body"].get("text") for f in agent.frames[since:] if f["type"] == "message" and f["kind"] == "message"
        ]
        assert texts == ["第二句"]


async def test_flood_of_frames_is_refused_and_loses_nothing(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent:
        await serves(agent, shopper)
        for n in range(200):
            await agent.send("note", conversation="c1", mid=f"n{n}", text="x")
        assert (await agent.sees("error"))["code"] == "rate_limited"
        await asyncio.sleep(1.1)
        await agent.send("message", conversation="c1", mid="after", text="还在")
        await agent.sees("ack", mid="after")


async def test_of_two_offers_the_more_urgent_stands_first(desk: RunningDesk, shopper: ShopperSide) -> None:
    async with agent_at(desk, "agent1") as agent:
        await waits(shopper, "calm")
        await waits(shopper, "angry", ANGRY)
        await agent.on_duty()
        await agent.sees("mine", when=lambda f: [item["conversation"] for item in f["items"]] == ["angry", "calm"])
