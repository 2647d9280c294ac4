"""What an agent does about an order: only for whom they serve, only about that shopper's orders, each step asked of a bot worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import pytest_asyncio

from ledger import Ledger
from ledger.requests import Requests
from shop.client import ShopClient
from shop.testing import RunningShop
from web.desk import order_tasks
from web.desk.audit import Audit, AuditQuery
from web.desk.logins import Logins
from web.desk.order_tasks import OrderTasksApi
from web.tests.desk.counter import as_who, conversation, held_by, served

pytest_plugins = ["web.tests.desk.shop_side"]
ASK = {"step": "ask", "text": "为什么取消？", "fact": "reason", "options": [], "facts": {}}
DONE = {"step": "end", "text": "已取消。", "facts": {"reason": "other"}, "outcome": "done"}
VERSION = "0123456789"


@dataclass
class Worker:
    """Answers as a bot worker would, over the same channel; the bot's own tests hold what it decides."""

    answer: dict[str, Any] = field(default_factory=lambda: dict(ASK))
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def handle(self, cid: str, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((cid, body))
        return self.answer


@pytest_asyncio.fixture
async def worker(book: Ledger) -> AsyncIterator[Worker]:
    one = Worker()
    serving = asyncio.create_task(Requests(book).serve("worker-1", one.handle))
    yield one
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


@pytest_asyncio.fixture
async def door(book: Ledger, asks: ShopClient, logins: Logins, staff_audit: Audit) -> AsyncIterator[httpx.AsyncClient]:
    api = OrderTasksApi(book, asks, Requests(book), logins, staff_audit)
    routes = (
        (api.topics, "/api/desk/order-tasks", ["GET"]),
        (api.step, "/api/desk/conversations/<cid:str>/order-tasks", ["POST"]),
    )
    async with served(*routes) as client:
        yield client


class Agent:
    """Somebody who asks for steps."""

    def __init__(self, door: httpx.AsyncClient, token: str) -> None:
        self._door, self._headers = door, as_who(token)

    async def step(self, cid: str, order: str, **more: Any) -> httpx.Response:
        body = {"mid": "m1", "topic": "cancel", "order": order, "facts": {}, **more}
        path = f"/api/desk/conversations/{cid}/order-tasks"
        return await self._door.post(path, json=body, headers=self._headers)


@pytest.fixture
def lin(door: httpx.AsyncClient, tokens: dict[str, str]) -> Agent:
    return Agent(door, tokens["lin"])


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def noted(audit: Audit, what: str) -> list[dict[str, Any]]:
    rows, _ = await audit.find(AuditQuery(what=what))
    return [{"who": row.who, "conversation": row.conversation, **row.detail} for row in rows]


async def test_step_is_asked_of_the_bot_and_its_answer_passes_through(
    demo_shop: RunningShop, book: Ledger, worker: Worker, lin: Agent
) -> None:
    order, cid = demo_shop.add_order("paid", "c030"), await conversation(book, "c030")
    await held_by(book, cid, "lin")
    answer = await lin.step(cid, order.number, facts={"reason": "other"}, answer={"fact": "reason", "value": "other"})
    assert (answer.status_code, answer.json()) == (200, ASK)
    expected = {
        "what": "order_task",
        "agent": "lin",
        "mid": "m1",
        "topic": "cancel",
        "order": order.number,
        "customer": "c030",
        "lang": "zh",
        "facts": {"reason": "other"},
        "answer": {"fact": "reason", "value": "other"},
    }
    assert [(one, {k: v for k, v in body.items() if v is not None}) for one, body in worker.asked] == [(cid, expected)]


async def test_what_is_carried_out_is_noted_before_and_after(
    demo_shop: RunningShop, book: Ledger, worker: Worker, lin: Agent, staff_audit: Audit
) -> None:
    order, cid = demo_shop.add_order("paid", "c030"), await conversation(book, "c030")
    await held_by(book, cid, "lin")
    await lin.step(cid, order.number)
    assert await noted(staff_audit, "order_task") == []
    worker.answer = dict(DONE)
    assert (await lin.step(cid, order.number, confirm=VERSION)).json() == DONE
    assert worker.asked[-1][1]["confirm"] == VERSION
    about = {"who": "lin", "conversation": cid, "topic": "cancel", "order": order.number, "mid": "m1"}
    assert await noted(staff_audit, "order_task_confirmed") == [about]
    assert await noted(staff_audit, "order_task") == [{**about, "outcome": "done"}]


async def test_only_who_serves_the_shopper_acts_for_them(
    demo_shop: RunningShop, book: Ledger, worker: Worker, door: httpx.AsyncClient, tokens: dict[str, str]
) -> None:
    order, cid = demo_shop.add_order("paid", "c030"), await conversation(book, "c030")
    assert code(await Agent(door, tokens["lin"]).step(cid, order.number)) == (409, "not_yours")  # it still waits
    await held_by(book, cid, "lin")
    assert code(await Agent(door, tokens["qiu"]).step(cid, order.number)) == (409, "not_yours")
    assert code(await Agent(door, tokens["coach"]).step(cid, order.number)) == (403, "forbidden")
    assert code(await Agent(door, "no-token").step(cid, order.number)) == (401, "unauthorized")
    assert worker.asked == []
    assert (await Agent(door, tokens["boss"]).step(cid, order.number)).status_code == 200


async def test_orders_of_others_are_out_of_reach(
    demo_shop: RunningShop, book: Ledger, worker: Worker, lin: Agent
) -> None:
    theirs = demo_shop.add_order("paid", "c031")
    wrong = "0000" if theirs.phone_tail != "0000" else "1111"
    for customer in ("c030", ""):
        cid = await conversation(book, customer)
        await held_by(book, cid, "lin")
        assert code(await lin.step(cid, theirs.number)) == (404, "order_not_found")
        assert code(await lin.step(cid, theirs.number, phone_tail=wrong)) == (404, "order_not_found")
    assert worker.asked == []


async def test_strangers_order_goes_with_its_proof(
    demo_shop: RunningShop, book: Ledger, worker: Worker, lin: Agent
) -> None:
    order = demo_shop.add_order("paid", "c031")
    given = await conversation(book)
    proved = await conversation(book, proved={"number": order.number, "phone_tail": order.phone_tail})
    for cid, more in ((given, {"phone_tail": order.phone_tail}), (proved, {})):
        await held_by(book, cid, "lin")
        assert (await lin.step(cid, order.number, **more)).status_code == 200
        _, body = worker.asked[-1]
        assert (body["phone_tail"], body.get("customer")) == (order.phone_tail, None)


@pytest.mark.parametrize(
    ("refused", "status"), [("bad_frame", 400), ("not_found", 404), ("order_not_found", 404), ("shop_unavailable", 503)]
)
async def test_what_the_bot_refuses_is_told(
    refused: str, status: int, demo_shop: RunningShop, book: Ledger, worker: Worker, lin: Agent
) -> None:
    order, cid = demo_shop.add_order("paid", "c030"), await conversation(book, "c030")
    await held_by(book, cid, "lin")
    worker.answer = {"error": {"code": refused, "message": "why"}}
    assert code(await lin.step(cid, order.number)) == (status, refused)


async def test_bot_that_does_not_answer_is_told(
    demo_shop: RunningShop, book: Ledger, lin: Agent, staff_audit: Audit, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(order_tasks, "ANSWER_S", 0.3)
    order, cid = demo_shop.add_order("paid", "c030"), await conversation(book, "c030")
    await held_by(book, cid, "lin")
    assert code(await lin.step(cid, order.number, confirm=VERSION)) == (503, "unavailable")
    assert len(await noted(staff_audit, "order_task_confirmed")) == 1
    assert "unexpected_error" not in caplog.text


async def test_shop_that_does_not_answer_is_told(
    demo_shop: RunningShop, book: Ledger, worker: Worker, lin: Agent
) -> None:
    order, cid = demo_shop.add_order("paid", "c030"), await conversation(book, "c030")
    await held_by(book, cid, "lin")
    demo_shop.fault("orders", "down", only="reads")
    assert code(await lin.step(cid, order.number)) == (503, "shop_unavailable")


@pytest.mark.parametrize(
    "more",
    [{"mid": "a b"}, {"mid": ""}, {"topic": "Cancel!"}, {"order": "../x"}, {"phone_tail": "123"}, {"confirm": ""},
     {"facts": []}, {"answer": "yes"}],
)  # fmt: skip
async def test_steps_of_another_shape_are_refused(
    more: dict[str, Any], demo_shop: RunningShop, book: Ledger, worker: Worker, lin: Agent
) -> None:
    cid = await conversation(book, "c030")
    await held_by(book, cid, "lin")
    assert code(await lin.step(cid, more.pop("order", "20261120000042"), **more)) == (400, "bad_frame")
    assert worker.asked == []


async def test_what_can_be_done_is_what_the_bot_can(
    door: httpx.AsyncClient, worker: Worker, tokens: dict[str, str]
) -> None:
    topics = {"topics": [{"topic": "cancel", "label": {"zh": "取消订单", "en": "Cancel"}, "states": ["paid"]}]}
    worker.answer = topics
    answer = await door.get("/api/desk/order-tasks", headers=as_who(tokens["lin"]))
    assert (answer.status_code, answer.json()) == (200, topics)
    assert worker.asked == [("", {"what": "topics"})]
    assert code(await door.get("/api/desk/order-tasks")) == (401, "unauthorized")
