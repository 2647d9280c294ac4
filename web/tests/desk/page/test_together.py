"""Several people at one desk: two agents, a supervisor, a trainer; and what is done about an order."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Page, Route, expect

from web.tests.desk.page.waiting import Queue
from web.tests.desk.page.window import Windows, opens, said, write

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def takes(page: Page) -> None:
    await page.get_by_test_id("claim-next").click()
    await expect(page.get_by_test_id("input")).to_be_visible()


async def test_a_note_reaches_whom_it_names(windows: Windows, queue: Queue) -> None:
    await queue.joins("c1")
    one = await windows.sign_in("agent1")
    other = await windows.sign_in("agent2", locale="en-US")
    await takes(one)
    await one.get_by_test_id("tab-note").click()
    await one.get_by_test_id("input").press_sequentially("请看 @客服二")
    await one.get_by_test_id("input").press("Enter")
    await expect(one.get_by_test_id("input")).to_have_value("请看 @客服二号 ")
    await one.get_by_test_id("input").press("Enter")
    notice = other.get_by_test_id("notice")
    await expect(notice).to_contain_text("请看 @客服二号")
    await notice.get_by_role("button").first.click()
    await expect(other.get_by_test_id("note")).to_contain_text("请看 @客服二号")
    await expect(one.get_by_test_id("looking")).to_contain_text("客服二号")
    await expect(other.get_by_test_id("tab-reply")).to_have_count(0)


async def test_a_transfer_says_why(windows: Windows, queue: Queue) -> None:
    await queue.joins("c1")
    one = await windows.sign_in("agent1")
    other = await windows.sign_in("agent2", online=True)
    await other.get_by_test_id("accept").click()
    await other.get_by_test_id("transfer").click()
    await other.get_by_test_id("to-after_sales").check()
    await other.get_by_test_id("comment").fill("顾客想退货")
    await other.get_by_test_id("submit").click()
    await expect(other.get_by_test_id("transfer-dialog")).to_have_count(0)
    await takes(one)
    line = one.locator("[data-testid=line][data-mode=waiting]").last
    await expect(line).to_contain_text("客服二号 转接到「售后」")
    await expect(line).to_contain_text("顾客想退货")


async def test_a_supervisor_reads_along_whispers_and_takes_over(windows: Windows, queue: Queue) -> None:
    await queue.joins("c1")
    agent = await windows.sign_in("agent1")
    await takes(agent)
    boss = await windows.sign_in("supervisor")
    await boss.get_by_test_id("view-board").click()
    row = boss.get_by_test_id("board-row")
    await expect(row).to_contain_text("客服一号")
    await row.get_by_test_id("read-along").click()
    await expect(said(boss, "快递三天没动了")).to_be_visible()
    await boss.get_by_test_id("tab-whisper").click()
    await write(boss, "可以补一张券")
    await expect(agent.locator(".group[data-whisper=true]")).to_contain_text("可以补一张券")
    await boss.get_by_test_id("take-over").click()
    await boss.get_by_test_id("submit").click()
    await expect(boss.get_by_test_id("tab-reply")).to_be_visible()
    await expect(agent.get_by_test_id("mine-row")).to_have_count(0)
    await expect(agent.get_by_test_id("tab-reply")).to_have_count(0)


async def test_a_trainer_looks_and_does_not_speak(windows: Windows, queue: Queue) -> None:
    await queue.joins("c1")
    page = await windows.sign_in("trainer")
    row = page.get_by_test_id("queue-row")
    await row.locator(".row-main").click()
    await expect(said(page, "快递三天没动了")).to_be_visible()
    for absent in ("claim", "claim-next", "composer", "status", "view-board"):
        await expect(page.get_by_test_id(absent)).to_have_count(0)


async def test_an_order_is_settled_step_by_step(windows: Windows, queue: Queue) -> None:
    await queue.joins("c1")
    page = await windows.sign_in("agent1")
    await takes(page)
    asked: list[dict[str, object]] = []
    card = {"type": "summary", "title": "退货申请", "number": "RT1", "rows": [{"label": "退款", "value": "¥249.00"}]}
    steps = [
        {
            "step": "ask",
            "text": "退货原因？",
            "fact": "reason",
            "options": [{"value": "size", "label": "尺码不合"}],
            "facts": {},
        },
        {
            "step": "confirm",
            "text": "请确认",
            "version": "v7",
            "facts": {"reason": "size"},
            "card": {**card, "kind": "confirm"},
        },
        {"step": "end", "text": "已办理", "outcome": "done", "facts": {}, "card": {**card, "kind": "receipt"}},
    ]

    async def answer(route: Route) -> None:
        if route.request.method == "GET":
            await route.fulfill(
                json={"topics": [{"topic": "return", "label": {"zh": "退货", "en": "Return"}, "states": []}]}
            )
            return
        asked.append(json.loads(route.request.post_data or "{}"))
        await route.fulfill(json=steps[len(asked) - 1])

    await page.route("**/order-tasks", answer)
    await opens(page, "Alt+o", "task-order")
    await page.get_by_test_id("task-order").fill("20261120000042")
    await page.get_by_test_id("task-tail").fill("6305")
    await page.get_by_test_id("topic-return").click()
    await page.get_by_test_id("task-option").click()
    await expect(page.get_by_test_id("task-dialog").get_by_test_id("card")).to_contain_text("¥249.00")
    await page.get_by_test_id("task-confirm").click()
    await expect(page.get_by_test_id("task-end")).to_have_attribute("data-outcome", "done")
    await expect(page.get_by_test_id("send-receipt")).to_be_visible()
    assert [one.get("answer") or one.get("confirm") for one in asked] == [
        None,
        {"fact": "reason", "value": "size"},
        "v7",
    ]
    assert asked[2]["facts"] == {"reason": "size"}
    assert len({str(one["mid"]) for one in asked}) == 1
