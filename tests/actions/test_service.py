"""Answers with figures take every figure from today's terms, and say it in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import service, shop_terms
from actions.service import TOPICS, AnswerService
from actions.wording import Wording
from terms.returns import RefundPath
from tests.conversation import ROOT

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
WITHOUT_FIGURE = {"gift_item", "payment_methods"}


async def answer(intent: str, language: str = "zh") -> str:
    """What is said, filled as Rasa fills it."""
    tracker = Tracker(
        "c1", {"language": language}, {"intent": {"name": intent}}, [], False, None, {}, "action_answer_service"
    )
    dispatcher = CollectingDispatcher()
    assert await AnswerService().run(dispatcher, tracker, DOMAIN) == []
    (message,) = dispatcher.messages
    values = {name: value for name, value in message.items() if isinstance(value, str) and name != "response"}
    return Wording(DOMAIN, language).text(message["response"], **values)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("intent", sorted(TOPICS))
async def test_every_answer_is_complete(intent: str, language: str) -> None:
    said = await answer(intent, language)
    assert "{" not in said
    assert bool(re.search(r"\d", said)) is (intent not in WITHOUT_FIGURE)
    assert len(re.findall(r"。|\.(?:\s|$)", said.replace("art. ", ""))) <= 3, "three sentences at most"
    assert bool(re.search(r"[\u4e00-\u9fff]", said)) is (language == "zh")


@pytest.mark.parametrize("intent", sorted(TOPICS))
def test_no_figure_stands_in_the_wording(intent: str) -> None:
    for variation in DOMAIN["responses"][TOPICS[intent](Wording(DOMAIN, "zh")).response]:
        assert set(re.findall(r"\d+", variation["text"])) <= {"22", "55"}, "only the law's articles are written out"
        assert variation["buttons"][0]["payload"] == "/human_agent"


def test_rules_and_answers_belong_together() -> None:
    led = {
        step["intent"]
        for path in (ROOT / "data/rules").glob("*.yml")
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
        for step, after in zip(rule["steps"], rule["steps"][1:])  # noqa: B905
        if after.get("action") == "action_answer_service"
    }
    assert led == set(TOPICS)


@pytest.mark.parametrize(
    ("terms", "changed", "intent", "language", "said"),
    [
        ("returns", {"warranty_days": 730}, "warranty", "zh", "730天"),
        ("returns", {"fraud_least": 100050}, "authenticity", "en", "at least ¥1000.50"),
        ("returns", {"refund_days": 3}, "refund_terms", "zh", "收到商品后3天"),
        ("returns", {"gifts": "with_all"}, "gift_item", "zh", "只退一部分的赠品可以留下"),
        ("returns", {"gifts": "with_any"}, "gift_item", "en", "with any part of the order"),
        (
            "promotions",
            {"free_shipping_from": 12900, "shipping_fee": 950},
            "shipping_fee",
            "zh",
            "满129元包邮，不满的运费9.50元",
        ),
        ("promotions", {"free_shipping_from": 0}, "shipping_fee", "zh", "全场包邮"),
        ("promotions", {"shipping_fee": 0}, "shipping_fee", "en", "Postage is free for every order"),
        ("service", {"near_days": 3, "far_days": 9}, "delivery_time", "en", "about 3 days, or 9 to"),
        ("service", {"ship_within_hours": 24}, "delivery_time", "zh", "24小时内发货"),
        ("service", {"ship_within_hours": 24}, "stock_shipping", "zh", "24小时内发货"),
        ("service", {"payment": ("cash", "wechat")}, "payment_methods", "zh", "可以用现金、微信支付付款"),
        ("service", {"payment": ("alipay", "balance")}, "refund_terms", "zh", "：支付宝1天、账户余额即时。"),
        (
            "service",
            {"payment": ("cash", "card")},
            "refund_terms",
            "en",
            ": cash (to your balance) 1, your bank card 7.",
        ),
        ("service", {"instalments": (3, 24)}, "credit_pay", "zh", "可以分3、24期"),
        ("service", {"instalments": ()}, "credit_pay", "en", "no payment in instalments"),
        (
            "service",
            {"invoice_days": 5, "invoice_within_days": 90},
            "invoice",
            "zh",
            "90天内都可以申请，一般在送达后5天内",
        ),
    ],
)
async def test_the_figures_are_those_of_the_terms(
    monkeypatch: pytest.MonkeyPatch, terms: str, changed: dict[str, Any], intent: str, language: str, said: str
) -> None:
    other = replace(getattr(shop_terms, f"{terms}_today")(), **changed)
    monkeypatch.setattr(service, f"{terms}_today", lambda: other)
    assert said in await answer(intent, language)


async def test_a_refund_that_goes_elsewhere_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    terms = shop_terms.returns_today()
    paths = {**terms.refund_paths, "alipay": RefundPath("balance", 0), "card": RefundPath("origin", 0)}
    monkeypatch.setattr(service, "returns_today", lambda: replace(terms, refund_paths=paths))
    said = await answer("refund_terms")
    assert "支付宝（退到账户余额）即时、" in said
    assert "银行卡即时、" in said


async def test_a_day_without_terms_is_admitted(monkeypatch: pytest.MonkeyPatch) -> None:
    shop_terms.use_today(lambda: date(1999, 1, 1))
    try:
        tracker = Tracker("c1", {}, {"intent": {"name": "warranty"}}, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        await AnswerService().run(dispatcher, tracker, DOMAIN)
    finally:
        shop_terms.use_today(None)
    assert [message["response"] for message in dispatcher.messages] == ["utter_action_failed"]


def test_terms_are_read_once_and_the_day_is_the_shops() -> None:
    for terms in (shop_terms.returns_today, shop_terms.promotions_today, shop_terms.service_today):
        assert terms() is terms()
    shop_terms.use_today(lambda: date(2026, 11, 11))
    assert shop_terms.today() == date(2026, 11, 11)
    shop_terms.use_today(None)
    assert abs((shop_terms.today() - date.today()).days) <= 1
