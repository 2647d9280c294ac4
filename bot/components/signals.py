"""Reads from a message how likely it is annoyed, angry, a rejection of an answer, or a matter for somebody with authority.

One logistic regression a signal over the terms of the intent classifier, learnt from the examples in `data/signals/` against those
of the signals beside it and a sample of what shoppers say otherwise. The words that weighed most are given as evidence. What is
done with a signal is decided elsewhere: `anger.py` joins the first two with its rules, `bot/escalation_rules.py` uses the others.
"""

import json
import sys
from pathlib import Path
from typing import Any, Optional

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import concepts, features, message_terms
from bot.components.concepts import Concepts
from bot.components.features import Terms, Weights
from bot.components.message_terms import kept_terms, terms_of_message
from bot.components.normaliser import Normaliser
from bot.components.sources import PROJECT, fingerprint_of
from bot.components.tokenizer import ShopTokenizer

SIGNALS = "signals"
# The files of examples that show a signal, and those that show it is not there.
SHOWN_BY = {
    "annoyed": (("annoyed", "angry"), ("calm",)),
    "angry": (("angry",), ("annoyed", "calm")),
    "rejected": (("rejected",), ("neither",)),
    "authority": (("authority",), ("neither",)),
}
# Intents whose examples are no sure sign of calm or contentment.
NOT_BACKGROUND = frozenset(
    """complaint hurry feedback human_agent stop bot_challenge deny correct_number damaged_item after_sales_progress
       ask_agreed""".split()
)
EVIDENCE = 3
LEAST_SHARE = 0.1
"""Words that weigh less than this share of all that speaks for a signal are no evidence."""


class SignalFileError(ValueError):
    """A file of examples cannot be used; the sentence names it."""

    code = "signal_file"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SignalReader(GraphComponent):
    """Puts `signals` beside each message: for each signal its probability, and its evidence where that is at least a half."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`background`: how many other examples are learnt from beside those of the signals."""
        return {"examples": "data/signals", "concepts": "data/concepts.yml", "background": 4000, "C": 5.0}

    @classmethod
    def required_components(cls) -> list[type]:
        """What must stand before it."""
        return [Tokenizer]

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, words: dict[str, list[Any]]
    ) -> None:
        self._config, self._model_storage, self._resource, self._words = config, model_storage, resource, words
        self._concepts = Concepts(words)
        self._weights: Optional[Weights] = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SignalReader":
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
    ) -> "SignalReader":
        """Loads what was learnt."""
        with model_storage.read_from(resource) as folder:
            known = json.loads((folder / "signals.json").read_text(encoding="utf-8"))
            with np.load(folder / "signals.npz", allow_pickle=False) as arrays:
                component = cls(config, model_storage, resource, known["words"])
                columns = {name: column for column, name in enumerate(known["terms"])}
                component._learnt(
                    Weights(columns, arrays["idf"]), arrays["slopes"].astype(np.float32), arrays["offsets"]
                )
        return component

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """Other rules, examples or concepts mean a new model."""
        settings = {**cls.get_default_config(), **config}
        files = sorted((PROJECT / settings["examples"]).glob("*.yml"))
        return fingerprint_of(
            [sys.modules[__name__], features, concepts, message_terms], [*files, PROJECT / settings["concepts"]]
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Learns each signal from its examples; the intents' examples are the background."""
        files = {name for shown, hidden in SHOWN_BY.values() for name in (*shown, *hidden)}
        own = {name: self._terms_of_file(name) for name in sorted(files)}
        background = self._background(training_data)
        weights = Weights.learn([*background, *(terms for listed in own.values() for terms in listed)])
        matrices = {name: weights.matrix(listed) for name, listed in own.items()}
        slopes, offsets = self._fit(matrices, weights.matrix(background))
        self._learnt(weights, slopes, offsets)
        self._persist(weights)
        return self._resource

    def _fit(self, matrices: dict[str, Any], background: Any) -> tuple[np.ndarray, np.ndarray]:
        from scipy.sparse import vstack
        from sklearn.linear_model import LogisticRegression

        machines = []
        for shown, hidden in SHOWN_BY.values():
            there = vstack([matrices[name] for name in shown])
            rest = vstack([*(matrices[name] for name in hidden), background])
            answers = np.r_[np.ones(there.shape[0]), np.zeros(rest.shape[0])]
            machine = LogisticRegression(C=self._config["C"], max_iter=300)
            machines.append(machine.fit(vstack([there, rest]), answers))
        slopes = np.vstack([machine.coef_[0] for machine in machines]).T.astype(np.float32)
        return np.ascontiguousarray(slopes), np.array([machine.intercept_[0] for machine in machines], dtype=np.float32)

    def _background(self, training_data: TrainingData) -> list[Terms]:
        """Evenly taken examples of the other intents."""
        others = [
            one for one in training_data.intent_examples if one.get(TEXT) and one.get(INTENT) not in NOT_BACKGROUND
        ]
        step = max(1, len(others) // self._config["background"])
        return [terms_of_message(one, self._concepts) for one in others[::step]]

    def _terms_of_file(self, name: str) -> list[Terms]:
        """The examples of a file, cut into words as the pipeline does it."""
        texts = examples_of(PROJECT / self._config["examples"] / f"{name}.yml")
        made_with = (self._model_storage, self._resource, ExecutionContext(GraphSchema({})))
        normaliser = Normaliser.create(Normaliser.get_default_config(), *made_with)
        tokenizer = ShopTokenizer.create(ShopTokenizer.get_default_config(), *made_with)
        messages = normaliser.process([Message({TEXT: text}) for text in texts])
        for message in messages:
            message.set(TOKENS_NAMES[TEXT], tokenizer.tokenize(message, TEXT))
        return [terms_of_message(message, self._concepts) for message in messages]

    def _learnt(self, weights: Weights, slopes: np.ndarray, offsets: np.ndarray) -> None:
        self._weights, self._slopes, self._offsets = weights, slopes, offsets
        self._names = weights.names()

    def _persist(self, weights: Weights) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            known = {"words": self._words, "terms": weights.names()}
            (folder / "signals.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
            slopes = self._slopes.astype(np.float16)
            np.savez_compressed(folder / "signals.npz", idf=weights.idf, slopes=slopes, offsets=self._offsets)

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads the messages."""
        for message in messages:
            if self._weights is not None and message.get(TOKENS_NAMES[TEXT]):
                message.set(SIGNALS, self._read(kept_terms(message, self._concepts)), add_to_output=True)
        return messages

    def _read(self, terms: Terms) -> dict[str, dict[str, Any]]:
        assert self._weights is not None
        columns, values = self._weights.vector(terms)
        parts = values[:, None] * self._slopes[columns]
        scores = (1 / (1 + np.exp(-(parts.sum(axis=0) + self._offsets)))).tolist()
        return {
            name: {
                "score": round(score, 3),
                "evidence": self._evidence(columns, parts[:, place]) if score >= 0.5 else [],
            }
            for place, (name, score) in enumerate(zip(SHOWN_BY, scores, strict=True))
        }

    def _evidence(self, columns: np.ndarray, parts: np.ndarray) -> list[str]:
        """The words and pieces that weighed most, none inside another, the weightiest first."""
        least = LEAST_SHARE * float(parts[parts > 0].sum())
        found: list[str] = []
        for place in np.argsort(-parts):
            name = self._names[int(columns[place])]
            word = name[1:].replace("_", " ").strip()
            if parts[place] < least or len(found) == EVIDENCE:
                break
            if name[0] in "cw" and len(word) > 1 and not any(word in other or other in word for other in found):
                found.append(word)
        return found


def examples_of(path: Path) -> list[str]:
    """The examples of one file; SignalFileError says what is wrong with it."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SignalFileError(f"{path} is missing") from None
    except yaml.YAMLError as error:
        raise SignalFileError(f"{path.name} is not YAML: {error}") from None
    lines = str((content or {}).get("examples") or "").splitlines()
    wrong = next((line for line in lines if not line.startswith("- ") or not line[2:].strip()), None)
    if wrong is not None or not lines or content.get("signal") != path.stem:
        raise SignalFileError(
            f"{path.name} needs `signal: {path.stem}` and `examples: |` with lines such as `- a sentence`"
            + (f", not `{wrong}`" if wrong is not None else "")
        )
    return [line[2:].strip() for line in lines]
