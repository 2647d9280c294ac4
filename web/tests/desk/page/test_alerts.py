"""What calls an agent who looks elsewhere: sounds and notices of the system, as the browser makes them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

from web.desk.testing import RunningDesk
from web.tests.desk.page.waiting import Queue
from web.tests.desk.page.window import Windows, fill_in, said

pytestmark = pytest.mark.asyncio(loop_scope="session")

LISTEN = """
window.away = false;
window.heard = [];
window.shown = [];
const start = AudioScheduledSourceNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  heard.push(this.frequency.value);
  return start.apply(this, when);
};
window.Notification = class extends Notification {
  constructor(title, options) {
    super(title, options);
    shown.push(this);
  }
};
Object.defineProperty(Document.prototype, "hidden", { get: () => away });
"""
"""Notes down what the browser plays and shows; it still does. `away` says that the agent looks at another window."""
PATIENCE_S = 20.0
OFFER, MESSAGE = [660, 880, 1100], [740]


async def at_the_desk(windows: Windows, desk: RunningDesk, *permissions: str) -> Page:
    """An agent who is ready, in a browser that is listened to."""
    page = await windows.open()
    await page.context.grant_permissions(list(permissions), origin=desk.url)
    await page.context.add_init_script(LISTEN)
    await page.reload()
    await fill_in(page, "agent1", desk.password)
    await page.get_by_test_id("go-online").click()
    await expect(page.get_by_test_id("status")).to_have_attribute("data-status", "online")
    return page


async def switch(page: Page, name: str) -> None:
    """Picks a line of the menu."""
    await page.get_by_test_id("profile").click()
    await page.get_by_test_id(name).click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id(name)).to_have_count(0)


async def noted(page: Page, what: str, count: int) -> list[Any]:
    """What was `heard` or `shown` so far; waits until it is so many. (Playwright's own waiting would need `eval`.)"""
    async with asyncio.timeout(PATIENCE_S):
        while (
            len(found := await page.evaluate(f"{what}.map((one) => (one.title ? one.title + '|' + one.body : one))"))
            < count
        ):
            await asyncio.sleep(0.02)
    return list(found)


async def test_offers_and_messages_have_tunes_of_their_own(
    windows: Windows, page_desk: RunningDesk, queue: Queue
) -> None:
    page = await at_the_desk(windows, page_desk)
    await queue.joins("c1")
    await page.get_by_test_id("accept").click()
    await expect(page.get_by_test_id("mode")).to_have_attribute("data-mode", "human")
    assert await page.evaluate("heard") == OFFER
    await queue.says("c1", "在看吗")
    await expect(said(page, "在看吗")).to_be_visible()
    row = page.get_by_test_id("mine-row")
    await expect(row).to_contain_text("在看吗")
    await expect(row).to_have_attribute("data-unread", "false")
    assert await page.evaluate("heard") == OFFER, "what the agent sees makes no sound"
    await page.evaluate("away = true")
    await queue.says("c1", "人呢")
    assert await noted(page, "heard", 4) == OFFER + MESSAGE
    await switch(page, "sound")
    await queue.says("c1", "还在吗")
    await expect(said(page, "还在吗")).to_be_visible()
    assert await page.evaluate("heard") == OFFER + MESSAGE
    await switch(page, "sound")
    assert await page.evaluate("heard") == OFFER + MESSAGE * 2, "who turns it on hears how it sounds"
    assert await page.evaluate("shown.length") == 0, "nobody has asked for notices"


async def test_notice_of_the_system_leads_to_its_conversation(
    windows: Windows, page_desk: RunningDesk, queue: Queue
) -> None:
    page = await at_the_desk(windows, page_desk, "notifications")
    await switch(page, "system-notice")
    await queue.joins("c1", "快递三天没动了")
    await page.get_by_test_id("accept").click()
    await expect(page.get_by_test_id("mode")).to_have_attribute("data-mode", "human")
    assert await page.evaluate("shown.length") == 0, "the agent was looking"
    await page.get_by_test_id("view-archive").click()
    await page.evaluate("away = true")
    await queue.says("c1", "人呢")
    (notice,) = await noted(page, "shown", 1)
    assert notice.endswith("|人呢") and not notice.startswith("|")
    await page.evaluate("shown[0].onclick()")
    await expect(said(page, "人呢")).to_be_visible()
    await switch(page, "system-notice")
    await queue.says("c1", "还在吗")
    await expect(said(page, "还在吗")).to_be_visible()
    assert await page.evaluate("shown.length") == 1


async def test_browser_that_refuses_notices_is_believed(windows: Windows, page_desk: RunningDesk) -> None:
    page = await at_the_desk(windows, page_desk)
    await page.get_by_test_id("profile").click()
    notice = page.get_by_test_id("system-notice")
    await notice.click()
    await expect(notice).to_have_attribute("aria-checked", "false")
