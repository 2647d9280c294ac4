"""Every topic is recognised and answered truthfully, in both languages; what is not understood is admitted."""

from __future__ import annotations

import pytest
import yaml
from rasa.core.processor import MessageProcessor

from actions.topics import TOPICS as ORDER_TOPICS
from tests.conversation import ROOT, Conversation

TOPICS = [
    ("退货政策是什么样的", "return_policy"),
    ("我想退货", "return_request"),
    ("我的退款什么时候到账", "refund_status"),
    ("想换个大一码", "exchange"),
    ("帮我把订单取消了", "cancel_order"),
    ("收货地址填错了想改一下", "change_address"),
    ("可以给我开发票吗", "invoice"),
    ("一直付款失败", "payment_issue"),
    ("优惠券怎么不能用", "coupon"),
    ("刚买就降价了能退差价吗", "price_protection"),
    ("这款还有没有货", "stock_shipping"),
    ("这个是什么材质的", "product_question"),
    ("保修期多久", "warranty"),
    ("收到的杯子碎了", "damaged_item"),
    ("账号登不上去", "account"),
    ("催一下", "hurry"),
    ("急死了", "complaint"),
    ("下了单找不到订单", "order_missing"),
    ("订单怎么自己被取消了", "order_cancelled"),
    ("两个订单能合并成一个吗", "order_change"),
    ("提交订单老是失败不知道怎么下单", "ordering_help"),
    ("显示已签收可是我没拿到", "delivery_problem"),
    ("能送货上门吗", "delivery_options"),
    ("邮费是多少", "shipping_fee"),
    ("退货寄到哪个地址", "return_logistics"),
    ("售后单审核到哪一步了", "after_sales_progress"),
    ("退款会退到哪张卡", "refund_terms"),
    ("少发了一双袜子", "missing_item"),
    ("这个机器怎么连蓝牙", "product_usage"),
    ("是正品吗", "authenticity"),
    ("什么时候来安装空调", "installation"),
    ("赠品没有给我", "gift_item"),
    ("定金能退吗", "presale"),
    ("会员有什么权益", "membership"),
    ("支持货到付款吗", "payment_methods"),
    ("白条怎么还款", "credit_pay"),
    ("礼品卡怎么用", "gift_card"),
    ("怎么修改评价", "review_help"),
    ("旧手机可以回收吗", "other_service"),
    ("你们家东西真好用,点个赞", "feedback"),
    ("What's your return policy?", "return_policy"),
    ("I want to return my shoes", "return_request"),
    ("Where is my refund?", "refund_status"),
    ("Can I exchange it for a bigger size?", "exchange"),
    ("Please cancel my order", "cancel_order"),
    ("I need to change my delivery address", "change_address"),
    ("I need an invoice please", "invoice"),
    ("My payment failed", "payment_issue"),
    ("cancel it", "cancel_order"),
    ("please hurry up", "hurry"),
    ("Do you have any coupons?", "coupon"),
    ("Can I get the price difference back?", "price_protection"),
    ("Is this in stock?", "stock_shipping"),
    ("What material is it?", "product_question"),
    ("How long is the warranty?", "warranty"),
    ("My item arrived broken", "damaged_item"),
    ("I can't log in to my account", "account"),
]


ABOUT_AN_ORDER = {intent for topic in ORDER_TOPICS.values() for intent in topic.intents} - {"return_policy"}
ABOUT_AN_ORDER |= {"order_cancelled"}


@pytest.mark.parametrize(("words", "intent"), TOPICS)
async def test_a_topic_is_answered_or_its_order_asked_for(shopper: Conversation, words: str, intent: str) -> None:
    answer = await shopper.says(words)
    assert len(answer.texts) == 1
    if answer.intent == "nlu_fallback":
        assert f"/{intent}" in answer.buttons.values(), "it may ask back, with the right reading among the buttons"
        return
    assert answer.intent == intent
    if intent in ABOUT_AN_ORDER:
        assert "订单号" in answer.text or "order number" in answer.text
    else:
        assert "/human_agent" in answer.buttons.values()


async def test_most_topics_are_answered_without_asking_back(assistant: MessageProcessor) -> None:
    read = [await Conversation(assistant).says(words) for words, _ in TOPICS]
    assert sum(answer.intent == "nlu_fallback" for answer in read) <= len(TOPICS) // 10


@pytest.mark.parametrize("words", ["我要投诉你们", "I want to make a complaint", "傻逼"])
async def test_complaints_and_abuse_go_to_a_person(shopper: Conversation, words: str) -> None:
    answer = await shopper.says(words)
    assert answer.handoff is not None
    assert answer.handoff.rule in ("complaint", "angry")
    assert answer.handoff.priority >= 7


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("在吗", "智能助手"),
        ("hello", "virtual assistant"),
        ("谢谢", "不客气"),
        ("说中文", "中文和英文"),
        ("speak English please", "Chinese and English"),
        ("thank you", "welcome"),
        ("再见", "再见"),
        ("bye", "Goodbye"),
        ("你是机器人吗", "不是真人"),
        ("are you a bot?", "not a person"),
        ("给我讲个笑话", "帮不上忙"),
        ("tell me a joke", "can't help with that"),
    ],
)
async def test_small_talk(shopper: Conversation, words: str, expected: str) -> None:
    assert expected in (await shopper.says(words)).text


@pytest.mark.parametrize("words", ["饕餮", "😀", "?", "。。。", "123", "\u200b", " "])
async def test_what_is_not_understood_is_admitted(shopper: Conversation, words: str) -> None:
    answer = await shopper.says(words)
    assert answer.intent == "nlu_fallback"
    assert len(answer.texts) == 1
    assert "/human_agent" in answer.buttons.values()


async def test_what_is_not_certain_is_asked_back(shopper: Conversation) -> None:
    answer = await shopper.says("东西怎么还没寄来")
    assert "不太确定" in answer.text
    assert 3 <= len(answer.buttons) <= 4
    assert list(answer.buttons.values())[-1] == "/human_agent"
    assert "/logistics" in answer.buttons.values()
    assert "订单号" in (await shopper.presses(next(t for t, p in answer.buttons.items() if p == "/logistics"))).text


async def test_the_language_follows_the_shopper_and_survives_digits(shopper: Conversation) -> None:
    assert "order number" in (await shopper.says("where is my order")).text
    assert "last four digits" in (await shopper.says("20261120000042")).text
    assert "订单号" in (await shopper.says("不知道单号")).text


async def test_the_first_language_is_that_of_the_page(assistant: MessageProcessor) -> None:
    answer = await Conversation(assistant, lang="en").says("😀")
    assert answer.text.startswith("Sorry")
    answer = await Conversation(assistant, lang=None).says("😀")
    assert answer.text.startswith("抱歉")


def test_every_intent_has_a_rule_and_examples(assistant: MessageProcessor) -> None:
    ruled = {
        step["intent"]
        for path in (ROOT / "data/rules").glob("*.yml")
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
        for step in rule["steps"]
        if "intent" in step
    }
    taught = {
        block["intent"]: block["examples"].splitlines()
        for path in (ROOT / "data/nlu").glob("*.yml")
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    }
    own = {
        intent
        for intent in assistant.domain.intents
        if intent not in ("back", "restart", "session_start", "out_of_scope")
    }
    assert own <= ruled
    assert own - set(taught) == {"nlu_fallback"}


def test_no_example_is_taught_twice() -> None:
    seen: dict[str, str] = {}
    for path in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                example = line.removeprefix("- ").strip().lower()
                assert example not in seen, f"{example}: {seen[example]} and {block['intent']}"
                seen[example] = block["intent"]
