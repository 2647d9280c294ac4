"""Reload, second tab, lost network, killed processes: the conversation goes on where it was, nothing twice."""

from __future__ import annotations

import asyncio

from playwright.async_api import BrowserContext, expect

from ledger import Ledger
from tests.e2e.shopper import Shopper, shopper_with
from tests.e2e.stack import Stack


async def texts(shopper: Shopper) -> list[str]:
    """All messages on the screen with their sender, in order."""
    shown = await shopper.part("message").all()
    return [f"{await one.get_attribute('data-from')}: {await one.get_attribute('data-id')}" for one in shown]


async def test_reload_shows_the_same_conversation(shopper: Shopper) -> None:
    await shopper.ask("我的订单到哪了")
    before = await texts(shopper)
    await shopper.page.reload()
    if not await shopper.page.get_by_test_id("frame").is_visible():
        await shopper.page.get_by_test_id("launcher").click()
    await expect(shopper.part("message")).to_have_count(len(before))
    assert await texts(shopper) == before
    assert "后四位" in await shopper.ask("20261120000042")


async def test_second_tab_shows_what_the_first_says(shopper: Shopper, desktop: BrowserContext, stack: Stack) -> None:
    await shopper.ask("你好")
    async with shopper_with(desktop, stack.shop.url) as second:
        await second.open_chat()
        await expect(second.part("message")).to_have_count(2)
        await shopper.ask("谢谢")
        await expect(second.part("message")).to_have_count(4)
        await second.ask("我的订单到哪了")
        await expect(shopper.part("message")).to_have_count(6)
        assert await texts(second) == await texts(shopper)


async def test_written_while_offline_is_sent_once_when_back(shopper: Shopper, desktop: BrowserContext) -> None:
    await shopper.ask("你好")
    await desktop.set_offline(True)
    await shopper.say("我的订单到哪了")
    await expect(shopper.part("banner")).to_be_visible()
    await desktop.set_offline(False)
    await shopper.answer(2)
    await expect(shopper.messages("shopper")).to_have_count(2)
    await expect(shopper.part("banner")).to_have_count(0)


async def test_gateway_killed_and_back(shopper: Shopper, stack: Stack) -> None:
    await shopper.ask("你好")
    stack.gateway.kill()
    await shopper.say("我的订单到哪了")
    await expect(shopper.part("banner")).to_be_visible()
    stack.gateway.start()
    await shopper.answer(2)
    await expect(shopper.messages("shopper")).to_have_count(2)


async def test_worker_killed_in_the_middle_of_a_turn(shopper: Shopper, stack: Stack, ledger: Ledger) -> None:
    """The order API hangs, the worker dies at that moment; another worker answers, once."""
    (order,) = stack.shop.orders(customer_id="c002")
    await shopper.ask("你好")
    stack.shop.fault("orders", "slow", delay_s=4)
    await shopper.say(f"订单 {order.number} 尾号 {order.phone_tail} 到哪了")
    await turn_under_way(ledger)
    stack.bot.kill()
    stack.shop.heal()
    stack.bot.start()
    await expect(shopper.part("card")).to_have_count(1)
    await shopper.ask("谢谢")
    await expect(shopper.messages("bot")).to_have_count(3)
    await expect(shopper.part("card")).to_have_count(1)


async def turn_under_way(ledger: Ledger) -> None:
    """Waits until some worker has fixed a turn's end, that is, runs it."""
    while True:
        async for key in ledger.redis.scan_iter("*:c:*", _type="HASH"):
            if not key.endswith((":mids", ":choices")) and await ledger.redis.hget(key, "turn_upto"):
                return
        await asyncio.sleep(0.02)


async def test_redis_away_and_back(shopper: Shopper, stack: Stack) -> None:
    await shopper.ask("你好")
    stack.redis.kill()
    await shopper.say("我的订单到哪了")
    await expect(shopper.part("banner")).to_be_visible()
    stack.redis.start()
    await shopper.answer(2)
    await expect(shopper.messages("shopper")).to_have_count(2)


async def test_two_workers_share_the_work(stack: Stack, shopper: Shopper) -> None:
    second = stack.another_bot("second-bot").start()
    try:
        for n, text in enumerate(("你好", "我的订单到哪了", "算了", "谢谢"), 1):
            await shopper.ask(text)
            await expect(shopper.messages("bot")).to_have_count(n)
    finally:
        second.stop()
