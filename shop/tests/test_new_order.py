"""Orders that tests add to a running shop: in every state, as consistent as those of the seed."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import httpx
import pytest

from shop.client import ShopClient
from shop.order import ORDER_STATES
from shop.seed.calendar import BEIJING
from shop.testing import RunningShop
from shop.tests.writing import read, running_shop

__all__ = ["running_shop"]


@pytest.mark.parametrize("state", ORDER_STATES)
async def test_every_state_is_of_one_piece(client: ShopClient, shop_server: RunningShop, state: str) -> None:
    one = shop_server.add_order(state, items=[("CL01-1", 1), ("BK01-1", 2), ("FD03-1", 1)], discount="30.00")
    order = await client.order(one.number, phone_tail=one.phone_tail)
    now = datetime.now(timezone.utc)
    assert (order.state, order.customer_id, order.amount.discount) == (state, one.customer_id, "30.00")
    steps = [order.created_at, order.paid_at, order.packed_at, order.shipped_at, order.delivered_at, order.cancelled_at]
    past = [step for step in steps if step]
    assert past == sorted(past)
    assert past[-1] < now
    assert (order.paid_at is None) == (state == "unpaid") == (order.payment_method is None)
    assert (order.delivered_at is not None) == (state == "delivered")
    assert (order.expected_ship_at is not None) == (state in ("paid", "packed", "pre_sale", "partly_shipped"))
    assert bool(order.shipments) == (state not in ("unpaid", "paid", "packed", "pre_sale", "cancelled"))
    for parcel in order.shipments:
        shipment = await client.shipment(parcel.tracking_number)
        assert shipment.events[-1].at == parcel.shipped_at
        assert all(event.at < now for event in shipment.events)
        if state not in ("partly_shipped", "refunded"):
            assert shipment.state == state
    sent = {sku for parcel in order.shipments for sku in parcel.skus}
    assert sent == {"partly_shipped": {"CL01-1", "BK01-1"}}.get(state, sent)


@pytest.mark.parametrize("days", [0, 1, 7, 8, 15, 400])
async def test_it_was_delivered_on_that_day(shop_server: RunningShop, api: httpx.AsyncClient, days: int) -> None:
    one = shop_server.add_order("delivered", delivered_days_ago=days)
    order = await read(api, one)
    delivered = datetime.fromisoformat(order["delivered_at"])
    wanted = datetime.now(BEIJING) - timedelta(days=days)
    assert days == 0 or delivered.astimezone(BEIJING).date() == wanted.date()
    assert timedelta(0) < datetime.now(timezone.utc) - delivered < timedelta(days=days + 1)
    tracking = order["shipments"][0]["tracking_number"]
    events = (await api.get(f"/api/logistics/v1/shipments/{tracking}")).json()["events"]
    assert events[0]["at"] == order["delivered_at"]


async def test_it_was_made_so_long_ago(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    for state in ("unpaid", "paid", "delivered", "cancelled"):
        order = await read(api, shop_server.add_order(state, created_days_ago=30))
        age = datetime.now(timezone.utc) - datetime.fromisoformat(order["created_at"])
        assert timedelta(days=30) <= age < timedelta(days=31)


async def test_what_was_agreed_is_shown(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order(
        "delivered",
        "c020",
        items=[("FD05-1", 1), ("BT01-1", 1), ("CL06-2", 1)],
        payment_method="credit",
        freight_insurance=True,
        gifts=["BK04-1"],
    )
    order = await read(api, one)
    assert (one.customer_id, order["payment_method"], order["freight_insurance"]) == ("c020", "credit", True)
    shown = [(item["category"], item["kinds"], item["agreed"], item["gift"]) for item in order["items"]]
    assert shown == [
        ("food", ["fresh"], False, False),
        ("beauty", ["opened_hygiene"], True, False),
        ("socks", [], False, False),
        ("books", [], False, True),
    ]


def test_an_article_has_one_line(shop_server: RunningShop) -> None:
    with pytest.raises(ValueError, match="one line"):
        shop_server.add_order("delivered", items=[("CL06-1", 1)], gifts=["CL06-1"])


async def test_a_deposit_and_a_balance_are_the_price(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("pre_sale", items=[("EL05-1", 1)], balance=(-1, 2))
    order = await read(api, one)
    plan, amount = order["presale"], order["amount"]
    assert amount["paid"] == plan["deposit"]
    assert Decimal(amount["total"]) == Decimal(plan["deposit"]) + Decimal(plan["balance"])
    assert Decimal(order["items"][0]["price"]) == Decimal(plan["worth"]) + Decimal(plan["balance"])
    assert plan["balance_from"] < datetime.now(timezone.utc).isoformat() < plan["balance_until"]


async def test_the_seed_has_some_of_everything(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    orders = [await read(api, one) for one in shop_server.orders()]
    methods = {order["payment_method"] for order in orders}
    assert methods == {None, "alipay", "wechat", "card", "credit", "balance", "cash"}
    assert all((order["payment_method"] is None) == (order["paid_at"] is None) for order in orders)
    assert {order["freight_insurance"] for order in orders} == {True, False}
    plans = [order["presale"] for order in orders if order["presale"]]
    assert {plan["balance_paid"] for plan in plans} == {True, False}
    items = [item for order in orders for item in order["items"]]
    assert {"fresh", "made_to_order", "opened_hygiene"} <= {kind for item in items for kind in item["kinds"]}
    assert any(item["agreed"] for item in items)
    assert any(item["gift"] and item["price"] == "0.00" for item in items)
    assert {"clothes", "electronics", "food", "home", "beauty", "books", "sport", "socks"} >= {
        item["category"] for item in items
    }
