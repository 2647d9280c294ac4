"""One running Shopdesk and one Chromium for all end-to-end tests; each test is a new shopper with a browser of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright

from ledger import DeskSide, Ledger, Roster, ShopperSide
from tests.e2e.shopper import Shopper, shopper_with
from tests.e2e.stack import ROOT, Stack
from tests.e2e.windows import Agents, Shoppers

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests run in the loop of the one browser."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests/e2e") and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def printed_by(module: str) -> Path:
    """The path that a module of ops/ prints last."""
    done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{module} failed:\n{done.stdout}\n{done.stderr}"
    return Path(done.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    model = Path(os.environ.get("SHOPDESK_MODEL") or printed_by("ops.model"))
    running = Stack(tmp_path_factory.mktemp("stack"), model)
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(autouse=True)
def healthy(stack: Stack) -> Iterator[None]:
    """Faults of one test never reach the next."""
    yield
    stack.shop.heal()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=printed_by("ops.chromium"), args=FLAGS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desktop(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="en-US"
    )
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def shopper(stack: Stack, desktop: BrowserContext) -> AsyncIterator[Shopper]:
    """A Chinese shopper at a desk, not signed in, with the chat open. Fails when the page has logged an error."""
    async with shopper_with(desktop, stack.shop.url) as one:
        await one.open_chat()
        yield one


@pytest_asyncio.fixture(loop_scope="session")
async def ledger(stack: Stack) -> AsyncIterator[Ledger]:
    one = stack.ledger()
    yield one
    await one.redis.aclose()


async def nobody_waits(ledger: Ledger) -> None:
    """What earlier shoppers have left with people is over."""
    desk, shoppers = DeskSide(ledger), ShopperSide(ledger)
    for cid in [*await desk.queue(), *await desk.held()]:
        await shoppers.end(cid)


async def nobody_is_on_duty(ledger: Ledger) -> None:
    """Agents of earlier tests, who would be offered the conversations of later ones."""
    roster = Roster(ledger)
    for agent in await roster.all():
        await roster.set_status(agent.username, agent.status, "offline")


@pytest_asyncio.fixture(loop_scope="session")
async def agents(stack: Stack, browser: Browser, ledger: Ledger) -> AsyncIterator[Agents]:
    """Opens browsers of agents. Nobody waits before; afterwards nobody is on duty. Fails when a page has logged an error."""
    await nobody_waits(ledger)
    opened = Agents(browser, stack.desk)
    yield opened
    await opened.leave()
    await nobody_is_on_duty(ledger)
    await nobody_waits(ledger)
    assert opened.complaints == [], "a page of the desk has logged errors"


@pytest_asyncio.fixture(loop_scope="session")
async def shoppers(stack: Stack, browser: Browser) -> AsyncIterator[Shoppers]:
    """Opens browsers of shoppers. Fails when a page has logged an error."""
    opened = Shoppers(browser, stack.shop.url)
    yield opened
    await opened.leave()
    assert opened.complaints == [], "a page of the shop has logged errors"
