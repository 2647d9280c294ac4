"""The socket: each frame in and out, replay, refusals that leave it open, and who is let in."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any

import httpx
import jwt
import pytest
import websockets

from ledger import BotSide, DeskSide, Ledger, Reply, ShopperSide
from ledger.entries import Button
from web.gateway.testing import RunningGateway
from web.tests.gateway.backstage import Answer, eventually, number
from web.tests.gateway.shopper import Shopper, Socket

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
CARD = {"type": "order", "number": "20261120000042"}


async def test_new_conversation_starts_with_its_state(shopper: Shopper) -> None:
    async with shopper.socket() as socket:
        assert await socket.next() == {"type": "state", "mode": "bot"}


async def test_message_is_acknowledged_and_comes_back(shopper: Shopper, ledger: Ledger) -> None:
    async with shopper.socket() as socket:
        await socket.replayed()
        await socket.send("message", mid="m-1_a", text="我的订单到哪了 😀")
        ack = await socket.until("ack")
        if not socket.messages:
            await socket.until("message")
        message = socket.messages[0]
    assert ack == {"type": "ack", "mid": "m-1_a", "id": message["id"]}
    assert TIME.fullmatch(message.pop("at"))
    assert message == {
        "type": "message", "id": ack["id"], "mid": "m-1_a", "from": "shopper", "body": {"text": "我的订单到哪了 😀"},
    }  # fmt: skip
    assert [entry.id for entry in await ledger.read(shopper.cid)] == [ack["id"]]


async def test_resend_is_harmless(shopper: Shopper, ledger: Ledger) -> None:
    async with shopper.socket() as socket, shopper.socket() as other:
        acks = []
        for tab in (socket, socket, other):
            await tab.send("message", mid="m1", text="你好")
            acks.append(await tab.until("ack"))
        assert len({ack["id"] for ack in acks}) == 1
        await socket.nothing_else()
        assert [m.get("mid") for m in socket.messages].count("m1") == 1
    assert (await shopper.post("message", mid="m1", text="你好")).json() == acks[0]


async def test_messages_stay_in_order_in_every_tab(shopper: Shopper) -> None:
    async with shopper.socket() as first, shopper.socket() as second:
        await second.replayed()
        for n in range(15):
            await first.send("message", mid=f"m{n}", text=str(n))
        for tab in (first, second):
            await tab.until("message", mid="m14")
            assert [m["body"]["text"] for m in tab.messages] == [str(n) for n in range(15)]


async def test_what_no_news_told_of_comes_before_what_follows(shopper: Shopper, answer: Answer, ledger: Ledger) -> None:
    async with shopper.socket() as first, shopper.socket() as second:
        for tab in (first, second):
            await tab.replayed()
        await first.send("message", mid="m1", text="我的订单")
        await second.until("message", mid="m1")
        missed = {"kind": "message", "from": "bot", "body": '{"text":"请稍等"}'}
        await ledger.redis.xadd(ledger.keys.log(shopper.cid), missed)
        await answer(shopper.cid, Reply("在路上"))
        for tab in (first, second):
            await tab.until("message", body={"text": "在路上"})
            assert [m["body"]["text"] for m in tab.messages] == ["我的订单", "请稍等", "在路上"]


async def test_bot_answers_with_text_buttons_and_card(shopper: Shopper, answer: Answer, ledger: Ledger) -> None:
    async with shopper.socket() as socket:
        await socket.send("message", mid="m1", text="我的订单")
        await socket.until("ack")
        buttons = [Button("b1", "羊绒围巾", '/pick{"order":"1"}')]
        await answer(shopper.cid, Reply("选一个", buttons=buttons), Reply("在路上", card=CARD))
        choices = await socket.until("message", **{"from": "bot"})
        card = await socket.until("message", **{"from": "bot"})
        assert choices["body"] == {"text": "选一个", "choices": [{"id": "b1", "label": "羊绒围巾"}]}
        assert card["body"] == {"text": "在路上", "card": CARD}
        await socket.send("choose", mid="m2", choice="b1")
        await socket.until("ack", mid="m2")
        chosen = await socket.until("message", mid="m2")
        assert chosen["body"] == {"text": "羊绒围巾"}
        assert "/pick" not in json.dumps(socket.seen)
    assert (await ledger.read(shopper.cid))[-1].payload == '/pick{"order":"1"}'


async def test_choice_that_was_never_offered_is_refused(shopper: Shopper, answer: Answer) -> None:
    async with shopper.socket() as socket:
        await socket.send("choose", mid="m1", choice="b1")
        refusal = await socket.until("error")
        assert (refusal["code"], refusal["mid"]) == ("unknown_choice", "m1")
        await socket.send("choose", mid="m2", choice="")
        assert (await socket.until("error"))["code"] == "bad_frame"
        await socket.nothing_else()


async def test_typing_reaches_the_ledger_and_not_the_shopper(shopper: Shopper, ledger: Ledger) -> None:
    async with shopper.socket() as socket, shopper.socket() as other:
        await other.replayed()
        for _ in range(20):
            await socket.send("typing")
        assert await socket.nothing_else() == [{"type": "state", "mode": "bot"}]
        assert [frame for frame in await other.nothing_else() if frame["type"] == "typing"] == []
    assert int((await ledger.state(shopper.cid))["typing_at"]) == 0, "a message ends the typing"


async def test_typing_is_passed_on_once_a_second_at_most(shopper: Shopper, ledger: Ledger) -> None:
    pubsub = ledger.redis.pubsub()
    async with pubsub, shopper.socket() as socket:
        await pubsub.subscribe(ledger.keys.wake(0))
        began = time.monotonic()
        for _ in range(50):
            await socket.send("typing")
        await socket.nothing_else()
        took, passed_on = time.monotonic() - began, 0
        while message := await pubsub.get_message(timeout=0.2):
            passed_on += message["type"] == "message" and json.loads(message["data"])["news"] == "typing"
        assert 1 <= passed_on <= 2 + took


async def test_typing_of_bot_and_agent_is_shown_to_this_conversation_only(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient, bot: BotSide, desk: DeskSide
) -> None:
    stranger = await Shopper.come(gateway, client)
    async with shopper.socket() as socket, stranger.socket() as other:
        await socket.replayed()
        await other.replayed()
        await bot.typing(shopper.cid)
        assert await socket.next() == {"type": "typing", "from": "bot"}
        await desk.typing(shopper.cid)
        assert await socket.next() == {"type": "typing", "from": "agent"}
        assert await other.nothing_else() == []


async def test_rating_is_stored_and_answered_by_the_state(shopper: Shopper, ledger: Ledger) -> None:
    async with shopper.socket() as socket:
        await socket.replayed()
        await socket.send("rate", score=4, comment="很快\x07")
        assert await socket.next() == {"type": "state", "mode": "bot"}
        await socket.send("rate", score=5)
        assert await socket.next() == {"type": "state", "mode": "bot"}
        assert await socket.nothing_else() == []
    ratings = [entry.body for entry in await ledger.read(shopper.cid) if entry.kind == "rating"]
    assert ratings == [{"of": "bot", "score": 4, "comment": "很快"}, {"of": "bot", "score": 5}]


async def test_end_closes_and_a_later_message_opens_again(shopper: Shopper) -> None:
    async with shopper.socket() as socket:
        await socket.replayed()
        await socket.send("end")
        assert (await socket.until("state"))["mode"] == "closed"
        assert "本次咨询已结束" in socket.messages[0]["body"]["text"]
        await socket.send("message", mid="m1", text="还有一件事")
        await socket.until("state", mode="bot")
        assert [m["from"] for m in socket.messages] == ["system", "shopper"], "opening again needs no words"


@pytest.mark.parametrize(
    ("frame", "code", "mid"),
    [
        ("not json", "bad_frame", None),
        ("{}", "bad_frame", None),
        ("[1]", "bad_frame", None),
        ('"message"', "bad_frame", None),
        ('{"type":"sing","mid":"m1"}', "bad_frame", "m1"),
        ('{"type":"message","mid":"m1"}', "bad_frame", "m1"),
        ('{"type":"message","text":"你好"}', "bad_frame", None),
        ('{"type":"message","mid":7,"text":"你好"}', "bad_frame", None),
        ('{"type":"message","mid":"m 1","text":"你好"}', "bad_frame", None),
        ('{"type":"message","mid":"m1\\n","text":"你好"}', "bad_frame", None),
        ('{"type":"message","mid":"","text":"你好"}', "bad_frame", None),
        ('{"type":"message","mid":"' + "m" * 65 + '","text":"你好"}', "bad_frame", None),
        ('{"type":"message","mid":"m1","text":["你好"]}', "bad_frame", "m1"),
        ('{"type":"message","mid":"m1","text":"\\ud800"}', "bad_frame", None),
        ('{"type":"message","mid":"m1","text":"","image":"../../x"}', "bad_frame", "m1"),
        ('{"type":"message","mid":"m1","text":"","image":{"id":"x"}}', "bad_frame", "m1"),
        ('{"type":"message","mid":"m1","text":"看","image":"' + "a" * 40 + '"}', "bad_image", "m1"),
        ('{"type":"message","mid":"m1","text":"","image":null}', "empty", "m1"),
        ('{"type":"read"}', "bad_frame", None),
        ('{"type":"read","id":"7"}', "bad_frame", None),
        ('{"type":"read","id":"1-0\\n"}', "bad_frame", None),
        ('{"type":"contact"}', "bad_frame", None),
        ('{"type":"contact","contact":13800138000}', "bad_frame", None),
        ('{"type":"contact","contact":" \\u200b "}', "empty", None),
        ('{"type":"contact","contact":"' + "1" * 101 + '"}', "too_long", None),
        ('{"type":"rate","score":3,"of":"shop"}', "bad_frame", None),
        ('{"type":"rate","score":3,"reasons":["cheap"]}', "bad_frame", None),
        ('{"type":"rate","score":3,"reasons":"fast"}', "bad_frame", None),
        ('{"type":"rate","score":3,"reasons":[' + ",".join(['"fast"'] * 9) + "]}", "bad_frame", None),
        ('{"type":"rate","score":0}', "bad_frame", None),
        ('{"type":"rate","score":6}', "bad_frame", None),
        ('{"type":"rate","score":"5"}', "bad_frame", None),
        ('{"type":"rate","score":true}', "bad_frame", None),
        ('{"type":"rate","score":3,"comment":"' + "长" * 2001 + '"}', "too_long", None),
        ('{"type":"message","mid":"m1","text":"' + "长" * 2001 + '"}', "too_long", "m1"),
        ('{"type":"message","mid":"m1","text":"' + " " * 2001 + '"}', "too_long", "m1"),
        ('{"type":"message","mid":"m1","text":"' + "x" * 20_000 + '"}', "too_long", "m1"),
        ('{"type":"typing","x":"' + "x" * 16_384 + '"}', "too_long", None),
        ('{"type":"typing","x":' + "[" * 9_000 + "]" * 7_000 + "}", "bad_frame", None),
        ('{"type":"message","mid":"m1","text":""}', "empty", "m1"),
        ('{"type":"message","mid":"m1","text":" \\n\\t\\u3000"}', "empty", "m1"),
        ('{"type":"message","mid":"m1","text":"\\u200b\\u200d\\ufeff\\u2060\\ufe0f\\u3164"}', "empty", "m1"),
        ('{"type":"message","mid":"m1","text":"\\u0000\\u0007\\u001b"}', "empty", "m1"),
    ],
)  # fmt: skip
async def test_refused_frame_is_answered_and_the_socket_stays(
    shopper: Shopper, ledger: Ledger, frame: str, code: str, mid: str | None
) -> None:
    async with shopper.socket() as socket:
        await socket.replayed()
        await socket.ws.send(frame)
        refusal = await socket.next()
        message = refusal.pop("message")
        assert re.search(r"[\u4e00-\u9fff]", message)
        assert refusal == {"type": "error", "code": code} | ({"mid": mid} if mid else {})
        assert await ledger.read(shopper.cid) == []
        assert await socket.nothing_else() == []


async def test_errors_are_told_in_the_shoppers_language(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    shopper = await Shopper.come(gateway, client, lang="en")
    async with shopper.socket() as socket:
        await socket.ws.send("?")
        assert (await socket.until("error"))["message"] == "The request is not in the right form."
    assert "right form" in (await shopper.post("sing")).json()["error"]["message"]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("长" * 2000, "长" * 2000),
        ("😀" * 2000, "😀" * 2000),
        ("  两边有空格  ", "  两边有空格  "),
        ("一\r\n二\t三\x00\x1b[31m\x85", "一\n二\t三[31m"),
        ("👨‍👩‍👧 ✌🏽", "👨‍👩‍👧 ✌🏽"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("/restart", "/restart"),
    ],
)
async def test_text_is_stored_as_written_but_for_control_characters(shopper: Shopper, sent: str, stored: str) -> None:
    async with shopper.socket() as socket:
        await socket.send("message", mid="m1", text=sent)
        assert (await socket.until("message"))["body"]["text"] == stored


async def test_frame_as_bytes_and_with_unknown_fields_is_understood(shopper: Shopper) -> None:
    async with shopper.socket() as socket:
        await socket.ws.send(json.dumps({"type": "message", "mid": "m1", "text": "你好", "later": [1]}).encode())
        await socket.until("ack", mid="m1")


async def test_frame_beyond_all_measure_ends_the_connection(shopper: Shopper) -> None:
    async with shopper.socket() as socket:
        await socket.replayed()
        await socket.ws.send("x" * 70_000)
        assert await socket.closed() == 1009


async def test_text_that_is_not_utf8_ends_the_connection(shopper: Shopper) -> None:
    async with shopper.socket() as socket:
        await socket.replayed()
        await socket.ws.send(b"\xff\xfe", text=True)
        assert await socket.closed() == 1007


async def test_too_many_messages_are_refused_for_now(shopper: Shopper) -> None:
    async with shopper.socket() as socket:
        for n in range(21):
            await socket.send("message", mid=f"m{n}", text="催")
        refusal = await socket.until("error")
        assert (refusal["code"], refusal["mid"]) == ("rate_limited", "m20")
        await socket.send("message", mid="m3", text="催")
        await socket.until("ack", mid="m3")


async def test_too_many_ratings_are_refused_for_now(shopper: Shopper, ledger: Ledger) -> None:
    async with shopper.socket() as socket:
        for _ in range(50):
            await socket.send("rate", score=1)
        assert (await socket.until("error"))["code"] == "rate_limited"
        await socket.nothing_else()
    assert sum(entry.kind == "rating" for entry in await ledger.read(shopper.cid)) <= 40


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_wrong_token_is_told_and_the_socket_closed(gateway: RunningGateway, ledger: Ledger, lang: str) -> None:
    for query in ("", "?token=x.y.z", "?token=&after=1-0"):
        async with Socket(gateway.socket_url + query, lang=lang) as socket:
            refusal = await socket.next()
            assert (refusal["type"], refusal["code"]) == ("error", "unauthorized")
            assert ("session is not valid" in refusal["message"]) == (lang == "en")
            assert await socket.closed() == 4401


def expiring(gateway: RunningGateway, shopper: Shopper, seconds: float) -> None:
    claims = {"sub": shopper.cid, "aud": "shopper", "lang": "zh", "exp": int(time.time() + seconds)}
    shopper.token = jwt.encode(claims, gateway.secret, algorithm="HS256")


async def test_expired_token_is_told_and_the_socket_closed(gateway: RunningGateway, shopper: Shopper) -> None:
    expiring(gateway, shopper, -5)
    async with shopper.socket() as socket:
        assert (await socket.next())["code"] == "session_expired"
        assert await socket.closed() == 4401


async def test_token_that_expires_while_connected_ends_the_socket(gateway: RunningGateway, shopper: Shopper) -> None:
    expiring(gateway, shopper, 2)
    async with shopper.socket() as socket:
        assert await socket.replayed() == []
        assert (await socket.next())["code"] == "session_expired"
        assert await socket.closed() == 4401


async def test_conversation_that_redis_let_go_of_has_expired(ledger: Ledger, shopper: Shopper) -> None:
    async with shopper.socket() as socket:
        await socket.replayed()
        await ledger.redis.flushall()
        await socket.send("message", mid="m1", text="还在吗")
        assert (await socket.next())["code"] == "session_expired"
        assert await socket.closed() == 4401
    async with shopper.socket() as socket:
        assert (await socket.next())["code"] == "session_expired"
        assert await socket.closed() == 4401


@pytest.mark.parametrize("after", ["x", "1", "1-", "-1-1", "1-1-1", "1-1%0A", "99999999999999999999-0", "١-٢"])
async def test_after_that_is_no_entry_id_is_refused(shopper: Shopper, after: str) -> None:
    async with shopper.socket(after=after) as socket:
        assert (await socket.next())["code"] == "bad_frame"
        assert await socket.closed() == 4400


async def test_after_replays_just_what_was_missed(shopper: Shopper, answer: Answer) -> None:
    async with shopper.socket() as socket:
        await socket.send("message", mid="m1", text="第一")
        seen = (await socket.until("message", mid="m1"))["id"]
    await answer(shopper.cid, Reply("第二"), Reply("第三"))
    async with shopper.socket(after=seen) as socket:
        assert [m["body"]["text"] for m in await socket.replayed()] == ["第二", "第三"]
        newest = socket.messages[-1]["id"]
        assert await socket.nothing_else() == []
    async with shopper.socket() as socket:
        assert len(await socket.replayed()) == 4
    async with shopper.socket(after=newest) as socket:
        assert len(await socket.replayed()) == 1
    async with shopper.socket(after="9999999999999-0") as socket:
        assert await socket.replayed() == []


async def test_replay_is_the_last_500_without_after_and_everything_with_it(
    shopper: Shopper, answer: Answer, ledger: Ledger
) -> None:
    first = (await ShopperSide(ledger).say(shopper.cid, "m0", "你好")).id
    await answer(shopper.cid, *(Reply(str(n)) for n in range(1200)))
    expected = [str(n) for n in range(1200)]
    async with shopper.socket(after=first) as socket:
        assert [m["body"]["text"] for m in await socket.replayed()] == expected
        assert await socket.nothing_else() == []
    async with shopper.socket() as socket:
        replayed = [m["body"]["text"] for m in await socket.replayed()]
        assert replayed == [*expected[-499:], "到此为止"]


async def test_nothing_falls_between_replay_and_news(shopper: Shopper, ledger: Ledger) -> None:
    """Sockets come while messages are being stored; each of them sees every message just once."""
    side = ShopperSide(ledger)
    sockets = [shopper.socket() for _ in range(12)]

    async def talk() -> None:
        for n in range(20):
            await side.say(shopper.cid, f"m{n}", str(n))

    async def follow(socket: Socket, n: int) -> list[str]:
        await eventually(lambda: _stored(ledger, shopper.cid, n))
        async with socket:
            await socket.until("message", mid="m19")
            if not any(frame["type"] == "state" for frame in socket.seen):
                await socket.until("state")
            return [message["mid"] for message in socket.messages]

    *followed, _ = await asyncio.gather(*(follow(socket, n) for n, socket in enumerate(sockets)), talk())
    assert followed == [[f"m{n}" for n in range(20)]] * len(sockets)


async def _stored(ledger: Ledger, cid: str, count: int) -> bool:
    return bool(await ledger.redis.xlen(ledger.keys.log(cid)) >= count)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:8002.evil.example", "https://localhost:8002"]
)
async def test_foreign_page_is_refused_before_the_upgrade(shopper: Shopper, origin: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await shopper.socket(origin=origin).__aenter__()
    assert refusal.value.response.status_code == 403
    assert json.loads(refusal.value.response.body)["error"]["code"] == "forbidden_origin"


async def test_shops_pages_own_pages_and_apps_are_let_in(shopper: Shopper, gateway: RunningGateway) -> None:
    own = (gateway.url, gateway.url.replace("127.0.0.1", "localhost"))
    for origin in ("http://localhost:8002", "http://127.0.0.1:8002", *own, None):
        async with shopper.socket(origin=origin) as socket:
            assert await socket.replayed() == []


async def test_request_without_upgrade_is_answered_in_the_one_shape(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient
) -> None:
    answer = await client.get(f"{gateway.url}/api/chat/ws", params={"token": shopper.token})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_frame"


async def test_slow_reader_is_dropped_and_catches_up(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient, ledger: Ledger, bot: BotSide
) -> None:
    async def dropped() -> float:
        return await number(client, gateway, "slow_readers_dropped_total")

    side, before, said = ShopperSide(ledger), await dropped(), 0
    last = (await side.say(shopper.cid, "m0", "你好")).id
    address = f"{gateway.socket_url}?token={shopper.token}&after={last}"
    async with websockets.connect(address, proxy=None, max_queue=1, ping_interval=None) as lazy:
        assert json.loads(await lazy.recv()) == {"type": "state", "mode": "bot"}
        while await dropped() == before:
            turn: Any = await bot.begin(shopper.cid)
            replies = [Reply(f"{said + n} " + "长" * 40_000) for n in range(20)]
            await bot.commit(turn, turn.unread[-1].id, replies)
            said += len(replies)
            await ledger.redis.hset(ledger.keys.conversation(shopper.cid), "rate_count", 0)
            await side.say(shopper.cid, f"again-{said}", "然后呢")
            assert said < 4000, "it is never dropped"
        got = []
        with pytest.raises(websockets.ConnectionClosed) as closing:
            while True:
                got.append(json.loads(await lazy.recv()))
        assert closing.value.rcvd is not None
        assert closing.value.rcvd.code == 1013
    got = [frame for frame in got if frame["type"] == "message"]
    async with shopper.socket(after=got[-1]["id"] if got else last) as socket:
        got += await socket.replayed()
        spoken = [m["body"]["text"].split()[0] for m in got if m["from"] == "bot"]
        assert spoken == [str(n) for n in range(said)]
