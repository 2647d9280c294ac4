"""A whole story in English: a shopper on a phone, two agents and a supervisor, who reads along, whispers and takes over."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.agent import Agent
from tests.e2e.shopper import Shopper
from tests.e2e.windows import PHONE, Agents, Shoppers


async def test_an_english_shopper_on_a_phone(agents: Agents, shoppers: Shoppers) -> None:
    """Goes to who speaks English, is passed on, and is taken over by the supervisor, who closes it and opens it again."""
    first = await agents.sign_in("agent1", status="online")
    second = await agents.sign_in("agent2", lang="en", status="online", color_scheme="dark")
    supervisor = await agents.sign_in("supervisor", lang="en")
    shopper = await shoppers.come(lang="en", color_scheme="dark", **PHONE)
    await shopper.ask("Where is my order?")
    await shopper.say("I want to talk to a real person")
    await shopper.mode("waiting")
    cid = await second.accept()
    await expect(first.offer()).to_have_count(0)
    await second.write("Hello, this is the service team. How can I help?")
    await expect(shopper.messages("agent")).to_contain_text("service team")
    await second.pictured("desk-en-dark")

    await second.transfer("agent1", "She asks about customs, which is yours")
    await first.accept(cid)
    await expect(first.lines("mode").filter(has_text="She asks about customs")).to_be_visible()
    await first.write("Hi, I am taking over from my colleague.")
    await whispers_and_takes_over(supervisor, first, shopper, cid)
    await shopper.pictured("shopper-phone-dark")
    await closes_and_opens_again(supervisor, shopper)


async def whispers_and_takes_over(supervisor: Agent, agent: Agent, shopper: Shopper, cid: str) -> None:
    """The board shows it live; the supervisor reads along, says a word to the agent alone, then takes it."""
    await supervisor.show("board")
    row = supervisor.on_board(cid)
    await expect(row).to_contain_text("客服一号")
    await supervisor.pictured("board-en")
    await row.get_by_test_id("read-along").click()
    await supervisor.has_open(cid)
    await shopper.say("It has been stuck at customs for a week")
    await expect(supervisor.messages("shopper").filter(has_text="customs for a week")).to_be_visible()
    await supervisor.write("Offer free shipping on the next order", kind="whisper")
    await expect(agent.notes().filter(has_text="Offer free shipping")).to_be_visible()
    await supervisor.take_over()
    await expect(agent.mine(cid)).to_have_count(0)
    await expect(agent.part("notice").filter(has_text="被主管接管")).to_be_visible()
    await supervisor.write("I am the supervisor and will see to this myself.")
    await expect(shopper.messages("agent").last).to_contain_text("see to this myself")
    await expect(shopper.chat.get_by_text("Offer free shipping")).to_have_count(0)


async def closes_and_opens_again(supervisor: Agent, shopper: Shopper) -> None:
    """Closed with a category; within the day it can be opened again, and the shopper reads the answer."""
    await supervisor.resolve("closed", "logistics", "refund if customs keeps it until Friday")
    await shopper.mode("closed")
    rows = await supervisor.find("stuck at customs")
    await rows.first.click()
    await supervisor.part("reader-reopen").click()
    await shopper.mode("human")
    await supervisor.write("One more thing: I have found your parcel.")
    await expect(shopper.messages("agent").last).to_contain_text("found your parcel")
