"""What the candidates share that are no part of the bot: fitted twice, because their temperature is fitted on sentences held out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.intent_classifier import best_temperature, softmax

HELD_OUT = 0.1


class Candidate(Protocol):
    """Learns from examples, and ranks all intents of each message, as Rasa's classifiers do."""

    def train(self, training_data: TrainingData) -> object:
        """Learns from all examples with an intent."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the ranking of all intents."""


def held_out(labels: Sequence[str] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of the sentences to learn from and of those held out, a tenth of each intent."""
    from sklearn.model_selection import train_test_split

    seen, unseen = train_test_split(np.arange(len(labels)), test_size=HELD_OUT, stratify=labels, random_state=0)
    return seen, unseen


class Calibrated(ABC):
    """A candidate of margins, which a softmax makes probabilities."""

    def __init__(self) -> None:
        self._intents: list[str] = []
        self._temperature = 1.0

    @abstractmethod
    def fit(self, messages: Sequence[Message], right: np.ndarray, intents: Sequence[str]) -> None:
        """Learns anew; `right` holds the column of each message's intent."""

    @abstractmethod
    def margins(self, message: Message) -> np.ndarray:
        """One number an intent."""

    def train(self, training_data: TrainingData) -> None:
        """Learns from nine tenths for the temperature, then from everything."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        names, right = np.unique([one.get(INTENT) for one in examples], return_inverse=True)
        self._intents = [str(name) for name in names]
        seen, unseen = held_out(right)
        self.fit([examples[place] for place in seen], right[seen], self._intents)
        margins = np.vstack([self.margins(examples[place]) for place in unseen])
        self._temperature = best_temperature(margins, right[unseen])
        self.fit(examples, right, self._intents)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the ranking of all intents."""
        for message in messages:
            scores = softmax(self.margins(message), self._temperature)
            order = np.argsort(-scores)
            ranking = [{"name": self._intents[place], "confidence": float(scores[place])} for place in order]
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
