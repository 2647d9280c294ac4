"""Nobody on duty, how to be reached, who has read what, and how it was: what the shopper says and sees of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger import DeskSide, Ledger
from web.tests.gateway.shopper import Shopper, Socket

BACK_AT = "2026-11-29T01:00:00.000Z"


async def entries(ledger: Ledger, cid: str, kind: str) -> list[dict[str, Any]]:
    return [entry.body for entry in await ledger.read(cid) if entry.kind == kind]


async def nobody_there(desk: DeskSide, cid: str, back_at: str | None) -> None:
    away: dict[str, Any] = {"back_at": back_at} if back_at else {}
    await desk.notice(cid, ("waiting",), "notice", {"notice": "away", **away}, "away", json.dumps(away))


async def with_agent(shopper: Shopper, socket: Socket, desk: DeskSide) -> None:
    await socket.send("human")
    await socket.until("state", mode="waiting")
    await desk.claim(shopper.cid, "a1", "小周")
    await socket.until("state", mode="human")


async def test_nobody_on_duty_is_told_with_the_hour_and_so_is_the_return(shopper: Shopper, desk: DeskSide) -> None:
    async with shopper.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await nobody_there(desk, shopper.cid, BACK_AT)
        state = await socket.until("state", away=True)
        assert state == {"type": "state", "mode": "waiting", "away": True, "back_at": BACK_AT}
        told = socket.messages[-1]
        assert (told["from"], "choices" in told["body"]) == ("system", False)
        assert "现在没有客服在线，客服将于 11月29日 09:00（北京时间）上班" in told["body"]["text"]
        await desk.notice(shopper.cid, ("waiting",), "notice", {"notice": "back"}, "away", "")
        state = await socket.until("state", position=1)
        assert "away" not in state
        assert socket.messages[-1]["body"] == {"text": "客服已上线，正在按顺序为您接入。"}


async def test_nobody_on_duty_until_nobody_knows_when(shopper: Shopper, desk: DeskSide) -> None:
    async with shopper.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await nobody_there(desk, shopper.cid, None)
        assert "back_at" not in await socket.until("state", away=True)
        assert socket.messages[-1]["body"]["text"].startswith("现在没有客服在线。您可以留言")
        await socket.send("choose", mid="m1", choice="back_to_bot")
        assert "away" not in await socket.until("state", mode="bot"), "the way back to the assistant is always open"


async def test_contact_goes_to_the_desk_and_comes_back_to_nobody(shopper: Shopper, ledger: Ledger) -> None:
    async with shopper.socket() as socket:
        await socket.replayed()
        for contact in ("13800138000", " me@shop.example\n"):
            await socket.send("contact", contact=contact)
            assert (await socket.until("state"))["contact"] is True
        assert await socket.nothing_else() == []
        polled = (await shopper.news()).json()
        assert "13800138000" not in json.dumps([socket.seen, polled])
        assert "me@shop" not in json.dumps([socket.seen, polled])
    assert await entries(ledger, shopper.cid, "contact") == [{"contact": "13800138000"}, {"contact": "me@shop.example"}]
    assert (await ledger.state(shopper.cid))["contact"] == "me@shop.example"


async def test_read_marks_go_both_ways(shopper: Shopper, ledger: Ledger, desk: DeskSide) -> None:
    async with shopper.socket() as socket:
        await with_agent(shopper, socket, desk)
        await socket.send("message", mid="m1", text="在吗")
        said = (await socket.until("message", mid="m1"))["id"]
        await desk.read(shopper.cid, said)
        assert (await socket.until("state", read=said))["agent"] == "小周"
        heard = (await desk.say(shopper.cid, "a1", "小周", "am1", "在的")).id
        await socket.until("message", id=heard)
        await socket.send("read", id=heard)
        assert await socket.nothing_else() == [], "a read mark needs no answer"
    assert (await ledger.state(shopper.cid))["shopper_read"] == heard


async def test_many_read_marks_cost_little(shopper: Shopper, ledger: Ledger) -> None:
    pubsub = ledger.redis.pubsub()
    async with pubsub, shopper.socket() as socket:
        await pubsub.subscribe(ledger.keys.wake(0))
        for n in range(300):
            await socket.send("read", id=f"1-{n}")
        await socket.nothing_else()
        passed_on = 0
        while message := await pubsub.get_message(timeout=0.2):
            passed_on += message["type"] == "message" and json.loads(message["data"])["news"] == "read"
    assert 1 <= passed_on < 100


async def test_what_an_agent_has_read_is_told_only_while_one_is_there(shopper: Shopper, desk: DeskSide) -> None:
    async with shopper.socket() as socket:
        await with_agent(shopper, socket, desk)
        await socket.send("message", mid="m1", text="在吗")
        await desk.read(shopper.cid, (await socket.until("message", mid="m1"))["id"])
        await socket.until("state", read=socket.messages[-1]["id"])
        await desk.resolve(shopper.cid, "a1", "bot")
        assert "read" not in await socket.until("state", mode="bot")


async def test_bot_and_agent_are_rated_apart(shopper: Shopper, ledger: Ledger, desk: DeskSide) -> None:
    async with shopper.socket() as socket:
        await with_agent(shopper, socket, desk)
        await desk.resolve(shopper.cid, "a1", "closed")
        assert (await socket.until("state", mode="closed"))["rate"] == ["bot", "agent"]
        await socket.send("rate", score=2, of="bot", reasons=["not_understood", "repeated", "repeated"])
        await socket.send("rate", score=5, of="agent", reasons=["friendly"], comment="谢谢小周")
        await socket.send("rate", score=4)
        told = await socket.nothing_else()
        assert "谢谢小周" not in json.dumps(told, ensure_ascii=False)
    assert await entries(ledger, shopper.cid, "rating") == [
        {"of": "bot", "score": 2, "reasons": ["not_understood", "repeated"]},
        {"of": "agent", "score": 5, "reasons": ["friendly"], "comment": "谢谢小周"},
        {"of": "agent", "score": 4},
    ]


async def test_who_was_served_by_the_bot_alone_rates_the_bot(shopper: Shopper) -> None:
    async with shopper.socket() as socket:
        await socket.send("end")
        assert (await socket.until("state", mode="closed"))["rate"] == ["bot"]


@pytest.mark.parametrize("kind", ["contact", "rate"])
async def test_too_much_of_it_is_refused_for_now(shopper: Shopper, kind: str) -> None:
    fields: dict[str, Any] = {"contact": "13800138000"} if kind == "contact" else {"score": 1, "of": "bot"}
    async with shopper.socket() as socket:
        await socket.replayed()
        for _ in range(50):
            await socket.send(kind, **fields)
        assert (await socket.until("error"))["code"] == "rate_limited"


async def test_what_is_for_the_desk_alone_is_not_shown(shopper: Shopper, ledger: Ledger, desk: DeskSide) -> None:
    async with shopper.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await desk.offer(shopper.cid, "a1", "机密甲", 60_000, {"why": "机密"})
        await desk.notice(
            shopper.cid, ("waiting",), "clock", {"clock": "first_response", "event": "机密"}, "clock_first", "w"
        )
        await desk.claim(shopper.cid, "a1", "小周")
        await socket.until("state", mode="human")
        await desk.note(shopper.cid, "a1", "小周", "n1", "机密：老顾客", to=["a2"], whisper=True)
        await socket.send("contact", contact="机密电话 13800138000")
        await socket.nothing_else()
        polled = (await shopper.news()).json()
        assert "机密" not in json.dumps([socket.seen, polled], ensure_ascii=False)
        assert [m["from"] for m in polled["messages"]] == ["system", "system", "shopper"]
    assert {"offer", "clock", "note", "contact"} <= {entry.kind for entry in await ledger.read(shopper.cid)}
