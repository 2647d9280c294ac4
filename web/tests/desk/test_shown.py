"""What an agent sees of the log: personal data in it is hidden until a reason is given."""

from __future__ import annotations

import httpx

from ledger import Entry, Handoff, Ledger, ShopperSide
from web.desk.context import context_of
from web.desk.shown import shown
from web.desk.talk import talk_of
from web.desk.testing import RunningDesk
from web.tests.desk.agent import agent_at


def entry(kind: str, body: dict[str, object]) -> Entry:
    return Entry("1795827211873-0", kind, "shopper", body, payload="/secret")


def test_payload_never_leaves_the_server() -> None:
    assert "secret" not in str(shown("c1", entry("message", {"text": "确认"}), masked=False))


def test_phones_in_what_was_written_are_hidden() -> None:
    one = entry("message", {"text": "电话改成13812345678", "choices": [{"id": "a", "label": "好"}]})
    body = shown("c1", one, masked=True)["body"]
    assert "13812345678" not in body["text"]
    assert body["choices"] == [{"id": "a", "label": "好"}]
    assert shown("c1", one, masked=False)["body"]["text"] == "电话改成13812345678"
    assert "13812345678" not in str(shown("c1", entry("contact", {"contact": "13812345678"}), masked=True))
    handoff = {"mode": "waiting", "evidence": ["打13812345678"], "context": {"asked": [{"text": "13812345678"}]}}
    assert "13812345678" not in str(shown("c1", entry("mode", handoff), masked=True))


def test_order_number_stays_readable() -> None:
    text = "订单20261120000042到哪了"
    assert shown("c1", entry("message", {"text": text}), masked=True)["body"]["text"] == text


def test_ending_of_a_phone_that_proved_an_order_stays_with_the_server() -> None:
    reason = '{"rule":"asked","reason":"","context":{"slots":{"order_verified":{"number":"1","phone_tail":"6789"}}}}'
    talk = talk_of("c1", {"mode": "waiting", "queued_at": "1", "reason": reason})
    assert context_of(talk, masked=False)["slots"] == {}


async def test_a_reason_shows_it_and_stands_in_the_audit_log(
    desk: RunningDesk, ledger: Ledger, shopper: ShopperSide
) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "我的电话13812345678")
    await shopper.ask_for_person("c1", Handoff("asked", "顾客要求人工"))
    async with agent_at(desk, "agent1") as agent, httpx.AsyncClient(base_url=desk.url, trust_env=False) as client:
        await agent.send("open", conversation="c1")
        assert (await agent.sees("opened"))["masked"]
        first = await agent.sees("message", kind="message")
        assert "13812345678" not in first["body"]["text"]
        path, cookie = "/api/desk/conversations/c1/reveal", {"Cookie": agent.cookie}
        assert (await client.post(path, json={"reason": " "}, headers=cookie)).json()["error"]["code"] == "empty"
        assert (await client.post(path, json={"reason": "核对改址电话"}, headers=cookie)).status_code == 204
        since = len(agent.frames)
        await agent.send("open", conversation="c1")
        assert not (await agent.sees("opened", since))["masked"]
        await agent.sees("message", since, when=lambda frame: frame["body"].get("text") == "我的电话13812345678")
    async with agent_at(desk, "supervisor") as boss, httpx.AsyncClient(base_url=desk.url, trust_env=False) as client:
        rows = (
            await client.get("/api/desk/audit?what=reveal&conversation=c1", headers={"Cookie": boss.cookie})
        ).json()["rows"]
        assert (rows[0]["who"], rows[0]["detail"]["reason"]) == ("agent1", "核对改址电话")


def test_evidence_says_each_thing_once() -> None:
    reason = '{"rule":"angry","evidence":["骗子","要投诉","骗子!我要投诉","骗子"]}'
    talk = talk_of("c1", {"mode": "waiting", "queued_at": "1", "reason": reason})
    assert context_of(talk)["evidence"] == ["骗子", "要投诉"]
