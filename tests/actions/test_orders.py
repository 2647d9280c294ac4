"""Customers who are signed in, orders that cannot be had, and what must never be revealed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import structs
from rasa.core.processor import MessageProcessor

from shop.client import ShopReplyInvalid, ShopUnauthorized, ShopUnavailable, TooManyAttempts
from shop.order import Item, Tracking
from tests.conversation import Conversation
from tests.shop_double import NOW, NUMBER, TAIL, ShopDouble, order

NUMBERS = [f"202611200000{n}" for n in range(50, 57)]


@pytest.fixture
def many(shop: ShopDouble) -> ShopDouble:
    """Seven orders of the customer."""
    double = ShopDouble(*(order(number, created_at=NOW - timedelta(days=age)) for age, number in enumerate(NUMBERS)))
    shop.orders, shop.shipments = double.orders, double.shipments
    return shop


async def test_one_order_is_shown_at_once(customer: Conversation) -> None:
    assert (await customer.says("我的订单到哪了")).card["number"] == NUMBER


async def test_no_orders(customer: Conversation, shop: ShopDouble) -> None:
    shop.orders.clear()
    answer = await customer.says("我的订单到哪了")
    assert "您的账号下还没有订单" in answer.text
    assert "转人工" in answer.buttons


async def test_several_orders_are_offered(customer: Conversation, many: ShopDouble) -> None:
    answer = await customer.says("我的快递怎么还没到")
    assert answer.text.endswith("您想看哪个订单？点一下，或者直接发订单号。")
    assert [payload.partition('"order_number": "')[2][:14] for payload in answer.buttons.values()] == NUMBERS[:5]
    assert answer.cards == []


async def test_choices_say_what_state_and_when(customer: Conversation, shop: ShopDouble) -> None:
    item = shop.orders[NUMBER].items[0]
    two = order("20261120000043", "delivered", items=(item, item))
    shop.orders[two.number] = two
    labels = list((await customer.says("我的订单到哪了")).buttons)
    assert labels[0].startswith("羊绒围巾 · 运输中 · ")
    assert labels[1].startswith("羊绒围巾 等 2 件 · 已签收 · ")
    assert labels[0].endswith("日")
    shown = await customer.presses("已签收")
    assert shown.card["number"] == two.number


async def test_choices_in_english(customer: Conversation, shop: ShopDouble) -> None:
    shop.orders["20261120000043"] = order("20261120000043", "delivered")
    answer = await customer.says("where is my order")
    assert "Which order" in answer.text
    assert any(" · Delivered · " in label for label in answer.buttons)


async def test_a_choice_is_remembered(customer: Conversation, many: ShopDouble) -> None:
    await customer.says("我的订单到哪了")
    chosen = (await customer.presses("羊绒围巾")).card["number"]
    assert (await customer.says("那它什么时候到")).card["number"] == chosen
    assert "您想看哪个订单" in (await customer.says("看看其他订单")).text


async def test_an_order_is_chosen_in_words(customer: Conversation, shop: ShopDouble) -> None:
    mouse = Item("s2", "无线鼠标", "黑色", 1, "89.00", None)
    shop.orders["20261119000077"] = order("20261119000077", "delivered", items=(mouse,))
    await customer.says("我的订单到哪了")
    assert (await customer.says("鼠标那个")).card["number"] == "20261119000077"
    assert (await customer.says("那它什么时候到")).card["number"] == "20261119000077"
    assert (await customer.says("第一个")).card["number"] == NUMBER
    answer = await customer.says("不是这个")
    assert len(answer.buttons) == 2
    assert (await customer.says("the last one")).card["number"] == "20261119000077"


async def test_words_that_fit_no_order_offer_the_list_again(customer: Conversation, many: ShopDouble) -> None:
    offered = (await customer.says("我的订单到哪了")).buttons
    for words in ("第九个", "围巾那个", "不知道单号", "都不是"):
        answer = await customer.says(words)
        assert answer.cards == []
        assert answer.buttons == offered
    assert (await customer.says("第二个")).card["number"] == NUMBERS[1]


async def test_what_was_offered_is_no_proof(customer: Conversation, many: ShopDouble) -> None:
    await customer.says("我的订单到哪了")
    customer.customer = None
    answer = await customer.says("第二个")
    assert answer.cards == []
    assert "订单号" in answer.text


async def test_a_wrong_number_leaves_the_list_open(customer: Conversation, many: ShopDouble) -> None:
    await customer.says("我的订单到哪了")
    assert "没有查到" in (await customer.says("20261120999999")).text
    assert (await customer.says("第三个")).card["number"] == NUMBERS[2]


async def test_who_has_one_order_is_told_so(customer: Conversation) -> None:
    await customer.says("我的订单到哪了")
    answer = await customer.says("查其他订单")
    assert "只有这一个订单" in answer.text
    assert answer.cards == []


async def test_signed_in_now(shopper: Conversation) -> None:
    await shopper.says("我的订单到哪了")
    shopper.customer = "c001"
    answer = await shopper.says("我登录了")
    assert (len(answer.texts), answer.card["number"]) == (1, NUMBER)


async def test_an_order_that_was_never_sent_waits_for_no_tracking_number(
    shopper: Conversation, shop: ShopDouble
) -> None:
    shop.orders[NUMBER] = order(state="cancelled")
    answer = await shopper.says(f"快递到哪了 {NUMBER} {TAIL}")
    assert "快递单号" not in answer.text
    assert "已取消" in answer.text


async def test_a_number_in_the_text_picks_directly(customer: Conversation, many: ShopDouble) -> None:
    await customer.says("我的订单到哪了")
    assert (await customer.says(NUMBERS[3])).card["number"] == NUMBERS[3]
    assert (await customer.says(f"帮我查{NUMBERS[5]}")).card["number"] == NUMBERS[5]


async def test_foreign_and_unknown_numbers_sound_the_same(assistant: MessageProcessor, shop: ShopDouble) -> None:
    foreign = await Conversation(assistant, customer="c002").says(NUMBER)
    unknown = await Conversation(assistant, customer="c002").says("20261120999999")
    assert foreign.texts == unknown.texts
    assert foreign.cards == unknown.cards == []
    assert "后四位" in foreign.text


async def test_a_customer_may_prove_an_order_by_phone(assistant: MessageProcessor, shop: ShopDouble) -> None:
    customer = Conversation(assistant, customer="c002")
    await customer.says(NUMBER)
    assert (await customer.says(TAIL)).card["number"] == NUMBER


async def test_a_customer_may_ask_for_their_own_again(assistant: MessageProcessor, shop: ShopDouble) -> None:
    customer = Conversation(assistant, customer="c001")
    await customer.says("20261120999999")
    assert (await customer.says("我的订单到哪了")).card["number"] == NUMBER


async def test_a_customer_may_not_guess_for_ever(assistant: MessageProcessor, shop: ShopDouble) -> None:
    customer = Conversation(assistant, customer="c002")
    await customer.says(NUMBER)
    await customer.says("1111")
    answer = await customer.says("1112")
    assert "不能再查了" in answer.text
    asked = len(shop.asked)
    assert "不能再查了" in (await customer.says(f"{NUMBER} {TAIL}")).text
    assert len(shop.asked) == asked


async def test_signing_in_in_the_middle(shopper: Conversation) -> None:
    await shopper.says("我的订单到哪了")
    shopper.customer = "c001"
    assert (await shopper.says("我的订单到哪了")).card["number"] == NUMBER


async def test_a_forged_choice_shows_nothing(assistant: MessageProcessor, shop: ShopDouble) -> None:
    forged = f'/choose_order{{"order_number":"{NUMBER}"}}'
    for customer in (None, "c002"):
        answer = await Conversation(assistant, customer=customer).says(forged)
        assert answer.cards == []
    assert all(customer_id in (None, "c002") for _, customer_id, _ in shop.asked)


@pytest.mark.parametrize(
    "entities", ['{"order_number":"20261120000042"}', '{"phone_tail":"3388"}', '{"order_number":["20261120000042"]}']
)
async def test_no_entity_is_a_proof(shopper: Conversation, entities: str) -> None:
    answer = await shopper.says("/order_status" + entities)
    assert answer.cards == []
    assert await shopper.slot("order_verified") is None


def test_slots_that_hold_proofs_have_no_source_outside_the_actions(assistant: MessageProcessor) -> None:
    for slot in assistant.domain.slots:
        if slot.name.startswith("order_") and slot.name not in ("order_number", "order_question"):
            assert [mapping["type"] for mapping in slot.mappings] == ["custom"], slot.name


@pytest.mark.parametrize("error", [ShopUnavailable, ShopReplyInvalid, ShopUnauthorized])
async def test_an_order_api_that_does_not_work(shopper: Conversation, shop: ShopDouble, error: type[Exception]) -> None:
    shop.orders_fail = error("no")
    answer = await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    assert "订单系统暂时没有回应" in answer.text
    assert answer.cards == []
    assert list(answer.buttons) == ["再试一次", "转人工"]
    assert "订单系统暂时没有回应" in (await shopper.presses("再试一次")).text
    shop.orders_fail = None
    assert (await shopper.presses("再试一次")).card["number"] == NUMBER


async def test_an_order_api_that_does_not_work_for_a_customer(customer: Conversation, shop: ShopDouble) -> None:
    shop.orders_fail = ShopUnavailable("no")
    assert "the order system is not answering" in (await customer.says("where is my order")).text
    shop.orders_fail = None
    assert (await customer.says("try again")).card["number"] == NUMBER


async def test_a_failed_look_up_is_no_wrong_pair(shopper: Conversation, shop: ShopDouble) -> None:
    shop.orders_fail = ShopUnavailable("no")
    for _ in range(4):
        await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    shop.orders_fail = None
    assert (await shopper.says("再试一次")).card["number"] == NUMBER


async def test_the_shop_says_it_has_been_too_many(shopper: Conversation, shop: ShopDouble) -> None:
    shop.orders_fail = TooManyAttempts("too_many_attempts")
    answer = await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    assert "不能再查了" in answer.text
    assert list(answer.buttons) == ["转人工"]


async def test_a_carrier_that_does_not_answer(shopper: Conversation, shop: ShopDouble) -> None:
    shop.carrier_fails = ShopUnavailable("no")
    answer = await shopper.says(f"快递到哪了 {NUMBER} {TAIL}")
    assert "快递公司暂时没有回应" in answer.text
    (parcel,) = answer.card["shipments"]
    assert parcel["unavailable"] is True
    assert parcel["events"] == []
    assert answer.card["items"][0]["name"] == "羊绒围巾"
    shop.carrier_fails = None
    assert (await shopper.presses("再试一次")).card["shipments"][0]["unavailable"] is False


async def test_an_order_that_tells_where_its_parcel_is_is_asked_alone(shopper: Conversation, shop: ShopDouble) -> None:
    (parcel,) = shop.orders[NUMBER].shipments
    known = shop.shipments[parcel.tracking_number]
    tracking = Tracking("out_for_delivery", known.estimated_delivery, known.events)
    shop.orders[NUMBER] = order(shipments=(structs.replace(parcel, tracking=tracking),))
    shop.carrier_fails = AssertionError("the carrier was asked")
    answer = await shopper.says(f"快递到哪了 {NUMBER} {TAIL}")
    assert known.events[0].text in answer.text
    (shown,) = answer.card["shipments"]
    assert (shown["state"]["code"], shown["unavailable"]) == ("out_for_delivery", False)


async def test_a_carrier_that_knows_nothing_yet(shopper: Conversation, shop: ShopDouble) -> None:
    shop.shipments.clear()
    answer = await shopper.says(f"快递到哪了 {NUMBER} {TAIL}")
    assert "还没有物流记录" in answer.text
    assert answer.card["shipments"][0]["unavailable"] is False


async def test_the_question_decides_what_is_stressed(shopper: Conversation) -> None:
    about_order = await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    assert about_order.text.startswith(f"订单 {NUMBER}")
    about_parcel = await shopper.says("快递到哪了")
    assert about_parcel.text.startswith("顺丰速运 SF")
    assert "最新物流：快件到达 第1站" in about_parcel.text


async def test_a_bug_is_said_aloud_and_counted(shopper: Conversation, shop: ShopDouble) -> None:
    shop.orders_fail = RuntimeError("a bug")
    answer = await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    assert answer.texts == ["抱歉，我这边出了点问题，这一步没有办成。您可以再试一次，或者转人工。"]
    assert await shopper.slot("action_failures") == 1
    assert "转人工" in answer.buttons
    shop.orders_fail = None
    assert (await shopper.presses("再试一次")).card["number"] == NUMBER
