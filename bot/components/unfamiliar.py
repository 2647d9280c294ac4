"""Says "not understood" when nothing in a message was seen in training.

A linear classifier gives such a message the same constant scores every time, which can lie above any threshold; so this is
decided before scores are looked at. Familiar is a Latin word, or four letters of a longer one (typing errors), a pair of
neighbouring Chinese characters, a single one that stands alone, or the sign for an order number or a phone; other digits say nothing.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.confidence import READINGS
from bot.components.sources import fingerprint_of

PIECES_IN_MODEL = "pieces.json"
LETTERS = 4

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z]+|[^\W\d_a-zδε]+|[^\w\s.,!?;:、。，！？；：~…\-()'\"]+")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def pieces(words: Iterable[str]) -> Iterator[str]:
    """What of a message counts as familiar when training has seen it too."""
    for run in _RUN.findall(" ".join(words)):
        length = 2 if _CHINESE.match(run) else LETTERS
        if len(run) <= length or length == LETTERS:
            yield run
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Unfamiliar(GraphComponent, IntentClassifier):
    """Replaces the intent of an unfamiliar message by `nlu_fallback`; put it last in the pipeline."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, known: frozenset[str]) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._known = known

    @classmethod
    def required_components(cls) -> list[type]:
        """What must stand before it."""
        return [Tokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Unfamiliar":
        """Creates an untrained component."""
        return cls(model_storage, resource, frozenset())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Unfamiliar":
        """Loads what was seen in training."""
        with model_storage.read_from(resource) as folder:
            known = json.loads((folder / PIECES_IN_MODEL).read_text(encoding="utf-8"))
        return cls(model_storage, resource, frozenset(known))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """The rules above."""
        return fingerprint_of([sys.modules[__name__]])

    def train(self, training_data: TrainingData) -> Resource:
        """Notes every piece of the training examples."""
        seen = {piece for example in training_data.intent_examples for piece in pieces(_words(example))}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / PIECES_IN_MODEL).write_text(json.dumps(sorted(seen), ensure_ascii=False), encoding="utf-8")
        self._known = frozenset(seen)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Marks unfamiliar messages."""
        for message in messages:
            if self._known.isdisjoint(pieces(_words(message))):
                unknown = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0}
                message.set(INTENT, unknown, add_to_output=True)
                message.set("intent_ranking", [unknown], add_to_output=True)
                message.set(READINGS, [], add_to_output=True)
        return messages


def _words(message: Message) -> list[str]:
    tokens: list[Token] = message.get(TOKENS_NAMES[TEXT]) or []
    return [token.lemma for token in tokens]
