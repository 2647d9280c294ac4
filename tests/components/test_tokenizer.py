"""Words, offsets, and that nothing global is touched."""

from __future__ import annotations

from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import tokenizer as tokenizer_module
from bot.components.tokenizer import NOTHING_VISIBLE, ShopTokenizer

CONFIG = ShopTokenizer.get_default_config()


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> ShopTokenizer:
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    return ShopTokenizer.create(CONFIG, storage, Resource("tokenizer"), None)  # type: ignore[arg-type]


def lemmas(tokenizer: ShopTokenizer, text: str) -> list[str]:
    return [token.lemma for token in tokenizer.tokenize(Message.build(text), "text")]


def test_the_shops_words_stay_whole(tokenizer: ShopTokenizer) -> None:
    assert "转人工" in lemmas(tokenizer, "我要转人工")
    assert "到哪了" in lemmas(tokenizer, "我的訂單到哪了")


def test_numbers_are_signs(tokenizer: ShopTokenizer) -> None:
    assert lemmas(tokenizer, "订单号2026 1120 0000 42 尾号三三八八") == ["订单号", "Ω", "尾号", "τ"]
    assert lemmas(tokenizer, "买了123件") == ["买", "了", "δ", "件"]


def test_tokens_carry_the_original_text(tokenizer: ShopTokenizer) -> None:
    text = "我的\u200b訂單 Ｗｈｅｒｅ"
    for token in tokenizer.tokenize(Message.build(text), "text"):
        assert text[token.start : token.end] == token.text
        assert token.text.strip()


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\ufe0f"])
def test_a_message_without_anything_visible_has_one_token(tokenizer: ShopTokenizer, text: str) -> None:
    assert lemmas(tokenizer, text) == [NOTHING_VISIBLE]


@given(text=st.text(max_size=60))
def test_no_blank_tokens_and_true_offsets(tokenizer: ShopTokenizer, text: str) -> None:
    tokens = tokenizer.tokenize(Message.build(text), "text")
    assert tokens
    for token in tokens:
        assert token.lemma.strip()
        assert text[token.start : token.end] == token.text


def test_the_global_jieba_knows_nothing_of_it(tokenizer: ShopTokenizer) -> None:
    assert lemmas(tokenizer, "转人工") == ["转人工"]
    assert "转人工" not in jieba.dt.user_word_tag_tab
    assert not jieba.dt.initialized


def test_a_model_keeps_the_words_it_was_trained_with(tmp_path: Path) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("tokenizer")
    ShopTokenizer(CONFIG, storage, resource, "阿巴阿巴词", "parcel: {emoji: 📦 🐱}").train(TrainingData())
    loaded = ShopTokenizer.load(CONFIG, storage, resource, None)  # type: ignore[arg-type]
    assert lemmas(loaded, "阿巴阿巴词🐱") == ["阿巴阿巴词", "📦"]


def test_another_word_list_means_training_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenizer_module, "PROJECT", tmp_path)
    for changed, other in (("words.txt", "emoji.yml"), ("emoji.yml", "words.txt")):
        (tmp_path / other).write_text("", encoding="utf-8")
        (tmp_path / changed).write_text("甲", encoding="utf-8")
        before = ShopTokenizer.fingerprint_addon({"words": "words.txt", "emoji": "emoji.yml"})
        (tmp_path / changed).write_text("乙", encoding="utf-8")
        assert ShopTokenizer.fingerprint_addon({"words": "words.txt", "emoji": "emoji.yml"}) != before
