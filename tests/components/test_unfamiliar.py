"""What training has never seen is not understood, whatever the scores say."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.unfamiliar import Unfamiliar


def message(text: str, intent: object = None) -> Message:
    words, tokens, at = text.split(" "), [], 0
    for word in words:
        tokens.append(Token(word, at))
        at += len(word) + 1
    guess = intent or {"name": "greet", "confidence": 0.9}
    return Message(data={"text": text, "text_tokens": tokens, "intent": guess})


@pytest.fixture
def component(tmp_path: Path) -> Unfamiliar:
    storage, resource = LocalModelStorage(tmp_path), Resource("unfamiliar")
    seen = ("我 的 订单 到哪了", "where is my order", "Ω", "好", "δ 件")
    training = TrainingData([message(text, "order_status") for text in seen])
    Unfamiliar(storage, resource, frozenset()).train(training)
    return Unfamiliar.load({}, storage, resource, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["订单 呢", "my thing", "wherre is", "Ω", "好"])
def test_familiar(component: Unfamiliar, text: str) -> None:
    (read,) = component.process([message(text)])
    assert read.get("intent")["name"] == "greet"


@pytest.mark.parametrize("text", ["饕餮", "xyzzy", "😀", "ε", "?!", "δ", "鑫"])
def test_unfamiliar(component: Unfamiliar, text: str) -> None:
    (read,) = component.process([message(text)])
    assert read.get("intent") == {"name": "nlu_fallback", "confidence": 1.0}
