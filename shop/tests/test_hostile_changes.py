"""What somebody may send who means harm, or a counter that is broken: refused, or tidied, and never half done."""

import sqlite3
from contextlib import closing
from typing import Any

import httpx
import pytest

from shop.changes_api import in_one_line, without_controls
from shop.seed.shown import ShownOrder
from shop.testing import RunningShop
from shop.tests.writing import change, new_key, open_case, read, refusal, running_shop

__all__ = ["running_shop"]

CANCEL = {"reason": "changed_mind"}


async def post_raw(api: httpx.AsyncClient, one: ShownOrder, what: str, body: bytes, key: bytes = b"") -> httpx.Response:
    """A change whose body and key are sent as they are."""
    return await api.post(
        f"/api/orders/v1/orders/{one.number}/{what}",
        params={"phone_tail": one.phone_tail},
        content=body,
        headers=[(b"Idempotency-Key", key or new_key().encode())],
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"cancel"',
        b'{"reason": "changed_mind"',
        b'{"reason": ["changed_mind"]}',
        b'{"reason": {"$ne": ""}}',
        b'{"reason": "changed_mind"} {"reason": "other"}',
        b'{"reason": "\\ud800"}',
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"more": ' + b"[" * 20_000,
        b'{"more": ' * 5_000,
    ],
)
async def test_a_body_that_is_no_change_is_a_bad_request(
    shop_server: RunningShop, api: httpx.AsyncClient, body: bytes
) -> None:
    one = shop_server.add_order("paid")
    assert refusal(await post_raw(api, one, "cancellation", body)) == (400, "bad_request")
    assert shop_server.audit(one.number) == []
    assert shop_server.order_row(one.number)["state"] == "paid"


@pytest.mark.parametrize("quantity", [0, -1, True, 1.5, "1", None, [], 10**30])
async def test_a_quantity_is_a_number_of_pieces(
    shop_server: RunningShop, api: httpx.AsyncClient, quantity: object
) -> None:
    one = shop_server.add_order("delivered")
    reply = await open_case(api, one, "return", items=[{"sku": "CL01-1", "quantity": quantity}])
    assert refusal(reply) in ((400, "bad_request"), (409, "not_allowed"))
    assert shop_server.cases(one.number) == []


async def test_a_body_that_is_too_large_is_not_read(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid")
    reply = await post_raw(api, one, "receiver", b'{"name": "' + b"x" * 100_000 + b'"}')
    assert refusal(reply) == (413, "too_large")
    assert shop_server.audit(one.number) == []


@pytest.mark.parametrize("key", [b"\xff\xfe", "钥匙".encode(), b"tab\tkey", b"\x7f"])
async def test_a_key_of_other_bytes_is_a_bad_request(
    shop_server: RunningShop, api: httpx.AsyncClient, key: bytes
) -> None:
    one = shop_server.add_order("paid")
    assert refusal(await post_raw(api, one, "cancellation", b'{"reason": "other"}', key)) == (400, "bad_request")
    assert shop_server.order_row(one.number)["state"] == "paid"


async def test_without_a_proof_nothing_is_told(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    """Neither what a body should be, nor that an order, a case or a key exists."""
    one, key = shop_server.add_order("delivered"), new_key()
    case = (await change(api, one, "after-sales", {"kind": "return"}, key=key)).json()["number"]
    unknown = ShownOrder("20010101000000", "0000", "paid", "c001", "")
    seen = set()
    for order in (one, unknown):
        for what in ("cancellation", "receiver", "after-sales", f"after-sales/{case}/pickup", "after-sales/X/pickup"):
            for body in ({}, {"kind": "return"}, {"day": "x"}):
                reply = await change(api, order, what, body, key=key, proof={"customer_id": "c002"})
                seen.add((reply.status_code, reply.content))
    (only, *more) = sorted(seen)
    assert only[0] == 404
    assert [status for status, _ in more] in ([], [429])


async def test_words_are_kept_as_words(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one, other = shop_server.add_order("paid"), shop_server.add_order("paid")
    evil = "王'; UPDATE orders SET state='x' --"
    assert (await change(api, one, "receiver", {"name": evil})).status_code == 201
    more = {"name": "王小明", "state": "refunded", "paid": 1, "city = '' --": "x"}
    assert (await change(api, one, "receiver", more)).status_code == 201
    assert shop_server.order_row(one.number)["state"] == "paid"
    assert shop_server.order_row(other.number)["receiver_name"] != evil
    reply = await open_case(api, one, "urge_shipping", ("CL01-1' OR '1'='1", 1))
    assert refusal(reply) == (409, "not_allowed")


async def test_what_goes_on_a_label_is_one_line(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid")
    body = {"name": " 王\u200b小\r\n明\u202e ", "address": "湖北省武汉市\u3000洪山区\x00珞狮路\n312 号"}
    assert (await change(api, one, "receiver", body)).status_code == 201
    row = shop_server.order_row(one.number)
    assert row["receiver_name"] == "王小 明"
    assert row["receiver_address"] == "湖北省武汉市 洪山区珞狮路 312 号"


@pytest.mark.parametrize("name", ["   ", "\u3000", "\n\t", "\x00", "\u200b\u200b", "王" + " " * 40])
async def test_blanks_are_no_name(shop_server: RunningShop, api: httpx.AsyncClient, name: str) -> None:
    one = shop_server.add_order("paid")
    before = shop_server.order_row(one.number)
    assert refusal(await change(api, one, "receiver", {"name": name})) == (400, "bad_request")
    assert refusal(await change(api, one, "receiver", {"address": name * 5})) == (400, "bad_request")
    assert shop_server.order_row(one.number) == before


async def test_a_wrong_half_leaves_the_other_half_undone(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid")
    before = shop_server.order_row(one.number)
    body = {"name": "王小明", "phone": "123", "address": "湖北省武汉市洪山区 1 号"}
    assert refusal(await change(api, one, "receiver", body)) == (400, "bad_request")
    assert shop_server.order_row(one.number) == before


async def test_a_note_keeps_its_lines_and_nothing_odd(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered")
    await open_case(api, one, "damaged", note="\x1b[31m盒子破了\n杯子碎了 👩‍🔧\x00")
    assert shop_server.cases(one.number)[0]["note"] == "[31m盒子破了\n杯子碎了 👩‍🔧"


def test_lines_and_notes_are_tidied() -> None:
    assert in_one_line("\u2028 a\u2066b\t\tc ") == "ab c"
    assert without_controls("a\r\nb\x07") == "a\nb"


async def test_only_an_exchange_is_for_something(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("delivered", city="武汉")
    assert refusal(await open_case(api, one, "return", exchange_for="CL01-2")) == (409, "not_allowed")
    (slot, *_) = (await api.get("/api/logistics/v1/pickup-slots", params={"city": "武汉"})).json()["slots"]
    assert refusal(await open_case(api, one, "damaged", pickup=slot)) == (409, "not_allowed")
    assert shop_server.cases(one.number) == []


async def test_an_outdated_proof_never_does_the_work_anew(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    """The old ending is good for the kept answer, not for a change once that is forgotten."""
    one, key = shop_server.add_order("paid"), new_key()
    old, body = {"phone_tail": one.phone_tail}, {"phone": "10000009812"}
    await change(api, one, "receiver", body, key=key, proof=old)
    await change(api, one, "receiver", {"phone": "10000009813"})
    with closing(sqlite3.connect(shop_server.db, timeout=10)) as db, db:
        moment = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-49 hours')"
        db.execute(f"UPDATE answers SET at = {moment} WHERE key = ?", (key,))
    again = await change(api, one, "receiver", body, key=key, proof=old)
    assert refusal(again) == (404, "order_not_found")
    assert shop_server.order_row(one.number)["receiver_phone"] == "10000009813"


async def test_nobody_is_paid_twice_for_a_fallen_price(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    items = [("CL01-1", 3), ("BK01-1", 1)]
    one = shop_server.add_order("delivered", items=items, prices={"CL01-1": 330_00})
    paid = fen((await read(api, one))["amount"]["paid"])
    claimed = fen((await open_case(api, one, "claim", ("CL01-1", 2))).json()["amount"])
    assert claimed == 62_00
    back = [fen((await open_case(api, one, "return", ("CL01-1", 1))).json()["amount"]) for _ in range(3)]
    assert back == [299_00, 299_00, 330_00]
    back.append(fen((await open_case(api, one, "return", ("BK01-1", 1))).json()["amount"]))
    assert sum(back) + claimed == paid


async def test_a_cancelled_order_has_nothing_under_way(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    one = shop_server.add_order("paid", prices={"CL01-1": 330_00})
    for kind in ("urge_shipping", "claim"):
        assert (await open_case(api, one, kind)).status_code == 201
    receipt = (await change(api, one, "cancellation", CANCEL)).json()
    assert receipt["amount"] == "330.00"
    assert {case["state"] for case in shop_server.cases(one.number)} == {"withdrawn"}


async def test_what_fails_half_way_leaves_no_trace(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    """The pieces of a case cannot be written: neither is the case, the answer nor the entry, and the retry does it all."""
    one, key, body = shop_server.add_order("delivered"), new_key(), {"kind": "return"}
    trigger = f"""
        CREATE TRIGGER broken BEFORE INSERT ON case_items
        WHEN (SELECT order_number FROM cases WHERE number = new.case_number) = '{one.number}'
        BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
    """
    run(shop_server, trigger)
    try:
        assert refusal(await change(api, one, "after-sales", body, key=key)) == (500, "internal")
    finally:
        run(shop_server, "DROP TRIGGER broken")
    assert (shop_server.cases(one.number), shop_server.audit(one.number)) == ([], [])
    again = await change(api, one, "after-sales", body, key=key)
    assert (again.status_code, "Idempotent-Replayed" in again.headers) == (201, False)


def run(shop: RunningShop, statement: str) -> None:
    with closing(sqlite3.connect(shop.db, timeout=10)) as db, db:
        db.execute(statement)


def fen(amount: Any) -> int:
    return int(amount.replace(".", ""))
