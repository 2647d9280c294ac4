"""The typed client, against the real demo shop and against a server that answers what no honest shop would."""

import asyncio
import copy
import gzip
import json
import logging
import socket
from collections.abc import Callable
from contextlib import closing
from datetime import timezone
from typing import Any

import pytest
from msgspec import structs

from shop.client import (
    ClientSettings,
    OrderNotFound,
    ShipmentNotFound,
    ShopClient,
    ShopReplyInvalid,
    ShopUnauthorized,
    ShopUnavailable,
    TooManyAttempts,
)
from shop.order import ORDER_STATES
from shop.shipment import told_by
from shop.testing import RunningShop
from shop.tests.scripted_api import answer, scripted_api

ORDER: dict[str, Any] = {
    "number": "20261120000042",
    "state": "in_transit",
    "customer_id": "c001",
    "receiver": {"name": "王*", "phone_tail": "4821", "city": "武汉"},
    "items": [
        {"sku": "CL01-1", "name": "羊绒围巾", "spec": "驼色", "quantity": 1, "price": "299.00", "image": None, "x": 1}
    ],
    "amount": {"total": "299.00", "paid": "299.00", "discount": "0.00", "shipping": "0.00"},
    "created_at": "2026-11-20T02:09:30.000Z",
    "paid_at": "2026-11-20T02:11:00.000Z",
    "packed_at": None,
    "shipped_at": None,
    "delivered_at": None,
    "cancelled_at": None,
    "expected_ship_at": None,
    "shipments": [],
    "refund": None,
    "added_later": {"anything": True},
}
NOT_FOUND = answer({"error": {"code": "order_not_found", "message": ""}}, 404)


def client_of(url: str, **settings: Any) -> ShopClient:
    timing = {"read_s": 0.5, "budget_s": 3.0, **settings}
    return ShopClient(ClientSettings(api_key="key", orders_url=url, logistics_url=url, **timing))


async def ask(*answers: bytes, **settings: Any) -> tuple[Any, list[str]]:
    """The order 20261120000042 (or the error that came instead) and the addresses that were asked."""
    async with scripted_api(*answers) as api:
        client = client_of(api.url, **settings)
        try:
            outcome: Any = await client.order("20261120000042", phone_tail="4821")
        except Exception as error:
            outcome = error
        await client.aclose()
        return outcome, api.asked


# --- with the real shop


async def test_every_state_can_be_read(client: ShopClient, shop_server: RunningShop) -> None:
    for state in ORDER_STATES:
        one = shop_server.orders(state=state)[-1]
        order = await client.order(one.number, phone_tail=one.phone_tail)
        assert (order.number, order.state, order.customer_id) == (one.number, state, one.customer_id)
        assert order == await client.order(one.number, customer_id=one.customer_id)
        assert order.created_at.tzinfo == timezone.utc
        for parcel in order.shipments:
            shipment = await client.shipment(parcel.tracking_number)
            assert shipment.carrier == parcel.carrier
            assert told_by(parcel) == shipment
            assert told_by(structs.replace(parcel, tracking=None)) is None
            assert [event.at for event in shipment.events] == sorted((e.at for e in shipment.events), reverse=True)


async def test_a_customers_orders(client: ShopClient, shop_server: RunningShop) -> None:
    numbers = [one.number for one in shop_server.orders(customer_id="c001")]
    assert [order.number for order in await client.orders_of("c001")] == numbers
    assert [order.number for order in await client.orders_of("c001", limit=2)] == numbers[:2]
    assert await client.orders_of("c003") == []
    assert await client.orders_of("nobody/../c001") == []


async def test_wrong_proof_and_unknown_order(client: ShopClient, shop_server: RunningShop) -> None:
    one = shop_server.orders(state="refunded")[0]
    for wrong in ({"phone_tail": "0000"}, {"phone_tail": ""}, {"customer_id": "c003"}):
        with pytest.raises(OrderNotFound):
            await client.order(one.number, **wrong)
    with pytest.raises(OrderNotFound):
        await client.order("20200101000001", phone_tail=one.phone_tail)


@pytest.mark.parametrize(
    "number", ["", ".", "..", "../customers/c001/orders", "1?customer_id=c001", "9" * 65, "\ud800"]
)
async def test_odd_numbers_find_nothing(client: ShopClient, number: str) -> None:
    with pytest.raises(OrderNotFound):
        await client.order(number, phone_tail="4821")
    with pytest.raises(ShipmentNotFound):
        await client.shipment(number)


async def test_guessing_ends(client: ShopClient, shop_server: RunningShop) -> None:
    one = shop_server.orders(state="returned")[0]
    for _ in range(10):
        with pytest.raises(OrderNotFound):
            await client.order(one.number, phone_tail="abcd")
    with pytest.raises(TooManyAttempts):
        await client.order(one.number, phone_tail=one.phone_tail)


async def test_one_proof_exactly(client: ShopClient) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        await client.order("20261120000042")
    with pytest.raises(ValueError, match="exactly one"):
        await client.order("20261120000042", customer_id="c001", phone_tail="4821")


async def test_a_wrong_key_is_said_so(shop_server: RunningShop) -> None:
    client = client_of(shop_server.url)
    with pytest.raises(ShopUnauthorized):
        await client.orders_of("c001")
    await client.aclose()


async def test_the_faults_of_the_shop(client: ShopClient, shop_server: RunningShop) -> None:
    expected = {"down": ShopUnavailable, "reset": ShopUnavailable, "rubbish": ShopReplyInvalid, "slow": ShopUnavailable}
    for mode, error in expected.items():
        shop_server.fault("orders", mode)
        for _ in range(2 if mode == "rubbish" else 1):
            with pytest.raises(error):
                await client.orders_of("c001")
    shop_server.fault("orders", "ok")
    assert await client.orders_of("c001")


async def test_one_carrier_is_away_and_the_order_is_not(client: ShopClient, shop_server: RunningShop) -> None:
    (order,) = await client.orders_of("c002")
    shop_server.fault("logistics", "down", carrier=order.shipments[0].carrier_code)
    with pytest.raises(ShopUnavailable):
        await client.shipment(order.shipments[0].tracking_number)
    (again,) = await client.orders_of("c002")
    untold = [structs.replace(parcel, tracking=None) for parcel in order.shipments]
    assert again == structs.replace(order, shipments=tuple(untold)) != order


async def test_a_shop_that_keeps_failing_is_left_alone(shop_server: RunningShop) -> None:
    client = ShopClient(ClientSettings(shop_server.api_key, shop_server.url, shop_server.url, retries=0, rest_s=0.3))
    shop_server.fault("orders", "down")
    for _ in range(5):
        with pytest.raises(ShopUnavailable):
            await client.orders_of("c001")
    shop_server.fault("orders", "ok")
    with pytest.raises(ShopUnavailable, match="left alone"):
        await client.orders_of("c001")
    with pytest.raises(ShipmentNotFound):
        await client.shipment("SF0")
    await until(lambda: client.orders.breaker.state == "half_open")
    assert await client.orders_of("c001")
    assert client.orders.breaker.state == "closed"
    await client.aclose()


# --- with a scripted one


async def test_additions_to_the_contract_are_ignored() -> None:
    order, _ = await ask(answer(ORDER))
    assert order.items[0].price == "299.00"


async def test_packed_answers_are_unpacked() -> None:
    order, _ = await ask(answer(gzip.compress(json.dumps(ORDER).encode()), content_encoding="gzip"))
    assert order.number == "20261120000042"


INCOMPLETE = b'HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\n{"n'
BROKEN_CHUNK = b'HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"n\r\nxyz\r\n\r\n'
NO_HTTP = b"220 mail.example ESMTP\r\n\r\n"


@pytest.mark.parametrize(
    "passing", [answer({}, 502), answer({}, 503), answer({}, 504), b"", INCOMPLETE, BROKEN_CHUNK, NO_HTTP]
)
async def test_passing_failures_are_tried_twice_more(passing: bytes) -> None:
    order, asked = await ask(passing, passing, answer(ORDER))
    assert order.number == "20261120000042"
    assert len(asked) == 3
    failed, asked = await ask(passing)
    assert isinstance(failed, ShopUnavailable)
    assert len(asked) == 3


@pytest.mark.parametrize("final", [answer({}, 500), NOT_FOUND, answer({}, 401), answer({"number": 1})])
async def test_final_answers_are_not_asked_for_again(final: bytes) -> None:
    failed, asked = await ask(final)
    assert isinstance(failed, (ShopUnavailable, OrderNotFound, ShopUnauthorized, ShopReplyInvalid))
    assert len(asked) == 1


def changed(**changes: Any) -> bytes:
    return answer({**ORDER, **changes})


def without(name: str) -> bytes:
    return answer({key: value for key, value in ORDER.items() if key != name})


@pytest.mark.parametrize(
    "rubbish",
    [
        answer(b""),
        answer(b"<html>"),
        answer(b'{"number": "2026'),
        answer(b"\xff\xfe"),
        answer([]),
        answer(None),
        changed(state="somewhere"),
        changed(number=20261120000042),
        changed(amount={"total": 299, "paid": "1.00", "discount": "0.00", "shipping": "0.00"}),
        changed(amount={"total": "299", "paid": "1.00", "discount": "0.00", "shipping": "0.00"}),
        changed(created_at="yesterday"),
        changed(created_at="2026-11-20T02:09:30"),
        changed(items=[]),
        changed(shipments=None),
        changed(number="20261120000043"),
        without("refund"),
        without("paid_at"),
        answer({"error": {"code": "teapot", "message": ""}}, 418),
        answer("moved", 302),
        answer("moved", 302, location="/api/orders/v1/orders/20261120000042?phone_tail=4821"),
        answer(b" " * (2 << 20)),
        answer(gzip.compress(b" " * (2 << 20)), content_encoding="gzip"),
        answer(b"abc", content_encoding="gzip"),
    ],
)
async def test_rubbish_is_never_believed(rubbish: bytes) -> None:
    failed, asked = await ask(rubbish)
    assert isinstance(failed, ShopReplyInvalid)
    assert failed.code == "shop_reply_invalid"
    assert len(asked) == 1


async def test_an_order_of_somebody_else_is_not_handed_on(caplog: pytest.LogCaptureFixture) -> None:
    other = copy.deepcopy(ORDER)
    other["receiver"]["phone_tail"] = "9999"
    failed, _ = await ask(answer(other))
    assert isinstance(failed, OrderNotFound)
    assert [record.levelname for record in caplog.records if record.name == "shop.client"] == ["CRITICAL"]
    async with scripted_api(answer(ORDER)) as api:
        client = client_of(api.url)
        with pytest.raises(OrderNotFound):
            await client.order("20261120000042", customer_id="c002")
        await client.aclose()


async def test_orders_of_somebody_else_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    async with scripted_api(answer({"orders": [ORDER, {**ORDER, "customer_id": "c002"}]})) as api:
        client = client_of(api.url)
        assert [order.customer_id for order in await client.orders_of("c001")] == ["c001"]
        await client.aclose()
    assert "CRITICAL" in [record.levelname for record in caplog.records]


async def test_another_parcel_than_asked_for_is_rubbish() -> None:
    shipment = {"tracking_number": "SF2", "carrier": "顺丰速运", "carrier_code": "SF", "state": "in_transit"}
    async with scripted_api(answer({**shipment, "estimated_delivery": None, "events": []})) as api:
        client = client_of(api.url)
        assert (await client.shipment("SF2")).events == ()
        with pytest.raises(ShopReplyInvalid):
            await client.shipment("SF1")
        await client.aclose()


async def test_logs_name_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    named = copy.deepcopy(ORDER)
    named["receiver"] = {"name": "王晓雯", "phone_tail": "48216", "city": "武汉"}
    for given in (answer(ORDER), answer(named), changed(customer_id="c009"), NOT_FOUND, answer({}, 503), answer(b"{")):
        await ask(given)
    assert caplog.records
    for record in caplog.records:
        assert "4821" not in record.getMessage()
        assert "王" not in record.getMessage()


async def test_the_log_says_that_the_shop_gave_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    await ask(answer({}, 503))
    assert "no answer of the shop: the orders API answered 503" in caplog.messages


async def test_the_time_budget_holds_however_slowly_the_shop_talks() -> None:
    hung_up = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 1000000\r\n\r\n")
        client_left = asyncio.ensure_future(reader.read(1))
        while not client_left.done():
            writer.write(b" ")
            await asyncio.wait([client_left], timeout=0.05)
        writer.close()
        hung_up.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    client = client_of(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", budget_s=0.4)
    began = asyncio.get_running_loop().time()
    with pytest.raises(ShopUnavailable, match="more than"):
        await client.order("20261120000042", phone_tail="4821")
    assert asyncio.get_running_loop().time() - began < 2
    await client.aclose()
    await asyncio.wait_for(hung_up.wait(), 5)
    server.close()
    await server.wait_closed()


async def test_nobody_at_home_is_unavailable() -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        client = client_of(f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(ShopUnavailable):
            await client.shipment("SF1")
        await client.aclose()


async def test_the_two_apis_can_live_apart() -> None:
    shipment = {"tracking_number": "SF1", "carrier": "顺丰速运", "carrier_code": "SF", "state": "in_transit"}
    async with (
        scripted_api(answer(ORDER)) as orders,
        scripted_api(answer({**shipment, "estimated_delivery": None, "events": []})) as logistics,
    ):
        client = ShopClient(ClientSettings("key", orders.url, logistics.url))
        await client.order("20261120000042", customer_id="c001")
        await client.shipment("SF1")
        await client.aclose()
        assert orders.asked == ["/api/orders/v1/orders/20261120000042?customer_id=c001"]
        assert logistics.asked == ["/api/logistics/v1/shipments/SF1"]


async def test_paths_are_quoted() -> None:
    async with scripted_api(NOT_FOUND) as api:
        client = client_of(api.url)
        with pytest.raises(OrderNotFound):
            await client.order("单号/1?a=b#c", phone_tail="48&customer_id=c001")
        await client.aclose()
        path, _, query = api.asked[0].partition("?")
        assert path == "/api/orders/v1/orders/%E5%8D%95%E5%8F%B7%2F1%3Fa%3Db%23c"
        assert query == "phone_tail=48%26customer_id%3Dc001"


async def until(condition: Callable[[], bool], within_s: float | None = 5.0) -> None:
    """Wait for a condition that nothing announces."""

    async def poll() -> None:
        while not condition():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(poll(), within_s)
