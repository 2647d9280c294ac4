"""Opens browser windows for the stories of several people, each with cookies of its own."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser

from tests.e2e.agent import Agent
from tests.e2e.shopper import PATIENCE_MS, Shopper
from web.desk.testing import RunningDesk

SHOP = {"width": 1280, "height": 800}
DESK = {"width": 1440, "height": 900}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Agents:
    """Browsers of agents. `complaints` are those of all pages."""

    def __init__(self, browser: Browser, desk: RunningDesk) -> None:
        self._browser, self._desk = browser, desk
        self._at: list[Agent] = []

    async def sign_in(self, username: str, *, lang: str = "zh", status: str = "", **options: Any) -> Agent:
        """A browser with somebody at it, on duty if `status` says so."""
        locale = "zh-CN" if lang == "zh" else "en-US"
        context = await self._browser.new_context(**{"viewport": DESK, "locale": locale, **options})
        context.set_default_timeout(PATIENCE_MS)
        one = Agent(await context.new_page(), self._desk)
        self._at.append(one)
        await one.sign_in(username, lang)
        if status:
            await one.be(status)
        return one

    async def leave(self) -> None:
        """Everybody closes the browser; on duty they are as before."""
        for one in self._at:
            await one.page.context.close()

    @property
    def complaints(self) -> list[str]:
        """Of all pages."""
        return [text for one in self._at for text in one.complaints]


class Shoppers:
    """Browsers of shoppers. `complaints` are those of all pages."""

    def __init__(self, browser: Browser, shop_url: str) -> None:
        self._browser, self._shop_url = browser, shop_url
        self._at: list[Shopper] = []

    async def come(self, customer: str = "", lang: str = "zh", **options: Any) -> Shopper:
        """A shopper with the chat open, signed in to the shop as that customer."""
        locale = "zh-CN" if lang == "zh" else "en-US"
        context = await self._browser.new_context(**{"viewport": SHOP, "locale": locale, **options})
        one = Shopper(await context.new_page(), self._shop_url)
        self._at.append(one)
        if customer:
            await one.sign_in(customer)
        await one.visit("/" if lang == "zh" else "/?lang=en")
        await one.open_chat()
        return one

    async def leave(self) -> None:
        """All close their browsers."""
        for one in self._at:
            await one.page.context.close()

    @property
    def complaints(self) -> list[str]:
        """Errors of all pages."""
        return [text for one in self._at for text in one.complaints]
