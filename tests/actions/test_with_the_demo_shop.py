"""The same conversations with the real demo shop over HTTP: its data, its faults, its limits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from rasa.core.processor import MessageProcessor

from actions import shop as shop_of_actions
from shop.client import ClientSettings, ShopClient
from shop.order import ORDER_STATES
from shop.testing import RunningShop, start_shop
from tests.conversation import Conversation


@pytest.fixture(scope="module")
def running_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    running = start_shop(tmp_path_factory.mktemp("shop"))
    yield running
    running.stop()


@pytest.fixture
async def demo_shop(running_shop: RunningShop) -> AsyncIterator[RunningShop]:
    """The running shop, healthy, with a client that does not wait long."""
    running_shop.heal()
    settings = ClientSettings(
        api_key=running_shop.api_key,
        orders_url=running_shop.url,
        logistics_url=running_shop.url,
        read_s=0.4,
        budget_s=2.0,
    )
    client = ShopClient(settings)
    shop_of_actions.use(client)
    yield running_shop
    shop_of_actions.use(None)
    await client.aclose()
    running_shop.heal()


@pytest.mark.parametrize("state", ORDER_STATES)
@pytest.mark.parametrize("question", ["我的订单到哪了", "Where is my package?"])
async def test_every_state_is_shown(
    assistant: MessageProcessor, demo_shop: RunningShop, state: str, question: str
) -> None:
    one = demo_shop.orders(state=state)[0]
    shopper = Conversation(assistant)
    await shopper.says(question)
    answer = await shopper.says(f"{one.number} {one.phone_tail}")
    assert answer.card["number"] == one.number
    assert answer.card["state"]["code"] == state
    assert answer.card["next"] in answer.text
    assert all(not parcel["unavailable"] for parcel in answer.card["shipments"])


async def test_a_signed_in_customer_chooses(assistant: MessageProcessor, demo_shop: RunningShop) -> None:
    orders = demo_shop.orders()
    owner = next(one.customer_id for one in orders if sum(other.customer_id == one.customer_id for other in orders) > 1)
    shopper = Conversation(assistant, customer=owner)
    answer = await shopper.says("我的订单到哪了")
    assert 2 <= len(answer.buttons) <= 5
    answer = await shopper.presses(next(iter(answer.buttons)))
    assert answer.card["number"] in {one.number for one in orders if one.customer_id == owner}


async def test_someone_elses_order_stays_theirs(assistant: MessageProcessor, demo_shop: RunningShop) -> None:
    orders = demo_shop.orders()
    one = orders[0]
    stranger = next(other.customer_id for other in orders if other.customer_id != one.customer_id)
    answer = await Conversation(assistant, customer=stranger).says(one.number)
    assert "没有查到" in answer.text
    assert answer.cards == []


@pytest.mark.parametrize("mode", ["slow", "down", "rubbish", "reset"])
async def test_faults_of_the_orders_api(assistant: MessageProcessor, demo_shop: RunningShop, mode: str) -> None:
    one = demo_shop.orders(state="in_transit")[0]
    demo_shop.fault("orders", mode, delay_s=5.0) if mode == "slow" else demo_shop.fault("orders", mode)
    shopper = Conversation(assistant)
    answer = await shopper.says(f"订单到哪了 {one.number} {one.phone_tail}")
    assert "订单系统暂时没有回应" in answer.text
    assert answer.cards == []
    demo_shop.heal()
    assert (await shopper.presses("再试一次")).card["number"] == one.number


@pytest.mark.parametrize("mode", ["slow", "down", "rubbish", "reset"])
async def test_faults_of_the_carrier(assistant: MessageProcessor, demo_shop: RunningShop, mode: str) -> None:
    one = demo_shop.orders(state="in_transit")[0]
    demo_shop.fault("logistics", mode, delay_s=5.0) if mode == "slow" else demo_shop.fault("logistics", mode)
    answer = await Conversation(assistant).says(f"快递到哪了 {one.number} {one.phone_tail}")
    assert "快递公司暂时没有回应" in answer.text
    assert answer.card["shipments"][0]["unavailable"] is True
