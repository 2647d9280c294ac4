"""The desk without a mouse, and on a phone."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.windows import PHONE, Agents, Shoppers


async def test_with_the_keyboard_alone(agents: Agents, shoppers: Shoppers) -> None:
    agent = await agents.sign_in("agent1")
    shopper = await shoppers.come()
    press, write = agent.page.keyboard.press, agent.page.keyboard.type
    await press("Shift+?")
    await expect(agent.part("shortcuts-dialog")).to_be_visible()
    await agent.pictured("shortcuts-zh")
    await press("Escape")
    await expect(agent.part("shortcuts-dialog")).to_have_count(0)
    await press("Alt+1")
    await agent.is_now("online")
    await shopper.part("human").click()

    await expect(agent.offer()).to_be_visible()
    await press("c")
    await shopper.mode("human")
    await press("Alt+R")
    await expect(agent.part("input")).to_be_focused()
    await write("您好，请讲")
    await press("Enter")
    await expect(shopper.messages("agent")).to_contain_text("您好，请讲")
    await press("Alt+N")
    await expect(agent.part("composer")).to_have_attribute("data-kind", "note")
    await write("已核对，下次直接处理")
    await press("Enter")
    await expect(agent.notes()).to_contain_text("已核对")
    await press("Alt+E")
    dialog = agent.part("resolve-dialog")
    await expect(dialog.get_by_test_id("summary")).to_be_focused()
    await write("换一双大一号的")
    await press("Shift+Tab")
    await press("Space")
    await press("Enter")
    await expect(dialog).to_have_count(0)
    await shopper.mode("closed")
    await press("Escape")
    await press("Alt+3")
    await agent.is_now("offline")


async def test_on_a_phone(agents: Agents, shoppers: Shoppers) -> None:
    """List, conversation and customer one after the other; nothing is wider than the screen."""
    agent = await agents.sign_in("agent2", **PHONE)
    await agent.part("go-online").click()
    shopper = await shoppers.come()
    await shopper.say("转人工")
    await expect(agent.offer()).to_be_visible()
    await agent.pictured("phone-list")
    cid = await agent.accept()
    await agent.write("您好，我在手机上回复您")
    await expect(shopper.messages("agent")).to_contain_text("手机上回复")
    await agent.pictured("phone-talk")
    await agent.part("toggle-side").click()
    await expect(agent.part("handoff")).to_be_visible()
    await agent.pictured("phone-customer")
    await agent.part("side-back").click()
    await agent.resolve("closed", "other", picture="phone-resolve")
    await shopper.mode("closed")
    await expect(agent.mine(cid)).to_have_count(0)
    assert await agent.page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
