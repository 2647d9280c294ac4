"""What an agent or a supervisor does and sees in the browser: the lists, a conversation, the customer, the dialogs, board and archive."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.async_api import ConsoleMessage, Locator, Page, expect

from web.desk.testing import RunningDesk

LOST_NETWORK = ("WebSocket", "ERR_", "Failed to load resource")


class Agent:
    """One browser tab at the desk."""

    def __init__(self, page: Page, desk: RunningDesk) -> None:
        self.page, self._desk = page, desk
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        """Errors of the page and broken security policies; a server that a test has killed is no error."""
        if message.type == "error" and not any(part in message.text for part in LOST_NETWORK):
            self.complaints.append(message.text)

    def part(self, name: str) -> Locator:
        """A part of the page by its test id."""
        return self.page.get_by_test_id(name)

    async def pictured(self, name: str) -> None:
        """Keeps a picture where SHOPDESK_PICTURES says, to be looked at."""
        if folder := os.environ.get("SHOPDESK_PICTURES"):
            await self.page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")

    # --- being there

    async def sign_in(self, username: str, lang: str = "zh") -> None:
        """At the page of the login, in that language."""
        await self.page.goto(f"{self._desk.url}/")
        await self.part(f"language-{lang}").click()
        await self.part("username").fill(username)
        await self.part("password").fill(self._desk.password)
        await self.part("sign-in").click()
        await self.linked()

    async def linked(self) -> None:
        """Waits until the desk answers."""
        await expect(self.part("desk")).to_have_attribute("data-link", "online")

    async def be(self, status: str) -> None:
        """Online, away or offline, by the menu."""
        await self.show("desk")
        await self.part("status-button").click()
        await self.part(f"status-{status}").click()
        await self.is_now(status)

    async def is_now(self, status: str) -> None:
        """Waits until the desk says so."""
        await expect(self.part("status")).to_have_attribute("data-status", status)

    async def show(self, view: str) -> None:
        """The desk, the board, the archive, …"""
        if await self.part("desk").get_attribute("data-view") != view:
            await self.part(f"view-{view}").click()

    # --- the left column

    def offer(self, conversation: str | None = None) -> Locator:
        """What is offered, or the one conversation that is."""
        return self._row("offer", conversation)

    def waits(self, conversation: str | None = None) -> Locator:
        """The rows of the queue, or one of them."""
        return self._row("queue-row", conversation)

    def mine(self, conversation: str | None = None) -> Locator:
        """The rows of what is served here, or one of them."""
        return self._row("mine-row", conversation)

    def _row(self, kind: str, conversation: str | None) -> Locator:
        return self.part("inbox").locator(f"[data-testid={kind}]{_of(conversation)}")

    async def accept(self, conversation: str | None = None) -> str:
        """What is offered; it opens. Its id."""
        offer = self.offer(conversation).first
        cid = await offer.get_attribute("data-conversation") or ""
        await offer.get_by_test_id("accept").click()
        await self.has_open(cid)
        return cid

    async def open(self, conversation: str) -> None:
        """A row of one's own or of the queue."""
        row = self.mine(conversation).or_(self.waits(conversation))
        await row.get_by_role("button").first.click()
        await self.has_open(conversation)

    async def has_open(self, conversation: str) -> None:
        """Waits until it is on show."""
        await expect(self.part("talk")).to_have_attribute("data-conversation", conversation)
        await expect(self.part("log")).to_be_visible()

    # --- the conversation

    def messages(self, sender: str) -> Locator:
        """The stored messages of shopper, bot or agent."""
        return self.page.locator(f"[data-testid=log] [data-testid=message][data-from={sender}][data-id]")

    def notes(self) -> Locator:
        """Notes and whispers."""
        return self.part("log").get_by_test_id("note")

    def lines(self, kind: str) -> Locator:
        """What happened: lines of the kind mode, offer, rating, …"""
        return self.page.locator(f"[data-testid=log] [data-testid=line][data-kind={kind}]")

    async def write(self, text: str, kind: str = "reply") -> None:
        """A reply, a note or a whisper; returns when it is stored."""
        await self.part(f"tab-{kind}").click()
        await self.part("input").fill(text)
        await self.part("input").press("Enter")
        stored = self.notes() if kind != "reply" else self.messages("agent")
        await expect(stored.filter(has_text=text).last).to_have_attribute("data-state", "sent")

    async def quick_reply(self, shortcut: str) -> str:
        """A prepared answer, found by typing a slash; the text that stands in the field then."""
        await self.part("tab-reply").click()
        await self.part("input").press_sequentially(f"/{shortcut}")
        await expect(self.part("option").first).to_contain_text(f"/{shortcut}")
        await self.part("input").press("Enter")
        await expect(self.part("helper")).to_have_count(0)
        return await self.part("input").input_value()

    async def transfer(self, to: str, comment: str) -> None:
        """To a skill, or to a colleague by username."""
        await self.part("transfer").click()
        dialog = self.part("transfer-dialog")
        await dialog.get_by_test_id(f"to-{to}").check()
        await dialog.get_by_test_id("comment").fill(comment)
        await dialog.get_by_test_id("submit").click()
        await expect(dialog).to_have_count(0)

    async def resolve(self, to: str, category: str, summary: str = "", solution: str = "", picture: str = "") -> None:
        """`to` is bot or closed."""
        await self.part("hand-back" if to == "bot" else "resolve").click()
        dialog = self.part("resolve-dialog")
        await expect(dialog).to_be_visible()  # a forced click waits for nothing
        await dialog.get_by_test_id(f"category-{category}").check(force=True)
        await dialog.get_by_test_id("summary").fill(summary)
        await dialog.get_by_test_id("solution").fill(solution)
        if picture:
            await self.pictured(picture)
        await dialog.get_by_test_id("submit").click()
        await expect(dialog).to_have_count(0)

    # --- the customer

    def order(self, number: str) -> Locator:
        """An order in the right column."""
        return self.page.locator(f"[data-testid=side] [data-testid=order][data-number='{number}']")

    # --- supervisors

    def on_board(self, conversation: str) -> Locator:
        """A line of the board."""
        return self.page.locator(f"[data-testid=board] [data-testid=board-row]{_of(conversation)}")

    async def take_over(self) -> None:
        """The open conversation, from whoever has it."""
        await self.part("take-over").click()
        await self.part("take-over-dialog").get_by_test_id("submit").click()
        await expect(self.part("take-over-dialog")).to_have_count(0)

    async def find(self, words: str) -> Locator:
        """The rows of the archive with these words."""
        await self.show("archive")
        await self.part("archive-q").fill(words)
        return self.part("archive-row")


def _of(conversation: str | None) -> str:
    return f"[data-conversation='{conversation}']" if conversation else ""
