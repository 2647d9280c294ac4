"""What emoji say: one sign a name, whatever the skin, the platform's code or the language around it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.components.anger import Anger
from bot.components.emoji_names import EmojiFileError, EmojiNames, emoji_names
from bot.components.language import language_of
from bot.components.normaliser import Normaliser, NormalText, normalise, simplified_characters
from bot.components.order_mentions import find_mentions
from bot.components.sources import PROJECT
from bot.components.tokenizer import ShopTokenizer

FILE = PROJECT / "data" / "emoji.yml"
NAMES = emoji_names(FILE.read_text(encoding="utf-8"))


def plain(text: str) -> NormalText:
    return normalise(text, simplified_characters(), NAMES)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> ShopTokenizer:
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    config = ShopTokenizer.get_default_config()
    return ShopTokenizer.create(config, storage, Resource("tokenizer"), None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def normaliser() -> Normaliser:
    return Normaliser.create(Normaliser.get_default_config(), None, None, None)  # type: ignore[arg-type]


def tokens(normaliser: Normaliser, tokenizer: ShopTokenizer, text: str) -> list[tuple[str, str]]:
    (message,) = normaliser.process([Message.build(text)])
    return [(token.text, token.lemma) for token in tokenizer.tokenize(message, "text")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你们[怒]", "你们😡"),
        ("你們［發怒］", "你们😡"),
        ("ok[OK][ok]", "ok👌👌"),
        ("[Smile]hi", "😊hi"),
        ("👍🏽好", "👍好"),
        ("🤷🏽‍♀️了", "🤷了"),
        ("❤️‍🔥", "❤"),
        ("👨‍👩‍👧在家", "👨在家"),
        ("😮‍💨", "😩"),
        ("😮", "😮"),
        ("2️⃣件", "2件"),
        # What is no code stays: masks of the training data, words in brackets, brackets alone.
        ("[数字x]件[红包][好的]", "[数字x]件[红包][好的]"),
        ("[怒", "[怒"),
        ("[]", "[]"),
        ("[[怒]]", "[😡]"),
        # A joiner between letters is only invisible.
        ("尾\u200d号", "尾号"),
        ("😡\u200d", "😡"),
        ("🏽", "🏽"),
    ],
)
def test_plain_form(text: str, expected: str) -> None:
    assert plain(text).text == expected


def test_offsets_point_at_the_whole_emoji_and_the_whole_code() -> None:
    text = "订單👍🏽呢[發怒]!👨‍👩‍👧"
    normal = plain(text)
    assert normal.text == "订单👍呢😡!👨"
    shown = [text[slice(*normal.span(place, place + 1))] for place in range(len(normal.text))]
    assert shown == ["订", "單", "👍🏽", "呢", "[發怒]", "!", "👨‍👩‍👧"]


@given(st.text(alphabet="[]怒OKok😡👍🏽❤\ufe0f\u200d♀a1\u0301 訂", max_size=40))
def test_every_character_has_its_origin(text: str) -> None:
    normal = plain(text)
    assert len(normal.origins) == len(normal.text)
    assert all(0 <= start < end <= len(text) for start, end in normal.origins)
    assert list(normal.origins) == sorted(normal.origins)
    assert not set(normal.text) & {"\u200d", "\ufe0f"}


@pytest.mark.parametrize("text", ["退款😠", "退款🤬", "退款[怒]", "退款[發怒]", "退款😡"])
def test_all_of_a_name_are_the_same_token(normaliser: Normaliser, tokenizer: ShopTokenizer, text: str) -> None:
    assert tokens(normaliser, tokenizer, text) == [("退款", "退款"), (text[2:], "😡")]


def test_it_is_the_same_token_in_both_languages(normaliser: Normaliser, tokenizer: ShopTokenizer) -> None:
    assert tokens(normaliser, tokenizer, "谢谢👍🏿")[-1] == ("👍🏿", "👍")
    assert tokens(normaliser, tokenizer, "thanks👍🏿")[-1] == ("👍🏿", "👍")
    assert tokens(normaliser, tokenizer, "thanks [ThumbsUp]")[-1] == ("[ThumbsUp]", "👍")
    assert tokens(normaliser, tokenizer, "💪💯👍") == [("💪", "👍"), ("💯", "👍"), ("👍", "👍")]


def test_an_emoji_without_a_name_stays_what_it_is(normaliser: Normaliser, tokenizer: ShopTokenizer) -> None:
    assert tokens(normaliser, tokenizer, "买🦕") == [("买", "买"), ("🦕", "🦕")]


def test_a_sign_is_one_character_and_no_letter() -> None:
    for sign in NAMES.signs.values():
        assert len(sign) == 1
        assert unicodedata.category(sign) not in ("Lu", "Ll", "Lo", "Nd")


def test_codes_are_written_as_they_are_looked_up() -> None:
    for code in NAMES.codes:
        assert plain(f"[{code}]").text == NAMES.codes[code]


def test_emoji_show_no_language() -> None:
    assert language_of(plain("[微笑]👍🏽").text) is None


def test_keycaps_are_digits_of_a_number() -> None:
    (mention,) = find_mentions(plain("尾号3️⃣3️⃣8️⃣8️⃣").text)
    assert mention.value == "3388"


@pytest.mark.parametrize("text", ["😡", "🤬", "👿", "[怒]", "[咒骂]", "🙄", "[白眼]", "🤷🏽‍♀️", "👎🏿", "💩"])
def test_anger_is_seen_in_them(text: str) -> None:
    assert Anger.from_file(PROJECT / "data" / "anger.yml").read(plain(text).text).level >= 1


def test_anger_reads_each_emoji_as_it_was_sent() -> None:
    assert plain("😾").text == "😾"
    assert Anger.from_file(PROJECT / "data" / "anger.yml").read(plain("😾").text).evidence == ["😾"]


def test_the_text_is_kept(normaliser: Normaliser) -> None:
    (message,) = normaliser.process([Message.build("好[OK]👍🏽")])
    assert message.get("text") == "好[OK]👍🏽"


def names(text: str) -> EmojiNames:
    return emoji_names(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "emoji.yml, line 1: names with values are needed here"),
        ("a: [", "emoji.yml, line 1: this is not YAML"),
        ("a: 😡", "emoji.yml, line 1: names with values are needed here"),
        ("a: {emoji: 😡}\nb: {emoji: 😊 😡}", "emoji.yml, line 2: 😡 stands in a already"),
        ("a: {emoji: 😡}\na: {emoji: 😊}", "emoji.yml, line 2: a stands here twice"),
        ("a: {emoji: 👍 👍🏽}", "emoji.yml, line 1: 👍 stands in a already"),
        ("a: {emoji: 😡, codes: 怒}\n\nb: {emoji: 😊, codes: 怒}", "emoji.yml, line 3: 怒 stands in a already"),
        ("a: {codes: 怒}", "emoji.yml, line 1: a has no emoji"),
        ("a: {emoji: ''}", "emoji.yml, line 1: a word is needed here"),
        ("a: {emoji: [😡]}", "emoji.yml, line 1: a word is needed here"),
        ("a: {emoji: 😮‍💨}", "emoji.yml, line 1: the first emoji of a must be a single one"),
        ("a: {emoji: 😡, codes: '[怒]'}", "emoji.yml, line 1: [怒] is no code"),
        ("a: {emoji: 😡, code: 怒}", "emoji.yml, line 1: code is not known here, only codes, emoji"),
    ],
)
def test_a_mistake_in_the_file_is_named(text: str, sentence: str) -> None:
    with pytest.raises(EmojiFileError) as raised:
        names(text)
    assert sentence in str(raised.value)


def test_fingerprint_follows_the_names(tmp_path: Path) -> None:
    path = tmp_path / "emoji.yml"
    path.write_text("a: {emoji: 😡}", encoding="utf-8")
    before = Normaliser.fingerprint_addon({"emoji": str(path)})
    path.write_text("a: {emoji: 😡 😠}", encoding="utf-8")
    assert Normaliser.fingerprint_addon({"emoji": str(path)}) != before
    assert Normaliser.fingerprint_addon({}) == Normaliser.fingerprint_addon({"emoji": "data/emoji.yml"})
