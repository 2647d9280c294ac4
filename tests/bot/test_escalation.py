"""When a person takes over, and why: the rules over exchanges, and the policy in whole conversations with the trained model."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.processor import MessageProcessor

from bot.components.sources import PROJECT
from bot.escalation_rules import Escalation, EscalationFileError, Exchange, Phrases, Thresholds, mood_of
from tests.conversation import Conversation, load_assistant, trained_model
from tests.shop_double import ShopDouble, order


@pytest.fixture(scope="module")
def rules() -> Escalation:
    return Escalation(Phrases.from_file(PROJECT / "data/escalation.yml"), Thresholds())


def said(text: str, intent: str = "logistics", answer: str = "您的包裹正在运输中。", **more: object) -> Exchange:
    """One exchange that the bot has answered."""
    return Exchange(text, intent, answers=(answer,), said=text, **more)  # type: ignore[arg-type]


def now(text: str, intent: str = "logistics", **more: object) -> Exchange:
    """The latest message."""
    return Exchange(text, intent, said=text, **more)  # type: ignore[arg-type]


def rule_of(rules: Escalation, *exchanges: Exchange) -> str | None:
    decision = rules.decide(exchanges)
    return decision.rule if decision else None


def test_nothing_speaks_for_a_person(rules: Escalation) -> None:
    assert rule_of(rules, said("我的快递到哪了"), now("大概几点到")) is None


@pytest.mark.parametrize(
    "text",
    [
        "帮我转人工",
        "有没有管事的",
        "跟你们领导反映一下",
        "别用机器人回复",
        "talk to a manager please",
        "can someone call me",
    ],
)
def test_asks_for_a_person_in_other_words(rules: Escalation, text: str) -> None:
    assert rule_of(rules, now(text)) == "asked"


@pytest.mark.parametrize("signal", ["authority", "rejected"])
def test_who_asks_what_a_person_has_agreed_hears_it_from_the_bot(rules: Escalation, signal: str) -> None:
    """What sounds like a demand is a question that has an answer."""
    sounds = {signal: (0.9, ("答应",))}
    assert rule_of(rules, said("在吗"), now("客服答应我的呢", "complaint", signals=sounds)) == signal
    assert rule_of(rules, said("在吗"), now("客服答应我的呢", "ask_agreed", signals=sounds)) is None
    assert rule_of(rules, now("刚才那个客服答应我什么了", "ask_agreed")) is None
    assert rule_of(rules, now("帮我找刚才那个客服", "nlu_fallback")) == "asked"


def test_a_person_after_failures_is_more_urgent(rules: Escalation) -> None:
    calm, let_down = (
        rules.decide([now("人工", "human_agent")]),
        rules.decide([said("查订单", failed=True), now("人工", "human_agent")]),
    )
    assert calm is not None
    assert let_down is not None
    assert let_down.priority > calm.priority


def test_a_need_lasts_a_message_longer_when_nobody_came(rules: Escalation) -> None:
    unmet = said("我要转人工", "human_agent", "请问有什么可以帮您？")
    decision = rules.decide([unmet, now("订单一直在审核", "order_status")])
    assert decision is not None
    assert decision.reason == "上一句就该转人工: 顾客要求人工"
    assert rule_of(rules, unmet, now("谢谢", "thanks")) is None
    assert rule_of(rules, unmet, said("订单一直在审核", "order_status"), now("好的那什么时候发", "logistics")) is None


def test_the_same_question_is_known_by_its_likeliest_reading(rules: Escalation) -> None:
    first = said("能拦截吗", "cancel_order", "我们会拦截")
    again = now("到底能否拦截成功啊", "nlu_fallback", likely="cancel_order")
    assert rule_of(rules, first, again) == "asked_again"
    assert rule_of(rules, first, now("到底能否拦截成功啊", "nlu_fallback", likely="logistics")) is None


def test_a_burst_that_is_not_understood_is_one_failure(rules: Escalation) -> None:
    unanswered = Exchange("明细", "nlu_fallback", unsure=1.0)
    assert rule_of(rules, unanswered, now("开的是类别", "nlu_fallback", unsure=1.0)) is None
    answered = said("明细", "nlu_fallback", "没太明白", unsure=1.0)
    assert rule_of(rules, answered, now("开的是类别", "nlu_fallback", unsure=1.0)) == "unclear"


@pytest.mark.parametrize("text", ["人工草坪多少钱一平", "人工智能音箱有几个颜色"])
def test_a_thing_with_artificial_in_its_name_is_no_request_for_a_person(rules: Escalation, text: str) -> None:
    assert rule_of(rules, now(text, "product_question")) is None


@pytest.mark.parametrize("text", ["收到的是假货", "已经换了两次了又坏", "买到的就是假冒的"])
def test_counterfeits_and_repeated_repairs_need_a_person(rules: Escalation, text: str) -> None:
    assert rule_of(rules, now(text, "damaged_item")) == "authority"


def test_anger_names_its_words(rules: Escalation) -> None:
    decision = rules.decide([now("骗子!我打12315", anger=2, score=6.0, evidence=("骗子", "12315"))])
    assert decision is not None
    assert (decision.rule, decision.reason) == ("angry", "生气: 骗子, 12315")
    assert decision.evidence == ("骗子", "12315")


def test_annoyed_alone_gets_an_answer(rules: Escalation) -> None:
    assert rule_of(rules, now("怎么这么慢", anger=1, score=1.1, evidence=("这么慢",))) is None


def test_annoyed_again_and_again_gets_a_person(rules: Escalation) -> None:
    upset = {"anger": 1, "score": 1.7, "evidence": ("这么慢",)}
    first, second = said("怎么这么慢", **upset), said("太离谱", "hurry", **upset)
    assert mood_of([first, second]) < Thresholds().mood
    assert rule_of(rules, first, second, now("服了", "complaint", **upset)) in ("angry", "complaint")


def test_second_time_not_understood(rules: Escalation) -> None:
    decision = rules.decide([said("阿巴阿巴", "nlu_fallback", unsure=1.0), now("就那个嘛", "nlu_fallback", unsure=1.0)])
    assert decision is not None
    assert (decision.rule, decision.reason) == ("unclear", "第二次没听懂")


def test_asking_back_counts_half(rules: Escalation) -> None:
    words = ("那个怎么弄", "蓝色按钮", "周末嘛", "你猜")
    asked_back = [said(text, "nlu_fallback", f"您是想问{text}？", unsure=0.5) for text in words[:3]]
    latest = now(words[3], "nlu_fallback", unsure=0.5)
    assert rule_of(rules, *asked_back[:2], latest) is None
    assert rule_of(rules, *asked_back, latest) == "unclear"


def test_same_question_the_third_time(rules: Escalation) -> None:
    one, two = said("什么时候能发货", answer="48小时内"), said("什么时候能发货啊", answer="尽快")
    decision = rules.decide([one, two, now("到底什么时候能发货")])
    assert decision is not None
    assert "同一问题第三次问" in decision.reason
    assert rule_of(rules, one, now("什么时候能发货啊")) is None


def test_the_bot_repeats_itself_and_the_shopper_minds(rules: Escalation) -> None:
    same = "您的订单将在48小时内发出,请耐心等待。"
    assert rule_of(rules, said("发货没", answer=same), said("周一拍的了", "hurry", same), now("行吧", "ack")) is None
    assert (
        rule_of(rules, said("发货没", answer=same), said("周一拍的了", "hurry", same), now("啧", anger=1, score=1.0))
        is not None
    )


def test_a_calm_first_try_again_after_a_failure_is_let_through(rules: Escalation) -> None:
    failed = said("查订单", "order_status", failed=True)
    assert rule_of(rules, failed, now("再查一下", "try_again")) is None
    assert rule_of(rules, failed, failed, now("再查一下", "try_again")) == "failed"


@pytest.mark.parametrize("text", ["我问的不是这个", "试过了还是不行", "that's not what i asked", "答非所问"])
def test_answer_rejected(rules: Escalation, text: str) -> None:
    assert rule_of(rules, said("券用不了"), now(text)) == "rejected"
    assert rule_of(rules, now(text)) is None, "there is no answer to reject yet"


def test_correcting_a_number_rejects_nothing(rules: Escalation) -> None:
    assert rule_of(rules, said("查订单"), now("不对,是20261120000042", "correct_number")) is None


@pytest.mark.parametrize("text", ["插座冒烟了,我被电到了", "耽误我的损失谁来赔偿", "the charger caught fire"])
def test_what_needs_authority(rules: Escalation, text: str) -> None:
    assert rule_of(rules, now(text, "damaged_item")) == "authority"


def test_a_bad_list_is_named_with_its_line(tmp_path: Path) -> None:
    text = (PROJECT / "data/escalation.yml").read_text(encoding="utf-8")
    bad = tmp_path / "escalation.yml"
    bad.write_text(text.replace("- '^人工(", "- '^人工.*("), encoding="utf-8")
    with pytest.raises(EscalationFileError, match=r"escalation.yml, line \d+: the pattern \^人工"):
        Phrases.from_file(bad)
    bad.write_text(text.replace("authority:", "authorities:"), encoding="utf-8")
    with pytest.raises(EscalationFileError, match="authorities is not known here"):
        Phrases.from_file(bad)


@pytest.fixture(scope="module")
def assistant() -> MessageProcessor:
    return load_assistant(trained_model())


@pytest.fixture(autouse=True)
def shop(monkeypatch: pytest.MonkeyPatch) -> ShopDouble:
    from actions import shop as shop_of_actions

    double = ShopDouble(order())
    monkeypatch.setattr(shop_of_actions, "_shop", double, raising=False)
    shop_of_actions.use(double)
    return double


async def test_anger_is_handed_over_at_once_with_everything_known(assistant: MessageProcessor) -> None:
    shopper = Conversation(assistant)
    await shopper.says("我的订单到哪了")
    answer = await shopper.says("一群骗子!!再不发货我就打12315投诉你们")
    assert answer.handoff is not None
    assert answer.handoff.rule == "angry"
    assert "骗子" in answer.handoff.reason
    assert answer.handoff.priority >= 8
    assert answer.handoff.context["asked"][0]["intent"] == "order_status"
    assert answer.handoff.context["score"] >= 2
    assert "抱歉" in answer.text


async def test_the_same_conversation_is_decided_the_same_way(assistant: MessageProcessor) -> None:
    async def play() -> list[object]:
        shopper = Conversation(assistant)
        return [(await shopper.says(text)).handoff for text in ("优惠券用不了", "我问的不是这个", "你们太过分了")]

    assert await play() == await play()


async def test_an_annoyed_shopper_gets_an_apology_and_the_answer(assistant: MessageProcessor) -> None:
    answer = await Conversation(assistant).says("退款都等了好几天了怎么还没到账,无语")
    if answer.handoff is None:
        assert answer.text.startswith("抱歉")


async def test_after_a_handoff_counting_starts_afresh(assistant: MessageProcessor) -> None:
    shopper = Conversation(assistant)
    assert (await shopper.says("转人工")).handoff is not None
    assert (await shopper.says("我的订单到哪了")).handoff is None


def test_an_answer_to_a_task_is_no_rejection(rules: Escalation) -> None:
    """都找遍了没有啊 answers a question; by itself it would be heard as an answer turned down."""
    learnt = {"rejected": (0.95, ("没有",)), "authority": (0.9, ("没有",))}
    asked = said("显示签收没收到", answer="请先看看门口")
    assert rule_of(rules, asked, now("都找遍了没有啊", signals=learnt)) is not None
    assert rule_of(rules, asked, now("都找遍了没有啊", signals=learnt, in_task=True)) is None
    angry = now("都找遍了没有啊", signals=learnt, in_task=True, anger=2, score=2.0, evidence=("垃圾",))
    assert rule_of(rules, asked, angry) == "angry"
