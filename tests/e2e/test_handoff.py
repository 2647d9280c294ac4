"""A person is asked for: place, wait, messages kept, no word of the bot, and the ways out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, expect

from ledger import DeskSide, Ledger, OnDuty, Roster
from tests.e2e.shopper import Shopper, shopper_with
from tests.e2e.stack import Stack


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def busy_agent(ledger: Ledger) -> AsyncIterator[None]:
    """Somebody is on duty, who has no room for more: nothing is offered, and nobody is told that no one is there."""
    await Roster(ledger).put(OnDuty("busy", "小周", "agent", "online", [], 0))
    yield
    await Roster(ledger).forget("busy")


async def latest_waiting(ledger: Ledger, desk: DeskSide) -> str:
    """Who came last, whatever earlier tests have left in the queue."""
    waiting = [cid for skill in ("general", "orders", "logistics") for cid in await desk.waiting(skill)]
    queued_at = {cid: int((await ledger.state(cid))["queued_at"]) for cid in waiting}
    return max(waiting, key=lambda cid: queued_at[cid])


@pytest.mark.parametrize("how", ["word", "button"])
async def test_waiting_talking_and_handing_back(shopper: Shopper, ledger: Ledger, how: str) -> None:
    desk = DeskSide(ledger)
    await (shopper.say("转人工") if how == "word" else shopper.part("human").click())
    await shopper.mode("waiting")
    await expect(shopper.part("queue")).to_contain_text(re.compile(r"\d"))
    bot_said = await shopper.messages("bot").count()
    await shopper.say("我的订单到哪了,在线等")
    stored = shopper.chat.locator("[data-testid=message][data-from=shopper][data-state=sent]")
    await expect(stored.filter(has_text="在线等")).to_be_visible()

    cid = await latest_waiting(ledger, desk)
    assert await desk.claim(cid, "agent1", "小林")
    await shopper.mode("human")
    assert "在线等" in str([entry.body for entry in await ledger.read(cid)]), "kept for the agent"
    await desk.typing(cid)
    await expect(shopper.part("typing")).to_be_visible()
    await desk.note(cid, "agent1", "小林", "n1", "老顾客,先安抚")
    await desk.say(cid, "agent1", "小林", "a1", "您好,我来帮您看")
    await expect(shopper.messages("agent")).to_contain_text("我来帮您看")
    await expect(shopper.chat.get_by_text("先安抚")).to_have_count(0)
    assert await shopper.messages("bot").count() == bot_said, "the bot is silent meanwhile"

    await desk.resolve(cid, "agent1", "bot")
    await shopper.mode("bot")
    await shopper.ask("你好")


async def test_others_move_up_when_someone_leaves(desktop: BrowserContext, stack: Stack, ledger: Ledger) -> None:
    async with shopper_with(desktop, stack.shop.url) as first:
        await first.open_chat()
        await first.part("human").click()
        await first.mode("waiting")
        place = int(re.findall(r"\d+", await first.part("queue").inner_text())[0])
        other = await desktop.browser.new_context() if desktop.browser else desktop
        async with shopper_with(other, stack.shop.url) as second:
            await second.open_chat()
            await second.part("human").click()
            await expect(second.part("queue")).to_contain_text(str(place + 1))
            await first.choose("智能助手")
            await first.mode("bot")
            await expect(second.part("queue")).to_contain_text(str(place))
            await second.part("menu").click()
            await second.part("end").click()
            await second.mode("closed")
        await other.close()


async def test_rating_after_the_end(shopper: Shopper, ledger: Ledger) -> None:
    await shopper.ask("你好")
    await shopper.part("menu").click()
    await shopper.part("end").click()
    await shopper.mode("closed")
    await shopper.part("rating-5").check(force=True)
    await shopper.part("rating-comment").fill("很快,谢谢")
    await shopper.part("rating-comment").blur()
    await expect(shopper.part("rating-thanks")).to_have_attribute("data-stored", "true")
    await shopper.say("还有一个问题")
    await shopper.mode("bot")
