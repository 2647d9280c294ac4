"""How well sentences are read that training has not seen: written for this test, in the ways that ten shoppers would."""

from __future__ import annotations

from typing import Any

import yaml
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from tests.conversation import ROOT

LOOKS_FOR_ORDER = {"order_status", "logistics"}
UNSEEN: list[tuple[str, set[str]]] = [
    ("在吗\n我的快递\n怎么还没到", LOOKS_FOR_ORDER),
    ("在吗 我的快递 怎么还没到", LOOKS_FOR_ORDER),
    ("亲，我上星期买的毛衣到现在都没有消息，能帮我看一下吗", LOOKS_FOR_ORDER),
    ("请问一下我的包裹现在到什么地方了呀", LOOKS_FOR_ORDER),
    ("到底啥时候发货啊你们", LOOKS_FOR_ORDER),
    ("你好我想问一下订单的情况", LOOKS_FOR_ORDER),
    ("东西怎么还没寄来", LOOKS_FOR_ORDER),
    ("還不出貨嗎", LOOKS_FOR_ORDER),
    ("hey where's my stuff, ordered last week", LOOKS_FOR_ORDER),
    ("my package didn't come yet", LOOKS_FOR_ORDER),
    ("Has my parcel been shipped?", LOOKS_FOR_ORDER),
    ("any idea when my stuff gets here?", LOOKS_FOR_ORDER),
    ("订单走到哪", LOOKS_FOR_ORDER),
    ("什么时候给我发货呀", LOOKS_FOR_ORDER),
    ("wo de kuaidi", LOOKS_FOR_ORDER),
    ("我要找人", {"human_agent"}),
    ("叫个人来处理", {"human_agent"}),
    ("能不能让真人回复我", {"human_agent"}),
    ("机器人听不懂，换人", {"human_agent"}),
    ("不是机器人，我要人工客服", {"human_agent"}),
    ("Can someone help me?", {"human_agent"}),
    ("I'd like to talk with a real agent", {"human_agent"}),
    ("connect me to support please", {"human_agent"}),
    ("单号我上哪儿去看呀", {"dont_know_number"}),
    ("我没有订单号怎么办", {"dont_know_number"}),
    ("号码我不记得了呢", {"dont_know_number"}),
    ("where would I find that number?", {"dont_know_number"}),
    ("i lost my number", {"dont_know_number"}),
    ("算啦不想查了", {"stop"}),
    ("别查了吧", {"stop"}),
    ("nah forget about it", {"stop"}),
    ("ok never mind then", {"stop"}),
    ("不对不对，是20261120000099", {"correct_number"}),
    ("单号写错啦，20261120000099", {"correct_number"}),
    ("sorry typo 20261120000099", {"correct_number"}),
    ("再帮我看看另外那个订单", {"another_order"}),
    ("还有一个订单想查", {"another_order"}),
    ("what about the other one I bought", {"another_order"}),
    ("七天内能退吗", {"return_policy"}),
    ("退货怎么弄", {"return_request"}),
    ("退款还没到账呢", {"refund_status"}),
    ("我要换个颜色", {"exchange"}),
    ("地址写错了，能改吗", {"change_address"}),
    ("能开个公司抬头的发票吗", {"invoice"}),
    ("付不了钱", {"payment_issue"}),
    ("有没有什么优惠", {"promotion"}),
    ("买贵了能补差价么", {"price_protection"}),
    ("多久能到货 现在买", {"stock_shipping"}),
    ("衣服会缩水吗", {"product_question"}),
    ("杯子收到就碎了", {"damaged_item"}),
    ("你们服务太差了", {"complaint"}),
    ("你好呀亲", {"greet"}),
    ("谢谢你啦亲爱的", {"thanks"}),
    ("你到底是什么人呀", {"bot_challenge"}),
    ("北京明天几度", {"out_of_scope", "nlu_fallback"}),
]
FIXED = {
    "我的订单到哪了": "order_status",
    "我的快递怎么还没到": "logistics",
    "在吗": "greet",
    "我要转人工": "human_agent",
    "Where is my order?": "order_status",
    "talk to a human": "human_agent",
}


async def test_unseen_sentences_are_mostly_understood(assistant: MessageProcessor) -> None:
    taught = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "data/nlu").glob("*.yml"))
    assert [text for text, _ in UNSEEN if f"- {text}\n" in taught] == []
    read = {text: await parsed(assistant, text) for text, _ in UNSEEN}
    missed = [text for text, wanted in UNSEEN if read[text]["intent"]["name"] not in wanted]
    wrong = [text for text in missed if not wanted_is_offered(read[text], dict(UNSEEN)[text])]
    assert len(missed) <= len(UNSEEN) // 4, missed
    assert len(wrong) <= len(UNSEEN) // 12, wrong


async def test_the_sentences_of_the_contract_are_always_understood(assistant: MessageProcessor) -> None:
    assert {text: await intent_of(assistant, text) for text in FIXED} == FIXED


async def test_there_are_enough_examples_of_what_matters_most() -> None:
    counted = {
        block["intent"]: (len([e for e in examples if not e.isascii()]), len([e for e in examples if e.isascii()]))
        for path in (ROOT / "data/nlu").glob("*.yml")
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for examples in [block["examples"].splitlines()]
    }
    for intent in (
        "order_status",
        "logistics",
        "human_agent",
        "dont_know_number",
        "stop",
        "correct_number",
        "another_order",
    ):
        chinese, english = counted[intent]
        assert chinese >= 60, intent
        assert english >= 25, intent


async def parsed(assistant: MessageProcessor, text: str) -> dict[str, Any]:
    return await assistant.parse_message(UserMessage(text))


async def intent_of(assistant: MessageProcessor, text: str) -> str:
    return str((await parsed(assistant, text))["intent"]["name"])


def wanted_is_offered(read: dict[str, Any], wanted: set[str]) -> bool:
    return not wanted.isdisjoint(read.get("readings") or [])
