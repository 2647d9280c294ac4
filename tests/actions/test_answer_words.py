"""By which words a task's questions are answered, and what is said about a file that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions import answer_words
from actions.answer_words import AnswerWordsError, facts_with_words, says, words_of
from actions.topics import TOPICS


def meaning(topic: str, fact: str, text: str) -> str | None:
    return TOPICS[topic].read(fact, text)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("尺码太小了", "no_reason"), ("不想要了", "no_reason"), ("7天无理由", "no_reason"), ("doesn't fit", "no_reason"),
        ("收到就碎了", "damaged"), ("it arrived broken", "damaged"), ("发错颜色了", "wrong_item"), ("not what I ordered", "wrong_item"),
        ("质量有问题", "quality"), ("用不了", "quality"), ("it is faulty", "quality"), ("就是要退", None),
    ],
)  # fmt: skip
def test_causes(text: str, cause: str | None) -> None:
    assert meaning("return", "cause", text) == cause
    assert meaning("exchange", "cause", text) == cause


@pytest.mark.parametrize(
    ("text", "intact"),
    [
        ("没用过", "yes"), ("没拆", "yes"), ("还没拆封", "yes"), ("全新的", "yes"), ("never worn", "yes"), ("yes", "yes"),
        ("用过了", "no"), ("拆封了", "no"), ("洗过一次", "no"), ("I wore it once", "no"), ("used", "no"), ("今天星期三", None),
    ],
)  # fmt: skip
def test_whether_it_is_in_good_order(text: str, intact: str | None) -> None:
    assert meaning("return", "intact", text) == intact


@pytest.mark.parametrize("text", ["确认", "好的，提交吧", "是的", "yes please", "OK", "对"])
def test_what_agrees(text: str) -> None:
    assert says("agrees", text)


@pytest.mark.parametrize("text", ["不对", "可以退吗", "不", "no", "好的但是地址错了", "yes but change the phone"])
def test_what_does_not_agree(text: str) -> None:
    assert not says("agrees", text)


def test_every_word_belongs_to_a_topic_and_a_fact() -> None:
    for topic in TOPICS.values():
        assert set(facts_with_words(topic.name)) <= set(topic.facts), topic.name


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("cancel: [a]", r"answers.yml, line 1: names with values"),
        ("cancel:\n  reason:\n    other: ['(']", r"answers.yml, line 3: the pattern \( is wrong"),
        ("cancel:\n  reason:\n    other: ['a?']", r"answers.yml, line 3: the pattern a\? needs a limit"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, error: str
) -> None:
    file = tmp_path / "answers.yml"
    file.write_text(content, encoding="utf-8")
    monkeypatch.setattr(answer_words, "FILE", file)
    with pytest.raises(AnswerWordsError, match=error):
        words_of("cancel", "reason")
