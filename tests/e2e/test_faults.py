"""When the shop's systems fail: a clear sentence, nothing invented, nothing revealed, and a person on offer."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.shopper import Shopper
from tests.e2e.stack import Stack


@pytest.mark.parametrize("mode", ["down", "slow", "rubbish", "reset"])
async def test_order_system_fails(shopper: Shopper, stack: Stack, mode: str) -> None:
    (order,) = stack.shop.orders(customer_id="c002")
    stack.shop.fault("orders", mode, delay_s=20)
    said = await shopper.ask(f"订单 {order.number} 尾号 {order.phone_tail} 到哪了")
    assert "订单系统" in said
    await expect(shopper.part("card")).to_have_count(0)
    await expect(shopper.part("choice").filter(has_text="转人工")).to_be_enabled()


async def test_trying_again_after_the_fault_works(shopper: Shopper, stack: Stack) -> None:
    (order,) = stack.shop.orders(customer_id="c002")
    stack.shop.fault("orders", "rubbish")
    await shopper.ask(f"订单 {order.number} 尾号 {order.phone_tail} 到哪了")
    stack.shop.heal()
    await shopper.choose("再试一次")
    await expect(shopper.part("card")).to_have_attribute("data-number", order.number)


@pytest.mark.parametrize("mode", ["down", "rubbish"])
async def test_carrier_does_not_answer(shopper: Shopper, stack: Stack, mode: str) -> None:
    (order,) = stack.shop.orders(customer_id="c002")
    stack.shop.fault("logistics", mode)
    await shopper.ask(f"订单 {order.number} 尾号 {order.phone_tail} 到哪了")
    card = shopper.part("card")
    await expect(card).to_have_attribute("data-number", order.number)
    await expect(card.get_by_test_id("carrier-unavailable")).to_be_visible()
    await expect(card.get_by_test_id("event")).to_have_count(0)
