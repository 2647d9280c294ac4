"""Linear machines over the bot's own features: the one that ships, and a logistic regression in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource

from bench.classifiers.calibrated import held_out
from bot.components.intent_classifier import ShopIntentClassifier, best_temperature
from bot.components.sources import PROJECT

INVERSE_REGULARISATION = 10.0
MOST_STEPS = 100


class LogisticClassifier(ShopIntentClassifier):
    """Everything as it ships but the machine; its temperature is fitted on a tenth, because each fit takes minutes."""

    def _fit(self, matrix: Any, labels: np.ndarray) -> None:
        intents, right = np.unique(labels, return_inverse=True)
        seen, unseen = held_out(labels)
        margins = _regression(matrix[seen], right[seen]).decision_function(matrix[unseen])
        machine = _regression(matrix, right)
        slopes = np.ascontiguousarray(machine.coef_.T.astype(np.float32))
        temperature = best_temperature(margins, right[unseen])
        self._learnt([str(intent) for intent in intents], slopes, machine.intercept_.astype(np.float32), temperature)


def _regression(matrix: Any, right: np.ndarray) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=INVERSE_REGULARISATION, max_iter=MOST_STEPS).fit(matrix, right)


def shipped(folder: Path) -> ShopIntentClassifier:
    """The bot's own classifier, set as in `config.yml`; `folder` is where it keeps what it learns."""
    return ShopIntentClassifier.create(_settings(), *_made_with(folder))


def logistic(folder: Path) -> ShopIntentClassifier:
    """The logistic regression. `foreign_en` is left out: it was chosen for the margins of the machine that ships."""
    return LogisticClassifier.create({**_settings(), "foreign_en": 0.0}, *_made_with(folder))


def _settings() -> dict[str, Any]:
    pipeline = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    own = next(step for step in pipeline if step["name"].endswith(f".{ShopIntentClassifier.__name__}"))
    return {**ShopIntentClassifier.get_default_config(), **own}


def _made_with(folder: Path) -> tuple[LocalModelStorage, Resource, ExecutionContext]:
    return LocalModelStorage(folder), Resource("bench"), ExecutionContext(GraphSchema({}))
