"""Cuts a message into words with a jieba of our own that knows the shop's words.

`jieba.Tokenizer` is private to the component: nothing global changes, and no cache file in a shared temporary folder is
trusted. Tokens carry the original text and offsets; their lemma, which the featurizers read, is the plain form. An order number
or a phone tail is one token with a sign as its lemma, so that no digits of anyone's order are learnt. An emoji has the first emoji
of its name as its lemma, so that what was learnt of one angry face holds for all.
"""

import sys
from collections.abc import Iterator
from math import log
from typing import Any, Optional

import jieba
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import compact, emoji_names, order_mentions, yaml_lines
from bot.components.compact import WordNumbers
from bot.components.normaliser import NormalText, normal_text_of, normalise, simplified_characters
from bot.components.order_mentions import find_mentions
from bot.components.sources import PROJECT, fingerprint_of

WORDS_IN_MODEL, EMOJI_IN_MODEL = "words.txt", "emoji.yml"

# One letter each, so that character n-grams of a sign do not outweigh the words around it.
SIGNS = {"order_number": "Ω", "phone_tail": "τ"}
OTHER_NUMBER = "δ"
NOTHING_VISIBLE = "ε"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class ShopTokenizer(Tokenizer):
    """The tokenizer. `words` and `emoji` are the files of shop words and of emoji's names, from the project's root."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings with their defaults; those about intents belong to Rasa's base class."""
        return {
            "words": "data/words.txt",
            "emoji": "data/emoji.yml",
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, words: str, emoji: str
    ) -> None:
        super().__init__(config)
        self._model_storage = model_storage
        self._resource = resource
        self._words, self._emoji = words, emoji
        self._signs = emoji_names.emoji_names(emoji).signs
        self._jieba = private_jieba(words)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ShopTokenizer":
        """Creates the component with the project's word list and names of emoji."""
        words, emoji = ((PROJECT / config[name]).read_text(encoding="utf-8") for name in ("words", "emoji"))
        return cls(config, model_storage, resource, words, emoji)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "ShopTokenizer":
        """Loads the component with the word list and the names that the model was trained with."""
        with model_storage.read_from(resource) as folder:
            words, emoji = ((folder / name).read_text(encoding="utf-8") for name in (WORDS_IN_MODEL, EMOJI_IN_MODEL))
        return cls(config, model_storage, resource, words, emoji)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """A new word list, other names of emoji, or other rules for numbers, mean a new model."""
        merged = {**cls.get_default_config(), **config}
        files = [PROJECT / merged["words"], PROJECT / merged["emoji"]]
        return fingerprint_of([sys.modules[__name__], compact, order_mentions, emoji_names, yaml_lines], files)

    def train(self, training_data: TrainingData) -> Resource:
        """Puts the word list and the names of emoji into the model."""
        with self._model_storage.write_to(self._resource) as folder:
            (folder / WORDS_IN_MODEL).write_text(self._words, encoding="utf-8")
            (folder / EMOJI_IN_MODEL).write_text(self._emoji, encoding="utf-8")
        return self._resource

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of one attribute of a message; never none, because the classifier fails on a message without any."""
        original = message.get(attribute)
        normal = normal_text_of(message) if attribute == TEXT else normalise(original, simplified_characters())
        tokens = []
        for start, end, lemma in self._pieces(normal):
            first, last = normal.span(start, end)
            tokens.append(Token(original[first:last], first, last, lemma=lemma))
        return tokens or [Token(original, 0, len(original), lemma=NOTHING_VISIBLE)]

    def _pieces(self, normal: NormalText) -> Iterator[tuple[int, int, str]]:
        done = 0
        for mention in find_mentions(normal.text):
            yield from self._cut(normal.text, done, mention.start)
            yield mention.start, mention.end, SIGNS[mention.kind]
            done = mention.end
        yield from self._cut(normal.text, done, len(normal.text))

    def _cut(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        for word, first, last in self._jieba.tokenize(text[start:end]):
            if word.strip():
                yield start + first, start + last, self._lemma(word)

    def _lemma(self, word: str) -> str:
        return OTHER_NUMBER if word.isdecimal() else self._signs.get(word) or word.lower()

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["jieba"]


class _Jieba(jieba.Tokenizer):
    """jieba that looks each word of a sentence up once, not three times."""

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:
        """Nothing: `calc` finds the words itself."""
        return {}

    def calc(self, sentence: str, DAG: dict[int, list[int]], route: dict[int, tuple[float, int]]) -> None:
        """Puts into `route`, for each place, the likelihood of the best words from there on, and the last place of the first."""
        total = log(self.total)
        frequency_of = self.FREQ.get
        route[len(sentence)] = (0, 0)
        for first in range(len(sentence) - 1, -1, -1):
            ways = []
            for last in range(first, len(sentence)):
                frequency = frequency_of(sentence[first : last + 1])
                if frequency is None:  # nor does any word begin like this
                    break
                if frequency:
                    ways.append((log(frequency) - total + route[last + 1][0], last))
            route[first] = max(ways) if ways else (route[first + 1][0] - total, first)


def private_jieba(words: str) -> jieba.Tokenizer:
    """A jieba tokenizer that shares nothing with `jieba.dt` and writes no cache; `words` has one word a line."""
    tokenizer = _Jieba()
    with tokenizer.get_dict_file() as file:
        tokenizer.FREQ, tokenizer.total = _frequencies(file.read().decode("utf-8"))
    tokenizer.initialized = True
    for line in words.splitlines():
        word = line.strip()
        if word and not word.startswith("#"):
            tokenizer.add_word(word)
    return tokenizer


def _frequencies(dictionary: str) -> tuple[WordNumbers, int]:
    """The frequency of each word of jieba's dictionary, 0 for what words only begin with, and the sum: what `gen_pfdict` makes."""
    fields = dictionary.strip().replace("\n", " ").split(" ")  # word, frequency and kind in each line
    words, numbers = fields[::3], [int(number) for number in fields[1::3]]
    frequencies = WordNumbers(zip(words, numbers, strict=True))
    beginnings = {word[:-1] for word in words}
    while beginnings:
        new = [beginning for beginning in beginnings if beginning and beginning not in frequencies]
        for beginning in new:
            frequencies[beginning] = 0
        beginnings = {beginning[:-1] for beginning in new}
    return frequencies, sum(numbers)
