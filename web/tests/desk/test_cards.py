"""The cards that an agent sends: the shapes of docs/frames.md, the bot's own words for states, and only what is the shopper's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec import structs

from ledger import Ledger, UnknownConversation
from shop.after_sales import CASE_KINDS as KINDS_OF_SHOP
from shop.after_sales import CASE_STATES as STATES_OF_SHOP
from shop.after_sales import CaseItem, CaseRequest
from shop.client import Proof, ShopClient
from shop.order import ORDER_STATES
from shop.testing import RunningShop
from web.desk.card_maker import CardMaker
from web.desk.card_wording import CASE_KINDS, CASE_STATES, NEXT, STATES, CardWording
from web.desk.cards import Tracked, order_card
from web.desk.errors import OrderNotFound, ShopUnavailable
from web.desk.order_rows import order_row
from web.desk.parts import Parts
from web.desk.shopper_orders import ShopperOrders
from web.tests.desk.counter import conversation

pytest_plugins = ["web.tests.desk.shop_side"]
DOMAIN = Path(__file__).resolve().parents[3] / "domain.yml"
ORDER_KEYS = {"type", "number", "state", "items", "amount", "paid_at", "shipped_at", "shipments", "next"}
SUMMARY_KEYS = {"type", "kind", "title", "number", "items", "rows", "reasons", "link", "note"}
NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture
def maker(book: Ledger, asks: ShopClient) -> CardMaker:
    return CardMaker(book, asks)


def test_states_are_called_as_the_bot_calls_them() -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    responses: dict[str, Any] = yaml.load(DOMAIN.read_text("utf-8"), loader)["responses"]

    def said(response: str) -> tuple[str, str]:
        zh, en = responses[response]
        return zh["text"], en["text"]

    for prefix, words in (("order_state", STATES), ("case_kind", CASE_KINDS), ("case_state", CASE_STATES)):
        for code, pair in words.items():
            assert pair == said(f"utter_{prefix}_{code}")


def test_there_are_words_for_all_that_the_shop_says() -> None:
    assert set(STATES) == set(ORDER_STATES)
    assert set(CASE_KINDS) == set(KINDS_OF_SHOP)
    assert set(CASE_STATES) == set(STATES_OF_SHOP)
    assert set(ORDER_STATES) <= set(NEXT)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("state", ORDER_STATES)
async def test_every_state_of_an_order_has_its_card(
    state: str, lang: str, demo_shop: RunningShop, asks: ShopClient
) -> None:
    shown = demo_shop.orders(state=state)[0]
    order = await asks.order(shown.number, phone_tail=shown.phone_tail)
    parcels = [
        Tracked(one.carrier, one.tracking_number, await asks.shipment(one.tracking_number)) for one in order.shipments
    ]
    made = order_card(order, parcels, CardWording(lang), datetime.now(UTC))
    assert set(made.card) == ORDER_KEYS
    assert made.card["state"] == {"code": state, "label": STATES[state][lang == "en"]}
    assert made.card["next"] in made.text and shown.number in made.text
    assert "{" not in made.text
    for shipment in made.card["shipments"]:
        assert set(shipment) == {"carrier", "tracking_number", "state", "events", "unavailable"}
        assert len(shipment["events"]) <= 3


async def test_silent_carrier_is_told_and_nothing_is_made_up(demo_shop: RunningShop, asks: ShopClient) -> None:
    shown = demo_shop.orders(state="in_transit")[0]
    order = await asks.order(shown.number, phone_tail=shown.phone_tail)
    parcels = [Tracked(one.carrier, one.tracking_number, None, silent=True) for one in order.shipments]
    made = order_card(order, parcels, CardWording("zh"), NOW)
    assert [(one["unavailable"], one["events"]) for one in made.card["shipments"]] == [(True, [])]
    assert made.text.endswith("快递公司暂时没有回应，看不到最新物流。")
    assert made.card["next"] == "包裹在路上。"


async def test_day_of_arrival_is_named_only_when_all_parcels_have_one(demo_shop: RunningShop, asks: ShopClient) -> None:
    shown = demo_shop.add_order("in_transit", "c030")
    order = await asks.order(shown.number, customer_id="c030")
    one = await asks.shipment(order.shipments[0].tracking_number)
    known = Tracked(one.carrier, one.tracking_number, structs.replace(one, estimated_delivery=NOW))
    open_ended = Tracked(one.carrier, "2", structs.replace(one, estimated_delivery=None))
    early = NOW.replace(day=1)
    assert order_card(order, [known], CardWording("zh"), early).card["next"] == "包裹在路上，预计 11月28日送达。"
    assert order_card(order, [known, open_ended], CardWording("zh"), early).card["next"] == "包裹在路上。"
    assert "已超过" in order_card(order, [known], CardWording("zh"), NOW.replace(year=2027)).card["next"]


async def test_couriers_phone_in_a_scan_is_masked_in_the_column(demo_shop: RunningShop, asks: ShopClient) -> None:
    shown = demo_shop.add_order("out_for_delivery", "c030")
    order = await asks.order(shown.number, customer_id="c030")
    one = await asks.shipment(order.shipments[0].tracking_number)
    scan = structs.replace(one.events[0], text="快递员 13812345678 正在派送")
    parcels = [Tracked(one.carrier, one.tracking_number, structs.replace(one, events=(scan,)))]
    for masked, text in ((True, "快递员 138****5678 正在派送"), (False, scan.text)):
        row = order_row(order, (parcels, ()), CardWording("zh"), NOW, masked)
        assert row["card"]["shipments"][0]["events"][0]["text"] == text


async def test_customer_gets_their_order_in_their_language(
    demo_shop: RunningShop, book: Ledger, maker: CardMaker
) -> None:
    order = demo_shop.add_order("in_transit", "c030")
    made = await maker.card(await conversation(book, "c030", lang="en"), "order", order.number)
    assert made.card["number"] == order.number and made.card["state"]["label"] == "In transit"
    assert made.text.startswith(f"Order {order.number} (")
    assert made.card["shipments"][0]["events"]


async def test_order_of_somebody_else_makes_no_card(demo_shop: RunningShop, book: Ledger, maker: CardMaker) -> None:
    order = demo_shop.add_order("paid", "c031")
    for cid in (await conversation(book, "c030"), await conversation(book)):
        with pytest.raises(OrderNotFound):
            await maker.card(cid, "order", order.number)


async def test_strangers_order_is_proved_by_the_conversation(
    demo_shop: RunningShop, book: Ledger, maker: CardMaker
) -> None:
    order = demo_shop.add_order("paid", "c031")
    cid = await conversation(book, proved={"number": order.number, "phone_tail": order.phone_tail})
    assert (await maker.card(cid, "order", order.number)).card["number"] == order.number


async def test_case_has_a_card(demo_shop: RunningShop, book: Ledger, asks: ShopClient, maker: CardMaker) -> None:
    customer = demo_shop.add_customer()
    order = demo_shop.add_order("delivered", customer)
    receipt = await asks.open_case(
        order.number,
        Proof(customer_id=customer),
        CaseRequest("return", "no_reason", (CaseItem("CL01-1", 1),)),
        "key-of-a-return",
    )
    made = await maker.card(await conversation(book, customer), "case", receipt.number)
    assert set(made.card) == SUMMARY_KEYS
    assert (made.card["kind"], made.card["title"], made.card["number"]) == ("info", "退货", receipt.number)
    assert {"label": "退款", "value": f"¥{receipt.amount}", "strong": True} in made.card["rows"]
    assert receipt.number in made.text and f"¥{receipt.amount}" in made.text
    assert made.card["items"][0]["name"] == "羊绒围巾"
    with pytest.raises(OrderNotFound):
        await maker.card(await conversation(book, "c030"), "case", receipt.number)


async def test_product_has_a_card(book: Ledger, maker: CardMaker) -> None:
    made = await maker.card(await conversation(book), "product", "CL01-1")
    assert set(made.card) == SUMMARY_KEYS
    assert made.card["title"] == "羊绒围巾" and made.card["number"] == "CL01-1"
    price = made.card["items"][0]["price"]
    assert {"label": "价格", "value": f"¥{price}", "strong": True} in made.card["rows"]
    assert f"¥{price}" in made.text
    with pytest.raises(OrderNotFound):
        await maker.card(await conversation(book), "product", "NO-SUCH")


async def test_shop_that_is_down_is_told(demo_shop: RunningShop, book: Ledger, maker: CardMaker) -> None:
    order = demo_shop.add_order("in_transit", "c030")
    cid = await conversation(book, "c030")
    demo_shop.fault("orders", "down")
    for kind, number in (("order", order.number), ("case", "RT20261125000007")):
        with pytest.raises(ShopUnavailable):
            await maker.card(cid, kind, number)


async def test_carrier_that_is_slow_does_not_hold_the_card_back(
    demo_shop: RunningShop, book: Ledger, maker: CardMaker
) -> None:
    order = demo_shop.add_order("in_transit", "c030")
    demo_shop.fault("logistics", "slow", delay_s=20)
    made = await maker.card(await conversation(book, "c030"), "order", order.number)
    assert made.card["shipments"][0]["unavailable"] is True


async def test_order_that_tells_where_its_parcel_is_is_asked_alone(
    demo_shop: RunningShop, book: Ledger, asks: ShopClient
) -> None:
    shown = demo_shop.add_order("in_transit", "c030")
    order = await asks.order(shown.number, customer_id="c030")
    (parcel,) = order.shipments
    orders, parts = ShopperOrders(book, asks), Parts(1.0)
    asked = await orders.tracked(structs.replace(order, shipments=(structs.replace(parcel, tracking=None),)), parts)
    demo_shop.fault("logistics", "down")
    assert await orders.tracked(order, parts) == asked
    assert not asked[0].silent and asked[0].shipment


async def test_unknown_conversation_makes_no_card(maker: CardMaker) -> None:
    with pytest.raises(UnknownConversation):
        await maker.card("nobody", "product", "CL01-1")
