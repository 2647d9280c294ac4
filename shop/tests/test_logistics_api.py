"""The logistics API: each parcel of each order has its story."""

from datetime import datetime

import httpx
import pytest

from shop.pickups import free_slots
from shop.seed.calendar import BEIJING
from shop.testing import RunningShop


async def parcels(api: httpx.AsyncClient, shop: RunningShop, state: str) -> list[str]:
    one = shop.orders(state=state)[0]
    order = await api.get(f"/api/orders/v1/orders/{one.number}", params={"customer_id": one.customer_id})
    return [parcel["tracking_number"] for parcel in order.json()["shipments"]]


async def test_events_come_newest_first(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    (number,) = await parcels(api, shop_server, "delivered")
    shipment = (await api.get(f"/api/logistics/v1/shipments/{number}")).json()
    moments = [event["at"] for event in shipment["events"]]
    assert moments == sorted(moments, reverse=True)
    assert "签收" in shipment["events"][0]["text"]
    assert "揽收" in shipment["events"][-1]["text"]
    assert shipment["state"] == "delivered"
    assert shipment["estimated_delivery"] is None


async def test_the_two_parcels_of_an_order_differ(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    numbers = await parcels(api, shop_server, "partly_shipped")
    states = [(await api.get(f"/api/logistics/v1/shipments/{number}")).json()["state"] for number in numbers]
    assert sorted(states) == ["delivered", "in_transit"]


async def test_an_unknown_parcel_is_not_found(api: httpx.AsyncClient) -> None:
    reply = await api.get("/api/logistics/v1/shipments/SF0000000000000")
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "shipment_not_found")


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_a_courier_comes_on_the_next_three_days_of_the_shops_clock(hour: int) -> None:
    free = free_slots("武汉", datetime(2026, 11, 25, hour, 59, tzinfo=BEIJING))
    assert [slot["day"] for slot in free[::2]] == ["2026-11-26", "2026-11-27", "2026-11-28"]
    assert [(slot["from"], slot["until"]) for slot in free[:2]] == [("09:00", "12:00"), ("13:00", "17:00")]
    assert len(free) == 6


def test_no_courier_comes_to_a_city_that_is_not_served() -> None:
    assert free_slots("三亚", datetime(2026, 11, 25, 12, tzinfo=BEIJING)) == []
