"""Cancelling and another receiver: only before it is sent, only with a proof, and each in the order afterwards."""

import sqlite3
from contextlib import closing

import httpx
import pytest

from shop.changes import city_in
from shop.order import ORDER_STATES
from shop.pickups import served_cities
from shop.testing import RunningShop
from shop.tests.writing import change, new_key, read, refusal, running_shop

__all__ = ["running_shop"]

CANCEL = {"reason": "changed_mind"}
CHANGEABLE = ("unpaid", "paid", "packed", "pre_sale")
SENT = tuple(state for state in ORDER_STATES if state not in CHANGEABLE)


@pytest.mark.parametrize("state", CHANGEABLE)
async def test_what_has_not_been_sent_can_be_cancelled(
    shop_server: RunningShop, api: httpx.AsyncClient, state: str
) -> None:
    one = shop_server.add_order(state)
    paid = (await read(api, one))["amount"]["paid"]
    reply = await change(api, one, "cancellation", CANCEL)
    assert reply.status_code == 201
    assert reply.json()["order"] == one.number
    assert reply.json()["number"].startswith("CX")
    order = await read(api, one)
    assert (order["state"], order["expected_ship_at"], order["presale"]) == ("cancelled", None, None)
    assert order["cancelled_at"] == reply.json()["at"]
    if state == "unpaid":
        assert (reply.json()["amount"], reply.json()["by"], order["refund"]) == (None, None, None)
    else:
        assert reply.json()["amount"] == paid
        assert reply.json()["by"] is not None
        assert order["refund"] == {"state": "pending", "amount": paid, "at": reply.json()["at"]}


@pytest.mark.parametrize("state", SENT)
async def test_what_was_sent_stays(shop_server: RunningShop, api: httpx.AsyncClient, state: str) -> None:
    one = shop_server.add_order(state)
    before = shop_server.order_row(one.number)
    assert refusal(await change(api, one, "cancellation", CANCEL)) == (409, "order_not_cancellable")
    assert refusal(await change(api, one, "receiver", {"name": "别人"})) == (409, "receiver_not_changeable")
    assert shop_server.order_row(one.number) == before


async def test_a_deposit_alone_goes_back_alone(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("pre_sale", items=[("EL05-1", 1)], balance=(-1, 2))
    plan = (await read(api, one))["presale"]
    assert not plan["balance_paid"]
    reply = await change(api, one, "cancellation", CANCEL)
    assert reply.json()["amount"] == plan["deposit"]


async def test_a_coupon_that_was_locked_can_be_used_again(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("unpaid")
    with closing(sqlite3.connect(shop_server.db, timeout=10)) as db, db:
        db.execute(
            """
            INSERT INTO coupons SELECT 'QH99901', ?, name, name_en, kind, least, off, categories, valid_from, valid_until,
                'locked', ? FROM coupons LIMIT 1
            """,
            (one.customer_id, one.number),
        )
    await change(api, one, "cancellation", CANCEL)
    with closing(sqlite3.connect(shop_server.db)) as db, db:
        found = db.execute("SELECT state, order_number FROM coupons WHERE code = 'QH99901'").fetchone()
        db.execute("DELETE FROM coupons WHERE code = 'QH99901'")
    assert found == ("usable", None)


@pytest.mark.parametrize("state", CHANGEABLE)
async def test_the_receiver_of_what_was_not_sent_can_change(
    shop_server: RunningShop, api: httpx.AsyncClient, state: str
) -> None:
    one = shop_server.add_order(state)
    body = {"name": "欧阳明", "phone": "10000009876", "address": "江苏省南京市鼓楼区中山北路 30 号"}
    reply = await change(api, one, "receiver", body)
    assert (reply.status_code, reply.json()["amount"]) == (201, None)
    assert reply.json()["number"].startswith("GD")
    assert (await read(api, one))["receiver"] == {"name": "欧阳*", "phone_tail": "9876", "city": "南京"}
    assert shop_server.order_row(one.number)["receiver_address"] == body["address"]


async def test_what_is_left_out_stays_as_it_is(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid")
    before = shop_server.order_row(one.number)
    assert (await change(api, one, "receiver", {"name": "王小明"})).status_code == 201
    assert shop_server.order_row(one.number) == {**before, "receiver_name": "王小明"}


@pytest.mark.parametrize(
    ("address", "city"),
    [
        ("湖北省武汉市洪山区珞狮路 312 号", "武汉"),
        ("北京市朝阳区上海路 3 号", "北京"),
        ("湖北省荆州市沙市区武汉路 5 号", "荆州"),
        ("内蒙古自治区包头市昆都仑区钢铁大街 8 号", "包头"),
        ("新疆维吾尔自治区乌鲁木齐市天山区光明路 1 号", "乌鲁木齐"),
        ("深圳 南山区科技园 1 栋", "深圳"),
        ("洪山区珞狮路 312 号", None),
    ],
)
def test_the_city_is_read_out_of_the_address(address: str, city: str | None) -> None:
    assert city_in(address, served_cities()) == city


async def test_an_address_without_a_city_keeps_the_city(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid", city="武汉")
    assert (await change(api, one, "receiver", {"address": "洪山区珞狮路 312 号"})).status_code == 201
    assert (await read(api, one))["receiver"]["city"] == "武汉"


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("cancellation", {}),
        ("cancellation", {"reason": "nonsense"}),
        ("receiver", {}),
        ("receiver", {"name": ""}),
        ("receiver", {"name": "王" * 41}),
        ("receiver", {"phone": "1380000"}),
        ("receiver", {"phone": "23800000000"}),
        ("receiver", {"address": "武汉"}),
        ("receiver", {"address": "武汉市" + "路" * 198}),
        ("after-sales", {"kind": "party"}),
        ("after-sales", {"kind": "damaged", "items": [{"sku": "CL01-1", "quantity": 0}]}),
        ("after-sales", {"kind": "damaged", "items": [{"sku": "CL01-1", "quantity": 1}] * 51}),
        ("after-sales", {"kind": "damaged", "note": "坏" * 501}),
        ("after-sales", {"kind": "return", "cause": "boredom"}),
        ("after-sales", {"kind": "return", "pickup": {"day": "tomorrow", "from": "09:00", "until": "12:00"}}),
    ],
)
async def test_nonsense_is_refused_and_not_kept(
    shop_server: RunningShop, api: httpx.AsyncClient, what: str, body: dict[str, object]
) -> None:
    one, key = shop_server.add_order("paid"), new_key()
    before = shop_server.order_row(one.number)
    assert refusal(await change(api, one, what, body, key=key)) == (400, "bad_request")
    assert shop_server.order_row(one.number) == before
    assert (await change(api, one, "cancellation", CANCEL, key=key)).status_code == 201


async def test_longest_and_shortest_are_taken(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid")
    for body in ({"name": "王"}, {"name": "王" * 40}, {"address": "武汉市一号"}, {"address": "武汉市" + "路" * 197}):
        assert (await change(api, one, "receiver", body)).status_code == 201, body


async def test_a_change_needs_a_proof(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid")
    for proof in ({"customer_id": "c002"}, {"phone_tail": "0000"}):
        assert refusal(await change(api, one, "cancellation", CANCEL, proof=proof)) == (404, "order_not_found")
    both = {"customer_id": one.customer_id, "phone_tail": one.phone_tail}
    assert refusal(await change(api, one, "cancellation", CANCEL, proof=both)) == (400, "bad_request")
    assert shop_server.order_row(one.number)["state"] == "paid"
    by_phone = await change(api, one, "cancellation", CANCEL, proof={"phone_tail": one.phone_tail})
    assert by_phone.status_code == 201


async def test_wrong_proofs_of_changes_are_counted_with_those_of_questions(
    shop_server: RunningShop, api: httpx.AsyncClient
) -> None:
    one = shop_server.add_order("paid")
    wrong = {"phone_tail": "x"}
    for _ in range(10):
        await change(api, one, "cancellation", CANCEL, proof=wrong)
    asked = await api.get(f"/api/orders/v1/orders/{one.number}", params={"phone_tail": one.phone_tail})
    assert refusal(asked) == (429, "too_many_attempts")
    changed = await change(api, one, "cancellation", CANCEL, proof={"phone_tail": one.phone_tail})
    assert refusal(changed) == (429, "too_many_attempts")
    assert (await change(api, one, "cancellation", CANCEL)).status_code == 201


async def test_every_change_is_written_down(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, key = shop_server.add_order("paid"), new_key()
    tail = {"phone_tail": one.phone_tail}
    receipt = (await change(api, one, "cancellation", CANCEL, key=key, proof=tail)).json()["number"]
    await change(api, one, "cancellation", CANCEL, key=key)
    await change(api, one, "cancellation", {"reason": "other"}, key=key)
    await change(api, one, "receiver", {"name": "别人"})
    seen = [(row["action"], row["proof"], row["outcome"], row["receipt"]) for row in shop_server.audit(one.number)]
    assert seen == [
        ("cancel", "phone", "done", receipt),
        ("cancel", "customer", "replayed", None),
        ("cancel", "customer", "refused: idempotency_key_reused", None),
        ("address", "customer", "refused: receiver_not_changeable", None),
    ]
    assert shop_server.audit(one.number)[0]["key"] == key
