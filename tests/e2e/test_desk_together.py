"""Several people at once: two claims, who looks and who types, one account in two windows, and shoppers whom nobody serves yet."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import expect

from ledger import DeskSide, Ledger
from tests.e2e.shopper import Shopper
from tests.e2e.windows import Agents, Shoppers


async def waits(shopper: Shopper, ledger: Ledger) -> str:
    """Asks for a person, as the only one; the conversation's id."""
    await shopper.part("human").click()
    await shopper.mode("waiting")
    (cid,) = await DeskSide(ledger).queue()
    return cid


async def test_two_claims_have_one_winner(agents: Agents, shoppers: Shoppers, ledger: Ledger) -> None:
    pair = [await agents.sign_in(username, status="away") for username in ("agent1", "agent2")]
    shopper = await shoppers.come()
    cid = await waits(shopper, ledger)
    buttons = [await one.waits(cid).get_by_test_id("claim").element_handle() for one in pair]
    await asyncio.gather(*(button.dispatch_event("click") for button in buttons))
    await shopper.mode("human")
    winner, loser = pair if (await ledger.state(cid))["agent"] == "agent1" else reversed(pair)
    await winner.has_open(cid)
    await expect(winner.mine(cid)).to_be_visible()
    await expect(loser.part("notice").filter(has_text="已被同事接入")).to_be_visible()
    await expect(loser.mine(cid)).to_have_count(0)
    await expect(loser.waits(cid)).to_have_count(0)


async def test_who_looks_and_who_types(agents: Agents, shoppers: Shoppers, ledger: Ledger) -> None:
    """A colleague with the same conversation open, and the same agent in a second window."""
    first = await agents.sign_in("agent1", status="away")
    second = await agents.sign_in("agent2", status="away")
    shopper = await shoppers.come()
    cid = await waits(shopper, ledger)
    await second.open(cid)
    await first.open(cid)
    await expect(first.part("looking")).to_contain_text("客服二号")
    await expect(second.part("looking")).to_contain_text("客服一号")
    await first.part("foot-claim").click()
    await expect(first.part("tab-reply")).to_be_visible()
    await first.part("input").press_sequentially("您好，")
    await expect(second.part("looking")).to_have_attribute("data-typing", "true")
    await expect(first.part("typing")).to_have_count(0)
    await first.page.keyboard.type("马上为您查")
    await first.page.keyboard.press("Enter")
    await expect(second.messages("agent")).to_contain_text("马上为您查")

    again = await agents.sign_in("agent1")
    await again.is_now("away")
    await again.open(cid)
    await expect(again.messages("agent")).to_contain_text("马上为您查")
    await again.write("查到了，今天发出")
    await expect(first.messages("agent").last).to_contain_text("今天发出")
    await again.resolve("closed", "logistics")
    await expect(first.mine(cid)).to_have_count(0)
    await shopper.mode("closed")


async def test_nobody_on_duty(agents: Agents, shoppers: Shoppers, ledger: Ledger) -> None:
    """The shopper is told, leaves a contact and goes; the answer waits for them."""
    shopper = await shoppers.come()
    cid = await waits(shopper, ledger)
    await expect(shopper.part("queue")).to_have_attribute("data-away", "true")
    await shopper.say("想问一下退货地址")
    await shopper.part("contact-field").fill("13900001234")
    await shopper.part("contact-send").click()
    await expect(shopper.part("contact-left")).to_contain_text("13900001234")
    await shopper.pictured("shopper-away")
    await shopper.part("close").click()

    agent = await agents.sign_in("agent2")
    await expect(agent.waits(cid).get_by_test_id("away")).to_contain_text("已留言")
    await agent.be("online")
    await agent.accept(cid)
    await expect(agent.lines("contact")).to_contain_text(re.compile(r"1\d\d"))
    await expect(agent.messages("shopper")).to_contain_text("退货地址")
    await agent.write("退货地址已发到您的短信")
    badge = shopper.page.get_by_test_id("unread")
    await expect(badge).to_be_visible()
    await expect(shopper.page.get_by_test_id("preview")).to_contain_text("退货地址已发到您的短信")
    await shopper.page.get_by_test_id("launcher").click()
    await expect(shopper.messages("agent")).to_contain_text("已发到您的短信")
    await expect(badge).to_be_hidden()
    await expect(agent.part("read")).to_be_visible()
