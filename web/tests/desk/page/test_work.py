"""An agent's day at the real desk: from the offer to the end, by mouse and by keyboard, on a phone, and over a lost link."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from web.desk.testing import RunningDesk
from web.tests.desk.page.waiting import Queue
from web.tests.desk.page.window import Windows, fill_in, opens, said, write

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def serving(windows: Windows, queue: Queue, cid: str = "c1") -> Page:
    """An agent who has accepted the only shopper."""
    await queue.joins(cid)
    page = await windows.sign_in("agent1", online=True)
    await page.get_by_test_id("accept").click()
    await expect(page.get_by_test_id("mode")).to_have_attribute("data-mode", "human")
    return page


async def test_from_the_offer_to_the_end(windows: Windows, queue: Queue) -> None:
    await queue.joins("c1", "<img src=x onerror=alert(1)> 快递三天没动了")
    page = await windows.sign_in("agent1", online=True)
    offer = page.get_by_test_id("offer")
    await expect(offer).to_contain_text("多次追问快递")
    await expect(offer.get_by_test_id("countdown")).to_be_visible()
    await offer.get_by_test_id("accept").click()
    await expect(said(page, "<img src=x onerror=alert(1)> 快递三天没动了")).to_be_visible()
    for part in ("三天没动", "联系承运商催查", "查询了物流", "20261120000042"):
        await expect(page.get_by_test_id("handoff")).to_contain_text(part)

    await write(page, "您好，我来处理")
    await expect(said(page, "您好，我来处理")).to_have_count(1)
    await page.get_by_test_id("tab-note").click()
    await write(page, "已经联系承运商")
    await expect(page.get_by_test_id("note")).to_contain_text("已经联系承运商")
    await page.get_by_test_id("tab-reply").click()
    await page.get_by_test_id("input").press_sequentially("/久等")
    await expect(page.get_by_test_id("option").first).to_contain_text("久等")
    await page.get_by_test_id("input").press("Enter")
    await expect(page.get_by_test_id("input")).not_to_have_value("/久等")
    await page.get_by_test_id("input").press("Enter")
    await expect(said(page, "让您久等了")).to_have_count(1)

    await queue.says("c1", "好的，谢谢")
    await expect(said(page, "好的，谢谢")).to_be_visible()
    await page.get_by_test_id("resolve").click()
    await expect(page.get_by_test_id("submit")).to_be_disabled()
    await page.get_by_test_id("category-logistics").check(force=True)
    await page.get_by_test_id("summary").fill("明天送到")
    await page.get_by_test_id("submit").click()
    await expect(page.get_by_test_id("resolve-dialog")).to_have_count(0)
    await expect(page.get_by_test_id("mine-row")).to_have_count(0)
    ended = (await queue.entries("c1", "mode"))[-1]
    assert (ended.body["mode"], ended.body["category"], ended.body["summary"]) == ("closed", "logistics", "明天送到")
    notes = await queue.entries("c1", "note")
    assert [note.body["text"] for note in notes] == ["已经联系承运商"]


async def test_an_unfilled_variable_is_not_sent(windows: Windows, queue: Queue) -> None:
    page = await serving(windows, queue)
    await page.get_by_test_id("input").fill("运单号是 {{order.tracking}}")
    await expect(page.get_by_test_id("open-variables")).to_contain_text("运单号")
    await page.get_by_test_id("input").press("Enter")
    await page.get_by_test_id("input").fill("运单号是 SF1")
    await page.get_by_test_id("input").press("Enter")
    await expect(said(page, "运单号是 SF1")).to_have_count(1)
    assert [one.body["text"] for one in await queue.entries("c1")] == ["运单号是 SF1"]


async def test_personal_data_is_shown_for_a_reason(windows: Windows, queue: Queue) -> None:
    await queue.joins("c1", "请打 13800138000")
    page = await windows.sign_in("agent1", online=True)
    await page.get_by_test_id("accept").click()
    await expect(said(page, "请打")).to_be_visible()
    await expect(page.get_by_test_id("log")).not_to_contain_text("13800138000")
    await page.get_by_test_id("reveal").click()
    await expect(page.get_by_test_id("submit")).to_be_disabled()
    await page.get_by_test_id("reason-call").click()
    await page.get_by_test_id("submit").click()
    await expect(said(page, "请打 13800138000")).to_have_count(1)


async def test_everything_by_keyboard(windows: Windows, queue: Queue) -> None:
    await queue.joins("c1")
    page = await windows.sign_in("agent1")
    await page.keyboard.press("Shift+?")
    await expect(page.get_by_test_id("shortcuts-dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("shortcuts-dialog")).to_have_count(0)
    await opens(page, "Alt+1", "offer")
    await page.keyboard.press("c")
    await expect(page.get_by_test_id("input")).to_be_focused()
    await page.keyboard.type("马上处理")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("请稍等")
    await page.keyboard.press("Enter")
    await expect(said(page, "请稍等")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("log")).to_be_focused()
    await page.keyboard.press("n")
    await expect(page.get_by_test_id("composer")).to_have_attribute("data-kind", "note")
    await page.keyboard.press("Alt+t")
    await expect(page.get_by_test_id("find-agent")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("input")).to_be_focused()
    await page.keyboard.press("Alt+e")
    await expect(page.get_by_test_id("summary")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    await page.get_by_test_id("summary").press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.get_by_test_id("submit")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("mine-row")).to_have_count(0)


async def test_nothing_typed_is_lost_with_the_link(windows: Windows, queue: Queue, page_desk: RunningDesk) -> None:
    page = await serving(windows, queue)
    page_desk.kill()
    try:
        await expect(page.get_by_test_id("banner")).to_be_visible()
        await write(page, "断线时写的")
        await page.get_by_test_id("input").fill("还没写完")
        await expect(page.get_by_test_id("sending")).to_be_visible()
    finally:
        page_desk.start()
    await expect(said(page, "断线时写的")).to_have_count(1)
    await expect(page.get_by_test_id("banner")).to_have_count(0)
    await expect(page.get_by_test_id("input")).to_have_value("还没写完")
    assert [one.body["text"] for one in await queue.entries("c1")] == ["断线时写的"]


async def test_a_session_that_ends_takes_no_words_away(windows: Windows, queue: Queue, page_desk: RunningDesk) -> None:
    windows.expected = (*windows.expected, "401")
    page = await serving(windows, queue)
    await page.get_by_test_id("input").fill("写了一半")
    await page.context.clear_cookies()
    await page.get_by_test_id("side-again").click()
    await expect(page.get_by_test_id("login")).to_be_visible()
    await expect(page.get_by_test_id("username")).to_have_value("agent1")
    await fill_in(page, "agent1", page_desk.password)
    await expect(page.get_by_test_id("login")).to_have_count(0)
    await expect(page.get_by_test_id("input")).to_have_value("写了一半")
    await page.reload()
    await page.get_by_test_id("mine-row").locator(".row-main").click()
    await expect(page.get_by_test_id("input")).to_have_value("写了一半")


async def test_a_wrong_password_says_so(windows: Windows) -> None:
    windows.expected = (*windows.expected, "401")
    page = await windows.open(locale="en-US")
    await fill_in(page, "agent2", "wrong-password")
    await expect(page.get_by_test_id("trouble")).to_have_text("The user name or the password is wrong.")
    await expect(page.get_by_test_id("password")).to_have_value("")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_phone_shows_one_column_at_a_time(windows: Windows, queue: Queue, theme: str) -> None:
    await queue.joins("c1", "a" * 300)
    options = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": theme}
    page = await windows.sign_in("agent1", online=True, **options)
    await page.get_by_test_id("accept").click()
    await expect(page.get_by_test_id("log")).to_be_visible()
    await expect(page.get_by_test_id("inbox")).to_be_hidden()
    await page.get_by_test_id("toggle-side").click()
    await expect(page.get_by_test_id("handoff")).to_be_visible()
    await expect(page.get_by_test_id("talk")).to_be_hidden()
    await page.get_by_test_id("side-back").click()
    await page.get_by_test_id("back").click()
    await expect(page.get_by_test_id("inbox")).to_be_visible()
    wide = """[...document.querySelectorAll('.desk *')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.hidden')).length"""
    assert await page.evaluate(wide) == 0


async def test_a_long_queue_is_shown_in_parts(windows: Windows, queue: Queue) -> None:
    for number in range(60):
        await queue.asks(f"q{number}")
    page = await windows.sign_in("agent1")
    await expect(page.get_by_test_id("queue-row")).to_have_count(40)
    await page.get_by_test_id("queue-more").click()
    await expect(page.get_by_test_id("queue-row")).to_have_count(60)


async def test_the_language_changes_at_once(windows: Windows, queue: Queue) -> None:
    page = await serving(windows, queue)
    await page.get_by_test_id("profile").click()
    await page.get_by_test_id("language-en").click()
    await expect(page.get_by_test_id("resolve")).to_have_text("Resolve")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.reload()
    await expect(page.get_by_test_id("queue")).to_contain_text("Nobody is waiting.")
