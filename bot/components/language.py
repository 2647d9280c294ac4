"""Decides for each message whether the shopper writes Chinese or English, and says so as the entity `language`.

A Chinese character makes it Chinese, Latin words make it English. Digits, emoji, "ok" and codes such as SF1234567890 say
nothing: then there is no entity, and the conversation stays in its language.
"""

import re
import sys
from typing import Any, Literal, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from bot.components.normaliser import normal_text_of
from bot.components.sources import fingerprint_of

Language = Literal["zh", "en"]

# Digits written in Chinese stand in English messages too (a number that was copied), so they show no language.
_NUMERALS = re.compile(r"[零〇○一二两三四五六七八九十]")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z'’]+(?![A-Za-z0-9])")
# Words that Chinese shoppers use as they are, so that on their own they do not change the language.
_SHARED_WORDS = frozenset(
    "ok okk okok oks okay emm emmm emmmm hmm vip app qq id no sku sf jd yto zto ems bug yyds xs".split()
    # Pinyin, from a shopper whose input method is off.
    + "rengong zhuanrengong kefu kuaidi wuliu dingdan chakuaidi chawuliu chadingdan zaima nihao daonale".split()
)


def language_of(text: str) -> Optional[Language]:
    """The language of a plain text, or None when it does not show any."""
    if _CHINESE.search(_NUMERALS.sub("", text)):
        return "zh"
    words = [word.lower() for word in _WORD.findall(text)]
    return "en" if any(word not in _SHARED_WORDS for word in words) else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent, EntityExtractorMixin):
    """Adds the entity `language`, from which the slot of that name is filled."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LanguageDetector":
        """Creates the component."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """The rules above."""
        return fingerprint_of([sys.modules[__name__]])

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entity to messages that show a language."""
        for message in messages:
            normal = normal_text_of(message)
            language = language_of(normal.text)
            if language is None:
                continue
            start, end = normal.span(0, len(normal.text))
            found = [{"entity": "language", "value": language, "start": start, "end": end, "confidence": 1.0}]
            entities = message.get(ENTITIES, []) + self.add_extractor_name(found)
            message.set(ENTITIES, entities, add_to_output=True)
        return messages
