"""Decides how sure the assistant is: answer, ask back, or admit that it did not understand.

The sum of the scores of a subject's intents (`data/labels.yml`) counts, not the score of one: where "when does it arrive" wavers
between two neighbours, its subject is certain all the same. Below `answer` the intent becomes `nlu_fallback`; the likeliest
readings stay in `readings` for the action that asks back, as long as their subjects reach `offer`. Two subjects that one answer
serves (`served_alike`: an order's card also shows its parcel) are not asked about: their scores count together. Small talk is
answered from a lower score on (`small_talk`): a wrong answer costs a shopper little there, and to be asked back is odd.
"""

import sys
from collections.abc import Mapping
from itertools import islice
from typing import Any, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.components import labels as labels_file
from bot.components.labels import NO_SUBJECT, label_of_intents
from bot.components.sources import PROJECT, fingerprint_of

SMALL_TALK = frozenset({"greeting", "thanks", "ack", "out_of_scope"})
READINGS = "readings"
MOST_READINGS = 3
KEPT = 10


def subjects(ranking: list[dict[str, Any]], label_of: Mapping[str, str]) -> dict[str, float]:
    """The best intent of each subject with the score of the whole subject, in the order of the ranking."""
    best: list[str] = []
    total: dict[str, float] = {}
    for reading in ranking:
        name = reading["name"]
        label = label_of.get(name, NO_SUBJECT)
        if label == NO_SUBJECT:
            label = name
        if label in total:
            total[label] += reading["confidence"]
        else:
            best.append(name)
            total[label] = reading["confidence"]
    return dict(zip(best, total.values(), strict=True))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Confidence(GraphComponent, IntentClassifier):
    """The component; put it behind the intent classifier."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings with their defaults: the scores from which to answer, and to offer a reading; groups of subjects."""
        return {"labels": "data/labels.yml", "answer": 0.87, "small_talk": 0.6, "offer": 0.05, "served_alike": []}

    def __init__(self, config: dict[str, Any], label_of: dict[str, str]) -> None:
        self._answer, self._small_talk, self._offer = config["answer"], config["small_talk"], config["offer"]
        self._alike = {one: frozenset(group) for group in config["served_alike"] for one in group}
        self._label_of = label_of

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Confidence":
        """Creates the component with the project's subjects."""
        return cls(config, label_of_intents(PROJECT / config["labels"]))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """Other subjects mean a new model."""
        labels = PROJECT / config.get("labels", cls.get_default_config()["labels"])
        return fingerprint_of([sys.modules[__name__], labels_file], [labels])

    def process(self, messages: list[Message]) -> list[Message]:
        """Settles the intent of each message that has a ranking."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY)
            if ranking:
                self._settle(message, ranking)
        return messages

    def _settle(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        found = subjects(ranking, self._label_of)
        name = max(found, key=found.__getitem__)
        score = found[name]
        first = {"name": name, "confidence": score}
        others = (one for one in ranking if one["name"] != name)
        message.set(INTENT_RANKING_KEY, [first, *islice(others, KEPT - 1)], add_to_output=True)
        if self._served(name, found) >= (self._small_talk if self._label_of.get(name) in SMALL_TALK else self._answer):
            message.set(INTENT, first, add_to_output=True)
            return
        readings = [intent for intent, score in found.items() if score >= self._offer][:MOST_READINGS]
        message.set(READINGS, readings, add_to_output=True)
        fallback = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0 - score}
        message.set(INTENT, fallback, add_to_output=True)

    def _served(self, name: str, found: Mapping[str, float]) -> float:
        """How sure it is that the answer to `name` serves: its score and those of the subjects that the same answer serves."""
        alike = self._alike.get(self._label_of.get(name, ""))
        if alike is None:
            return found[name]
        return found[name] + sum(
            score for one, score in found.items() if one != name and self._label_of.get(one) in alike
        )
