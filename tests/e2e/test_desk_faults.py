"""The desk and the gateway are killed in the middle of a conversation: both pages come back by themselves, and nothing is lost."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.stack import Stack
from tests.e2e.windows import Agents, Shoppers


async def test_a_killed_desk_loses_nothing(stack: Stack, agents: Agents, shoppers: Shoppers) -> None:
    agent = await agents.sign_in("agent1", status="online")
    shopper = await shoppers.come()
    await shopper.part("human").click()
    cid = await agent.accept()
    await agent.write("您好")
    stack.desk.kill()
    await expect(agent.part("banner")).to_be_visible()
    await shopper.say("在吗？我还有个问题")
    await agent.part("input").fill("在的，请说")
    await agent.part("input").press("Enter")
    await agent.part("input").fill("写了一半的")
    await agent.pictured("desk-killed")
    stack.desk.start()
    await agent.linked()
    await expect(agent.part("banner")).to_have_count(0)
    await expect(shopper.messages("agent")).to_have_count(2)
    await expect(shopper.messages("agent").last).to_contain_text("在的，请说")
    await expect(agent.messages("shopper").last).to_contain_text("我还有个问题")
    await expect(agent.part("input")).to_have_value("写了一半的")
    await expect(agent.mine(cid)).to_be_visible()
    await agent.is_now("online")
    await shopper.mode("human")


async def test_a_killed_gateway_loses_nothing(stack: Stack, agents: Agents, shoppers: Shoppers) -> None:
    agent = await agents.sign_in("agent2", status="online")
    shopper = await shoppers.come()
    await shopper.part("human").click()
    await agent.accept()
    stack.gateway.kill()
    await shopper.say("网断了也要送到")
    await expect(shopper.part("banner")).to_be_visible()
    await agent.write("我先查一下物流")
    stack.gateway.start()
    await expect(shopper.messages("agent")).to_contain_text("我先查一下物流")
    await expect(agent.messages("shopper")).to_contain_text("网断了也要送到")
    await expect(shopper.messages("shopper").filter(has_text="网断了")).to_have_count(1)
    await expect(shopper.part("banner")).to_have_count(0)
