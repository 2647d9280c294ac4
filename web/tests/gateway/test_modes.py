"""Changes of mode: what the shopper is told, in which language, and what they are never told."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from ledger import DeskSide, Handoff, Ledger, Reply, ShopperSide
from ledger.entries import Button
from web.gateway.testing import RunningGateway
from web.tests.gateway.backstage import Answer, eventually
from web.tests.gateway.shopper import Frame, Shopper, Socket

ANGRY = Handoff("anger", "情绪激动：投诉", "complaints", 8, evidence=["投诉"], context={"slots": {"order": "42"}})
BACK = {"zh": "不等了，继续问智能助手", "en": "Stop waiting, back to the assistant"}
SAID = {
    "zh": {
        "queued": "已为您转接人工客服", "joined": "客服 小周 已接入", "back": "智能助手继续为您服务",
        "handed_back": "客服 小周 的服务到此结束", "closed": "客服 小周 已结束本次咨询", "over": "接下来由客服 主管小林 为您服务",
        "again": "客服 小周 重新接入", "offline": "客服暂时离开了",
        "vanished": "正在为您寻找另一位客服", "transferred": "转接到更合适的客服",
    },
    "en": {
        "queued": "You are in the queue", "joined": "小周 has joined", "back": "The assistant continues",
        "handed_back": "小周 has left the chat", "closed": "小周 has ended this chat", "over": "主管小林 is helping you from here on",
        "again": "小周 is back in the chat", "offline": "Your agent had to leave",
        "vanished": "looking for another one", "transferred": "passing you on",
    },
}  # fmt: skip


@pytest.fixture(params=["zh", "en"])
async def speaker(
    request: pytest.FixtureRequest, gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> Shopper:
    """A shopper of each language."""
    shopper = await Shopper.come(gateway, client, lang=request.param)
    shopper.said = SAID[request.param] | {"button": BACK[request.param]}  # type: ignore[attr-defined]
    return shopper


def said(shopper: Shopper) -> dict[str, str]:
    words: dict[str, str] = shopper.said  # type: ignore[attr-defined]
    return words


async def told(socket: Socket, mode: str) -> Frame:
    """The sentence about the change to `mode`, which comes with the state."""
    await socket.until("state", mode=mode)
    return [message for message in socket.messages if message["from"] == "system"][-1]


async def test_asking_for_a_person_puts_into_the_queue(speaker: Shopper, ledger: Ledger) -> None:
    async with speaker.socket() as socket, speaker.socket() as other:
        await socket.replayed()
        await other.replayed()
        await socket.send("human")
        state = await socket.until("state", mode="waiting")
        assert state == {"type": "state", "mode": "waiting", "position": 1, "wait_s": 120}
        sentence = socket.messages[-1]
        assert (sentence["from"], sentence["body"]["choices"]) == (
            "system",
            [{"id": "back_to_bot", "label": said(speaker)["button"]}],
        )
        assert said(speaker)["queued"] in sentence["body"]["text"]
        assert await other.until("state", mode="waiting") == state
        assert other.messages[-1] == sentence
        await socket.send("human")
        assert await socket.next() == state
        assert await socket.nothing_else() == [], "asked twice, queued once"
    fields = await ledger.state(speaker.cid)
    reason = json.loads(fields["reason"])
    assert (fields["skill"], fields["priority"], reason["rule"]) == ("general", "3", "asked")
    assert reason["reason"] == ("顾客点了“转人工”" if fields["lang"] == "zh" else "The shopper asked for a person")


async def test_shopper_who_asks_again_goes_to_the_skill_they_had(
    shopper: Shopper, answer: Answer, ledger: Ledger
) -> None:
    async with shopper.socket() as socket:
        await socket.send("message", mid="m1", text="我要投诉")
        await socket.until("ack")
        await answer(shopper.cid, Reply("非常抱歉"), handoff=ANGRY)
        await socket.until("state", mode="waiting")
        await socket.send("choose", mid="m2", choice="back_to_bot")
        await socket.until("state", mode="bot")
        await socket.send("human")
        await socket.until("state", mode="waiting")
    fields = await ledger.state(shopper.cid)
    assert (fields["skill"], fields["priority"]) == ("complaints", "3")


async def test_bots_handoff_comes_after_its_words(speaker: Shopper, answer: Answer) -> None:
    async with speaker.socket() as socket:
        await socket.send("message", mid="m1", text="投诉")
        await socket.until("ack")
        await answer(speaker.cid, Reply("非常抱歉，我请同事来帮您。"), handoff=ANGRY)
        sentence = await told(socket, "waiting")
        assert said(speaker)["queued"] in sentence["body"]["text"]
        assert [m["from"] for m in socket.messages] == ["shopper", "bot", "system"]


async def test_leaving_the_queue_by_the_button(speaker: Shopper, ledger: Ledger) -> None:
    async with speaker.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await socket.send("choose", mid="m1", choice="back_to_bot")
        ack = await socket.until("ack", mid="m1")
        if not any(frame.get("mode") == "bot" for frame in socket.seen[-3:]):
            await socket.until("state", mode="bot")
        sentence = socket.messages[-1]
        assert said(speaker)["back"] in sentence["body"]["text"]
        assert ack["id"] == sentence["id"]
        assert "choices" not in sentence["body"]
        await socket.send("choose", mid="m1", choice="back_to_bot")
        assert await socket.next() == ack, "a resend is harmless"
        assert await socket.nothing_else() == []
    assert (await ShopperSide(ledger).state(speaker.cid)).mode == "bot"


async def test_button_of_the_queue_does_nothing_once_an_agent_is_there(shopper: Shopper, desk: DeskSide) -> None:
    async with shopper.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await desk.claim(shopper.cid, "a1", "小周")
        await socket.until("state", mode="human")
        await socket.send("choose", mid="m1", choice="back_to_bot")
        ack = await socket.next()
        assert (ack["type"], ack["id"]) == ("ack", socket.messages[-1]["id"])
        assert await socket.nothing_else() == []


async def test_button_of_the_queue_is_harmless_in_a_conversation_without_a_word(shopper: Shopper) -> None:
    async with shopper.socket() as socket:
        await socket.send("choose", mid="m1", choice="back_to_bot")
        assert await socket.until("ack") == {"type": "ack", "mid": "m1", "id": "0-0"}


async def test_agent_joins_speaks_and_hands_back(speaker: Shopper, desk: DeskSide) -> None:
    async with speaker.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await desk.claim(speaker.cid, "a1", "小周")
        assert said(speaker)["joined"] in (await told(socket, "human"))["body"]["text"]
        assert socket.seen[-1] == {"type": "state", "mode": "human", "agent": "小周"}
        await desk.say(speaker.cid, "a1", "小周", "am1", "您好，我来看一下")
        spoken = await socket.until("message", **{"from": "agent"})
        assert (spoken["name"], spoken["body"]) == ("小周", {"text": "您好，我来看一下"})
        assert "mid" not in spoken
        await desk.resolve(speaker.cid, "a1", "bot", "内部小结：已补偿")
        assert said(speaker)["handed_back"] in (await told(socket, "bot"))["body"]["text"]
        assert "内部小结" not in json.dumps(socket.seen, ensure_ascii=False)


async def test_agent_closes(speaker: Shopper, desk: DeskSide) -> None:
    async with speaker.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await desk.claim(speaker.cid, "a1", "小周")
        await socket.until("state", mode="human")
        await desk.resolve(speaker.cid, "a1", "closed")
        assert said(speaker)["closed"] in (await told(socket, "closed"))["body"]["text"]


async def test_agent_goes_off_duty(speaker: Shopper, desk: DeskSide) -> None:
    async with speaker.socket() as socket:
        await with_agent(speaker, socket, desk)
        await desk.release(speaker.cid, "a1")
        sentence = await told(socket, "waiting")
        assert said(speaker)["offline"] in sentence["body"]["text"]
        assert sentence["body"]["choices"][0]["id"] == "back_to_bot"


async def test_supervisor_takes_over(speaker: Shopper, desk: DeskSide) -> None:
    async with speaker.socket() as socket:
        await with_agent(speaker, socket, desk)
        await desk.take_over(speaker.cid, "s1", "主管小林")
        await socket.until("state", agent="主管小林")
        assert said(speaker)["over"] in socket.messages[-1]["body"]["text"]


async def test_supervisor_who_takes_from_the_queue_joins_like_anybody(shopper: Shopper, desk: DeskSide) -> None:
    async with shopper.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await desk.take_over(shopper.cid, "s1", "主管小林")
        assert (await told(socket, "human"))["body"]["text"] == "客服 主管小林 已接入。"


async def test_reassigning_tells_who_had_an_agent_and_not_who_waits(shopper: Shopper, desk: DeskSide) -> None:
    async with shopper.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await desk.reassign(shopper.cid, "s1", "orders", "内部：换组")
        assert not [f for f in await socket.nothing_else() if f["type"] == "message"], "still the same queue to them"
        await desk.claim(shopper.cid, "a1", "小周")
        await socket.until("state", mode="human")
        await desk.reassign(shopper.cid, "s1", "after_sales", "内部：换人", to="a2")
        assert "转接到更合适的客服" in (await told(socket, "waiting"))["body"]["text"]
        assert "内部" not in json.dumps(socket.seen, ensure_ascii=False)


async def test_agent_comes_back_to_a_closed_chat(speaker: Shopper, desk: DeskSide) -> None:
    async with speaker.socket() as socket:
        await with_agent(speaker, socket, desk)
        await desk.resolve(speaker.cid, "a1", "closed", summary="内部小结", solution="内部方案")
        closed = await socket.until("state", mode="closed")
        assert closed["rate"] == ["bot", "agent"]
        await desk.reopen(speaker.cid, "a1", "小周")
        assert said(speaker)["again"] in (await told(socket, "human"))["body"]["text"]
        assert "内部" not in json.dumps(socket.seen, ensure_ascii=False)


async def with_agent(shopper: Shopper, socket: Socket, desk: DeskSide) -> None:
    """Asks for a person and gets one."""
    await socket.send("human")
    await socket.until("state", mode="waiting")
    await desk.claim(shopper.cid, "a1", "小周")
    await socket.until("state", mode="human")


async def test_agent_passes_on(speaker: Shopper, desk: DeskSide) -> None:
    async with speaker.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await desk.claim(speaker.cid, "a1", "小周")
        await socket.until("state", mode="human")
        await desk.transfer(speaker.cid, "a1", "returns", 5, "请核对退款")
        sentence = await told(socket, "waiting")
        assert said(speaker)["transferred"] in sentence["body"]["text"]
        assert sentence["body"]["choices"][0]["id"] == "back_to_bot"
        assert "请核对退款" not in json.dumps(socket.seen, ensure_ascii=False)


async def test_agent_who_vanishes_is_told_of_honestly(speaker: Shopper, ledger: Ledger) -> None:
    hasty = DeskSide(ledger, grace_ms=1)
    async with speaker.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await hasty.claim(speaker.cid, "a1", "小周")
        await eventually(lambda: _returned(hasty, speaker.cid))
        while said(speaker)["vanished"] not in (sentence := await socket.until("message"))["body"]["text"]:
            assert said(speaker)["joined"] in sentence["body"]["text"]
        assert sentence["body"]["choices"][0]["id"] == "back_to_bot"


async def _returned(desk: DeskSide, cid: str) -> bool:
    return cid in await desk.reclaim()


async def test_what_is_only_for_the_shop_never_leaves(
    shopper: Shopper, answer: Answer, desk: DeskSide, ledger: Ledger
) -> None:
    async with shopper.socket() as socket:
        await socket.send("message", mid="m1", text="我要投诉")
        await socket.until("ack")
        await answer(shopper.cid, Reply("好的", buttons=[Button("b1", "是", "/affirm{}")]), handoff=ANGRY)
        await socket.until("state", mode="waiting")
        await desk.claim(shopper.cid, "a1", "小周")
        await desk.note(shopper.cid, "a1", "小周", "n1", "机密：顾客曾两次退款")
        await socket.send("rate", score=1, comment="气死我了")
        await socket.send("choose", mid="m2", choice="b1")
        await socket.until("message", mid="m2")
        await socket.nothing_else()
        polled = (await shopper.news()).json()
        async with shopper.socket() as again:
            replay = await again.replayed()
    for told_to_shopper in (socket.seen, polled, replay):
        text = json.dumps(told_to_shopper, ensure_ascii=False)
        for secret in (
            "机密",
            "气死我了",
            "/affirm",
            "情绪激动",
            "complaints",
            "evidence",
            '"a1"',
            "payload",
            '"rule"',
        ):
            assert secret not in text
    assert {m["id"] for m in polled["messages"]} == {m["id"] for m in replay} == {m["id"] for m in socket.messages}
    kinds = [entry.kind for entry in await ledger.read(shopper.cid)]
    assert {"note", "rating", "mode"} <= set(kinds), "and yet it is in the log"


async def test_those_behind_move_up_when_someone_leaves(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient, desk: DeskSide
) -> None:
    line = [await Shopper.come(gateway, client) for _ in range(3)]
    bystander = await Shopper.come(gateway, client)
    async with (
        line[0].socket() as first,
        line[1].socket() as second,
        line[2].socket() as third,
        bystander.socket() as by,
    ):
        await by.replayed()
        for place, socket in enumerate((first, second, third), 1):
            await socket.send("human")
            state: dict[str, Any] = {"mode": "waiting", "position": place, "wait_s": 120 * place}
            await socket.until("state", **state)
        await first.send("choose", mid="m1", choice="back_to_bot")
        assert (await second.until("state", position=1))["wait_s"] == 120
        assert (await third.until("state", position=2))["wait_s"] == 240
        await desk.claim(line[1].cid, "a1", "小周")
        await third.until("state", position=1)
        assert await by.nothing_else() == [], "who does not wait hears nothing of it"
        urgent = await Shopper.come(gateway, client)
        await ShopperSide(ledger).ask_for_person(urgent.cid, Handoff("anger", "急", priority=9))
        await third.until("state", position=2)


async def test_waiting_state_is_told_only_when_it_has_changed(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    waiting, other = await Shopper.come(gateway, client), await Shopper.come(gateway, client)
    async with waiting.socket() as socket, other.socket() as behind:
        await socket.send("human")
        await socket.until("state", position=1)
        await socket.nothing_else()  # the news and the answer to `human` both bring the state
        await behind.send("human")
        await behind.until("state", position=2)
        await behind.send("choose", mid="m1", choice="back_to_bot")
        await behind.until("state", mode="bot")
        assert await socket.nothing_else() == []
