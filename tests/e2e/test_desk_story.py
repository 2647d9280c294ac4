"""A whole story in Chinese: two shoppers, two agents and a supervisor, each in a window of their own."""

from __future__ import annotations

import io

from PIL import Image
from playwright.async_api import expect

from tests.e2e.agent import Agent
from tests.e2e.shopper import Shopper
from tests.e2e.stack import Stack
from tests.e2e.windows import Agents, Shoppers

AGREED = "订单已取消，运费险保费五元三天内退回"


def photo() -> bytes:
    """A picture as a shopper would take one."""
    file = io.BytesIO()
    Image.new("RGB", (800, 600), (201, 172, 140)).save(file, "JPEG")
    return file.getvalue()


async def test_an_angry_shopper_is_served_to_the_end(stack: Stack, agents: Agents, shoppers: Shoppers) -> None:
    customer = stack.shop.add_customer()
    order = stack.shop.add_order("paid", customer)
    first = await agents.sign_in("agent1", status="away")
    second = await agents.sign_in("agent2", status="away")
    calm, angry = await shoppers.come(), await shoppers.come(customer)
    await calm.part("human").click()
    await calm.mode("waiting")
    await angry.ask("我的订单怎么还没发货")
    await angry.say("骗子!我要投诉")
    await angry.mode("waiting")

    cid, other = await angry_first(first, second, calm)
    await the_whole_context(first, cid, order.number)
    await they_talk(first, angry)
    await order_is_cancelled_once(stack, first, angry, order.number)
    await first.resolve("bot", "order", AGREED, "核实后取消订单，退运费险保费", picture="resolve-zh")
    await angry.mode("bot")
    await the_other_is_closed(second, calm, other)
    await shopper_is_told_and_rates(angry)
    await angry.pictured("shopper-rated")
    await found_in_the_archive(agents, cid)


async def angry_first(first: Agent, second: Agent, calm: Shopper) -> tuple[str, str]:
    """Both wait; the angry one, who came later, stands and is offered first. Whose is whose."""
    await expect(first.waits()).to_have_count(2)
    await expect(first.waits().first.get_by_test_id("mood")).to_be_visible()
    cid = await first.waits().first.get_attribute("data-conversation") or ""
    other = await first.waits().last.get_attribute("data-conversation") or ""
    await first.be("online")
    await expect(first.offer()).to_have_count(2)
    await expect(first.offer().first).to_have_attribute("data-conversation", cid)
    await first.pictured("offers-zh")
    assert await first.accept(cid) == cid
    await first.offer(other).get_by_test_id("decline").click()
    await expect(first.offer()).to_have_count(0)
    await second.be("online")
    await second.accept(other)
    await calm.mode("human")
    return cid, other


async def the_whole_context(agent: Agent, cid: str, number: str) -> None:
    """Why, on what evidence, what was asked before, and the customer's orders."""
    await expect(agent.mine(cid)).to_be_visible()
    await expect(agent.part("handoff-reason")).not_to_be_empty()
    await expect(agent.part("evidence")).to_contain_text("骗子")
    await expect(agent.part("handoff")).to_contain_text("我的订单怎么还没发货")
    await expect(agent.messages("bot").first).to_be_visible()
    await expect(agent.order(number)).to_be_visible()
    await expect(agent.part("customer-facts")).to_have_attribute("data-masked", "true")


async def they_talk(agent: Agent, shopper: Shopper) -> None:
    """A prepared answer, what is being typed and what is read, on both sides, and a picture."""
    prepared = await agent.quick_reply("你好")
    assert "客服一号" in prepared
    assert "{{" not in prepared
    await expect(shopper.part("typing")).to_contain_text("客服一号")
    await agent.part("input").press("Enter")
    await expect(shopper.messages("agent")).to_contain_text(prepared)
    await expect(agent.part("read")).to_be_visible()
    await shopper.part("input").press_sequentially("你们")
    await expect(agent.part("typing")).to_have_attribute("data-from", "shopper")
    await shopper.part("attach-field").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    await expect(shopper.part("attachment")).to_have_attribute("data-state", "ready")
    await shopper.say("你们看看，这是什么态度")
    picture = agent.messages("shopper").last.locator("[data-testid=picture] img")
    await expect(picture).to_have_js_property("naturalWidth", 800)
    await expect(shopper.part("read-mark")).to_be_visible()
    await agent.pictured("desk-zh-light")


async def order_is_cancelled_once(stack: Stack, agent: Agent, shopper: Shopper, number: str) -> None:
    """The order's card is sent; the agent cancels the order by the bot's own checks, and the shop has done it once."""
    await agent.order(number).get_by_test_id("order-send").click()
    await expect(shopper.part("card").last).to_have_attribute("data-number", number)
    await agent.order(number).get_by_test_id("order-act").click()
    dialog = agent.part("task-dialog")
    await dialog.get_by_test_id("topic-cancel").click()
    await dialog.get_by_test_id("task-option").first.click()
    await expect(dialog.get_by_test_id("card")).to_have_attribute("data-kind", "confirm")
    assert stack.shop.order_row(number)["state"] == "paid", "nothing is done before it is confirmed"
    await agent.pictured("order-action")
    await dialog.get_by_test_id("task-confirm").click()
    await expect(dialog.get_by_test_id("task-end")).to_have_attribute("data-outcome", "done")
    await expect(dialog.get_by_test_id("card")).to_have_attribute("data-kind", "receipt")
    await agent.pictured("order-action-receipt")
    await agent.page.keyboard.press("Escape")
    await expect(agent.order(number).get_by_test_id("order-state").first).to_contain_text("已取消")
    assert stack.shop.order_row(number)["state"] == "cancelled"
    assert [one["outcome"] for one in stack.shop.audit(number)] == ["done"]


async def the_other_is_closed(agent: Agent, shopper: Shopper, cid: str) -> None:
    """The second agent, in the second window, is not disturbed by any of this."""
    await expect(agent.part("talk")).to_have_attribute("data-conversation", cid)
    await agent.write("您好，请问有什么可以帮您？")
    await expect(shopper.messages("agent")).to_contain_text("有什么可以帮您")
    await agent.resolve("closed", "other")
    await shopper.mode("closed")


async def shopper_is_told_and_rates(shopper: Shopper) -> None:
    """The bot knows what was agreed; in the end bot and person are rated apart."""
    told = await shopper.ask("刚才客服怎么说的")
    assert AGREED in told
    await shopper.part("menu").click()
    await shopper.part("end").click()
    await shopper.mode("closed")
    for of, score in (("bot", 3), ("agent", 5)):
        side = shopper.chat.locator(f"[data-testid=rate][data-of={of}]")
        await side.get_by_test_id(f"rating-{score}").check(force=True)
        await side.get_by_test_id("rating-reason").first.click()
    await expect(shopper.part("rating-thanks")).to_have_attribute("data-stored", "true")


async def found_in_the_archive(agents: Agents, cid: str) -> None:
    """By a word of what was agreed, with both ratings, and every word of it to be read."""
    supervisor = await agents.sign_in("supervisor")
    rows = await supervisor.find("运费险保费")
    row = rows.and_(supervisor.page.locator(f"[data-conversation='{cid}']"))
    await expect(row).to_have_count(1)
    await expect(row.locator("mark").first).to_contain_text("运费")
    await expect(row.locator(".stars")).to_have_count(2)
    await row.click()
    reader = supervisor.part("reader")
    await expect(reader).to_contain_text(AGREED)
    await expect(reader.get_by_test_id("message").filter(has_text="骗子")).to_be_visible()
    ratings = reader.locator("[data-testid=line][data-kind=rating]")
    await expect(ratings.filter(has_text="★★★☆☆").last).to_contain_text("机器人")
    await expect(ratings.filter(has_text="★★★★★").last).to_contain_text("人工")
    await supervisor.pictured("archive-zh")
