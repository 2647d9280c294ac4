"""The sentences that are learnt from and those that are read, cut into words as the pipeline does it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.normaliser import Normaliser
from bot.components.sources import PROJECT
from bot.components.tokenizer import ShopTokenizer

EXAMPLES = PROJECT / "data" / "nlu"


class Cutter:
    """The first two steps of the pipeline; `folder` is where they may keep what they learn."""

    def __init__(self, folder: Path) -> None:
        made_with = (LocalModelStorage(folder), Resource("bench"), ExecutionContext(GraphSchema({})))
        self._normaliser = Normaliser.create(Normaliser.get_default_config(), *made_with)
        self._tokenizer = ShopTokenizer.create(ShopTokenizer.get_default_config(), *made_with)

    def examples(self, training_data: TrainingData | None = None) -> TrainingData:
        """The project's examples, or those given, ready to be learnt from."""
        loaded = load_data(str(EXAMPLES)) if training_data is None else training_data
        return self._tokenizer.process_training_data(self._normaliser.process_training_data(loaded))

    def messages(self, texts: Iterable[str]) -> list[Message]:
        """Messages ready to be read."""
        messages = self._normaliser.process([Message({TEXT: text}) for text in texts])
        for message in messages:
            message.set(TOKENS_NAMES[TEXT], self._tokenizer.tokenize(message, TEXT))
        return messages
