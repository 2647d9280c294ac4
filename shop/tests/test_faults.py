"""The fault switch: there only when asked for, and each fault hits what it names and nothing else."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from shop.testing import RunningShop, start_shop
from shop.tests.writing import change, running_shop

__all__ = ["running_shop"]

ORDERS = "/api/orders/v1/customers/c001/orders"


async def shipment_of(api: httpx.AsyncClient, shop: RunningShop) -> tuple[str, str, str]:
    """Address, code and name of the carrier of c002's parcel."""
    order = (await api.get("/api/orders/v1/customers/c002/orders")).json()["orders"][0]
    parcel = order["shipments"][0]
    return f"/api/logistics/v1/shipments/{parcel['tracking_number']}", parcel["carrier_code"], parcel["carrier"]


async def test_without_the_setting_there_is_no_switch(tmp_path: Path) -> None:
    shop = start_shop(tmp_path, SHOP_FAULTS="")
    try:
        async with httpx.AsyncClient(base_url=shop.url, trust_env=False) as http:
            reply = await http.post("/admin/faults", json={"target": "orders", "mode": "down"})
            assert reply.status_code == 404
            assert (await http.get("/admin/faults")).status_code == 404
    finally:
        shop.stop()


async def test_down_and_up_again(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    shop_server.fault("orders", "down")
    reply = await api.get(ORDERS)
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, "unavailable")
    assert (await api.get("/api/logistics/v1/shipments/SF0")).status_code == 404
    assert (await api.get("/healthz")).status_code == 200
    shop_server.fault("orders", "ok")
    assert (await api.get(ORDERS)).status_code == 200


async def test_slow_answers_late(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    shop_server.fault("orders", "slow", delay_s=0.3)
    reply = await api.get(ORDERS)
    assert reply.status_code == 200
    assert reply.elapsed.total_seconds() >= 0.3


async def test_slow_is_too_late_for_who_does_not_wait(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    shop_server.fault("orders", "slow", delay_s=30)
    with pytest.raises(httpx.ReadTimeout):
        await api.get(ORDERS, timeout=0.2)


async def test_rubbish_is_broken_or_of_the_wrong_shape_in_turn(
    shop_server: RunningShop, api: httpx.AsyncClient
) -> None:
    shop_server.fault("orders", "rubbish")
    replies = [await api.get(ORDERS) for _ in range(4)]
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 2
    assert not any("orders" in reply.text for reply in replies)


async def test_reset_hangs_up(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    shop_server.fault("orders", "reset")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await api.get(ORDERS)


async def test_one_carrier_fails_alone(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    address, code, name = await shipment_of(api, shop_server)
    for carrier in (code, name):
        shop_server.fault("logistics", "down", carrier=carrier)
        assert (await api.get(address)).status_code == 503
    shop_server.fault("logistics", "down", carrier="XX")
    assert (await api.get(address)).status_code == 200


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"mode": "down"}, False),
        ({"mode": "slow", "delay_s": 0.0, "only": "reads"}, False),
        ({"mode": "down", "only": "writes"}, True),
        ({"mode": "down", "carrier": "XX"}, True),
        ({"mode": "ok"}, True),
    ],
)
async def test_orders_api_tells_no_more_of_a_parcel_than_the_logistics_api_would(
    shop_server: RunningShop, api: httpx.AsyncClient, fault: dict[str, Any], told: bool
) -> None:
    one = shop_server.add_order("in_transit", "c034")
    shop_server.fault("logistics", **fault)
    order = (await api.get(f"/api/orders/v1/orders/{one.number}", params={"customer_id": "c034"})).json()
    assert ["tracking" in parcel for parcel in order["shipments"]] == [told]


async def test_the_switch_shows_what_is_on(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    shop_server.fault("logistics", "slow", delay_s=2, carrier="SF")
    shown = (await api.get("/admin/faults")).json()
    assert shown["orders"]["mode"] == "ok"
    assert shown["logistics"] == {"target": "logistics", "mode": "slow", "delay_s": 2.0, "carrier": "SF", "only": None}


async def test_reads_can_be_left_alone(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid")
    shop_server.fault("orders", "down", only="writes")
    assert (await api.get(ORDERS)).status_code == 200
    assert (await change(api, one, "cancellation", {"reason": "other"})).status_code == 503
    shop_server.fault("orders", "down", only="reads")
    assert (await api.get(ORDERS)).status_code == 503
    assert (await change(api, one, "cancellation", {"reason": "other"})).status_code == 201


async def test_late_does_it_and_then_waits(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid")
    shop_server.fault("orders", "late", delay_s=0.4)
    assert (await api.get(ORDERS)).elapsed.total_seconds() < 0.4
    reply = await change(api, one, "cancellation", {"reason": "other"})
    assert reply.status_code == 201
    assert reply.elapsed.total_seconds() >= 0.4


async def test_late_is_too_late_for_who_does_not_wait(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid")
    shop_server.fault("orders", "late", delay_s=30)
    api.timeout = httpx.Timeout(0.4)
    with pytest.raises(httpx.ReadTimeout):
        await change(api, one, "cancellation", {"reason": "other"})
    assert shop_server.order_row(one.number)["state"] == "cancelled"


async def test_each_api_fails_alone(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    shop_server.fault("promotions", "down")
    assert (await api.get("/api/promotions/v1/customers/c001/cart")).status_code == 503
    assert (await api.get(ORDERS)).status_code == 200
    shop_server.heal()
    assert (await api.get("/api/promotions/v1/customers/c001/cart")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"target": "orders", "mode": "sideways"},
        {"target": "weather", "mode": "down"},
        {"target": "orders", "mode": "slow", "delay_s": 1000},
        {"target": "orders", "mode": "down", "carrier": "SF"},
        {"target": "orders", "mode": "down", "more": 1},
        {"target": "orders", "mode": "down", "only": "mondays"},
    ],
)
async def test_nonsense_is_refused(api: httpx.AsyncClient, wrong: dict[str, object]) -> None:
    reply = await api.post("/admin/faults", json=wrong)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "bad_request")
