"""A shopper settles something to its end in the browser: asks, answers by buttons and words, agrees to the summary, gets a receipt."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests.e2e.shopper import Shopper, shopper_with
from tests.e2e.stack import Stack


async def press(shopper: Shopper, label: str) -> None:
    """A button that is offered now."""
    await shopper.part("choice").filter(has_text=label).last.click()


async def test_a_stranger_returns_goods(shopper: Shopper, stack: Stack) -> None:
    order = stack.shop.add_order(
        "delivered", stack.shop.add_customer(), items=[("CL01-1", 1), ("CL03-1", 2)], discount=5000
    )
    assert "订单号" in await shopper.ask("我要退货")
    await shopper.ask(f"{order.number} {order.phone_tail}")
    await shopper.ask("围巾")
    await press(shopper, "质量问题")
    await press(shopper, "我自己寄")
    card = shopper.part("card").last
    await expect(card).to_have_attribute("data-kind", "confirm")
    await expect(card).to_contain_text("267.66")
    await shopper.pictured("return-confirm")
    await press(shopper, "确认")
    card = shopper.part("card").last
    await expect(card).to_have_attribute("data-kind", "receipt")
    await expect(card).to_contain_text("RT")
    await shopper.pictured("return-receipt")
    (case,) = stack.shop.cases(order.number)
    assert (case["kind"], case["amount"]) == ("return", 26766)


async def test_an_old_summary_agrees_to_nothing(shopper: Shopper, stack: Stack) -> None:
    order = stack.shop.add_order("paid", stack.shop.add_customer())
    await shopper.ask(f"帮我改地址 {order.number} {order.phone_tail}")
    await shopper.ask("张三，13812345678")
    await shopper.ask("不对，电话是13900001111")
    await expect(shopper.part("card").last).to_contain_text("139****1111")
    await press(shopper, "确认")
    await expect(shopper.part("card").last).to_have_attribute("data-kind", "receipt")
    assert stack.shop.order_row(order.number)["receiver_phone"] == "13900001111"
    assert len([one for one in stack.shop.audit(order.number) if one["outcome"] == "done"]) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_damaged_goods_in_english_on_a_phone(
    browser: Browser, stack: Stack, scheme: Literal["light", "dark"]
) -> None:
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="en-US", color_scheme=scheme
    )
    order = stack.shop.add_order("delivered", stack.shop.add_customer(), items=[("HM06-1", 1)])
    async with shopper_with(context, stack.shop.url) as shopper:
        await shopper.visit("/?lang=en")
        await shopper.open_chat()
        await shopper.ask("My item arrived broken")
        await shopper.ask(f"{order.number} {order.phone_tail}")
        await shopper.ask("The handle came off")
        await expect(shopper.part("card").last).to_contain_text("The handle came off")
        await press(shopper, "Confirm")
        await expect(shopper.part("card").last).to_have_attribute("data-kind", "receipt")
        link = shopper.part("card").last.get_by_role("link")
        (case,) = stack.shop.cases(order.number)
        href = await link.get_attribute("href") or ""
        assert href.startswith(f"{stack.shop.url}/cases/{case['number']}/photos?key=")
        await expect(link).to_contain_text("photos")
        await shopper.pictured(f"damaged-{scheme}")
    await context.close()


async def test_the_best_price_for_the_cart(desktop: BrowserContext, stack: Stack) -> None:
    async with shopper_with(desktop, stack.shop.url) as shopper:
        await shopper.sign_in("c001")
        await shopper.open_chat()
        assert "购物车最低" in await shopper.ask("购物车怎么凑单最划算")
        await expect(shopper.part("card").last).to_contain_text("到手价")
        await shopper.pictured("cart")
