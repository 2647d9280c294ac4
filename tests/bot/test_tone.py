"""The tone changes how Chinese replies sound: never what an apology, a handoff, a card or an English reply says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from bot.channel import TurnChannel
from bot.processor import TurnProcessor
from bot.settings import TONES
from bot.tone import PLAIN, Tone, ToneFileError, in_tone, is_chinese, read_tone
from ledger import Handoff, Reply
from ledger.entries import Button

QIN = Tone("亲，", (("好的，", "好的呢，"), ("请稍候", "请稍等一下哦")))


def texts(replies: list[Reply]) -> list[str | None]:
    return [reply.text for reply in replies]


def test_a_turn_is_opened_once() -> None:
    assert texts(in_tone([Reply("运费10元。"), Reply("请稍候。")], QIN)) == ["亲，运费10元。", "请稍等一下哦。"]
    assert texts(in_tone([Reply("亲，您好。")], QIN)) == ["亲，您好。"]


def test_words_are_replaced_once_and_the_longest_first(tmp_path: Path) -> None:
    assert texts(in_tone([Reply("好的，请稍候，好的，")], QIN)) == ["亲，好的呢，请稍等一下哦，好的呢，"]
    path = tmp_path / "tone.yml"
    path.write_text("qin:\n  opening: 亲，\n  replacements: {好: 好呀, 好的: 好哒}\n", encoding="utf-8")
    assert texts(in_tone([Reply("好的，好。")], read_tone("qin", path))) == ["亲，好哒，好呀。"]


def test_plain_changes_nothing() -> None:
    assert texts(in_tone([Reply("好的，请稍候")], PLAIN)) == ["好的，请稍候"]
    assert read_tone("plain", Path("no such file")) == PLAIN


@pytest.mark.parametrize(
    "text", ["抱歉，我没听懂。好的，请稍候", "很抱歉让您不满意。", "实在对不起，发错了", "少发实在抱歉，请稍候"]
)
def test_a_turn_that_apologises_stays_respectful(text: str) -> None:
    assert texts(in_tone([Reply(text), Reply("好的，马上")], QIN)) == [text, "好的，马上"]


def test_an_english_reply_stays_as_it_is() -> None:
    assert texts(in_tone([Reply("All right."), Reply("好的，马上")], QIN)) == ["All right.", "好的呢，马上"]


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("“我的订单”页", True),
        ("20261120000042 已发货", True),
        ("订单里有 Stanley Quencher H2.0。", True),
        ("保温杯 is on the way to you.", False),
        ("Order 42: 保温杯", False),
        ("12345", False),
    ],
)
def test_the_language_of_a_reply(text: str, chinese: bool) -> None:
    assert is_chinese(text) is chinese


def test_only_the_text_changes() -> None:
    card: dict[str, Any] = {"type": "order", "next": "好的，请稍候"}
    button = Button("id", "好的，转人工", "/human_agent")
    before = [Reply(None, card), Reply("好的，看这里", card, [button])]
    after = in_tone(before, QIN)
    assert after == [Reply(None, card), Reply("亲，好的呢，看这里", card, [button])]
    assert before[1].text == "好的，看这里"


def test_nothing_said_needs_no_opening() -> None:
    assert in_tone([], QIN) == []


def test_the_file_of_tones_can_be_read() -> None:
    tone = read_tone("qin")
    assert tone.opening == "亲，"
    assert ("好的，", "好的呢，") in tone.replacements
    assert all(read_tone(name) for name in TONES)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("qin: [亲]", "line 1: names with values"),
        ("qin:\n  opening: 亲，\n", "line 2: replacements is missing"),
        ("qin:\n  opening: 亲，\n  replacements:\n    好的: ''\n", "line 4: a word is needed"),
        ("qin:\n  opening: 亲，\n  replacements:\n    好的: 好\n    好的: 好呢\n", "line 5: 好的 stands here twice"),
        ("qin:\n  begins: 亲，\n", "line 2: begins is not known"),
        ("warm:\n  opening: 亲，\n  replacements: {好的: 好呢}\n", "line 1: there is no tone qin"),
        ("qin: {", "this is not YAML"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(tmp_path: Path, text: str, error: str) -> None:
    path = tmp_path / "tone.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ToneFileError, match=error):
        read_tone("qin", path)


class Scripted(TurnProcessor):
    """A processor whose model says what the test wants; `soothes` as for an annoyed shopper."""

    def __init__(self, soothes: bool = False) -> None:
        self._tone = QIN
        self._soothes = soothes

    async def _parts(self, message: UserMessage) -> list[UserMessage]:
        return [message]

    async def _soothe(self, sender_id: str, channel: TurnChannel) -> None:
        if self._soothes:
            channel.precede("抱歉让您着急了。")


@pytest.mark.parametrize(
    ("soothes", "handoff", "expected"),
    [
        (False, None, "亲，好的呢，正在查。"),
        (True, None, "抱歉让您着急了。好的，正在查。"),
        (False, Handoff("asked", "顾客要求人工"), "好的，正在查。"),
    ],
)
async def test_a_turn_ends_in_the_tone_unless_it_soothes_or_hands_over(
    monkeypatch: pytest.MonkeyPatch, soothes: bool, handoff: Handoff | None, expected: str
) -> None:
    async def answers(self: MessageProcessor, message: UserMessage) -> None:
        message.output_channel.replies = [Reply("好的，正在查。")]
        message.output_channel.handoff = handoff

    monkeypatch.setattr(MessageProcessor, "handle_message", answers)
    channel = TurnChannel()
    await Scripted(soothes).handle_message(UserMessage("查订单", channel, "c1"))
    assert texts(channel.replies) == [expected]
