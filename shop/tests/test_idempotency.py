"""Each Idempotency-Key has one effect: however often, however many at once, and whatever becomes of the answer."""

import asyncio
import sqlite3
from contextlib import closing

import httpx
import pytest

from shop.after_sales import Cancellation, CaseRequest, ReceiverChange
from shop.client import ClientSettings, OrderNotCancellable, Proof, ShopClient, ShopUncertain
from shop.testing import RunningShop
from shop.tests.writing import cases_of, change, new_key, read, refusal, running_shop

__all__ = ["running_shop"]

CANCEL = {"reason": "changed_mind"}
REPLAYED = "Idempotent-Replayed"
AT_ONCE = 20


def client_of(shop: RunningShop, **settings: float) -> ShopClient:
    return ShopClient(ClientSettings(api_key=shop.api_key, orders_url=shop.url, logistics_url=shop.url, **settings))  # type: ignore[arg-type]


async def test_the_same_key_gets_the_same_answer(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, key = shop_server.add_order("paid"), new_key()
    first = await change(api, one, "cancellation", CANCEL, key=key)
    again = await change(api, one, "cancellation", CANCEL, key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (first.headers.get(REPLAYED), again.headers.get(REPLAYED)) == (None, "true")


async def test_a_refusal_is_kept_too(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, key = shop_server.add_order("shipped"), new_key()
    first = await change(api, one, "cancellation", CANCEL, key=key)
    with closing(sqlite3.connect(shop_server.db, timeout=10)) as db, db:
        db.execute("UPDATE orders SET state = 'paid' WHERE number = ?", (one.number,))
    again = await change(api, one, "cancellation", CANCEL, key=key)
    assert refusal(first) == refusal(again) == (409, "order_not_cancellable")
    assert again.headers[REPLAYED] == "true"


async def test_a_key_belongs_to_one_request(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, other, key = shop_server.add_order("paid"), shop_server.add_order("paid"), new_key()
    await change(api, one, "receiver", {"name": "王小明"}, key=key)
    replies = [
        await change(api, one, "receiver", {"name": "别人"}, key=key),
        await change(api, one, "cancellation", CANCEL, key=key),
        await change(api, other, "receiver", {"name": "王小明"}, key=key),
    ]
    assert {refusal(reply) for reply in replies} == {(422, "idempotency_key_reused")}
    assert shop_server.order_row(one.number)["receiver_name"] == "王小明"
    assert shop_server.order_row(one.number)["state"] == "paid"
    assert shop_server.order_row(other.number)["receiver_name"] != "王小明"


@pytest.mark.parametrize("key", ["", "k" * 201, "two words"])
async def test_a_key_that_is_none_is_refused(shop_server: RunningShop, api: httpx.AsyncClient, key: str) -> None:
    one = shop_server.add_order("paid")
    path, proof = f"/api/orders/v1/orders/{one.number}/cancellation", {"customer_id": one.customer_id}
    reply = await api.post(path, params=proof, json=CANCEL, headers={"Idempotency-Key": key} if key else {})
    assert refusal(reply) == (400, "bad_request")
    longest = await api.post(path, params=proof, json=CANCEL, headers={"Idempotency-Key": "k" * 200})
    assert longest.status_code == (201 if shop_server.audit(one.number)[-1]["outcome"] == "done" else 422)


async def test_a_wrong_proof_is_not_kept(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, key = shop_server.add_order("paid"), new_key()
    wrong = await change(api, one, "cancellation", CANCEL, key=key, proof={"phone_tail": "0000"})
    assert refusal(wrong) == (404, "order_not_found")
    assert (await change(api, one, "cancellation", CANCEL, key=key)).status_code == 201


async def test_a_kept_answer_is_for_who_can_prove_it(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, key = shop_server.add_order("paid"), new_key()
    await change(api, one, "cancellation", CANCEL, key=key)
    stranger = await change(api, one, "cancellation", CANCEL, key=key, proof={"customer_id": "c002"})
    assert refusal(stranger) == (404, "order_not_found")
    assert REPLAYED not in stranger.headers


async def test_a_new_phone_does_not_shut_out_the_retry(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, key, body = shop_server.add_order("paid"), new_key(), {"phone": "10000009812"}
    old = {"phone_tail": one.phone_tail}
    first = await change(api, one, "receiver", body, key=key, proof=old)
    again = await change(api, one, "receiver", body, key=key, proof=old)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    other_key = await change(api, one, "receiver", body, proof=old)
    other_body = await change(api, one, "receiver", {"phone": "10000009813"}, key=key, proof=old)
    other_tail = await change(api, one, "receiver", body, key=key, proof={"phone_tail": "0001"})
    assert {refusal(reply) for reply in (other_key, other_body, other_tail)} == {(404, "order_not_found")}


@pytest.mark.parametrize(
    ("what", "body"),
    [("cancellation", CANCEL), ("receiver", {"name": "王小明"}), ("after-sales", {"kind": "urge_shipping"})],
)
async def test_many_at_once_have_one_effect(
    shop_server: RunningShop, api: httpx.AsyncClient, what: str, body: dict[str, str]
) -> None:
    one, key = shop_server.add_order("paid"), new_key()
    replies = await asyncio.gather(*(change(api, one, what, body, key=key) for _ in range(AT_ONCE)))
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.content for reply in replies}) == 1
    assert len([reply for reply in replies if REPLAYED not in reply.headers]) == 1
    outcomes = [row["outcome"] for row in shop_server.audit(one.number)]
    assert sorted(outcomes) == ["done"] + ["replayed"] * (AT_ONCE - 1)


async def test_many_keys_at_once_have_one_effect_on_one_order(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered", items=[("CL01-1", 2)])
    body = {"kind": "return", "items": [{"sku": "CL01-1", "quantity": 2}]}
    replies = await asyncio.gather(*(change(api, one, "after-sales", body) for _ in range(AT_ONCE)))
    assert sorted(reply.status_code for reply in replies) == [201] + [409] * (AT_ONCE - 1)
    (case,) = await cases_of(api, one)
    refused = [reply.json()["error"] for reply in replies if reply.status_code == 409]
    assert {(error["code"], error["case"]) for error in refused} == {("already_open", case["number"])}


async def test_receipts_are_never_the_same(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    orders = [shop_server.add_order("paid") for _ in range(AT_ONCE)]
    replies = await asyncio.gather(*(change(api, one, "cancellation", CANCEL) for one in orders))
    assert len({reply.json()["number"] for reply in replies}) == AT_ONCE


async def test_old_answers_are_forgotten(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    kept, forgotten = new_key(), new_key()
    one = shop_server.add_order("paid")
    for key in (kept, forgotten):
        await change(api, one, "receiver", {"name": "王小明"}, key=key)
    with closing(sqlite3.connect(shop_server.db, timeout=10)) as db, db:
        for hours, key in ((47, kept), (49, forgotten)):
            moment = f"strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-{hours} hours')"
            db.execute(f"UPDATE answers SET at = {moment} WHERE key = ?", (key,))
    assert REPLAYED in (await change(api, one, "receiver", {"name": "王小明"}, key=kept)).headers
    assert REPLAYED not in (await change(api, one, "receiver", {"name": "王小明"}, key=forgotten)).headers


async def test_an_answer_that_comes_too_late_is_fetched_by_the_retry(shop_server: RunningShop) -> None:
    one = shop_server.add_order("paid")
    client, key = client_of(shop_server, read_s=0.3, change_budget_s=1.5), new_key()
    proof, body = Proof(phone_tail=one.phone_tail), Cancellation("changed_mind")
    shop_server.fault("orders", "late", delay_s=5)
    with pytest.raises(ShopUncertain):
        await client.cancel(one.number, proof, body, key)
    assert shop_server.order_row(one.number)["state"] == "cancelled"
    shop_server.heal()
    receipt = await client.cancel(one.number, proof, body, key)
    assert (receipt.order, receipt.amount) == (one.number, "299.00")
    assert [row["outcome"] for row in shop_server.audit(one.number)].count("done") == 1
    with pytest.raises(OrderNotCancellable):
        await client.cancel(one.number, proof, body, new_key())
    await client.aclose()


async def test_a_retry_within_the_budget_tells_the_receipt(shop_server: RunningShop) -> None:
    one = shop_server.add_order("delivered")
    client = client_of(shop_server, read_s=0.3, change_budget_s=5)
    shop_server.fault("orders", "late", delay_s=5, only="writes")
    asked = asyncio.create_task(
        client.open_case(one.number, Proof(customer_id=one.customer_id), CaseRequest(kind="damaged"), new_key())
    )
    while not shop_server.audit(one.number):
        await asyncio.sleep(0.02)
    shop_server.heal()
    receipt = await asked
    (case,) = shop_server.cases(one.number)
    assert receipt.number == case["number"]
    await client.aclose()


async def test_a_new_phone_that_was_told_too_late_is_not_lost(shop_server: RunningShop) -> None:
    one = shop_server.add_order("paid")
    client, key = client_of(shop_server, read_s=0.3, change_budget_s=1.0), new_key()
    proof, body = Proof(phone_tail=one.phone_tail), ReceiverChange(phone="10000009812")
    shop_server.fault("orders", "late", delay_s=5)
    with pytest.raises(ShopUncertain):
        await client.change_receiver(one.number, proof, body, key)
    shop_server.heal()
    assert (await client.change_receiver(one.number, proof, body, key)).order == one.number
    await client.aclose()


async def test_what_is_down_changes_nothing_and_keeps_nothing(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, key = shop_server.add_order("paid"), new_key()
    shop_server.fault("orders", "down", only="writes")
    assert refusal(await change(api, one, "cancellation", CANCEL, key=key)) == (503, "unavailable")
    assert (await read(api, one))["state"] == "paid"
    shop_server.heal()
    assert REPLAYED not in (await change(api, one, "cancellation", CANCEL, key=key)).headers
