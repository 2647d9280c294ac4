"""A shopper asks where an order is, from the shop's page to the card and back."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests.e2e.shopper import Shopper, shopper_with
from tests.e2e.stack import Stack


async def test_stranger_proves_the_order_and_sees_its_card(shopper: Shopper, stack: Stack) -> None:
    (order,) = stack.shop.orders(customer_id="c002")
    assert "订单号" in await shopper.ask("我的订单到哪了")
    assert "后四位" in await shopper.ask(order.number)
    await shopper.ask(order.phone_tail)
    card = shopper.part("card")
    await expect(card).to_have_attribute("data-number", order.number)
    await expect(card).to_have_attribute("data-state", "in_transit")
    await expect(card.get_by_test_id("order-state").first).to_have_text("运输中")
    await expect(card.get_by_test_id("shipment")).to_have_count(1)
    await expect(card.get_by_test_id("event")).to_have_count(3)
    await expect(card.get_by_test_id("amount")).to_contain_text("¥")
    await expect(card.get_by_test_id("next")).not_to_be_empty()


@pytest.mark.parametrize(
    "say",
    ["订单{number} 尾号{tail}到哪了", "尾号 {tail},订单号{number}", "查物流 {number},手机13900{tail_more}{tail}"],
)
async def test_both_at_once_in_any_order(shopper: Shopper, stack: Stack, say: str) -> None:
    (order,) = stack.shop.orders(customer_id="c002")
    await shopper.ask(say.format(number=order.number, tail=order.phone_tail, tail_more="11"))
    await expect(shopper.part("card")).to_have_attribute("data-number", order.number)


async def test_every_state_is_told_with_what_comes_next(shopper: Shopper, stack: Stack) -> None:
    """One conversation after the other would be slow: each order is another one asked for in the same chat."""
    states = sorted({order.state for order in stack.shop.orders()})
    assert len(states) == 14
    for count, state in enumerate(states[:7], 1):
        order = stack.shop.orders(state=state)[0]
        await shopper.ask(f"查一下订单 {order.number} 手机尾号 {order.phone_tail}")
        card = shopper.part("card").nth(count - 1)
        await expect(card).to_have_attribute("data-state", state)
        await expect(card.get_by_test_id("next")).not_to_be_empty()


async def test_wrong_pair_three_times_ends_in_the_offer_of_a_person(shopper: Shopper, stack: Stack) -> None:
    (order,) = stack.shop.orders(customer_id="c002")
    wrong = "0000" if order.phone_tail != "0000" else "1111"
    await shopper.ask("我的订单到哪了")
    first = await shopper.ask(f"{order.number} {wrong}")
    unknown = await shopper.ask("20200101999999")
    assert first == unknown, "what is wrong must not show"
    last = await shopper.ask(f"{order.number} {wrong}1"[:-1])
    assert last != first
    assert "转人工" in last
    assert "不能再查" in await shopper.ask(f"{order.number} {order.phone_tail}")
    await expect(shopper.part("card")).to_have_count(0)


async def test_changing_ones_mind_in_the_middle(shopper: Shopper) -> None:
    await shopper.ask("我的订单到哪了")
    assert "14 位" in await shopper.ask("不知道单号")
    assert "不查了" in await shopper.ask("算了")
    assert "智能助手" in await shopper.ask("你是机器人吗")


async def test_customer_with_one_order_is_not_asked(desktop: BrowserContext, stack: Stack) -> None:
    async with shopper_with(desktop, stack.shop.url) as shopper:
        await shopper.sign_in("c002")
        await shopper.open_chat()
        await shopper.ask("我的快递怎么还没到")
        await expect(shopper.part("card")).to_have_attribute("data-state", "in_transit")


async def test_customer_with_several_orders_chooses(desktop: BrowserContext, stack: Stack) -> None:
    newest = stack.shop.orders(customer_id="c001")[0]
    async with shopper_with(desktop, stack.shop.url) as shopper:
        await shopper.sign_in("c001")
        await shopper.open_chat()
        await shopper.ask("我的订单到哪了")
        await expect(shopper.part("choice").first).to_be_visible()
        await shopper.part("choice").first.click()
        await expect(shopper.part("card")).to_have_attribute("data-number", newest.number)


async def test_customer_names_an_order_in_words(desktop: BrowserContext, stack: Stack) -> None:
    newest, second, *_ = stack.shop.orders(customer_id="c001")
    async with shopper_with(desktop, stack.shop.url) as shopper:
        await shopper.sign_in("c001")
        await shopper.open_chat()
        await shopper.ask("我的订单到哪了")
        await shopper.ask("第二个")
        await expect(shopper.part("card").last).to_have_attribute("data-number", second.number)
        await shopper.ask("第一个")
        await expect(shopper.part("card").last).to_have_attribute("data-number", newest.number)


async def test_somebody_elses_order_is_not_shown(desktop: BrowserContext, stack: Stack) -> None:
    (foreign,) = stack.shop.orders(customer_id="c002")
    async with shopper_with(desktop, stack.shop.url) as shopper:
        await shopper.sign_in("c001")
        await shopper.open_chat()
        assert "没有查到" in await shopper.ask(f"订单 {foreign.number} 到哪了")
        assert "没有查到" in await shopper.ask("20200101999999")
        await expect(shopper.part("card")).to_have_count(0)


async def test_english_on_a_phone_in_the_dark(browser: Browser, stack: Stack) -> None:
    (order,) = stack.shop.orders(customer_id="c002")
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="en-US", color_scheme="dark"
    )
    async with shopper_with(context, stack.shop.url) as shopper:
        await shopper.visit("/?lang=en")
        await shopper.open_chat()
        assert "order number" in await shopper.ask("Where is my order?")
        await shopper.ask(f"It is {order.number}, phone ends in {order.phone_tail}")
        await expect(shopper.part("card").get_by_test_id("order-state").first).to_have_text("In transit")
        box = await shopper.page.get_by_test_id("frame").bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (390, 844)
    await context.close()


async def test_burst_gets_one_answer(shopper: Shopper) -> None:
    for text in ("在吗", "我的快递", "怎么还没到"):
        await shopper.say(text)
    await shopper.answer(1)
    await shopper.ask("算了")
    await expect(shopper.messages("bot")).to_have_count(2)
