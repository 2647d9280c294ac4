"""Signals learnt from examples: probabilities with the words that weighed most, and files that say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from bot.components.signals import SHOWN_BY, SignalFileError, examples_of
from bot.components.sources import PROJECT
from bot.evaluation.reader import load
from tests.conversation import trained_model


@pytest.fixture(scope="module")
def processor() -> MessageProcessor:
    return load(trained_model())


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("你们这服务也太敷衍了吧,问三天了没人管", "annoyed"),
        ("一群骗子,今天不退钱我就去法院告你们", "angry"),
        ("你说的这个方法我试过了没有用啊", "rejected"),
        ("i already did that and it still doesn't work", "rejected"),
        ("孩子用了你们的东西全身过敏住院了,医药费谁赔", "authority"),
    ],
)
async def test_a_signal_is_read_with_its_evidence(processor: MessageProcessor, text: str, signal: str) -> None:
    read = (await processor.parse_message(UserMessage(text)))["signals"]
    assert list(read) == list(SHOWN_BY)
    assert read[signal]["score"] >= 0.5
    assert all(word in text.lower() for word in read[signal]["evidence"])


@pytest.mark.parametrize("text", ["这件衣服有没有XL码", "麻烦帮我看下快递到哪了,谢谢", "what colours does it come in?"])
async def test_an_ordinary_message_shows_none(processor: MessageProcessor, text: str) -> None:
    read = (await processor.parse_message(UserMessage(text)))["signals"]
    assert {name: one for name, one in read.items() if one["score"] >= 0.5} == {}


@pytest.mark.parametrize("name", sorted({name for sides in SHOWN_BY.values() for one in sides for name in one}))
def test_there_are_enough_examples_and_each_stands_once(name: str) -> None:
    examples = examples_of(PROJECT / "data" / "signals" / f"{name}.yml")
    assert len(examples) >= 400
    assert len(set(examples)) == len(examples)


def test_a_bad_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "angry.yml"
    with pytest.raises(SignalFileError, match="is missing"):
        examples_of(path)
    path.write_text("signal: calm\nexamples: |\n  - x\n", encoding="utf-8")
    with pytest.raises(SignalFileError, match=r"angry\.yml needs `signal: angry`"):
        examples_of(path)
    path.write_text("signal: angry\nexamples: |\n  x\n", encoding="utf-8")
    with pytest.raises(SignalFileError, match="not `x`"):
        examples_of(path)
