"""Brings a message into one plain form for reading, and remembers where each character stood in the original.

Full-width forms become ASCII (NFKC), invisible characters go, traditional characters become simplified ones. An emoji is one
character, whatever its skin and whoever is joined to it, and so is a platform's code for one ("[怒]"). The shopper's own text is
kept for display; components that report offsets translate them back with `NormalText.span`.
"""

import re
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

from bot.components import emoji_names, yaml_lines
from bot.components.emoji_names import JOINER, NO_NAMES, SELECTOR, TONES, EmojiNames, bare
from bot.components.sources import PROJECT, fingerprint_of

NORMAL_TEXT = "normal_text"

# Characters of which each is one character of the plain form, whatever stands beside it: most messages have no others.
_ONE_BY_ONE = re.compile(r"[ -~、。\u4e00-\u9fff！-～]*")
# Variation selectors and the braille blank are drawn as nothing, though Unicode does not call them format characters. A keycap
# is only a frame around a digit.
_INVISIBLE = frozenset(map(chr, range(0xFE00, 0xFE10))) | {"\u2800", "\u115f", "\u1160", "\u3164", "\u034f", "\u20e3"}


@dataclass(frozen=True)
class NormalText:
    """The plain form; `origins[i]` is the half-open span of the original that gave character `i`."""

    text: str
    origins: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that the span [start, end) of the plain text came from."""
        return self.origins[start][0], self.origins[end - 1][1]


def normalise(text: str, simplified: Mapping[int, str], names: EmojiNames = NO_NAMES) -> NormalText:
    """The plain form of a text; `simplified` has a character for a character."""
    if _ONE_BY_ONE.fullmatch(text):
        plain, origins = _simple(text, simplified), list(zip(range(len(text)), range(1, len(text) + 1), strict=True))
    else:
        plain, origins = _with_origins(text, simplified, names)
    found, places = names.without_codes(plain, origins)
    return NormalText(found, tuple(places))


def _simple(text: str, simplified: Mapping[int, str]) -> str:
    return unicodedata.normalize("NFKC", text).translate(simplified)


def _with_origins(text: str, simplified: Mapping[int, str], names: EmojiNames) -> tuple[str, list[tuple[int, int]]]:
    """The plain form of any text before codes are looked for, and where each character comes from."""
    plain: list[str] = []
    origins: list[tuple[int, int]] = []
    for start, end in _clusters(text):
        cluster = text[start:end]
        if end - start > 1 and _is_emoji(cluster[0]):
            cluster = names.signs.get(bare(cluster), cluster[0])
        for character in _simple(cluster, simplified):
            if character.isspace():
                character = " "
            elif character in _INVISIBLE or unicodedata.category(character) in ("Cf", "Cc"):
                continue
            plain.append(character)
            origins.append((start, end))
    return "".join(plain), origins


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Spans of one character together with the marks combined with it, and of one emoji with all that is joined to it."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not (unicodedata.combining(text[end]) or _goes_on(text, start, end)):
            yield start, end
            start = end


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the emoji that begins at `start` goes on at `end`: a skin, a way to be drawn, a joiner, what is joined."""
    character = text[end]
    if character == JOINER:
        return _is_emoji(text[start]) and end + 1 < len(text) and _is_emoji(text[end + 1])
    return (character == SELECTOR or character in TONES or text[end - 1] == JOINER) and _is_emoji(text[start])


def _is_emoji(character: str) -> bool:
    return character > "\u2000" and unicodedata.category(character) == "So"


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

    def __init__(self, names: EmojiNames = NO_NAMES) -> None:
        self._names = names

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`emoji`: the file with the names of emoji, seen from the project's root."""
        return {"emoji": "data/emoji.yml"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Normaliser":
        """Creates the component; the tables are read here, not in the first turn."""
        simplified_characters()
        return cls(emoji_names.emoji_names((PROJECT / config["emoji"]).read_text(encoding="utf-8")))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """The rules above, the table of characters and the names of emoji."""
        emoji = PROJECT / {**cls.get_default_config(), **config}["emoji"]
        return fingerprint_of([sys.modules[__name__], emoji_names, yaml_lines], [_character_file(), emoji])

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the plain form to messages that have a text."""
        for message in messages:
            if isinstance(message.get(TEXT), str):
                message.set(NORMAL_TEXT, normalise(message.get(TEXT), simplified_characters(), self._names))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the plain form to the training examples."""
        self.process(training_data.training_examples)
        return training_data
