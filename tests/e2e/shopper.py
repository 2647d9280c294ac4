"""What a shopper does and sees in the browser: the page, the chat in its corner, messages, buttons, the order card."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import BrowserContext, ConsoleMessage, FrameLocator, Locator, Page, expect

PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


class Shopper:
    """One browser tab on the demo shop."""

    def __init__(self, page: Page, shop_url: str) -> None:
        self.page, self._shop_url = page, shop_url
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        """Errors of the page and broken security policies; a network that a test has cut off is no error."""
        lost_network = (
            "WebSocket" in message.text or "ERR_" in message.text or "Failed to load resource" in message.text
        )
        if message.type == "error" and not lost_network:
            self.complaints.append(message.text)

    async def pictured(self, name: str) -> None:
        """Keeps a picture where SHOPDESK_PICTURES says, to be looked at."""
        if folder := os.environ.get("SHOPDESK_PICTURES"):
            await self.page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")

    @property
    def chat(self) -> FrameLocator:
        """The chat's page."""
        return self.page.frame_locator("[data-testid=frame]")

    def part(self, name: str) -> Locator:
        """A part of the chat by its test id."""
        return self.chat.get_by_test_id(name)

    async def visit(self, path: str = "/") -> None:
        """A page of the shop."""
        await self.page.goto(f"{self._shop_url}{path}")

    async def sign_in(self, customer: str) -> None:
        """The demo shop's sign-in."""
        await self.visit("/login")
        await self.page.locator(f"[value='{customer}']").click()
        await self.page.wait_for_url(lambda url: "/login" not in url)

    async def open_chat(self) -> None:
        """Click on the chat in the corner; returns when it can be used."""
        if not self.page.url.startswith(self._shop_url):
            await self.visit()
        await self.page.get_by_test_id("launcher").click()
        await expect(self.part("log")).to_have_attribute("data-ready", "true")
        await expect(self.part("mode")).to_have_attribute("data-link", "online")

    async def say(self, text: str) -> None:
        """Type and send."""
        await self.part("input").fill(text)
        await self.part("input").press("Enter")

    def messages(self, sender: str) -> Locator:
        """The messages of bot, agent, shopper or system."""
        return self.chat.locator(f"[data-testid=message][data-from={sender}]")

    async def ask(self, text: str, answers: int = 1) -> str:
        """Say something and wait for that many more answers of the bot; the text of the last."""
        before = await self.messages("bot").count()
        await self.say(text)
        return await self.answer(before + answers)

    async def answer(self, count: int) -> str:
        """Waits for the bot's message number `count`; its text."""
        await expect(self.messages("bot")).to_have_count(count)
        return await self.messages("bot").last.inner_text()

    async def choose(self, label: str) -> None:
        """Press a button that is offered."""
        await self.part("choice").filter(has_text=label).last.click()

    async def mode(self, mode: str) -> None:
        """Waits until the conversation is in a mode."""
        await expect(self.part("mode")).to_have_attribute("data-mode", mode)


@asynccontextmanager
async def shopper_with(context: BrowserContext, shop_url: str) -> AsyncIterator[Shopper]:
    """A new tab; afterwards the page must not have complained."""
    page = await context.new_page()
    one = Shopper(page, shop_url)
    yield one
    assert one.complaints == [], "the page has logged errors"
    await page.close()
