"""`widget.js` on a shop's page: under a strict policy and hostile styles, with keyboard, on phones, with strangers' messages."""

import re

import pytest
from playwright.async_api import Browser, BrowserContext, FrameLocator, Page, expect

from .door import Door, identity

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_hostile_styles_reach_neither_button_nor_panel(
    context: BrowserContext, shop: str, complaints: list[str]
) -> None:
    page = await context.new_page()
    await page.goto(f"{shop}/?hostile=1")
    launcher = page.get_by_test_id("launcher")
    await expect(launcher).to_be_in_viewport(ratio=1)
    await launcher.click()
    await expect(page.frame_locator("[data-testid=frame]").get_by_test_id("welcome")).to_be_visible()
    box = await page.get_by_test_id("panel").bounding_box()
    assert box is not None and box["width"] == pytest.approx(400, abs=1) and box["height"] > 600
    assert complaints == []


async def test_without_storage_the_conversation_lives_with_the_page(
    context: BrowserContext, foreign_shop: str, door: Door
) -> None:
    page = await context.new_page()
    await page.goto(foreign_shop)
    await page.get_by_test_id("launcher").click()
    chat = page.frame_locator("[data-testid=frame]")
    await chat.get_by_test_id("input").fill("没有存储")
    await chat.get_by_test_id("input").press("Enter")
    await expect(chat.locator("[data-from=shopper][data-state=sent]")).to_have_text(re.compile("没有存储"))
    await door.drop()
    await door.say("bot", "还在")
    await expect(chat.locator("[data-from=bot]")).to_have_count(1)
    assert len(door.opened) == 1


async def test_loading_it_twice_is_harmless(page: Page) -> None:
    await page.evaluate("""() => new Promise((resolve) => {
      const again = document.createElement("script");
      again.src = document.scripts[0].src;
      again.onload = resolve;
      document.body.append(again);
    })""")
    await expect(page.get_by_test_id("launcher")).to_have_count(1)


async def test_keyboard_opens_closes_and_finds_back(page: Page, chat: FrameLocator) -> None:
    launcher = page.get_by_test_id("launcher")
    await expect(chat.get_by_test_id("input")).to_be_focused()
    await chat.get_by_test_id("menu").click()
    await chat.get_by_test_id("language-zh").press("Escape")
    await expect(launcher).to_have_attribute("aria-expanded", "true")
    await chat.get_by_test_id("input").press("Escape")
    await expect(launcher).to_have_attribute("aria-expanded", "false")
    await expect(launcher).to_be_focused()
    await launcher.press("Enter")
    await expect(chat.get_by_test_id("input")).to_be_focused()


async def test_unread_is_counted_shown_and_survives_a_reload(page: Page, chat: FrameLocator, door: Door) -> None:
    await chat.get_by_test_id("close").click()
    await expect(page.get_by_test_id("panel")).to_be_hidden()
    await door.say("bot", "围巾到了杭州")
    await door.say("agent", "明天派送", name="陈晓")
    await expect(page.get_by_test_id("unread")).to_have_text("2")
    await expect(page.get_by_test_id("preview")).to_contain_text("陈晓")
    await page.reload()
    await expect(page.get_by_test_id("unread")).to_have_text("2")
    await page.get_by_test_id("launcher").click()
    await expect(chat.get_by_test_id("new-line")).to_be_visible()
    await expect(page.get_by_test_id("unread")).to_be_hidden()
    await page.reload()
    await page.get_by_test_id("launcher").click()
    await expect(chat.get_by_test_id("message")).to_have_count(2)
    await expect(chat.get_by_test_id("new-line")).to_have_count(0)


async def test_an_asking_element_fills_the_input_and_sends_nothing(page: Page, door: Door) -> None:
    await page.click("#ask")
    chat = page.frame_locator("[data-testid=frame]")
    await expect(chat.get_by_test_id("input")).to_have_value("订单 20261120000042 到哪了")
    await page.evaluate("Shopdesk.ask('退货规则')")
    await expect(chat.get_by_test_id("input")).to_have_value("退货规则")
    await chat.get_by_test_id("close").click()
    await expect(page.locator("#ask")).to_be_focused()
    assert door.said() == []


async def test_the_tag_says_language_and_customer(context: BrowserContext, shop: str, door: Door) -> None:
    page = await context.new_page()
    await page.goto(f"{shop}/?lang=en&identity={identity('u7')}")
    await page.get_by_test_id("launcher").click()
    chat = page.frame_locator("[data-testid=frame]")
    await expect(chat.get_by_test_id("welcome")).to_contain_text("Hello")
    await expect(chat.locator("[data-testid=mode][data-link=online]")).to_be_visible()
    assert door.opened == [{"lang": "en", "identity": identity("u7"), "token": None}]


async def test_messages_from_strangers_are_not_heard(page: Page, chat: FrameLocator, gateway: str) -> None:
    await page.evaluate("""() => {
      window.postMessage({ shopdesk: 1, type: "unread", count: 9 }, "*");
      window.postMessage({ shopdesk: 1, type: "close" }, "*");
      return new Promise((resolve) => {
        window.addEventListener("message", ({ data }) => data === "last" && resolve(), { capture: true });
        window.postMessage("last", "*");
      });
    }""")
    await expect(page.get_by_test_id("launcher")).to_have_attribute("aria-expanded", "true")
    panel = next(frame for frame in page.frames if frame.url.startswith(gateway))
    await panel.evaluate("""() => new Promise((resolve) => {
      window.addEventListener("message", ({ data }) => data === "last" && resolve());
      window.postMessage({ shopdesk: 1, type: "prefill", text: "偷偷写入" }, "*");
      window.postMessage("last", "*");
    })""")
    await expect(chat.get_by_test_id("input")).to_have_value("")


async def test_on_a_phone_it_fills_the_screen_and_leaves_room_for_the_keyboard(
    chromium: Browser, shop: str, door: Door
) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    await door.attach(context)
    await context.add_init_script("""
      const view = Object.assign(new EventTarget(), { height: 844, offsetTop: 0, scale: 1 });
      Object.defineProperty(window, "visualViewport", { value: view });
    """)
    page = await context.new_page()
    await page.goto(shop)
    await page.evaluate("window.scrollTo(0, 700)")
    await page.get_by_test_id("launcher").tap()
    chat = page.frame_locator("[data-testid=frame]")
    await expect(chat.get_by_test_id("welcome")).to_be_visible()
    await expect(page.get_by_test_id("launcher")).to_be_hidden()
    assert await page.evaluate("getComputedStyle(document.body).position") == "fixed"
    await page.evaluate("""() => {
      Object.assign(visualViewport, { height: 500, offsetTop: 60 });
      visualViewport.dispatchEvent(new Event("resize"));
    }""")
    panel = page.get_by_test_id("panel")
    await expect(panel).to_have_css("height", "500px")
    await expect(panel).to_have_css("top", "60px")
    await expect(chat.get_by_test_id("input")).to_be_visible()
    await chat.get_by_test_id("close").tap()
    await expect(page.get_by_test_id("launcher")).to_be_visible()
    assert await page.evaluate("[getComputedStyle(document.body).position, window.scrollY]") == ["static", 700]
    await context.close()


async def test_a_panel_that_does_not_load_says_so(context: BrowserContext, shop: str, gateway: str) -> None:
    page = await context.new_page()
    await page.clock.install()
    await context.route(f"{gateway}/widget/", lambda route: route.abort())
    await page.goto(shop)
    await page.get_by_test_id("launcher").click()
    await page.clock.fast_forward(15_000)
    await expect(page.get_by_test_id("frame-retry")).to_be_visible()
    await context.unroute(f"{gateway}/widget/")
    await page.get_by_test_id("frame-retry").click()
    await expect(page.frame_locator("[data-testid=frame]").get_by_test_id("welcome")).to_be_visible()
