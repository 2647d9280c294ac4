"""What nobody may get at the agents' door: other roles' routes and frames, personal data without a reason, sessions that are over,
keys of Redis by odd names, and more than was asked for."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio
import websockets

from ledger import BotSide, DeskSide, Handoff, Ledger, Reply, ShopperSide, Turn
from ledger.requests import Requests
from web.desk.routes import add_routes
from web.desk.socket import MOST_OF_ACCOUNT
from web.desk.testing import RunningDesk
from web.tests.desk.agent import Agent, agent_at, cookie_of

ROLES = ("trainer", "agent1", "supervisor", "admin")
EVERYBODY, SPEAKERS, LEADERS, ADMIN = ROLES, ROLES[1:], ROLES[2:], ROLES[3:]
PHONE, MAIL, NAME = "13812345678", "wang.xiaowen@mail.example", "王晓雯"
TALK = "/api/desk/conversations/c1"
REPLY = {"shortcut": "x", "title": "x", "text": {"zh": "x"}, "shared": True}
SHARERS = ("trainer", "supervisor", "admin")
ONE_EACH = "own"
"""In an address: a shared reply that nobody else of this test deletes."""
MATRIX: list[tuple[str, str, Any, tuple[str, ...]]] = [
    ("GET", "/api/me", None, EVERYBODY),
    ("POST", "/api/me/password", {}, EVERYBODY),
    ("GET", f"{TALK}/messages?before=9-9", None, EVERYBODY),
    ("PUT", f"{TALK}/tags", {"tags": []}, SPEAKERS),
    ("GET", f"{TALK}/customer", None, EVERYBODY),
    ("GET", f"{TALK}/customer?order=20261120000042&phone_tail=1234", None, SPEAKERS),
    ("POST", f"{TALK}/reveal", {"reason": "测试"}, SPEAKERS),
    ("POST", f"{TALK}/order-tasks", {"mid": "m", "topic": "cancel", "order": "20261120000042"}, SPEAKERS),
    ("POST", f"{TALK}/customer-notes", {"text": "常客"}, SPEAKERS),
    ("DELETE", f"{TALK}/customer-notes/999", None, SPEAKERS),
    ("GET", "/api/desk/order-tasks", None, EVERYBODY),
    ("POST", "/api/desk/images?conversation=c1", {}, SPEAKERS),
    ("GET", f"/api/desk/images/c1/{'0' * 40}", None, EVERYBODY),
    ("GET", "/api/desk/quick-replies", None, EVERYBODY),
    ("POST", "/api/desk/quick-replies", REPLY, SHARERS),
    ("PUT", "/api/desk/quick-replies/1", REPLY, SHARERS),
    ("DELETE", f"/api/desk/quick-replies/{ONE_EACH}", None, SHARERS),
    ("POST", "/api/desk/quick-replies/1/used", {}, EVERYBODY),
    ("GET", "/api/desk/tags", None, EVERYBODY),
    ("POST", "/api/desk/tags", {"name": "x", "colour": "#112233"}, LEADERS),
    ("DELETE", "/api/desk/tags/999", None, LEADERS),
    ("GET", "/api/desk/archive?q=x", None, EVERYBODY),
    ("GET", "/api/desk/archive/c1", None, EVERYBODY),
    ("GET", "/api/desk/audit", None, LEADERS),
    ("GET", "/api/desk/accounts", None, LEADERS),
    ("POST", "/api/desk/accounts", {}, ADMIN),
    ("PATCH", "/api/desk/accounts/nobody", {"capacity": 3}, LEADERS),
    ("PATCH", "/api/desk/accounts/nobody", {"role": "admin"}, ADMIN),
    ("PATCH", "/api/desk/accounts/nobody", {"password": "blue kettle hill"}, ADMIN),
]
OPEN_TO_ALL = {"/api/login", "/api/logout", "/api/desk/ws"}
"""The first needs no cookie, the others are looked at by tests of their own."""

NOT_MINE = {"type": "message", "conversation": "c1", "mid": "m1", "text": "x"}
FRAMES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"type": "open", "conversation": "c1"}, EVERYBODY),
    ({"type": "close", "conversation": "c1"}, EVERYBODY),
    ({"type": "claim", "conversation": "c1"}, SPEAKERS),
    ({"type": "decline", "conversation": "c1"}, SPEAKERS),
    (NOT_MINE, SPEAKERS),
    ({"type": "note", "conversation": "c1", "text": "x"}, SPEAKERS),
    ({"type": "note", "conversation": "c1", "text": "x", "whisper": True}, LEADERS),
    ({"type": "transfer", "conversation": "c1", "to": "general"}, SPEAKERS),
    ({"type": "resolve", "conversation": "c1", "to": "closed"}, SPEAKERS),
    ({"type": "reopen", "conversation": "c1"}, SPEAKERS),
    ({"type": "typing", "conversation": "c1"}, SPEAKERS),
    ({"type": "read", "conversation": "c1", "id": "1-1"}, SPEAKERS),
    ({"type": "take_over", "conversation": "c1"}, LEADERS),
    ({"type": "reassign", "conversation": "c1", "to": "general"}, LEADERS),
    ({"type": "presence", "status": "away"}, SPEAKERS),
    ({"type": "board", "on": True}, LEADERS),
]
OF_THE_HOLDER = ("message", "transfer", "resolve")


class Listed:
    """Stands in for the app, and for all doors, when only the addresses count."""

    def __init__(self) -> None:
        self.routes: set[tuple[str, str]] = set()

    def __getattr__(self, name: str) -> Any:
        return Listed()

    def __call__(self) -> None:
        """Never called: `partial` wants something that could be."""

    def add_route(self, _: Any, path: str, methods: list[str], **__: Any) -> None:
        self.routes |= {(method, path) for method in methods}

    def add_websocket_route(self, _: Any, path: str) -> None:
        self.routes.add(("GET", path))


@asynccontextmanager
async def browser(desk: RunningDesk, username: str | None) -> AsyncIterator[httpx.AsyncClient]:
    """Plain requests of somebody."""
    cookie = {"Cookie": await cookie_of(desk, username)} if username else {}
    async with httpx.AsyncClient(base_url=desk.url, headers=cookie, trust_env=False, timeout=20) as client:
        yield client


@pytest_asyncio.fixture
async def held(desk: RunningDesk, shopper: ShopperSide, ledger: Ledger) -> AsyncIterator[str]:
    """c1 is with agent2; a bot worker answers what is asked of it."""

    async def answer(_: str, __: dict[str, Any]) -> dict[str, Any]:
        return {"topics": []}

    await shopper.open("c1", "zh")
    await shopper.ask_for_person("c1", Handoff("asked", "", "orders"))
    await DeskSide(ledger, 600_000).claim("c1", "agent2", "客服二号")
    worker = asyncio.create_task(Requests(ledger).serve("worker-1", answer))
    yield "c1"
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


def test_every_route_stands_in_the_matrix() -> None:
    app = Listed()
    add_routes(app, Listed())  # type: ignore[arg-type]
    api = {(method, path) for method, path in app.routes if path.startswith("/api/") and path not in OPEN_TO_ALL}
    shapes = {(method, re.compile(re.sub(r"<[^>]*>", "[^/]+", path))): path for method, path in api}
    met = {path for (method, shape), path in shapes.items() for m, address, _, _ in MATRIX
           if m == method and shape.fullmatch(address.split("?")[0])}  # fmt: skip
    assert met == {path for _, path in api}


@pytest.mark.parametrize("who", [None, *ROLES])
async def test_each_route_is_for_those_who_may(desk: RunningDesk, held: str, who: str | None) -> None:
    wrong = []
    async with browser(desk, who) as client:
        for method, address, body, may in MATRIX:
            place = address.replace(ONE_EACH, str(2 + [None, *ROLES].index(who)))
            answer = await client.request(method, place, json=body)
            if not _right(answer, who, who in may):
                wrong.append((method, address, answer.status_code))
    assert wrong == []


def _right(answer: httpx.Response, who: str | None, may: bool) -> bool:
    """Let in means that something else than the role is looked at: there is no shop here, for one."""
    if who is None or not may:
        return answer.status_code == (401 if who is None else 403)
    refused = answer.status_code in (401, 403) or answer.status_code >= 500
    return not refused or answer.json()["error"]["code"] == "shop_unavailable"


@pytest.mark.parametrize("who", ROLES)
async def test_each_frame_is_for_those_who_may(desk: RunningDesk, held: str, ledger: Ledger, who: str) -> None:
    async with agent_at(desk, who) as agent:
        for n, (frame, may) in enumerate(FRAMES):
            codes = await _refusals(agent, frame, n)
            assert ("forbidden" in codes) == (who not in may), (frame, codes)
            if who == "agent1" and frame["type"] in OF_THE_HOLDER:
                assert codes == ["not_yours"], frame
    if who in ("trainer", "agent1"):
        assert (await ledger.state("c1"))["agent"] == "agent2"
        said = [entry for entry in await ledger.read("c1") if entry.kind == "message"]
        assert said == []


async def _refusals(agent: Agent, frame: dict[str, Any], n: int) -> list[str]:
    """The codes that a frame is refused with; the answer to a second frame tells that nothing more comes."""
    since = len(agent.frames)
    await agent.send_raw(json.dumps(frame))
    await agent.send("close", conversation=f"end{n}")
    await agent.sees("error", since, conversation=f"end{n}")
    errors = [one for one in agent.frames[since:] if one["type"] == "error"]
    return [one["code"] for one in errors if one.get("conversation") != f"end{n}"]


async def _full_of_personal_data(ledger: Ledger, shopper: ShopperSide) -> None:
    """c1, with agent2: a phone and a mail wherever something can be written."""
    written = f"电话 {PHONE}，邮箱 {MAIL}"
    card = {"type": "summary", "kind": "info", "title": "改地址", "rows": [{"label": "电话", "value": PHONE}]}
    context = {"asked": [{"text": written, "intent": "x"}], "slots": {"phone": PHONE}, "order": "20261120000042"}
    desk, bot = DeskSide(ledger, 600_000), BotSide(ledger, "worker-1")
    await shopper.open("c1", "zh", "cust-1", NAME)
    await shopper.say("c1", "m1", written)
    turn = await bot.begin("c1")
    assert isinstance(turn, Turn)
    handoff = Handoff("asked", written, "orders", 3, [written], context)
    await bot.commit(turn, turn.unread[-1].id, [Reply(written, card)], handoff=handoff)
    await shopper.contact("c1", PHONE)
    await desk.claim("c1", "agent2", "客服二号")
    await shopper.say("c1", "m2", written)
    await shopper.rate("c1", 5, written)


async def test_without_a_reason_no_personal_data_is_seen(
    desk: RunningDesk, ledger: Ledger, shopper: ShopperSide
) -> None:
    await _full_of_personal_data(ledger, shopper)
    async with (
        agent_at(desk, "agent2") as holder,
        agent_at(desk, "agent1") as agent,
        agent_at(desk, "supervisor") as boss,
        browser(desk, "agent1") as client,
    ):
        await agent.on_duty()
        await agent.send("open", conversation="c1")
        await boss.send("board", on=True)
        await boss.sees("board", when=lambda frame: frame["held"] == 1)
        await holder.send("note", conversation="c1", text=f"请打 {PHONE}", to=["agent1"])
        await agent.sees("mention", conversation="c1")
        await agent.sees("message", kind="note")
        await holder.send("transfer", conversation="c1", to="agent1", comment=f"请打 {PHONE}")
        await agent.sees("assigned", conversation="c1")
        await agent.send("claim", conversation="c1")
        await agent.sees("assigned", conversation="c1", when=lambda frame: "accept_by" not in frame)
        seen = [json.dumps(agent.frames, ensure_ascii=False), json.dumps(boss.frames, ensure_ascii=False)]
        for address in ("messages?before=9999999999999-9&limit=200", "customer"):
            seen.append((await client.get(f"{TALK}/{address}")).text)
        await agent.send("resolve", conversation="c1", to="closed", summary=f"打 {PHONE}", solution=MAIL)
        await agent.sees("released", conversation="c1")
        async with asyncio.timeout(15):
            while (await client.get("/api/desk/archive/c1")).status_code == 404:
                await asyncio.sleep(0.05)
        for address in ("archive/c1", f"archive?q={PHONE}", "archive?customer=cust-1"):
            answer = await client.get(f"/api/desk/{address}")
            assert answer.status_code == 200
            seen.append(answer.text.replace(f"q={PHONE}", ""))
    for text in seen:
        assert not [one for one in (PHONE, MAIL, NAME) if one in text], text


async def test_what_is_read_and_done_is_noted(desk: RunningDesk, ledger: Ledger, shopper: ShopperSide) -> None:
    await _full_of_personal_data(ledger, shopper)
    async with agent_at(desk, "agent2") as agent, browser(desk, "agent2") as client, browser(desk, "admin") as boss:
        assert PHONE not in (await client.get(f"{TALK}/messages?before=9999999999999-9")).text
        await client.post(f"{TALK}/reveal", json={"reason": "核对地址"})
        assert PHONE in (await client.get(f"{TALK}/messages?before=9999999999999-9")).text
        await client.put(f"{TALK}/tags", json={"tags": ["加急"]})
        await client.post(
            f"{TALK}/order-tasks",
            json={"mid": "m", "topic": "cancel", "order": "20261120000042", "phone_tail": "1234"},
        )
        await agent.send("note", conversation="c1", mid="n1", text="请注意")
        await agent.sees("ack", mid="n1")
        rows = (await boss.get("/api/desk/audit?conversation=c1&who=agent2")).json()["rows"]
    noted = {row["what"] for row in rows}
    assert {"reveal", "personal_data_seen", "tagged", "order_proof", "noted"} <= noted
    assert "请注意" not in json.dumps(rows, ensure_ascii=False), "but not what was written"


@pytest.mark.parametrize("cid", ["c1:mids", "c1:choices", "c1:log", "c1%3Amids", "..", "c1%2Fmids", "x" * 65, "{c1}"])
async def test_other_keys_are_no_conversations(
    desk: RunningDesk, held: str, ledger: Ledger, shopper: ShopperSide, cid: str
) -> None:
    said = await shopper.say("c1", "m1", "在吗")
    async with browser(desk, "supervisor") as client:
        base = f"/api/desk/conversations/{cid}"
        answers = [
            await client.get(f"{base}/messages?before=9-9"),
            await client.put(f"{base}/tags", json={"tags": ["x"]}),
            await client.get(f"{base}/customer"),
            await client.post(f"{base}/reveal", json={"reason": "x"}),
            await client.post(f"{base}/customer-notes", json={"text": "x"}),
            await client.get(f"/api/desk/archive/{cid}"),
            await client.get(f"/api/desk/images/{cid}/{'0' * 40}"),
        ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert await ledger.redis.hgetall(f"{ledger.keys.conversation('c1')}:mids") == {"m1": said.id}


@pytest.mark.parametrize(
    "address",
    [
        f"{TALK}/messages?before=9-9&limit=00000199999999",
        f"{TALK}/messages?before=9-9&limit=201",
        "/api/desk/archive?page=00000000199999999999999999999",
        "/api/desk/archive?from=0001-01-01T00:00:00%2B14:00",
        "/api/desk/audit?to=9999-12-31",
    ],
)
async def test_numbers_and_days_out_of_bounds_are_refused(desk: RunningDesk, held: str, address: str) -> None:
    async with browser(desk, "supervisor") as client:
        answer = await client.get(address)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_frame")


@pytest.mark.parametrize("how", ["logout", "password", "deactivated"])
async def test_open_socket_ends_with_its_session(desk: RunningDesk, how: str) -> None:
    name, old = f"temp-{how}", "green lamp over the sea"
    async with browser(desk, "admin") as admin:
        new = {"username": name, "name": "临时", "role": "agent", "password": old}
        assert (await admin.post("/api/desk/accounts", json=new)).status_code == 201
        async with _connected(desk, name, old) as (agent, client):
            if how == "logout":
                await client.post("/api/logout")
            elif how == "deactivated":
                await admin.patch(f"/api/desk/accounts/{name}", json={"active": False})
            else:
                async with httpx.AsyncClient(base_url=desk.url, trust_env=False) as elsewhere:
                    await elsewhere.post("/api/login", json={"username": name, "password": old})
                    changed = {"old": old, "new": "another lamp over the sea"}
                    assert (await elsewhere.post("/api/me/password", json=changed)).status_code == 204
            assert await agent.closed() == 4401, "long before the look that comes every half minute"


@asynccontextmanager
async def _connected(desk: RunningDesk, username: str, password: str) -> AsyncIterator[tuple[Agent, httpx.AsyncClient]]:
    """A socket and plain requests of one session."""
    own = desk.password
    desk.password = password
    try:
        async with agent_at(desk, username) as agent:
            desk.password = own
            headers = {"Cookie": agent.cookie}
            async with httpx.AsyncClient(base_url=desk.url, headers=headers, trust_env=False) as client:
                yield agent, client
    finally:
        desk.password = own


async def test_who_is_no_supervisor_any_more_gets_no_board(desk: RunningDesk) -> None:
    name, password = "temp-boss", "green lamp over the sea"
    async with browser(desk, "admin") as admin:
        new = {"username": name, "name": "临时", "role": "supervisor", "password": password}
        assert (await admin.post("/api/desk/accounts", json=new)).status_code == 201
        async with _connected(desk, name, password) as (agent, _):
            await agent.send("board", on=True)
            await agent.sees("board")
            await admin.patch(f"/api/desk/accounts/{name}", json={"role": "trainer"})
            await agent.sees("agents", when=lambda frame: _role(frame, name) == "trainer")
            since = len(agent.frames)
            await asyncio.sleep(1.5)  # more than the pause between two boards
            assert not [frame for frame in agent.frames[since:] if frame["type"] == "board"]


def _role(frame: dict[str, Any], username: str) -> str | None:
    return next((one["role"] for one in frame["agents"] if one["username"] == username), None)


async def test_who_may_speak_no_more_keeps_nobody(desk: RunningDesk, ledger: Ledger, shopper: ShopperSide) -> None:
    name, password = "temp-agent", "green lamp over the sea"
    async with browser(desk, "admin") as admin:
        new = {"username": name, "name": "临时", "role": "agent", "password": password}
        assert (await admin.post("/api/desk/accounts", json=new)).status_code == 201
        async with _connected(desk, name, password) as (agent, _):
            await shopper.open("c1", "zh")
            await shopper.ask_for_person("c1", Handoff("asked", "", "orders"))
            await agent.send("claim", conversation="c1")
            await agent.sees("assigned", conversation="c1")
            await admin.patch(f"/api/desk/accounts/{name}", json={"role": "trainer"})
            await agent.sees("released", conversation="c1")
    assert (await ledger.state("c1"))["mode"] == "waiting"


async def test_one_account_has_so_many_sockets_and_no_more(desk: RunningDesk) -> None:
    cookie = {"Cookie": await cookie_of(desk, "agent1")}
    async with AsyncExitStack() as stack:
        for _ in range(MOST_OF_ACCOUNT):
            opened = websockets.connect(desk.socket_url, additional_headers=cookie, proxy=None)
            await (await stack.enter_async_context(opened)).recv()
        async with websockets.connect(desk.socket_url, additional_headers=cookie, proxy=None) as one_more:
            with pytest.raises(websockets.ConnectionClosed):
                await one_more.recv()
            assert one_more.close_code == 1013


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_page_of_a_sister_site_reads_nothing(desk: RunningDesk, site: str) -> None:
    async with browser(desk, "agent1") as client:
        refused = await client.get("/api/desk/archive?q=x", headers={"Sec-Fetch-Site": site})
        assert refused.json()["error"]["code"] == "forbidden_origin"
        assert (await client.get("/api/desk/archive?q=x", headers={"Sec-Fetch-Site": "same-origin"})).status_code == 200


async def test_many_questions_to_a_silent_bot_hold_nobody_up(desk: RunningDesk, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    async with browser(desk, "agent2") as client, agent_at(desk, "agent1") as agent:
        client.timeout = httpx.Timeout(60)
        asked = [asyncio.create_task(client.get("/api/desk/order-tasks")) for _ in range(90)]
        await asyncio.sleep(1)  # all of them wait by now
        async with asyncio.timeout(3):
            await agent.send("open", conversation="c1")
            await agent.sees("opened", conversation="c1")
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
