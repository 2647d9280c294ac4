"""The customer column: live from the shop, masked until a reason is given, and honest about what it could not get."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from ledger import Ledger, ShopperSide
from shop.after_sales import CaseItem, CaseRequest
from shop.client import Proof, ShopClient
from shop.testing import RunningShop
from web.desk.audit import Audit, AuditQuery
from web.desk.card_maker import CardMaker
from web.desk.customer import CustomerColumn, Look
from web.desk.customer_api import CustomerApi
from web.desk.errors import OrderNotFound, ShopUnavailable
from web.desk.logins import Logins
from web.tests.desk.counter import Earlier, as_who, conversation, served

pytest_plugins = ["web.tests.desk.shop_side"]
LIMIT_S = 4.0
"""Three seconds, and one for a machine that is busy with other tests."""
PATH = "/api/desk/conversations"


@pytest.fixture
def kept() -> Earlier:
    return Earlier()


@pytest.fixture
def column(book: Ledger, asks: ShopClient, kept: Earlier) -> CustomerColumn:
    return CustomerColumn(book, asks, kept, kept)


def look(cid: str, masked: bool = True, order: str | None = None, tail: str | None = None) -> Look:
    return Look(cid, "小林", "zh", masked, order, tail)


@pytest_asyncio.fixture
async def door(
    book: Ledger, column: CustomerColumn, logins: Logins, staff_audit: Audit
) -> AsyncIterator[httpx.AsyncClient]:
    api = CustomerApi(book, column, logins, staff_audit)
    routes = (
        (api.customer, f"{PATH}/<cid:str>/customer", ["GET"]),
        (api.reveal, f"{PATH}/<cid:str>/reveal", ["POST"]),
    )
    async with served(*routes) as client:
        yield client


async def noted(audit: Audit, what: str) -> list[dict[str, Any]]:
    rows, _ = await audit.find(AuditQuery(what=what))
    return [{"who": row.who, "conversation": row.conversation, **row.detail} for row in rows]


async def test_customer_is_shown_with_orders_parcels_and_level(
    demo_shop: RunningShop, asks: ShopClient, book: Ledger, column: CustomerColumn
) -> None:
    cid = await conversation(book, "c001", "王小明")
    answer = await column.of(look(cid))
    orders, member = await asks.orders_of("c001", 50), await asks.membership_of("c001")
    assert "trouble" not in answer
    assert [row["card"]["number"] for row in answer["orders"]] == [order.number for order in orders[:10]]
    assert answer["customer"] == {
        "id": "c001",
        "name": "王**",
        "verified": True,
        "level": member.level,
        "points": member.points,
        "orders": len(orders),
        "more_orders": False,
        "spent": answer["customer"]["spent"],
        "since": answer["customer"]["since"],
        "contact": None,
    }
    paid = sum(float(one.amount.paid) for one in orders)
    back = sum(float(one.refund.amount) for one in orders if one.refund and one.refund.state == "done")
    assert float(answer["customer"]["spent"]) == pytest.approx(paid - back)
    sent = [row for row in answer["orders"] if row["card"]["shipments"]]
    assert sent and all(one["events"] for row in sent for one in row["card"]["shipments"] if not one["unavailable"])
    assert all(row["next"] == row["card"]["next"] for row in answer["orders"])


async def test_no_more_than_ten_orders_are_shown_and_all_are_counted(
    demo_shop: RunningShop, book: Ledger, column: CustomerColumn
) -> None:
    customer = demo_shop.add_customer()
    for _ in range(12):
        demo_shop.add_order("paid", customer)
    answer = await column.of(look(await conversation(book, customer)))
    assert len(answer["orders"]) == 10
    assert (answer["customer"]["orders"], answer["customer"]["spent"]) == (12, "3588.00")


async def test_cases_of_an_order_are_shown(
    demo_shop: RunningShop, asks: ShopClient, book: Ledger, column: CustomerColumn
) -> None:
    customer = demo_shop.add_customer()
    order = demo_shop.add_order("delivered", customer)
    request = CaseRequest("exchange", "no_reason", (CaseItem("CL01-1", 1),))
    receipt = await asks.open_case(order.number, Proof(customer_id=customer), request, "key-of-an-exchange")
    (row,) = (await column.of(look(await conversation(book, customer))))["orders"]
    (case,) = row["case"]
    assert case["number"] == receipt.number
    assert (case["kind"], case["open"]) == ({"code": "exchange", "label": "换货"}, True)


async def test_order_in_question_comes_first(demo_shop: RunningShop, book: Ledger, column: CustomerColumn) -> None:
    customer = demo_shop.add_customer()
    old = demo_shop.add_order("paid", customer, created_days_ago=3)
    new = demo_shop.add_order("paid", customer)
    answer = await column.of(look(await conversation(book, customer), order=old.number))
    assert [row["card"]["number"] for row in answer["orders"]] == [old.number, new.number]
    assert answer["variables"]["order.number"] == old.number


async def test_stranger_is_shown_the_order_that_was_proved_to_the_bot(
    demo_shop: RunningShop, book: Ledger, column: CustomerColumn, kept: Earlier
) -> None:
    order = demo_shop.add_order("in_transit", "c031")
    cid = await conversation(book, proved={"number": order.number, "phone_tail": order.phone_tail})
    answer = await column.of(look(cid))
    (row,) = answer["orders"]
    assert row["card"]["number"] == order.number
    assert answer["variables"]["order.tracking"] == row["card"]["shipments"][0]["tracking_number"]
    customer = answer["customer"]
    assert (customer["verified"], customer["id"], customer["orders"], customer["spent"]) == (False, None, None, None)
    assert kept.asked == [f"conversation:{cid}"]  # nobody's archive is opened by the number of an order


async def test_stranger_without_a_proof_is_shown_nothing(book: Ledger, column: CustomerColumn) -> None:
    answer = await column.of(look(await conversation(book)))
    assert (answer["orders"], answer["earlier"]) == ([], [])
    assert "trouble" not in answer


async def test_proof_given_by_the_agent_opens_that_order_only(
    demo_shop: RunningShop, book: Ledger, column: CustomerColumn
) -> None:
    order = demo_shop.add_order("paid", "c031")
    demo_shop.add_order("paid", "c031")
    answer = await column.of(look(await conversation(book), order=order.number, tail=order.phone_tail))
    assert [row["card"]["number"] for row in answer["orders"]] == [order.number]


async def test_unknown_order_and_wrong_proof_are_told_alike(
    demo_shop: RunningShop, book: Ledger, column: CustomerColumn
) -> None:
    order = demo_shop.add_order("paid", "c031")
    wrong = "0000" if order.phone_tail != "0000" else "1111"
    cid = await conversation(book)
    for number, tail in ((order.number, wrong), ("20260101000000", wrong), (order.number, None)):
        with pytest.raises(OrderNotFound):
            await column.of(look(cid, order=number, tail=tail))


async def test_guessing_is_ended_by_the_shop_and_told_alike(
    demo_shop: RunningShop, book: Ledger, column: CustomerColumn
) -> None:
    order = demo_shop.add_order("paid", "c031")
    cid = await conversation(book)
    guesses = [f"{one:04d}" for one in range(12) if f"{one:04d}" != order.phone_tail]
    for tail in (*guesses[:11], order.phone_tail):
        with pytest.raises(OrderNotFound):
            await column.of(look(cid, order=order.number, tail=tail))


async def test_carrier_that_is_silent_is_named_and_nothing_is_invented(
    demo_shop: RunningShop, book: Ledger, column: CustomerColumn
) -> None:
    customer = demo_shop.add_customer()
    order = demo_shop.add_order("in_transit", customer)
    demo_shop.fault("logistics", "down")
    answer = await column.of(look(await conversation(book, customer)))
    (row,) = answer["orders"]
    (shipment,) = row["card"]["shipments"]
    assert (shipment["unavailable"], shipment["events"]) == (True, [])
    trouble = {"what": "shipment", "code": "shop_unavailable", "number": shipment["tracking_number"]}
    assert answer["trouble"] == [trouble]
    assert row["card"]["number"] == order.number


async def test_each_part_fails_by_itself(demo_shop: RunningShop, book: Ledger, column: CustomerColumn) -> None:
    cid = await conversation(book, "c001")
    demo_shop.fault("promotions", "rubbish")
    answer = await column.of(look(cid))
    assert answer["trouble"] == [{"what": "membership", "code": "shop_reply_invalid"}]
    assert answer["customer"]["level"] is None and answer["orders"]
    demo_shop.heal()
    demo_shop.fault("orders", "down")
    answer = await column.of(look(cid))
    assert {"what": "orders", "code": "shop_unavailable"} in answer["trouble"]
    assert (answer["orders"], answer["customer"]["orders"], answer["customer"]["spent"]) == ([], None, None)
    assert answer["customer"]["level"] is not None


async def test_whole_answer_is_there_within_three_seconds(
    demo_shop: RunningShop, book: Ledger, column: CustomerColumn
) -> None:
    cid = await conversation(book, "c001")
    demo_shop.fault("logistics", "slow", delay_s=20)
    began = time.monotonic()
    answer = await column.of(look(cid))
    assert time.monotonic() - began < LIMIT_S
    assert {(one["what"], one["code"]) for one in answer["trouble"]} == {("shipment", "late")}


@pytest.mark.parametrize(("target", "late"), [("promotions", "membership"), ("orders", "orders")])
async def test_what_is_late_is_left_out_and_named(
    target: str, late: str, demo_shop: RunningShop, book: Ledger, asks: ShopClient, kept: Earlier
) -> None:
    column, cid = CustomerColumn(book, asks, kept, kept, limit_s=0.5), await conversation(book, "c001")
    demo_shop.fault(target, "slow", delay_s=20)
    answer = await column.of(look(cid))
    assert {"what": late, "code": "late"} in answer["trouble"]


async def test_late_archive_is_left_out_and_named(book: Ledger, asks: ShopClient, kept: Earlier) -> None:
    kept.delay_s = 20
    column = CustomerColumn(book, asks, kept, kept, limit_s=0.5)
    answer = await column.of(look(await conversation(book, "c001")))
    assert {"what": "earlier", "code": "late"} in answer["trouble"]


async def test_order_asked_for_is_not_answered_without(
    demo_shop: RunningShop, book: Ledger, column: CustomerColumn
) -> None:
    order = demo_shop.add_order("paid", "c031")
    demo_shop.fault("orders", "slow", delay_s=20)
    began = time.monotonic()
    with pytest.raises(ShopUnavailable):
        await column.of(look(await conversation(book), order=order.number, tail=order.phone_tail))
    assert time.monotonic() - began < LIMIT_S


async def test_personal_data_is_masked_everywhere(book: Ledger, column: CustomerColumn, kept: Earlier) -> None:
    cid = await conversation(book, "c001", "王小明")
    await ShopperSide(book).contact(cid, "13812345678")
    kept.rows = [
        {"conversation": "older", "name": "王小明", "summary": "回电 13812345678", "solution": None},
        {"conversation": cid, "name": "王小明", "summary": "", "solution": None},
    ]
    kept.notes = [{"id": 1, "by": "lin", "at": "2026-11-27T01:00:00.000Z", "text": "手机 138 1234 5678"}]
    hidden = await column.of(look(cid))
    assert hidden["masked"] is True
    assert hidden["customer"]["contact"] == "138****5678"
    assert hidden["earlier"] == [
        {"conversation": "older", "name": "王**", "summary": "回电 138****5678", "solution": None}
    ]
    assert hidden["notes"][0]["text"] == "手机 138****5678"
    assert hidden["variables"]["customer.name"] == "王先生/女士"
    assert {row["receiver"]["phone"] for row in hidden["orders"]} == {"****"}
    shown = await column.of(look(cid, masked=False))
    assert shown["customer"]["name"] == "王小明" and shown["customer"]["contact"] == "13812345678"
    assert shown["earlier"][0]["summary"] == "回电 13812345678" and shown["variables"]["customer.name"] == "王小明"


async def test_reason_shows_personal_data_in_this_session_only(
    book: Ledger, door: httpx.AsyncClient, tokens: dict[str, str], staff_audit: Audit
) -> None:
    cid, other = await conversation(book, "c001", "王小明"), await conversation(book, "c001", "王小明")
    url = f"{PATH}/{cid}"
    lin, qiu = as_who(tokens["lin"]), as_who(tokens["qiu"])
    assert (await door.get(f"{url}/customer", headers=lin)).json()["customer"]["name"] == "王**"
    revealed = await door.post(f"{url}/reveal", json={"reason": " 核对收件人 "}, headers=lin)
    assert (revealed.status_code, revealed.content) == (204, b"")
    shown = (await door.get(f"{url}/customer", headers=lin)).json()
    assert (shown["masked"], shown["customer"]["name"]) == (False, "王小明")
    assert (await door.get(f"{url}/customer", headers=qiu)).json()["masked"] is True
    assert (await door.get(f"{PATH}/{other}/customer", headers=lin)).json()["masked"] is True
    assert await noted(staff_audit, "reveal") == [{"who": "lin", "conversation": cid, "reason": "核对收件人"}]
    assert await noted(staff_audit, "personal_data_seen") == [{"who": "lin", "conversation": cid}]


@pytest.mark.parametrize(
    ("who", "body", "status", "code"),
    [
        ("lin", {"reason": " \n "}, 400, "empty"),
        ("lin", {}, 400, "bad_frame"),
        ("lin", {"reason": "x" * 501}, 413, "too_long"),
        ("coach", {"reason": "好奇"}, 403, "forbidden"),
        (None, {"reason": "核对"}, 401, "unauthorized"),
    ],
)
async def test_without_a_reason_nothing_is_revealed(
    who: str | None, body: dict[str, str], status: int, code: str, book: Ledger, door: httpx.AsyncClient,
    tokens: dict[str, str], staff_audit: Audit,
) -> None:  # fmt: skip
    cid = await conversation(book, "c001", "王小明")
    headers = as_who(tokens[who]) if who else {}
    answer = await door.post(f"{PATH}/{cid}/reveal", json=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert await noted(staff_audit, "reveal") == []


async def test_proving_an_order_leaves_a_trace(
    demo_shop: RunningShop, book: Ledger, door: httpx.AsyncClient, tokens: dict[str, str], staff_audit: Audit
) -> None:
    order, cid = demo_shop.add_order("paid", "c031"), await conversation(book)
    wrong = "0000" if order.phone_tail != "0000" else "1111"
    url = f"{PATH}/{cid}/customer"
    headers = as_who(tokens["lin"])
    refused = await door.get(url, params={"order": order.number, "phone_tail": wrong}, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "order_not_found")
    found = await door.get(url, params={"order": order.number, "phone_tail": order.phone_tail}, headers=headers)
    assert found.json()["orders"][0]["card"]["number"] == order.number
    assert await noted(staff_audit, "order_proof") == [{"who": "lin", "conversation": cid, "order": order.number}] * 2


@pytest.mark.parametrize(
    "query", ["phone_tail=1234", "order=1&phone_tail=12", "order=../x", "order=1&phone_tail=12345"]
)
async def test_proofs_of_another_shape_are_refused(
    query: str, book: Ledger, door: httpx.AsyncClient, tokens: dict[str, str]
) -> None:
    cid = await conversation(book)
    answer = await door.get(f"{PATH}/{cid}/customer?{query}", headers=as_who(tokens["lin"]))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_frame")


async def test_conversation_that_is_not_there_is_not_found(door: httpx.AsyncClient, tokens: dict[str, str]) -> None:
    answer = await door.get(f"{PATH}/nobody/customer", headers=as_who(tokens["lin"]))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_order_that_an_agent_proved_can_be_used_in_this_conversation(
    demo_shop: RunningShop, asks: ShopClient, book: Ledger, column: CustomerColumn
) -> None:
    order, cid = demo_shop.add_order("paid", "c031"), await conversation(book)
    await column.of(look(cid, order=order.number, tail=order.phone_tail))
    assert (await CardMaker(book, asks).card(cid, "order", order.number)).card["number"] == order.number
    with pytest.raises(OrderNotFound):
        await CardMaker(book, asks).card(await conversation(book), "order", order.number)
