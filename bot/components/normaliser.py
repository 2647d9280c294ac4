"""Brings a message into one plain form for reading, and remembers where each character stood in the original.

Full-width forms become ASCII (NFKC), invisible characters go, traditional characters become simplified ones. The shopper's
own text is kept for display; components that report offsets translate them back with `NormalText.span`.
"""

import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.sources import fingerprint_of

NORMAL_TEXT = "normal_text"

# Variation selectors and the braille blank are drawn as nothing, though Unicode does not call them format characters.
_INVISIBLE = frozenset(map(chr, range(0xFE00, 0xFE10))) | {"\u2800", "\u115f", "\u1160", "\u3164", "\u034f"}


@dataclass(frozen=True)
class NormalText:
    """The plain form; `origins[i]` is the half-open span of the original that gave character `i`."""

    text: str
    origins: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that the span [start, end) of the plain text came from."""
        return self.origins[start][0], self.origins[end - 1][1]


def normalise(text: str, simplified: Mapping[int, str]) -> NormalText:
    """The plain form of a text."""
    plain: list[str] = []
    origins: list[tuple[int, int]] = []
    for start, end in _clusters(text):
        for character in unicodedata.normalize("NFKC", text[start:end]).translate(simplified):
            if character.isspace():
                character = " "
            elif character in _INVISIBLE or unicodedata.category(character) in ("Cf", "Cc"):
                continue
            plain.append(character)
            origins.append((start, end))
    return NormalText("".join(plain), tuple(origins))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Spans of one character together with the marks combined with it."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not unicodedata.combining(text[end]):
            yield start, end
            start = end


@lru_cache(maxsize=1)
def simplified_characters() -> dict[int, str]:
    """Traditional to simplified, character by character: offsets must hold, so phrases are left alone."""
    table: dict[int, str] = {}
    for line in _character_file().read_text(encoding="utf-8").splitlines():
        traditional, _, choices = line.partition("\t")
        first = choices.split(" ")[0]
        if len(traditional) == 1 and len(first) == 1:
            table[ord(traditional)] = first
    return table


def _character_file() -> Path:
    return Path(str(files("opencc"))) / "dictionary" / "TSCharacters.txt"


def normal_text_of(message: Message) -> NormalText:
    """The plain form of a message's text, as the Normaliser left it or made now."""
    known = message.get(NORMAL_TEXT)
    return known if known is not None else normalise(message.get(TEXT) or "", simplified_characters())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(GraphComponent):
    """Puts the plain form of each message beside its text, in training and in service."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Normaliser":
        """Creates the component; the table of characters is read here, not in the first turn."""
        simplified_characters()
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """The rules above and the table of characters."""
        return fingerprint_of([sys.modules[__name__]], [_character_file()])

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the plain form to messages that have a text."""
        for message in messages:
            if isinstance(message.get(TEXT), str):
                message.set(NORMAL_TEXT, normalise(message.get(TEXT), simplified_characters()))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the plain form to the training examples."""
        self.process(training_data.training_examples)
        return training_data
