"""Browsers of agents, each with cookies and storage of its own."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from web.desk.testing import RunningDesk

PATIENCE_MS = 20_000
LOST = ("ERR_CONNECTION_REFUSED", "WebSocket connection", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET")
"""What a browser says of a server that is away: that is not the page's doing."""


class Windows:
    """`complaints` are errors of scripts, of the security policy, and whatever the page has logged as one."""

    def __init__(self, chromium: Browser, desk: RunningDesk) -> None:
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = LOST
        self._chromium, self._desk = chromium, desk
        self._contexts: list[BrowserContext] = []

    async def open(self, **options: Any) -> Page:
        """A browser at the desk's address, not signed in."""
        options = {"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}, **options}
        context = await self._chromium.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", lambda line: self._hear(line.type, line.text))
        self._contexts.append(context)
        page = await context.new_page()
        await page.goto(f"{self._desk.url}/")
        return page

    async def sign_in(self, username: str, *, online: bool = False, **options: Any) -> Page:
        """A browser with somebody at it."""
        page = await self.open(**options)
        await fill_in(page, username, self._desk.password)
        await expect(page.get_by_test_id("inbox")).to_be_visible()
        if online:
            await page.get_by_test_id("go-online").click()
            await expect(page.get_by_test_id("status")).to_have_attribute("data-status", "online")
        return page

    async def close(self) -> None:
        """All of them; whoever is online goes, so that nothing is offered to an empty chair."""
        for context in self._contexts:
            for page in context.pages:
                here = page.locator("[data-testid=status]:not([data-status=offline])")
                if await here.count():
                    await page.keyboard.press("Escape")
                    await page.keyboard.press("Alt+3")
                    await expect(here).to_have_count(0)
            await context.close()

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and not any(part in text for part in self.expected):
            self.complaints.append(text)


async def fill_in(page: Page, username: str, password: str) -> None:
    """Signs in at the page of the login."""
    await page.get_by_test_id("username").fill(username)
    await page.get_by_test_id("password").fill(password)
    await page.get_by_test_id("sign-in").click()


async def write(page: Page, text: str) -> None:
    """Types into the composer and presses Enter."""
    await page.get_by_test_id("input").fill(text)
    await page.get_by_test_id("input").press("Enter")


def said(page: Page, text: str) -> Locator:
    """A message in the open log that the server has stored."""
    return page.locator("[data-testid=message][data-id]", has_text=text)


async def opens(page: Page, key: str, part: str) -> None:
    """Presses a key until what it opens is there: the page may still be busy with what came before."""
    for _ in range(20):
        await page.keyboard.press(key)
        try:
            await expect(page.get_by_test_id(part)).to_be_visible(timeout=3_000)
            return
        except AssertionError:
            continue
    raise AssertionError(f"{key} opens no {part}")
