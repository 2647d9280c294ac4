"""The pages in a real Chromium: nothing is blocked, nothing overflows, and the API page shows the contract."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from shop.testing import RunningShop

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()


def complaints_of(page: Page) -> list[str]:
    """What the browser says against the page; that no gateway is running here does not count."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "widget.js" not in message.location["url"]:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_pages_fit_and_nothing_is_blocked(
    shop_server: RunningShop, browser: Browser, width: int, lang: str
) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 800})
    complaints = complaints_of(page)
    await page.goto(f"{shop_server.url}/login?lang={lang}")
    await page.locator("button[value=c001]").click()
    await expect(page.locator("article.order")).to_have_count(6)
    for address in ("/", "/cart", "/orders", "/demo", "/login"):
        await page.goto(shop_server.url + address)
        await expect(page.locator("h1")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") == width, address
        assert await page.evaluate("[...document.images].every(one => !one.complete || one.naturalWidth > 0)"), address
    assert complaints == []
    await page.close()


async def test_the_api_page_shows_the_contract(shop_server: RunningShop, browser: Browser) -> None:
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    complaints = complaints_of(page)
    await page.goto(f"{shop_server.url}/docs/api")
    await expect(page.locator(".opblock")).to_have_count(14)
    await page.get_by_text("One order, for who can prove that it is theirs").click()
    await expect(page.get_by_text("羊绒围巾").first).to_be_visible()
    await expect(page.locator(".errors")).to_have_count(0)
    assert complaints == []
    await page.close()
