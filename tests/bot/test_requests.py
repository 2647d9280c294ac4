"""Several requests in one message are each answered, in order; one request stays one."""

from __future__ import annotations

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from bot.components.labels import label_of_intents
from bot.requests import clauses_of, requests_in, without_repeats
from tests.conversation import Conversation, load_assistant, trained_model


@pytest.fixture(scope="module")
def assistant() -> MessageProcessor:
    return load_assistant(trained_model())


def test_clauses_are_cut_at_punctuation_and_before_another_matter() -> None:
    assert clauses_of("快递到哪了?另外发票怎么开") == ["快递到哪了?", "另外发票怎么开"]
    assert clauses_of("where is it and how do I return it") == ["where is it ", "and how do I return it"]
    assert clauses_of("在吗") == ["在吗"]


def test_what_is_said_twice_is_said_where_it_came_last() -> None:
    assert without_repeats(["ask", "answer", "ask"]) == ["answer", "ask"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("退货的话优惠券还退吗,另外发票咋开", 2),
        ("怎么申请退货?另外发票怎么开", 2),
        ("我要开发票,还有支持货到付款吗", 2),
        ("Where is my order? Also, how do I use a coupon?", 2),
        ("我的快递三天没动了,怎么回事啊", 1),
        ("你好,在吗,我想问下退货怎么弄", 1),
        ("这个杯子收到就碎了,谢谢", 1),
        ("Where is my parcel? It is so late.", 1),
    ],
)
async def test_requests_of_a_message(assistant: MessageProcessor, text: str, count: int) -> None:
    async def read(clause: str) -> dict:
        return await assistant.parse_message(UserMessage(clause))

    assert len(await requests_in(text, read, label_of_intents())) == count


async def test_both_are_answered_in_order(assistant: MessageProcessor) -> None:
    one, other = (
        (await Conversation(assistant).says("怎么申请退货?")).texts,
        (await Conversation(assistant).says("发票怎么开")).texts,
    )
    both = (await Conversation(assistant).says("怎么申请退货?另外发票怎么开")).texts
    assert both == [*other, *one], "what is asked for stands last"


async def test_a_request_set_apart_is_answered_by_its_likely_reading(assistant: MessageProcessor) -> None:
    answer = await Conversation(assistant).says("退货的话优惠券还退吗,另外发票咋开")
    assert len(answer.texts) == 2
    assert "不太确定" not in "".join(answer.texts)
    assert "发票" in answer.texts[1]
