"""A stranger asks where an order is: the form in every order, and every way out of it."""

from __future__ import annotations

import pytest

from tests.conversation import Conversation
from tests.shop_double import NUMBER, TAIL, ShopDouble

OTHER = "20261120000041"
ASKS_BOTH = "请告诉我订单号，以及收货手机号的后四位"
ASKS_NUMBER = "请再告诉我订单号"
ASKS_TAIL = "请再告诉我收货手机号的后四位"
NOT_FOUND = "没有查到"
OVER = "这次会话里不能再查了"


@pytest.mark.parametrize("question", ["我的订单到哪了", "我的快递怎么还没到", "查订单", "訂單出貨了嗎"])
async def test_asks_for_number_and_tail(shopper: Conversation, question: str) -> None:
    answer = await shopper.says(question)
    assert answer.text.endswith(f"{ASKS_BOTH}，可以一起发给我。")
    assert len(answer.texts) == 1


async def test_number_then_tail(shopper: Conversation) -> None:
    await shopper.says("我的订单到哪了")
    assert ASKS_TAIL in (await shopper.says(NUMBER)).text
    assert (await shopper.says(TAIL)).card["number"] == NUMBER


async def test_tail_then_number(shopper: Conversation) -> None:
    await shopper.says("我的订单到哪了")
    assert ASKS_NUMBER in (await shopper.says("尾号3388")).text
    assert (await shopper.says(f"单号{NUMBER}")).card["number"] == NUMBER


@pytest.mark.parametrize(
    "both",
    [
        f"订单{NUMBER} 尾号{TAIL}",
        f"{TAIL} {NUMBER}",
        f"{NUMBER}，手机13800133388",
        "２０２６１１２０００００４２　３３８８",
        "2026-1120-000042 138-0013-3388",
        "二零二六一一二零零零零零四二 三三八八",
        f"單號{NUMBER} 手機尾號{TAIL}",
    ],
)
async def test_both_at_once(shopper: Conversation, both: str) -> None:
    await shopper.says("我的订单到哪了")
    assert (await shopper.says(both)).card["number"] == NUMBER


async def test_everything_in_the_first_message(shopper: Conversation) -> None:
    assert (await shopper.says(f"订单{NUMBER} 尾号{TAIL} 到哪了")).card["number"] == NUMBER


async def test_a_bare_number_starts_the_form(shopper: Conversation) -> None:
    assert ASKS_TAIL in (await shopper.says(NUMBER)).text
    assert (await shopper.says(TAIL)).card["number"] == NUMBER


async def test_does_not_know_the_number(shopper: Conversation) -> None:
    await shopper.says("我的订单到哪了")
    answer = await shopper.says("不知道单号")
    assert all(words in answer.text for words in ("我的订单", "短信", "登录"))
    assert "转人工" in answer.buttons
    assert len(answer.texts) == 1
    await shopper.says(NUMBER)
    assert (await shopper.says(TAIL)).card["number"] == NUMBER


@pytest.mark.parametrize("words", ["后四位忘了", "为什么要手机号", "哪个手机号", "我手机号换了", "which phone number"])
async def test_a_question_about_the_phone_keeps_the_form_open(shopper: Conversation, words: str) -> None:
    await shopper.says("我的订单到哪了")
    await shopper.says(NUMBER)
    answer = await shopper.says(words)
    assert len(answer.texts) == 1
    assert "收货手机号" in answer.text or "given for delivery" in answer.text
    assert (await shopper.says(TAIL)).card["number"] == NUMBER


@pytest.mark.parametrize("words", ["查物流SF1120000000042", "我的快递单号是434099544841333a到哪了"])
async def test_a_tracking_number_is_told_from_an_order_number(shopper: Conversation, words: str) -> None:
    answer = await shopper.says(words)
    assert "快递单号我查不了" in answer.text
    assert (await shopper.says(f"{NUMBER} {TAIL}")).card["number"] == NUMBER


@pytest.mark.parametrize("words", ["我不记得手机号", "i dont have my phone"])
async def test_what_is_not_known_is_what_was_asked_for(shopper: Conversation, words: str) -> None:
    await shopper.says(f"订单{NUMBER}")
    answer = await shopper.says(words)
    assert "收货手机号" in answer.text or "given for delivery" in answer.text


async def test_a_number_in_words_that_are_not_understood_still_counts(shopper: Conversation) -> None:
    answer = await shopper.says(f"饕餮魑魅 {NUMBER} 魍魉貔貅")
    assert ASKS_TAIL in answer.text
    assert (await shopper.says("33 88")).card["number"] == NUMBER


async def test_not_this_one_asks_for_another(shopper: Conversation) -> None:
    await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    assert ASKS_BOTH in (await shopper.says("不是这个")).text


async def test_where_to_find_the_number_is_told_outside_the_form_too(shopper: Conversation) -> None:
    assert "我的订单" in (await shopper.says("订单号在哪里看")).text


async def test_wrong_pair_then_only_the_tail(shopper: Conversation, shop: ShopDouble) -> None:
    await shopper.says("我的订单到哪了")
    answer = await shopper.says(f"{NUMBER} 1111")
    assert NOT_FOUND in answer.text
    assert answer.cards == []
    assert (await shopper.says(TAIL)).card["number"] == NUMBER
    assert shop.asked == [(NUMBER, None, "1111"), (NUMBER, None, TAIL)]


async def test_wrong_pair_then_only_the_number(shopper: Conversation) -> None:
    await shopper.says("我的订单到哪了")
    await shopper.says(f"{OTHER} {TAIL}")
    assert (await shopper.says(NUMBER)).card["number"] == NUMBER


async def test_wrong_pair_then_both(shopper: Conversation, shop: ShopDouble) -> None:
    await shopper.says(f"我的订单到哪了 {OTHER} 1111")
    assert (await shopper.says(f"{NUMBER} {TAIL}")).card["number"] == NUMBER
    assert shop.asked[-1] == (NUMBER, None, TAIL)


async def test_unknown_order_and_wrong_tail_sound_the_same(shopper: Conversation) -> None:
    wrong_tail = await shopper.says(f"订单到哪了 {NUMBER} 1111")
    unknown = await shopper.says(f"{OTHER} {TAIL}")
    assert wrong_tail.texts == unknown.texts
    assert wrong_tail.buttons == unknown.buttons


async def test_third_wrong_pair_ends_it(shopper: Conversation, shop: ShopDouble) -> None:
    await shopper.says("我的订单到哪了")
    for tail in ("1111", "1112"):
        assert NOT_FOUND in (await shopper.says(f"{NUMBER} {tail}")).text
    answer = await shopper.says("1113")
    assert OVER in answer.text
    assert list(answer.buttons) == ["转人工"]
    for attempt in (f"{NUMBER} {TAIL}", "我的订单到哪了", f"换个订单 {NUMBER}", "再试一次"):
        answer = await shopper.says(attempt)
        assert OVER in answer.text or answer.handoff, "a person takes over when the same answer comes again"
        assert answer.cards == []
    assert len(shop.asked) == 3
    answer = await shopper.presses("转人工")
    assert answer.handoff is not None
    assert answer.handoff.priority == 5


async def test_an_order_shown_before_stays_open_after_three_wrong_ones(shopper: Conversation) -> None:
    await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    for number in ("20261120000001", "20261120000002", "20261120000003"):
        answer = await shopper.says(f"换个订单 {number}")
    assert OVER in answer.text
    assert (await shopper.says("我的快递到哪了")).card["number"] == NUMBER


@pytest.mark.parametrize("words", ["算了", "不查了", "不用了谢谢", "不"])
async def test_changes_their_mind(shopper: Conversation, words: str) -> None:
    await shopper.says("我的订单到哪了")
    await shopper.says(NUMBER)
    answer = await shopper.says(words)
    assert answer.texts == ["好的，不查了。需要的时候再叫我。"]
    assert await shopper.slot("requested_slot") is None
    assert ASKS_BOTH in (await shopper.says("我的订单到哪了")).text


async def test_wants_a_person_in_the_middle(shopper: Conversation) -> None:
    await shopper.says("我的订单到哪了")
    answer = await shopper.says("转人工")
    assert answer.handoff is not None
    assert len(answer.texts) == 1
    assert await shopper.slot("requested_slot") is None


@pytest.mark.parametrize(
    ("words", "response"),
    [
        ("能开发票吗", "开发票"),
        ("在吗", "智能助手"),
        ("你是机器人吗", "不是真人"),
        ("谢谢", "不客气"),
        ("讲个笑话", "帮不上忙"),
    ],
)
async def test_another_question_is_answered_and_the_form_goes_on(
    shopper: Conversation, words: str, response: str
) -> None:
    await shopper.says("我的订单到哪了")
    answer = await shopper.says(words)
    assert response in answer.texts[0]
    assert answer.texts[1] == "如果还要查订单，请把订单号和手机号后四位发给我。"
    await shopper.says(NUMBER)
    answer = await shopper.says(words)
    assert response in answer.texts[0]
    assert ASKS_TAIL in answer.texts[1]
    assert (await shopper.says(TAIL)).card["number"] == NUMBER


@pytest.mark.parametrize("words", ["好的", "稍等我找找", "嗯嗯", "可以"])
async def test_is_given_time(shopper: Conversation, words: str) -> None:
    await shopper.says("我的订单到哪了")
    answer = await shopper.says(words)
    assert answer.texts == ["好的，不着急。找到订单号和手机号后四位，发给我就行。"]
    assert (await shopper.says(f"{NUMBER} {TAIL}")).card["number"] == NUMBER


@pytest.mark.parametrize("words", ["12345", "饕餮xyzzy", "😀😀"])
async def test_what_is_no_number_gets_a_hint(shopper: Conversation, words: str) -> None:
    await shopper.says("我的订单到哪了")
    answer = await shopper.says(words)
    assert answer.texts == ["我没看出订单号或手机号后四位。订单号是 14 位数字，手机号只要后四位。"]
    assert (await shopper.says(f"{NUMBER} {TAIL}")).card["number"] == NUMBER


async def test_asks_again_and_is_asked_again(shopper: Conversation) -> None:
    await shopper.says("我的订单到哪了")
    assert ASKS_BOTH in (await shopper.says("我的快递怎么还没到")).text
    await shopper.says(NUMBER)
    assert ASKS_TAIL in (await shopper.says("到底在哪里啊我的订单")).text


async def test_corrects_the_number_in_the_middle(shopper: Conversation, shop: ShopDouble) -> None:
    await shopper.says("我的订单到哪了")
    await shopper.says(OTHER)
    assert ASKS_TAIL in (await shopper.says(f"不对,单号是{NUMBER}")).text
    assert (await shopper.says(TAIL)).card["number"] == NUMBER
    assert shop.asked == [(NUMBER, None, TAIL)]


async def test_says_it_was_wrong_without_a_new_number(shopper: Conversation) -> None:
    await shopper.says("我的订单到哪了")
    await shopper.says(OTHER)
    assert ASKS_BOTH in (await shopper.says("输错了")).text
    assert (await shopper.says(f"{NUMBER} {TAIL}")).card["number"] == NUMBER


async def test_another_order_in_the_middle(shopper: Conversation) -> None:
    await shopper.says("我的订单到哪了")
    await shopper.says(OTHER)
    await shopper.says(f"换个订单 {NUMBER}")
    assert (await shopper.says(TAIL)).card["number"] == NUMBER


async def test_a_follow_up_is_about_the_same_order(shopper: Conversation) -> None:
    await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    for question in ("那它什么时候到", "我的订单到哪了", "快递单号多少"):
        assert (await shopper.says(question)).card["number"] == NUMBER


async def test_another_order_is_asked_for_anew(shopper: Conversation) -> None:
    await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    assert ASKS_BOTH in (await shopper.says("另一个订单")).text


async def test_another_order_by_number_goes_with_the_phone_that_was_right(
    shopper: Conversation, shop: ShopDouble
) -> None:
    await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    await shopper.says(f"换个订单 {OTHER}")
    assert shop.asked[-1] == (OTHER, None, TAIL)
    assert (await shopper.says(f"不对,单号是{NUMBER}")).card["number"] == NUMBER


async def test_stopping_brings_back_the_order_shown_before(shopper: Conversation) -> None:
    await shopper.says(f"订单到哪了 {NUMBER} {TAIL}")
    await shopper.says("另一个订单")
    await shopper.says("算了")
    assert (await shopper.says("那它什么时候到")).card["number"] == NUMBER


async def test_english_from_start_to_end(shopper: Conversation) -> None:
    shopper.lang = "en"
    assert "order number and the last four digits" in (await shopper.says("Where is my order?")).text
    assert "My orders" in (await shopper.says("I don't know my order number")).text
    assert "last four digits" in (await shopper.says("2026-1120-000042")).text
    answer = await shopper.says("1111")
    assert answer.text.startswith("I found nothing")
    answer = await shopper.says("sorry, it's 3388")
    assert answer.card["state"] == {"code": "in_transit", "label": "In transit"}
    assert answer.card["next"].startswith("It should arrive on")
    assert list(answer.buttons) == ["Another order", "Talk to a person"]


@pytest.mark.parametrize("words", ["never mind", "forget it", "stop"])
async def test_english_change_of_mind(shopper: Conversation, words: str) -> None:
    await shopper.says("track my package", lang="en")
    assert "I've stopped" in (await shopper.says(words)).text


async def test_english_third_wrong_pair(shopper: Conversation) -> None:
    await shopper.says("where is my order")
    for _ in range(3):
        answer = await shopper.says(f"order {NUMBER} phone 1111")
    assert "can't look up any more" in answer.text
    assert list(answer.buttons) == ["Talk to a person"]


async def test_english_digression(shopper: Conversation) -> None:
    await shopper.says("where is my order")
    answer = await shopper.says("can I get an invoice")
    assert "invoice" in answer.texts[0]
    assert "still want to check an order" in answer.texts[1]
