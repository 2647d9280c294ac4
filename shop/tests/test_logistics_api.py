"""The logistics API: each parcel of each order has its story."""

import httpx

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
