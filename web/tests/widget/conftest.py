"""A Chromium, the gateway's pages, a shop's page, and a door that a test holds in its hand."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, FrameLocator, Page, async_playwright, expect

from .door import Door
from .site import gateway_page, served, shop_page

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE_MS = 20_000


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        expect.set_options(timeout=PATIENCE_MS)
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def gateway() -> Iterator[str]:
    with served(gateway_page) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def shop(gateway: str) -> Iterator[str]:
    with served(shop_page(gateway)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def foreign_shop(shop: str) -> str:
    """The same shop under another site's name: there the browser refuses the panel its storage."""
    return shop.replace("127.0.0.1", "localhost")


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: errors of scripts, and everything that a security policy stopped."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def context(chromium: Browser, door: Door, complaints: list[str]) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
    await door.attach(context)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def modules(context: BrowserContext, gateway: str) -> Page:
    """An empty page on the gateway's origin, to import single modules into."""
    page = await context.new_page()
    await page.goto(gateway)
    return page


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext, shop: str) -> Page:
    """The shop's page, with the chat closed."""
    page = await context.new_page()
    await page.goto(shop)
    return page


@pytest_asyncio.fixture(loop_scope="session")
async def chat(page: Page) -> FrameLocator:
    """The opened chat on the shop's page, connected."""
    await page.get_by_test_id("launcher").click()
    frame = page.frame_locator("[data-testid=frame]")
    await frame.locator("[data-testid=mode][data-link=online]").wait_for()
    return frame
