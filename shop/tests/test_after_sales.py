"""After-sales cases: what the state of an order allows, how many pieces, how much money, one case at a time."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from shop.case_links import photo_key
from shop.order import ORDER_STATES
from shop.testing import RunningShop
from shop.tests.writing import cases_of, change, open_case, read, refusal, running_shop

__all__ = ["running_shop"]

CAME = {"delivered", "partly_shipped"}
ALLOWED = {
    "return": CAME,
    "exchange": CAME,
    "repair": CAME,
    "damaged": CAME,
    "missing": CAME,
    "wrong_item": CAME,
    "not_received": {"delivered", "stuck", "partly_shipped"},
    "urge_shipping": {"paid", "packed", "pre_sale", "partly_shipped"},
    "urge_delivery": {"shipped", "in_transit", "stuck", "out_for_delivery", "partly_shipped"},
}
THREE = [("CL01-1", 1), ("CL03-1", 1), ("BK01-1", 1)]


@pytest.mark.parametrize("kind", ALLOWED)
async def test_each_kind_has_its_states(shop_server: RunningShop, api: httpx.AsyncClient, kind: str) -> None:
    for state in ORDER_STATES:
        one = shop_server.add_order(state, items=THREE)
        reply = await open_case(api, one, kind, ("CL01-1", 1))
        if state in ALLOWED[kind]:
            assert reply.status_code == 201, state
            (case,) = await cases_of(api, one)
            assert (case["number"], case["kind"]) == (reply.json()["number"], kind)
            assert case["items"] == [{"sku": "CL01-1", "quantity": 1}]
        else:
            assert refusal(reply) == (409, "not_allowed"), state
            assert await cases_of(api, one) == []


@pytest.mark.parametrize("kind", ["return", "exchange", "repair", "damaged", "missing", "wrong_item"])
async def test_what_is_still_on_its_way_cannot_go_back(
    shop_server: RunningShop, api: httpx.AsyncClient, kind: str
) -> None:
    one = shop_server.add_order("partly_shipped", items=THREE)
    assert refusal(await open_case(api, one, kind, ("CL03-1", 1))) == (409, "not_allowed")
    assert refusal(await open_case(api, one, kind, ("BK01-1", 1))) == (409, "not_allowed")
    assert (await open_case(api, one, kind, ("CL01-1", 1))).status_code == 201


async def test_no_more_pieces_go_back_than_are_left(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered", items=[("CL01-1", 3)])
    assert refusal(await open_case(api, one, "return", ("CL01-1", 4))) == (409, "not_allowed")
    assert refusal(await open_case(api, one, "return", ("CL01-1", 2), ("CL01-1", 2))) == (409, "not_allowed")
    assert (await open_case(api, one, "return", ("CL01-1", 1))).status_code == 201
    assert (await read(api, one))["items"][0]["returning"] == 1
    assert refusal(await open_case(api, one, "exchange", ("CL01-1", 3))) == (409, "not_allowed")
    last = await open_case(api, one, "exchange", ("CL01-1", 2))
    assert last.status_code == 201
    assert (await read(api, one))["items"][0]["returning"] == 3
    again = await open_case(api, one, "return", ("CL01-1", 1))
    assert refusal(again) == (409, "already_open")
    assert again.json()["error"]["case"] == last.json()["number"]


async def test_without_items_it_is_about_all_that_is_left(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered", items=[("CL01-1", 2), ("BK01-1", 1)])
    await open_case(api, one, "return", ("CL01-1", 1))
    assert (await open_case(api, one, "return")).status_code == 201
    assert (await cases_of(api, one))[0]["items"] == [
        {"sku": "BK01-1", "quantity": 1},
        {"sku": "CL01-1", "quantity": 1},
    ]
    assert refusal(await open_case(api, one, "return")) == (409, "already_open")


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
async def test_what_does_not_go_back_after_all_can_go_back_later(
    shop_server: RunningShop, api: httpx.AsyncClient, state: str
) -> None:
    one = shop_server.add_order("delivered")
    case = (await open_case(api, one, "return")).json()["number"]
    settle(shop_server, case, state)
    assert (await read(api, one))["items"][0]["returning"] == 0
    assert (await open_case(api, one, "return")).status_code == 201


async def test_what_went_back_is_gone(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered")
    settle(shop_server, (await open_case(api, one, "return")).json()["number"], "done")
    assert (await read(api, one))["items"][0]["returning"] == 1
    assert refusal(await open_case(api, one, "return")) == (409, "not_allowed")


async def test_what_is_in_repair_cannot_go_back_until_it_is_done(
    shop_server: RunningShop, api: httpx.AsyncClient
) -> None:
    one = shop_server.add_order("delivered")
    case = (await open_case(api, one, "repair")).json()["number"]
    assert (await read(api, one))["items"][0]["returning"] == 0
    refused = await open_case(api, one, "return")
    assert (refusal(refused), refused.json()["error"]["case"]) == ((409, "already_open"), case)
    settle(shop_server, case, "done")
    assert (await open_case(api, one, "return")).status_code == 201


@pytest.mark.parametrize("kind", ["damaged", "missing", "wrong_item", "not_received"])
async def test_a_complaint_is_made_once(shop_server: RunningShop, api: httpx.AsyncClient, kind: str) -> None:
    one = shop_server.add_order("delivered", items=[("CL01-1", 2), ("BK01-1", 1)])
    case = (await open_case(api, one, kind, ("CL01-1", 1))).json()["number"]
    again = await open_case(api, one, kind, ("CL01-1", 1))
    assert (refusal(again), again.json()["error"]["case"]) == ((409, "already_open"), case)
    assert refusal(await open_case(api, one, kind)) == (409, "already_open")
    assert (await open_case(api, one, kind, ("BK01-1", 1))).status_code == 201
    settle(shop_server, case, "done")
    assert (await open_case(api, one, kind, ("CL01-1", 1))).status_code == 201


async def test_other_articles_are_no_part_of_it(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered")
    for sku in ("CL01-2", "ZZ99-9", ""):
        assert refusal(await open_case(api, one, "damaged", (sku, 1))) == (409, "not_allowed")


async def test_a_return_brings_its_share_of_what_was_paid(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered", items=[("CL01-1", 3), ("BK01-1", 1)], discount="100.00", shipping=800)
    amount = (await read(api, one))["amount"]
    paid_for_goods = fen(amount["paid"]) - fen(amount["shipping"])
    shares = [(await open_case(api, one, "return", ("CL01-1", 1))).json()["amount"] for _ in range(3)]
    shares.append((await open_case(api, one, "return", ("BK01-1", 1))).json()["amount"])
    assert sum(map(fen, shares)) == paid_for_goods
    assert fen(shares[0]) == paid_for_goods * 299 * 3 // (299 * 3 + 58) // 3
    assert [case["amount"] for case in reversed(await cases_of(api, one))] == shares


async def test_gifts_bring_no_money(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered", gifts=["CL06-1"])
    items = (await read(api, one))["items"]
    assert [(item["gift"], item["price"]) for item in items] == [(False, "299.00"), (True, "0.00")]
    assert (await open_case(api, one, "return", ("CL06-1", 1))).json()["amount"] == "0.00"
    assert (await open_case(api, one, "return", ("CL01-1", 1))).json()["amount"] == "299.00"


async def test_an_exchange_is_for_the_same_product_while_there_is_some(
    shop_server: RunningShop, api: httpx.AsyncClient
) -> None:
    one = shop_server.add_order("delivered", items=[("CL01-1", 2), ("CL01-3", 1), ("BK01-1", 1)])
    scarf = ("CL01-1", 1)
    assert refusal(await open_case(api, one, "exchange", scarf, exchange_for="CL02-1")) == (409, "not_allowed")
    assert refusal(await open_case(api, one, "exchange", scarf, exchange_for="ZZ99-9")) == (409, "not_allowed")
    both = await open_case(api, one, "exchange", scarf, ("BK01-1", 1), exchange_for="CL01-2")
    assert refusal(both) == (409, "not_allowed")
    assert refusal(await open_case(api, one, "exchange", scarf, exchange_for="CL01-3")) == (409, "out_of_stock")
    assert refusal(await open_case(api, one, "exchange", ("CL01-3", 1))) == (409, "out_of_stock")
    assert (await open_case(api, one, "exchange", scarf)).status_code == 201
    reply = await open_case(api, one, "exchange", scarf, exchange_for="CL01-2")
    assert (reply.status_code, reply.json()["amount"]) == (201, None)


async def test_a_claim_brings_what_the_price_has_fallen(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered", items=[("CL01-1", 2), ("BK01-1", 1)], prices={"CL01-1": 330_00})
    reply = await open_case(api, one, "claim", ("CL01-1", 2))
    assert (reply.status_code, reply.json()["amount"]) == (201, "62.00")
    settle(shop_server, reply.json()["number"], "done")
    assert refusal(await open_case(api, one, "claim", ("CL01-1", 2))) == (409, "not_allowed")
    assert refusal(await open_case(api, one, "claim", ("BK01-1", 1))) == (409, "not_allowed")


async def test_a_claim_counts_what_was_really_paid(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    discounted = shop_server.add_order("delivered", prices={"CL01-1": 330_00}, discount="31.00")
    assert refusal(await open_case(api, discounted, "claim")) == (409, "not_allowed")
    nearly = shop_server.add_order("delivered", prices={"CL01-1": 330_00}, discount="30.99")
    assert (await open_case(api, nearly, "claim")).json()["amount"] == "0.01"
    for state in ("unpaid", "cancelled", "refunded", "returned", "refused"):
        unpaid = shop_server.add_order(state, prices={"CL01-1": 330_00})
        assert refusal(await open_case(api, unpaid, "claim")) == (409, "not_allowed"), state


@pytest.mark.parametrize(
    ("kind", "cause", "wanted"),
    [
        ("damaged", None, True),
        ("missing", None, True),
        ("wrong_item", None, True),
        ("not_received", None, False),
        ("return", "quality", True),
        ("return", "no_reason", False),
        ("return", None, False),
    ],
)
async def test_photos_are_left_where_they_show_something(
    shop_server: RunningShop, api: httpx.AsyncClient, kind: str, cause: str | None, wanted: bool
) -> None:
    one = shop_server.add_order("delivered")
    receipt = (await open_case(api, one, kind, **({"cause": cause} if cause else {}))).json()
    (case,) = await cases_of(api, one)
    assert case["photo_url"] == receipt["photo_url"]
    assert (receipt["photo_url"] is not None) == wanted
    if wanted:
        parts = urlsplit(receipt["photo_url"])
        assert receipt["photo_url"].startswith(f"{shop_server.url}/cases/{receipt['number']}/photos?")
        assert parse_qs(parts.query)["key"] == [photo_key(receipt["number"], shop_server.identity_secret)]
        assert (await api.get(receipt["photo_url"])).status_code == 200


async def test_the_receipt_says_when_and_where_to(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    hours = {"return": 168, "damaged": 48, "not_received": 48}
    for kind, wanted in hours.items():
        receipt = (await open_case(api, shop_server.add_order("delivered"), kind)).json()
        assert moment(receipt["by"]) - moment(receipt["at"]) == timedelta(hours=wanted)
        assert (receipt["send_to"] is not None) == (kind == "return")
    urged = (await open_case(api, shop_server.add_order("paid"), "urge_shipping")).json()
    assert moment(urged["by"]) - moment(urged["at"]) == timedelta(hours=24)


# --- couriers


async def slots(api: httpx.AsyncClient, city: str) -> list[dict[str, str]]:
    reply = await api.get("/api/logistics/v1/pickup-slots", params={"city": city})
    assert reply.status_code == 200
    free: list[dict[str, str]] = reply.json()["slots"]
    return free


async def test_a_courier_comes_when_one_is_free(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    free = await slots(api, "武汉")
    one = shop_server.add_order("delivered", city="武汉", items=[("CL01-1", 2)])
    receipt = (await open_case(api, one, "return", ("CL01-1", 1), pickup=free[0])).json()
    assert receipt["pickup"] == free[0]
    never = {**free[0], "from": "03:00"}
    assert refusal(await open_case(api, one, "return", ("CL01-1", 1), pickup=never)) == (409, "pickup_unavailable")
    assert len(await cases_of(api, one)) == 1


async def test_a_later_booking_takes_the_place_of_the_first(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    free = await slots(api, "武汉")
    one = shop_server.add_order("delivered", city="武汉")
    case = (await open_case(api, one, "return")).json()["number"]
    for slot in (free[1], free[-1]):
        reply = await change(api, one, f"after-sales/{case}/pickup", slot)
        assert (reply.status_code, reply.json()["pickup"]) == (201, slot)
        assert (await cases_of(api, one))[0]["pickup"] == slot
    gone = {**free[0], "day": "2020-01-01"}
    assert refusal(await change(api, one, f"after-sales/{case}/pickup", gone)) == (409, "pickup_unavailable")
    settle(shop_server, case, "on_its_way")
    assert refusal(await change(api, one, f"after-sales/{case}/pickup", free[0])) == (409, "not_allowed")


async def test_only_what_goes_back_is_collected(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, free = shop_server.add_order("delivered", city="武汉"), await slots(api, "武汉")
    case = (await open_case(api, one, "damaged")).json()["number"]
    assert refusal(await change(api, one, f"after-sales/{case}/pickup", free[0])) == (409, "not_allowed")
    other = shop_server.add_order("delivered", city="武汉")
    unknown = await change(api, other, f"after-sales/{case}/pickup", free[0])
    assert refusal(unknown) == (404, "order_not_found")


async def test_nobody_collects_where_nobody_delivers(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    assert await slots(api, "三亚") == []
    slot = (await slots(api, "武汉"))[0]
    one = shop_server.add_order("paid")
    await change(api, one, "receiver", {"address": "海南省三亚市天涯区凤凰路 1 号"})
    with closing(sqlite3.connect(shop_server.db, timeout=10)) as db, db:
        db.execute("UPDATE orders SET state = 'delivered' WHERE number = ?", (one.number,))
    assert refusal(await open_case(api, one, "return", pickup=slot)) == (409, "pickup_unavailable")


@pytest.mark.parametrize("params", [{}, {"city": ""}, {"city": "城" * 41}])
async def test_slots_are_those_of_a_city(api: httpx.AsyncClient, params: dict[str, str]) -> None:
    reply = await api.get("/api/logistics/v1/pickup-slots", params=params)
    assert refusal(reply) == (400, "bad_request")


async def test_cases_are_shown_to_who_can_prove_it(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered")
    path = f"/api/orders/v1/orders/{one.number}/after-sales"
    assert (await api.get(path, params={"phone_tail": one.phone_tail})).json() == {"cases": []}
    assert refusal(await api.get(path, params={"customer_id": "c002"})) == (404, "order_not_found")
    assert refusal(await api.get(path)) == (400, "bad_request")


def settle(shop: RunningShop, case: str, state: str) -> None:
    """The shop's own staff brings a case on."""
    with closing(sqlite3.connect(shop.db, timeout=10)) as db, db:
        db.execute("UPDATE cases SET state = ? WHERE number = ?", (state, case))


def fen(amount: str) -> int:
    return int(amount.replace(".", ""))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
