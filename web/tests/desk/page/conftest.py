"""A Chromium, a real desk on a Redis of its own, and shoppers who wait at it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from ledger import Ledger, connect
from ledger.testing import RedisServer
from web.desk.testing import RunningDesk, start_desk
from web.tests.desk.page.waiting import Queue
from web.tests.desk.page.window import Windows
from web.tests.widget.site import gateway_page, served

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE_MS = 20_000


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def files() -> Iterator[str]:
    """Where the pages' files are served, with an empty page at `/`."""
    with served(gateway_page) as port:
        yield f"http://127.0.0.1:{port}"


@pytest_asyncio.fixture(loop_scope="session")
async def modules(chromium: Browser, files: str) -> AsyncIterator[Page]:
    """An empty page, to import single modules into."""
    page = await chromium.new_page()
    await page.goto(files)
    yield page
    await page.close()


@pytest.fixture(scope="session")
def page_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("page-redis")).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def page_desk(page_redis: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """One desk with the rules of desk.yml."""
    desk = start_desk(page_redis.url, tmp_path_factory.mktemp("page-desk"))
    yield desk
    desk.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def queue(page_redis: RedisServer, page_desk: RunningDesk) -> AsyncIterator[Queue]:
    """Nobody waits yet; and nobody does when the test is over."""
    redis = connect(page_redis.url)
    waiting = Queue(Ledger(redis))
    yield waiting
    await waiting.leave()
    await redis.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def windows(chromium: Browser, page_desk: RunningDesk, queue: Queue) -> AsyncIterator[Windows]:
    """Opens browsers of agents; at the end none of them may have complained."""
    opened = Windows(chromium, page_desk)
    yield opened
    await opened.close()
    assert opened.complaints == []
