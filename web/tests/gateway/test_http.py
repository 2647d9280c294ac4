"""The door without a socket: one frame a request, waiting for news, and what other pages may do."""

from __future__ import annotations

import asyncio
import json
import time

import httpx
import pytest

from ledger import DeskSide, Ledger, Reply, ShopperSide
from web.gateway.http_api import _read_wait
from web.gateway.testing import RunningGateway
from web.tests.gateway.backstage import Answer, eventually, number
from web.tests.gateway.shopper import Shopper

SHOP = "http://localhost:8002"


async def test_message_answers_its_ack(shopper: Shopper, ledger: Ledger) -> None:
    first = await shopper.post("message", mid="m1", text="你好")
    assert first.status_code == 200
    assert first.json() == {"type": "ack", "mid": "m1", "id": (await ledger.read(shopper.cid))[-1].id}
    assert (await shopper.post("message", mid="m1", text="你好")).json() == first.json()


async def test_other_frames_answer_the_state(shopper: Shopper) -> None:
    assert (await shopper.post("typing")).json() == {"type": "state", "mode": "bot"}
    assert (await shopper.post("rate", score=5)).json() == {"type": "state", "mode": "bot"}
    assert (await shopper.post("human")).json() == {"type": "state", "mode": "waiting", "position": 1, "wait_s": 120}
    back = await shopper.post("choose", mid="m1", choice="back_to_bot")
    assert back.json()["type"] == "ack"
    assert (await shopper.post("read", id="1-0")).json() == {"type": "state", "mode": "bot"}
    assert (await shopper.post("contact", contact="a@b.example")).json()["contact"] is True
    assert (await shopper.post("end")).json() == {"type": "state", "mode": "closed", "contact": True, "rate": ["bot"]}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "bad_frame"),
        (b"{", 400, "bad_frame"),
        (b'{"type":"sing"}', 400, "bad_frame"),
        (b'{"type":"message","mid":"m1","text":" "}', 400, "empty"),
        (b'{"type":"choose","mid":"m1","choice":"b9"}', 400, "unknown_choice"),
        (b'{"type":"message","mid":"m1","text":"' + b"x" * 2001 + b'"}', 413, "too_long"),
        (b'{"type":"typing","x":"' + b"x" * 16_384 + b'"}', 413, "too_long"),
        (b'{"type":"typing","x":"' + b"x" * 200_000 + b'"}', 413, "too_long"),
    ],
)
async def test_refusals_have_one_shape_and_the_fitting_status(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient, body: bytes, status: int, code: str
) -> None:
    answer = await client.post(f"{gateway.url}/api/chat/messages", content=body, headers=shopper.headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_too_many_messages_answer_429(shopper: Shopper) -> None:
    answers = [await shopper.post("message", mid=f"m{n}", text="催") for n in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[-1].json()["error"]["code"] == "rate_limited"
    assert "retry-after" in answers[-1].headers


async def test_unknown_addresses_and_methods_are_not_found(gateway: RunningGateway, client: httpx.AsyncClient) -> None:
    for method, path in (
        ("GET", "/"),
        ("GET", "/api/chat/nothing"),
        ("DELETE", "/api/chat/messages"),
        ("GET", "/x\u00e9"),
    ):
        answer = await client.request(method, gateway.url + path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_what_is_there_comes_at_once(shopper: Shopper, answer: Answer) -> None:
    first = (await shopper.post("message", mid="m1", text="你好")).json()["id"]
    await answer(shopper.cid, Reply("您好"))
    everything = (await shopper.news(wait=25)).json()
    assert [m["body"]["text"] for m in everything["messages"]] == ["你好", "您好"]
    assert everything["state"] == {"type": "state", "mode": "bot"}
    later = (await shopper.news(after=first, wait=25)).json()
    assert [m["body"]["text"] for m in later["messages"]] == ["您好"]
    assert everything["messages"][0]["mid"] == "m1"


async def test_waiting_ends_with_the_first_news(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient, answer: Answer
) -> None:
    first = (await shopper.post("message", mid="m1", text="你好")).json()["id"]
    polls = [asyncio.create_task(shopper.news(after=first, wait=25)) for _ in range(3)]
    await eventually(lambda: _waiting(client, gateway, 3))
    began = time.monotonic()
    await answer(shopper.cid, Reply("您好"), Reply("请讲"))
    for poll in await asyncio.gather(*polls):
        assert [m["body"]["text"] for m in poll.json()["messages"]] == ["您好", "请讲"]
    assert time.monotonic() - began < 20
    await eventually(lambda: _waiting(client, gateway, 0))


async def test_waiting_ends_with_a_change_of_state(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient, desk: DeskSide
) -> None:
    ahead = await Shopper.come(gateway, client)
    await ahead.post("human")
    await shopper.post("human")
    seen = (await shopper.news()).json()
    assert seen["state"]["position"] == 2
    poll = asyncio.create_task(shopper.news(after=seen["messages"][-1]["id"], wait=25))
    await eventually(lambda: _waiting(client, gateway, 1))
    await desk.claim(ahead.cid, "a1", "小周")
    assert (await poll).json()["state"]["position"] == 1
    assert (await poll).json()["messages"] == []


async def test_waiting_ends_when_the_time_is_over(shopper: Shopper, ledger: Ledger) -> None:
    last = (await shopper.post("message", mid="m1", text="你好")).json()["id"]
    began = time.monotonic()
    poll = asyncio.create_task(shopper.news(after=last, wait=1))
    await ShopperSide(ledger).rate(shopper.cid, 5)
    assert (await poll).json() == {"messages": [], "state": {"type": "state", "mode": "bot"}}
    assert 0.9 < time.monotonic() - began < 20


async def test_waiting_in_an_empty_conversation_works(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient
) -> None:
    poll = asyncio.create_task(shopper.news(wait=25))
    await eventually(lambda: _waiting(client, gateway, 1))
    await shopper.post("message", mid="m1", text="你好")
    assert [m["mid"] for m in (await poll).json()["messages"]] == ["m1"]


async def test_shopper_who_leaves_waits_no_longer(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient
) -> None:
    poll = asyncio.create_task(shopper.news(wait=25))
    await eventually(lambda: _waiting(client, gateway, 1))
    poll.cancel()
    await eventually(lambda: _waiting(client, gateway, 0))


async def test_conversation_that_vanishes_while_waiting_has_expired(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient, ledger: Ledger
) -> None:
    poll = asyncio.create_task(shopper.news(wait=25))
    await eventually(lambda: _waiting(client, gateway, 1))
    await ledger.redis.flushall()
    await ledger.redis.publish(ledger.keys.wake(0), json.dumps({"cid": shopper.cid, "news": "log"}))
    assert (await poll).status_code == 401
    assert (await poll).json()["error"]["code"] == "session_expired"


async def _waiting(client: httpx.AsyncClient, gateway: RunningGateway, count: int) -> bool:
    return await number(client, gateway, "long_polls") == count


@pytest.mark.parametrize("query", ["wait=x", "wait=-1", "wait=1.5", "after=x", "after=1-x"])
async def test_query_that_makes_no_sense_is_refused(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient, query: str
) -> None:
    answer = await client.get(f"{gateway.url}/api/chat/messages?{query}", headers=shopper.headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_frame")


def test_nobody_waits_longer_than_25_seconds() -> None:
    assert (_read_wait(None), _read_wait("0"), _read_wait("7"), _read_wait("3600")) == (0, 0, 7, 25)


async def test_socket_and_requests_are_one_conversation(shopper: Shopper) -> None:
    async with shopper.socket() as socket:
        await socket.replayed()
        await shopper.post("message", mid="m1", text="从手机发的")
        assert (await socket.until("message"))["body"]["text"] == "从手机发的"
        await shopper.post("human")
        await socket.until("state", mode="waiting")


async def test_shops_own_front_end_may_use_the_door(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    for path in ("sessions", "messages", "images"):
        asked = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}
        answer = await client.options(f"{gateway.url}/api/chat/{path}", headers=asked)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == SHOP
        allowed = answer.headers["access-control-allow-headers"].lower()
        assert "authorization" in allowed
        assert "content-type" in allowed
        assert "POST" in answer.headers["access-control-allow-methods"]
    opened = await client.post(f"{gateway.url}/api/chat/sessions", json={}, headers={"Origin": SHOP})
    assert opened.headers["access-control-allow-origin"] == SHOP
    assert opened.headers["vary"] == "Origin"
    refused = await client.post(f"{gateway.url}/api/chat/messages", json={}, headers={"Origin": SHOP})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, SHOP), (
        "errors are readable, too"
    )
    assert "access-control-allow-credentials" not in opened.headers


async def test_foreign_pages_may_not(gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient) -> None:
    for method in ("POST", "OPTIONS", "GET"):
        answer = await client.request(
            method, f"{gateway.url}/api/chat/messages", headers={"Origin": "http://evil.example"}
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden_origin")
        assert "access-control-allow-origin" not in answer.headers
    opening = await client.post(f"{gateway.url}/api/chat/sessions", json={}, headers={"Origin": "null"})
    assert opening.status_code == 403
