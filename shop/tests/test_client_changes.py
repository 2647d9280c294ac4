"""The typed client's changes: tried again with the same key, and never told to be undone when they may have been made."""

import socket
from contextlib import closing
from typing import Any

import pytest

from shop.after_sales import Cancellation, CaseItem, CaseRequest, Pickup, Receipt, ReceiverChange
from shop.client import (
    AlreadyOpen,
    ClientSettings,
    NotAllowed,
    OrderNotCancellable,
    OrderNotFound,
    OutOfStock,
    PickupUnavailable,
    Proof,
    ReceiverNotChangeable,
    ShopClient,
    ShopClientError,
    ShopRefused,
    ShopUnauthorized,
    ShopUnavailable,
    ShopUncertain,
    TooManyAttempts,
)
from shop.testing import RunningShop
from shop.tests.scripted_api import ScriptedApi, answer, scripted_api
from shop.tests.writing import new_key, running_shop

__all__ = ["running_shop"]

NUMBER, KEY = "20261120000042", "c8f1:m42:cancel"
PROOF = Proof(phone_tail="4821")
CANCEL = Cancellation("changed_mind")
RECEIPT: dict[str, Any] = {
    "number": "CX20261125000007",
    "order": NUMBER,
    "at": "2026-11-25T02:09:30.000Z",
    "amount": "299.00",
    "by": None,
    "pickup": None,
    "send_to": None,
    "photo_url": None,
    "added_later": 1,
}
DONE = answer(RECEIPT, 201)
HUNG_UP = b""
CUT_OFF = b"HTTP/1.1 201 X\r\nContent-Length: 99\r\n\r\n{"


def refused(code: str, status: int = 409, **more: str) -> bytes:
    return answer({"error": {"code": code, "message": "", **more}}, status)


def client_of(url: str, **settings: Any) -> ShopClient:
    given = {"api_key": "key", "read_s": 0.5, "change_budget_s": 3.0, **settings}
    return ShopClient(ClientSettings(orders_url=url, logistics_url=url, **given))


async def cancel(*answers: bytes, **settings: Any) -> tuple[Receipt | ShopClientError, ScriptedApi]:
    """What came of a cancellation that was answered so, and what was sent for it."""
    async with scripted_api(*answers) as api:
        client = client_of(api.url, **settings)
        try:
            outcome: Receipt | ShopClientError = await client.cancel(NUMBER, PROOF, CANCEL, KEY)
        except ShopClientError as error:
            outcome = error
        await client.aclose()
        return outcome, api


async def test_a_change_is_sent_with_its_proof_and_its_key() -> None:
    receipt, api = await cancel(DONE)
    assert isinstance(receipt, Receipt)
    assert (receipt.number, receipt.amount) == ("CX20261125000007", "299.00")
    assert api.asked == [f"/api/orders/v1/orders/{NUMBER}/cancellation?phone_tail=4821"]
    assert (api.keys, api.bodies) == ([KEY], [b'{"reason":"changed_mind"}'])


@pytest.mark.parametrize("first", [HUNG_UP, CUT_OFF, answer({}, 503), answer({}, 502), answer({}, 504)])
async def test_it_is_tried_again_with_the_same_key(first: bytes) -> None:
    receipt, api = await cancel(first, DONE)
    assert isinstance(receipt, Receipt)
    assert api.keys == [KEY, KEY]
    assert len(set(api.bodies)) == 1


@pytest.mark.parametrize(
    "last", [HUNG_UP, CUT_OFF, answer({}, 503), answer({}, 500), answer(b'{"numb', 201), answer({}, 201)]
)
async def test_without_an_answer_it_may_have_been_made(last: bytes) -> None:
    outcome, api = await cancel(last)
    assert isinstance(outcome, ShopUncertain)
    assert set(api.keys) == {KEY}


@pytest.mark.parametrize("later", [("order_not_found", 404), ("too_many_attempts", 429), ("unauthorized", 401)])
async def test_a_later_no_says_nothing_about_a_try_that_was_lost(later: tuple[str, int]) -> None:
    outcome, api = await cancel(HUNG_UP, refused(*later))
    assert isinstance(outcome, ShopUncertain)
    assert api.keys == [KEY, KEY]


async def test_a_refusal_is_believed_after_a_try_that_was_lost() -> None:
    outcome, _ = await cancel(HUNG_UP, refused("order_not_cancellable"))
    assert isinstance(outcome, OrderNotCancellable)


async def test_a_receipt_of_another_order_is_no_receipt() -> None:
    outcome, _ = await cancel(answer({**RECEIPT, "order": "20261120000043"}, 201))
    assert isinstance(outcome, ShopUncertain)


@pytest.mark.parametrize(("read_s", "change_budget_s"), [(0.2, 0.5), (5.0, 0.5), (0.1, 3.0)])
async def test_an_answer_that_takes_too_long_may_be_on_its_way(
    shop_server: RunningShop, read_s: float, change_budget_s: float
) -> None:
    one = shop_server.add_order("paid")
    client = client_of(shop_server.url, api_key=shop_server.api_key, read_s=read_s, change_budget_s=change_budget_s)
    shop_server.fault("orders", "slow", delay_s=5)
    with pytest.raises(ShopUncertain):
        await client.cancel(one.number, Proof(phone_tail=one.phone_tail), CANCEL, new_key())
    await client.aclose()


async def test_what_never_left_was_not_made() -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        client = client_of(f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(ShopUnavailable):
            await client.cancel(NUMBER, PROOF, CANCEL, KEY)
        await client.aclose()


async def test_while_the_api_is_left_alone_nothing_is_sent() -> None:
    async with scripted_api(answer({}, 500)) as api:
        client = client_of(api.url, opens_after=2)
        for _ in range(2):
            with pytest.raises(ShopUncertain):
                await client.cancel(NUMBER, PROOF, CANCEL, KEY)
        with pytest.raises(ShopUnavailable):
            await client.cancel(NUMBER, PROOF, CANCEL, KEY)
        await client.aclose()
    assert len(api.asked) == 2


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refused("order_not_cancellable"), OrderNotCancellable),
        (refused("receiver_not_changeable"), ReceiverNotChangeable),
        (refused("not_allowed"), NotAllowed),
        (refused("already_open", case="RT20261125000001"), AlreadyOpen),
        (refused("out_of_stock"), OutOfStock),
        (refused("pickup_unavailable"), PickupUnavailable),
        (refused("order_not_found", 404), OrderNotFound),
        (refused("too_many_attempts", 429), TooManyAttempts),
        (refused("unauthorized", 401), ShopUnauthorized),
        (refused("bad_request", 400), ShopUncertain),
        (refused("idempotency_key_reused", 422), ShopUncertain),
    ],
)
async def test_each_refusal_has_its_error_and_is_not_tried_again(reply: bytes, error: type[ShopClientError]) -> None:
    outcome, api = await cancel(reply)
    assert type(outcome) is error
    assert len(api.asked) == 1
    if isinstance(outcome, ShopRefused):
        assert outcome.case == ("RT20261125000001" if error is AlreadyOpen else None)


# --- with the real shop


async def test_every_change_of_the_real_shop(client: ShopClient, shop_server: RunningShop) -> None:
    one = shop_server.add_order("paid")
    proof = Proof(customer_id=one.customer_id)
    moved = await client.change_receiver(
        one.number, proof, ReceiverChange(address="浙江省杭州市西湖区文三路 9 号"), new_key()
    )
    assert (moved.order, moved.amount) == (one.number, None)
    assert (await client.order(one.number, customer_id=one.customer_id)).receiver.city == "杭州"
    assert (await client.cancel(one.number, proof, CANCEL, new_key())).amount == "299.00"
    with pytest.raises(OrderNotCancellable):
        await client.cancel(one.number, proof, CANCEL, new_key())


async def test_a_return_from_its_opening_to_its_courier(client: ShopClient, shop_server: RunningShop) -> None:
    one = shop_server.add_order("delivered", items=[("CL01-1", 2)], city="武汉")
    proof, asked = Proof(phone_tail=one.phone_tail), CaseRequest("return", "quality", (CaseItem("CL01-1", 1),))
    opened = await client.open_case(one.number, proof, asked, new_key())
    assert (opened.amount, opened.pickup) == ("299.00", None)
    slot = (await client.pickup_slots("武汉"))[0]
    booked = await client.book_pickup(one.number, proof, opened.number, slot, new_key())
    assert booked.pickup == slot
    (case,) = await client.cases_of(one.number, proof)
    assert (case.number, case.items, case.pickup) == (opened.number, asked.items, slot)
    assert case.photo_url == opened.photo_url
    item = (await client.order(one.number, phone_tail=one.phone_tail)).items[0]
    assert (item.quantity, item.returning, item.category) == (2, 1, "clothes")
    with pytest.raises(PickupUnavailable):
        never = Pickup(slot.day, "03:00", "04:00")
        await client.book_pickup(one.number, proof, opened.number, never, new_key())
    with pytest.raises(OrderNotFound):
        await client.book_pickup(one.number, proof, "RT20200101000001", slot, new_key())
