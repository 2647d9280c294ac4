"""The orders API: only for the shop's servers, only with a proof, and nothing revealed to those who guess."""

import asyncio
from decimal import Decimal

import httpx
import pytest

from shop.testing import RunningShop


def path(number: str) -> str:
    return f"/api/orders/v1/orders/{number}"


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic a2V5", "Bearer", "Bearer \u00e9"])
async def test_without_the_key_nobody_gets_in(shop_server: RunningShop, header: str | None) -> None:
    number = shop_server.orders()[0].number
    headers = {"Authorization": header.encode("latin-1")} if header else {}
    async with httpx.AsyncClient(base_url=shop_server.url, trust_env=False) as http:
        for address in (path(number), "/api/orders/v1/customers/c001/orders", "/api/logistics/v1/shipments/SF1"):
            reply = await http.get(address, headers=headers)
            assert reply.status_code == 401
            assert reply.json()["error"]["code"] == "unauthorized"
            assert reply.headers["WWW-Authenticate"] == "Bearer"


async def test_both_proofs_open_the_order(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.orders(state="delivered")[3]
    by_phone = await api.get(path(one.number), params={"phone_tail": one.phone_tail})
    by_customer = await api.get(path(one.number), params={"customer_id": one.customer_id})
    assert by_phone.status_code == by_customer.status_code == 200
    assert by_phone.json() == by_customer.json()
    assert by_phone.json()["number"] == one.number
    assert by_phone.headers["Cache-Control"] == "no-store"


async def test_order_that_is_alone_tells_where_its_parcels_are(
    shop_server: RunningShop, api: httpx.AsyncClient
) -> None:
    one = shop_server.orders(state="partly_shipped")[0]
    order = (await api.get(path(one.number), params={"customer_id": one.customer_id})).json()
    for parcel in order["shipments"]:
        shipment = (await api.get(f"/api/logistics/v1/shipments/{parcel['tracking_number']}")).json()
        assert {**shipment, **parcel["tracking"]} == shipment and parcel["tracking"]["events"]
    address, customer = f"/api/orders/v1/customers/{one.customer_id}/orders", {"state": "partly_shipped"}
    assert (await api.get(address, params={**customer, "limit": 1})).json()["orders"] == [order]
    listed = (await api.get(address)).json()["orders"]
    assert len(listed) > 1 and not any("tracking" in parcel for each in listed for parcel in each["shipments"])


async def test_wrong_proof_and_unknown_order_look_the_same(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, other = shop_server.orders(state="delivered")[4], shop_server.orders(customer_id="c002")[0]
    replies = [
        await api.get(path(one.number), params={"phone_tail": other.phone_tail}),
        await api.get(path(one.number), params={"phone_tail": ""}),
        await api.get(path(one.number), params={"phone_tail": "\u4e00\u4e8c\u4e09\u56db"}),
        await api.get(path(one.number), params={"customer_id": "c002"}),
        await api.get(path("20200101000001"), params={"phone_tail": one.phone_tail}),
        await api.get(path("nonsense"), params={"phone_tail": one.phone_tail}),
        await api.get(path("%E5%8D%95%E5%8F%B7"), params={"customer_id": one.customer_id}),
    ]
    assert {reply.status_code for reply in replies} == {404}
    assert len({reply.content for reply in replies}) == 1
    assert len({tuple(sorted(name for name, _ in reply.headers.items())) for reply in replies}) == 1
    assert replies[0].json()["error"]["code"] == "order_not_found"


@pytest.mark.parametrize("proof", [{}, {"customer_id": "c001", "phone_tail": "1234"}])
async def test_exactly_one_proof_is_needed(
    shop_server: RunningShop, api: httpx.AsyncClient, proof: dict[str, str]
) -> None:
    reply = await api.get(path(shop_server.orders()[0].number), params=proof)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "bad_request")


async def test_guessing_ends_after_ten_tries(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.orders(state="cancelled")[0]
    wrong = [f"{(int(one.phone_tail) + step) % 10000:04d}" for step in range(1, 13)]
    statuses = [(await api.get(path(one.number), params={"phone_tail": tail})).status_code for tail in wrong]
    assert statuses == [404] * 10 + [429] * 2
    right = await api.get(path(one.number), params={"phone_tail": one.phone_tail})
    assert (right.status_code, right.json()["error"]["code"]) == (429, "too_many_attempts")


async def test_guessing_at_an_unknown_order_ends_the_same_way(api: httpx.AsyncClient) -> None:
    statuses = [(await api.get(path("20190101000009"), params={"phone_tail": "0000"})).status_code for _ in range(12)]
    assert statuses == [404] * 10 + [429] * 2


async def test_a_burst_of_guesses_gets_no_more_tries(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.orders(state="cancelled")[1]
    guesses = (api.get(path(one.number), params={"customer_id": f"x{step}"}) for step in range(40))
    statuses = [reply.status_code for reply in await asyncio.gather(*guesses)]
    assert (statuses.count(404), statuses.count(429)) == (10, 30)


async def test_strangers_cannot_lock_the_owner_out(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.orders(state="cancelled")[2]
    for _ in range(11):
        locked = await api.get(path(one.number), params={"phone_tail": "abcd"})
    assert locked.status_code == 429
    assert (await api.get(path(one.number), params={"customer_id": one.customer_id})).status_code == 200
    assert (await api.get(path(one.number), params={"customer_id": "c002"})).status_code == 429


async def test_a_right_proof_does_not_count(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.orders(state="cancelled")[3]
    replies = [await api.get(path(one.number), params={"phone_tail": one.phone_tail}) for _ in range(15)]
    assert {reply.status_code for reply in replies} == {200}


async def test_a_customers_orders_come_newest_first(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    reply = await api.get("/api/orders/v1/customers/c001/orders")
    orders = reply.json()["orders"]
    assert [order["number"] for order in orders] == [one.number for one in shop_server.orders(customer_id="c001")]
    created = [order["created_at"] for order in orders]
    assert created == sorted(created, reverse=True)
    assert {order["customer_id"] for order in orders} == {"c001"}


async def test_limit_and_state_narrow_the_list(api: httpx.AsyncClient) -> None:
    two = await api.get("/api/orders/v1/customers/c001/orders", params={"limit": "2"})
    assert len(two.json()["orders"]) == 2
    paid = await api.get("/api/orders/v1/customers/c001/orders", params={"state": "paid"})
    assert [order["state"] for order in paid.json()["orders"]] == ["paid"]


@pytest.mark.parametrize("params", [{"limit": "0"}, {"limit": "51"}, {"limit": "ten"}, {"state": "lost"}])
async def test_nonsense_is_refused(api: httpx.AsyncClient, params: dict[str, str]) -> None:
    reply = await api.get("/api/orders/v1/customers/c001/orders", params=params)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize("customer_id", ["c003", "nobody"])
async def test_no_orders_is_an_empty_list(api: httpx.AsyncClient, customer_id: str) -> None:
    reply = await api.get(f"/api/orders/v1/customers/{customer_id}/orders")
    assert (reply.status_code, reply.json()) == (200, {"orders": []})


async def test_names_and_numbers_of_people_stay_in_the_shop(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    for one in shop_server.orders():
        reply = await api.get(path(one.number), params={"customer_id": one.customer_id})
        assert one.customer_name not in reply.text
        assert "1000000" not in reply.text
        assert reply.json()["receiver"]["name"].endswith("*")


async def test_compound_surnames_are_kept_whole(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = next(one for one in shop_server.orders() if one.customer_name.startswith("欧阳"))
    reply = await api.get(path(one.number), params={"customer_id": one.customer_id})
    assert reply.json()["receiver"]["name"] == "欧阳*"


async def test_amounts_add_up(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    for one in shop_server.orders():
        order = (await api.get(path(one.number), params={"customer_id": one.customer_id})).json()
        amount = {name: Decimal(text) for name, text in order["amount"].items()}
        goods = sum(Decimal(item["price"]) * item["quantity"] for item in order["items"])
        assert amount["total"] == goods - amount["discount"] + amount["shipping"]
        if (plan := order["presale"]) is not None:
            assert amount["total"] == Decimal(plan["deposit"]) + Decimal(plan["balance"])
        if plan is not None and not plan["balance_paid"]:
            assert amount["paid"] == Decimal(plan["deposit"])
        elif order["state"] != "cancelled":
            assert amount["paid"] == (amount["total"] if order["paid_at"] else 0)


async def test_a_picture_can_be_fetched(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    order = (await api.get("/api/orders/v1/customers/c002/orders")).json()["orders"][0]
    reply = await api.get(order["items"][0]["image"])
    assert reply.headers["Content-Type"] == "image/svg+xml"
    assert reply.text.startswith("<svg")


async def test_unknown_addresses_and_methods_have_the_one_error_shape(api: httpx.AsyncClient) -> None:
    nowhere = await api.get("/api/nowhere")
    assert (nowhere.status_code, nowhere.json()["error"]["code"]) == (404, "not_found")
    posted = await api.post("/api/orders/v1/orders/1")
    assert (posted.status_code, posted.json()["error"]["code"]) == (405, "method_not_allowed")
