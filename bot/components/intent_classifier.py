"""Names the intent of a message: a linear support vector machine with calibrated scores.

Margins become probabilities by a softmax whose temperature is fitted at training time on messages that the machine had not
seen (three folds, least log loss; Guo et al. 2017, "On Calibration of Modern Neural Networks"). Training on 41,000 sentences takes
about a minute, reading a message less than a millisecond.
"""

import json
import os
import re
import sys
from collections.abc import Sequence
from typing import Any, Optional

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import compact, concepts, features, message_terms
from bot.components.compact import SparseRows, WordNumbers
from bot.components.concepts import Concepts
from bot.components.features import Familiarity, Terms, Weights
from bot.components.message_terms import kept_terms, terms_of_message
from bot.components.sources import PROJECT, fingerprint_of

FOLDS = 3
MOST_PROCESSES = 4
LEAST_SEEN = 2
FOREIGN = "out_of_scope"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
TEMPERATURES = np.geomspace(0.05, 2.0, 60)


def softmax(margins: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities of one message (n,) or of many (m, n)."""
    scaled = margins / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def best_temperature(margins: np.ndarray, right: np.ndarray) -> float:
    """The temperature with the least log loss; `right` holds the column of the right class of each row."""
    rows = np.arange(len(right))
    losses = [-np.log(softmax(margins, t)[rows, right] + 1e-12).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def fitted(matrix: Any, labels: np.ndarray, inverse_regularisation: float) -> Any:
    """A linear support vector machine."""
    from sklearn.svm import LinearSVC

    return LinearSVC(C=inverse_regularisation, random_state=0).fit(matrix, labels)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ShopIntentClassifier(GraphComponent, IntentClassifier):
    """The component. `concepts` is the word list, from the project's root; `C` the inverse of the regularisation."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings with their defaults. `caution` over 1 flattens all scores: real shoppers differ from our examples.

        `foreign_en` is added to the margin of out_of_scope where a message has no Chinese: there is more in English that is no
        shop's business than examples can show.
        """
        return {"concepts": "data/concepts.yml", "C": 0.6, "caution": 1.0, "foreign_en": 0.2}

    @classmethod
    def required_components(cls) -> list[type]:
        """What must stand before it."""
        return [Tokenizer]

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, words: dict[str, list[Any]]
    ) -> None:
        self._config, self._model_storage, self._resource, self._words = config, model_storage, resource, words
        self._concepts = Concepts(words)
        self._intents: list[str] = []

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ShopIntentClassifier":
        """Creates an untrained component with the project's word list."""
        words = yaml.safe_load((PROJECT / config["concepts"]).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, words)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "ShopIntentClassifier":
        """Loads what was learnt."""
        with model_storage.read_from(resource) as folder:
            known = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
            with np.load(folder / "classifier.npz", allow_pickle=False) as arrays:
                component = cls(config, model_storage, resource, known["words"])
                component._familiar = Familiarity(known["seen"])
                columns = WordNumbers((name, column) for column, name in enumerate(known["terms"]))
                component._weights = Weights(columns, arrays["idf"])
                slopes = SparseRows(arrays["slopes"])  # three of four are nought
                component._learnt(known["intents"], slopes, arrays["offsets"], known["temperature"])
        return component

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """Other rules or another word list mean a new model."""
        words = PROJECT / config.get("concepts", cls.get_default_config()["concepts"])
        return fingerprint_of([sys.modules[__name__], compact, features, concepts, message_terms], [words])

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from all examples with an intent."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        messages = [terms_of_message(one, self._concepts) for one in examples]
        labels = np.array([one.get(INTENT) for one in examples])
        # An example has seen its own words, so it takes one more to know a word here than later.
        noted = Familiarity.learn(messages, LEAST_SEEN + 1)
        self._familiar = Familiarity.learn(messages, LEAST_SEEN)
        messages = [noted.noted(terms) for terms in messages]
        self._weights = Weights.learn(messages)
        self._fit(self._weights.matrix(messages), labels)
        self._persist()
        return self._resource

    def _fit(self, matrix: Any, labels: np.ndarray) -> None:
        from joblib import Parallel, delayed
        from sklearn.model_selection import StratifiedKFold

        intents, right = np.unique(labels, return_inverse=True)
        everything = np.arange(len(labels))
        folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(matrix, labels))
        # In processes: liblinear draws its random numbers from one place, and in threads that gives a useless machine.
        machines = Parallel(n_jobs=min(MOST_PROCESSES, os.cpu_count() or 1), max_nbytes=None)(
            delayed(fitted)(matrix[seen], labels[seen], self._config["C"])
            for seen in (everything, *(seen for seen, _ in folds))
        )
        margins = np.zeros((len(labels), len(intents)), dtype=np.float32)
        for machine, (_, unseen) in zip(machines[1:], folds, strict=True):
            margins[unseen] = machine.decision_function(matrix[unseen])
        slopes = np.ascontiguousarray(machines[0].coef_.T.astype(np.float32))
        self._learnt(
            [str(intent) for intent in intents],
            slopes,
            machines[0].intercept_.astype(np.float32),
            best_temperature(margins, right),
        )

    def _learnt(self, intents: Sequence[str], slopes: Any, offsets: np.ndarray, temperature: float) -> None:
        self._intents, self._slopes, self._offsets = list(intents), slopes, offsets
        self._temperature = temperature

    def _persist(self) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            known = {
                "words": self._words,
                "terms": self._weights.names(),
                "seen": sorted(self._familiar.known),
                "intents": self._intents,
                "temperature": self._temperature,
            }
            (folder / "classifier.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
            arrays = {"idf": self._weights.idf, "slopes": self._slopes.astype(np.float16), "offsets": self._offsets}
            np.savez_compressed(folder / "classifier.npz", **arrays)

    def probabilities(self, terms: Terms) -> np.ndarray:
        """One probability an intent, in the order of `intents`."""
        columns, values = self._weights.vector(self._familiar.noted(terms))
        margins = values @ self._slopes[columns] + self._offsets
        if not any(map(_CHINESE.match, terms["c"])) and FOREIGN in self._intents:
            margins[self._intents.index(FOREIGN)] += self._config["foreign_en"]
        return softmax(margins, self._temperature * self._config["caution"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent and the ranking of all intents; `Confidence` shortens it."""
        for message in messages:
            if not message.get(TOKENS_NAMES[TEXT]) or not self._intents:
                continue
            scores = self.probabilities(kept_terms(message, self._concepts))
            order, listed = (-scores).argsort().tolist(), scores.tolist()
            ranking = [{"name": self._intents[place], "confidence": listed[place]} for place in order]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
