"""What an agent does about an order goes the bot's own way: same questions, same terms, same summaries, once for each key."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import yaml

from actions import audit, shop_terms
from actions import shop as shop_of_actions
from actions.order_tasks import OrderTasks
from ledger import Ledger, connect
from ledger.audit import AuditTrail
from ledger.requests import NoAnswer, Requests
from ledger.sent import SentChanges
from ledger.testing import RedisServer
from shop.client import ClientSettings, ShopClient
from shop.seed.shown import ShownOrder
from shop.testing import RunningShop, start_shop
from tests.conversation import ROOT

RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def running_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    running = start_shop(tmp_path_factory.mktemp("shop"))
    yield running
    running.stop()


def settings_of(shop: RunningShop) -> ClientSettings:
    """For a client that does not wait long."""
    urls = {"orders_url": shop.url, "logistics_url": shop.url, "promotions_url": shop.url}
    return ClientSettings(api_key=shop.api_key, read_s=0.5, budget_s=1.5, **urls)


class Agent:
    """Somebody at the desk: sends back the facts that came with the last step, as the page does."""

    def __init__(self, tasks: OrderTasks, order: ShownOrder, topic: str, lang: str = "zh", **proof: str) -> None:
        self._tasks = tasks
        proof = proof or {"phone_tail": order.phone_tail}
        self._about = {"topic": topic, "order": order.number, "lang": lang, "agent": "lin", **proof}
        self.facts: dict[str, Any] = {}
        self.step: dict[str, Any] = {}
        self._mids = itertools.count(1)
        self.cid = f"c{next(_numbers)}"

    async def asks(self, **changes: Any) -> dict[str, Any]:
        """One request; `changes` are what it has on top, or instead."""
        body = {"what": "order_task", "mid": f"m{next(self._mids)}", "facts": self.facts, **self._about, **changes}
        self.step = await self._tasks.answer(self.cid, body)
        self.facts = self.step.get("facts", self.facts)
        return self.step

    async def answers(self, fact: str, value: str) -> dict[str, Any]:
        """A button, or words."""
        return await self.asks(answer={"fact": fact, "value": value})

    async def confirms(self, **changes: Any) -> dict[str, Any]:
        """Presses what the last summary offers."""
        return await self.asks(confirm=self.step["version"], **changes)


@pytest.fixture
async def tasks(running_shop: RunningShop, ledger: Ledger) -> AsyncIterator[OrderTasks]:
    running_shop.heal()
    client = ShopClient(settings_of(running_shop))
    shop_of_actions.use(client)
    audit.use(AuditTrail(ledger).note)
    yield OrderTasks(RESPONSES, SentChanges(ledger))
    audit.use(None)
    shop_of_actions.use(None)
    shop_terms.use_today(None)
    await client.aclose()
    running_shop.heal()


def done(shop: RunningShop, order: ShownOrder) -> int:
    """How many changes were really made."""
    return sum(one["outcome"] == "done" for one in shop.audit(order.number))


async def test_cancels_with_the_bots_own_question_and_summary(
    tasks: OrderTasks, running_shop: RunningShop, ledger: Ledger
) -> None:
    order = running_shop.add_order("paid")
    agent = Agent(tasks, order, "cancel")
    step = await agent.asks()
    assert (step["step"], step["fact"]) == ("ask", "reason")
    assert {"value": "changed_mind", "label": "不想要了"} in step["options"]
    step = await agent.answers("reason", "changed_mind")
    assert (step["step"], step["card"]["kind"]) == ("confirm", "confirm")
    assert done(running_shop, order) == 0
    step = await agent.confirms()
    assert (step["step"], step["outcome"], step["card"]["kind"]) == ("end", "done", "receipt")
    assert running_shop.order_row(order.number)["state"] == "cancelled"
    notes = await AuditTrail(ledger).entries(agent.cid)
    assert [(one["by"], one["outcome"]) for one in notes] == [("lin", "asked"), ("lin", "done")]
    assert {one["key"] for one in notes} == {f"{agent.cid}:m3:cancel"}


async def test_words_answer_as_buttons_do_and_the_language_is_the_agents(
    tasks: OrderTasks, running_shop: RunningShop
) -> None:
    agent = Agent(tasks, running_shop.add_order("paid"), "cancel", lang="en")
    assert "cancel" in (await agent.asks())["text"].lower()
    step = await agent.answers("reason", "qwerty")
    assert step["text"].startswith("I couldn't tell which one you mean")
    assert (await agent.answers("reason", "another address"))["step"] in ("ask", "confirm")
    step = await agent.answers("reason", "2")
    assert (step["step"], step["facts"]) == ("confirm", {"reason": "wrong_order"})


async def test_a_return_is_refused_by_the_terms_after_seven_days(tasks: OrderTasks, running_shop: RunningShop) -> None:
    order = running_shop.add_order("delivered", delivered_days_ago=9)
    agent = Agent(tasks, order, "return")
    await agent.asks()
    step = await agent.answers("cause", "no_reason")
    assert (step["step"], step["outcome"]) == ("end", "refused")
    assert any(not one["holds"] and "9" in one["text"] for one in step["card"]["reasons"])
    assert running_shop.cases(order.number) == []


async def test_a_return_within_the_time_is_opened(tasks: OrderTasks, running_shop: RunningShop) -> None:
    order = running_shop.add_order("delivered", delivered_days_ago=3)
    agent = Agent(tasks, order, "return", customer=order.customer_id)
    await agent.asks()
    await agent.answers("cause", "no_reason")
    await agent.answers("intact", "yes")
    step = await agent.answers("pickup", "self")
    assert step["step"] == "confirm"
    assert (await agent.confirms())["outcome"] == "done"
    assert [one["kind"] for one in running_shop.cases(order.number)] == ["return"]


async def test_a_new_address_is_told_piece_by_piece(tasks: OrderTasks, running_shop: RunningShop) -> None:
    order = running_shop.add_order("paid")
    agent = Agent(tasks, order, "address")
    assert (await agent.asks())["free"] is True
    await agent.answers("receiver", "上海市浦东新区世纪大道100号8楼")
    step = await agent.answers("receiver", "收货人是李雷")
    assert step["facts"]["receiver"] == {"address": "上海市浦东新区世纪大道100号8楼", "name": "李雷"}
    assert (await agent.confirms())["outcome"] == "done"
    assert running_shop.order_row(order.number)["receiver_name"] == "李雷"


async def test_an_earlier_answer_given_anew_makes_the_later_ones_unknown(
    tasks: OrderTasks, running_shop: RunningShop
) -> None:
    agent = Agent(tasks, running_shop.add_order("delivered", delivered_days_ago=1), "return")
    await agent.asks()
    await agent.answers("cause", "no_reason")
    await agent.answers("intact", "yes")
    step = await agent.answers("cause", "quality")
    assert step["facts"] == {"cause": "quality"}


async def test_a_summary_of_before_agrees_to_nothing(tasks: OrderTasks, running_shop: RunningShop) -> None:
    order = running_shop.add_order("paid")
    agent = Agent(tasks, order, "cancel")
    await agent.asks()
    old = (await agent.answers("reason", "other"))["version"]
    await agent.answers("reason", "too_slow")
    step = await agent.asks(confirm=old)
    assert (step["step"], step["version"] == old) == ("confirm", False)
    assert step["text"].startswith("情况有变化")
    assert done(running_shop, order) == 0


async def test_a_second_press_gives_the_first_receipt(tasks: OrderTasks, running_shop: RunningShop) -> None:
    order = running_shop.add_order("paid")
    agent = Agent(tasks, order, "cancel")
    await agent.asks()
    version = (await agent.answers("reason", "other"))["version"]
    first, second = await asyncio.gather(
        agent.asks(mid="press", confirm=version), agent.asks(mid="press", confirm=version)
    )
    third = await agent.asks(mid="press", confirm=version)
    numbers = {one["card"]["number"] for one in (first, second, third)}
    assert len(numbers) == 1
    assert {one["outcome"] for one in (first, second, third)} == {"done"}
    assert done(running_shop, order) == 1


async def test_another_mid_for_what_is_done_does_nothing(tasks: OrderTasks, running_shop: RunningShop) -> None:
    order = running_shop.add_order("paid")
    agent = Agent(tasks, order, "cancel")
    await agent.asks()
    version = (await agent.answers("reason", "other"))["version"]
    await agent.asks(confirm=version)
    step = await agent.asks(confirm=version)
    assert (step["step"], step["outcome"]) == ("end", "refused")
    assert done(running_shop, order) == 1


async def test_what_the_shop_refuses_in_between_is_told(tasks: OrderTasks, running_shop: RunningShop) -> None:
    """A return that was opened elsewhere meanwhile: the shop's own check."""
    order = running_shop.add_order("paid")
    agent, other = Agent(tasks, order, "hurry"), Agent(tasks, order, "hurry")
    await agent.asks()
    await other.asks()
    assert (await other.confirms())["outcome"] == "done"
    step = await agent.asks(mid="late", confirm=agent.step["version"])
    assert step["outcome"] == "refused"
    assert done(running_shop, order) == 1


@pytest.mark.parametrize("proof", [{"phone_tail": "0000"}, {"customer": "c001"}])
async def test_who_cannot_prove_it_learns_nothing(
    tasks: OrderTasks, running_shop: RunningShop, proof: dict[str, str]
) -> None:
    agent = Agent(tasks, running_shop.add_order("paid", customer_id="c002"), "cancel", **proof)
    assert (await agent.asks())["error"]["code"] == "order_not_found"


async def test_a_shop_that_is_away_is_said_and_tried_again(tasks: OrderTasks, running_shop: RunningShop) -> None:
    order = running_shop.add_order("paid")
    agent = Agent(tasks, order, "cancel")
    await agent.asks()
    version = (await agent.answers("reason", "other"))["version"]
    running_shop.fault("orders", "down", only="writes")
    step = await agent.asks(mid="press", confirm=version)
    assert step.get("error", {}).get("code") == "shop_unavailable" or step["outcome"] == "uncertain"
    running_shop.heal()
    assert (await agent.asks(mid="press", confirm=version))["outcome"] == "done"
    assert done(running_shop, order) == 1


async def test_no_answer_in_time_is_uncertain_and_the_same_press_settles_it(
    tasks: OrderTasks, running_shop: RunningShop
) -> None:
    order = running_shop.add_order("paid")
    agent = Agent(tasks, order, "cancel")
    await agent.asks()
    version = (await agent.answers("reason", "other"))["version"]
    running_shop.fault("orders", "late", delay_s=9, only="writes")
    step = await agent.asks(mid="press", confirm=version)
    assert (step["step"], step["outcome"]) == ("end", "uncertain")
    running_shop.heal()
    step = await agent.asks(mid="press", confirm=version)
    assert (step["outcome"], step["card"]["kind"]) == ("done", "receipt")
    assert done(running_shop, order) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"what": "nothing"}, {"topic": "juggling"}, {"mid": "a b"}, {"facts": {"juggling": "x"}}, {"confirm": "x"},
     {"answer": {"fact": "juggling", "value": "x"}}, {"lang": "fr"}, {"answer": {"fact": "reason", "value": ""}}],
)  # fmt: skip
async def test_what_is_no_request_is_refused(
    tasks: OrderTasks, running_shop: RunningShop, wrong: dict[str, Any]
) -> None:
    agent = Agent(tasks, running_shop.add_order("paid"), "cancel")
    assert (await agent.asks(**wrong))["error"]["code"] in ("bad_frame", "not_found")


async def test_what_only_tells_tells(tasks: OrderTasks, running_shop: RunningShop) -> None:
    step = await Agent(tasks, running_shop.add_order("delivered"), "check_return").asks()
    assert (step["step"], step["outcome"], step["card"]["kind"]) == ("end", "info", "info")


async def test_the_topics_are_listed_in_both_languages(tasks: OrderTasks) -> None:
    found = {one["topic"]: one for one in (await tasks.answer("", {"what": "topics"}))["topics"]}
    assert found["cancel"]["label"] == {"zh": "取消订单", "en": "cancellation"}
    assert "paid" in found["cancel"]["states"]
    assert len(found) == 13


class Serving:
    """A process that serves agents' tasks, to be killed. It is forked: loading what a worker needs takes seconds."""

    def __init__(self, redis_url: str, shop: RunningShop) -> None:
        self._redis_url, self._shop = redis_url, shop
        self._process: Any = None

    async def start(self) -> None:
        """Starts it, out of a thread: where this one is, a loop is running."""
        self._process = multiprocessing.get_context("fork").Process(target=self._run, daemon=True)
        await asyncio.to_thread(self._process.start)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        shop_of_actions.use(ShopClient(settings_of(self._shop)))
        ledger = Ledger(connect(self._redis_url))
        await Requests(ledger).serve(str(os.getpid()), OrderTasks(RESPONSES, SentChanges(ledger)).answer)

    def kill(self) -> None:
        """`kill -9`."""
        if self._process is not None:
            self._process.kill()
            self._process.join()


async def test_a_worker_that_is_killed_has_done_it_once(
    redis_server: RedisServer, ledger: Ledger, running_shop: RunningShop
) -> None:
    """The shop has cancelled, nobody has said so: the agent's same press, answered by another worker, has the receipt."""
    running_shop.heal()
    order, requests = running_shop.add_order("paid"), Requests(ledger)
    worker = Serving(redis_server.url, running_shop)
    body = {"what": "order_task", "agent": "lin", "mid": "m1", "topic": "cancel", "order": order.number,
            "phone_tail": order.phone_tail, "facts": {"reason": "other"}}  # fmt: skip
    try:
        await worker.start()
        version = (await requests.ask("killed", body))["version"]
        running_shop.fault("orders", "late", delay_s=3, only="writes")
        press = asyncio.create_task(requests.ask("killed", {**body, "confirm": version}, timeout_s=1.5))
        deadline = time.monotonic() + 10
        while not done(running_shop, order):
            assert time.monotonic() < deadline, "the shop was not asked"
            await asyncio.sleep(0.005)
        worker.kill()
        with pytest.raises(NoAnswer):
            await press
        running_shop.heal()
        await worker.start()
        again = await requests.ask("killed", {**body, "confirm": version})
        assert (again["outcome"], again["card"]["kind"]) == ("done", "receipt")
        assert done(running_shop, order) == 1
    finally:
        worker.kill()
        running_shop.heal()
