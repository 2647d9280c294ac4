"""spaCy's text categoriser over our own tokens: a bag of n-grams, alone or together with a small convolutional network.

`TextCatBOW.v3` is v2 with its hashing mended: v2 makes use of few of its weights, and was right in about ten cases of 100 fewer.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bench.classifiers.calibrated import Calibrated

BAG = {
    "@architectures": "spacy.TextCatBOW.v3",
    "exclusive_classes": True,
    "ngram_size": 2,
    "length": 2**18,
    "no_output_layer": False,
}
NETWORK = {
    "@architectures": "spacy.Tok2Vec.v2",
    "embed": {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": 64,
        "rows": [2000, 2000, 500, 1000, 500],
        "attrs": ["NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE"],
        "include_static_vectors": False,
    },
    "encode": {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": 64,
        "window_size": 1,
        "maxout_pieces": 3,
        "depth": 2,
    },
}
"""spaCy's own defaults."""
DROPOUT = 0.2
TINY = 1e-12


@dataclass(frozen=True)
class Recipe:
    """A model with how it learns; rate and epochs have the least log loss on sentences held out."""

    model: dict[str, Any]
    epochs: int
    rate: float
    batch: int


BAG_OF_WORDS = Recipe(BAG, epochs=4, rate=0.01, batch=256)
ENSEMBLE = Recipe(
    {"@architectures": "spacy.TextCatEnsemble.v2", "linear_model": BAG, "tok2vec": NETWORK},
    epochs=7,
    rate=0.002,
    batch=128,
)


class TextcatClassifier(Calibrated):
    """One spaCy component, trained without a pipeline around it."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._recipe = recipe

    def fit(self, messages: Sequence[Message], right: np.ndarray, intents: Sequence[str]) -> None:
        """Learns anew."""
        import spacy
        from spacy.training import Example
        from spacy.util import minibatch
        from thinc.api import Adam, fix_random_seed

        fix_random_seed(0)
        language = spacy.blank("xx")
        self._vocabulary = language.vocab
        self._textcat = language.add_pipe("textcat", config={"model": self._recipe.model})
        examples = [
            Example.from_dict(self._document(message), {"cats": {intents[place]: 1.0}})
            for message, place in zip(messages, right, strict=True)
        ]
        self._textcat.initialize(lambda: examples, nlp=language, labels=intents)
        optimiser, order = Adam(self._recipe.rate), random.Random(0)
        for _ in range(self._recipe.epochs):
            order.shuffle(examples)
            for batch in minibatch(examples, self._recipe.batch):
                self._textcat.update(batch, sgd=optimiser, drop=DROPOUT)

    def margins(self, message: Message) -> np.ndarray:
        """Logarithms of the probabilities."""
        scores: np.ndarray = self._textcat.predict([self._document(message)])[0]
        return np.log(scores + TINY)

    def _document(self, message: Message) -> Any:
        from spacy.tokens import Doc

        tokens = message.get(TOKENS_NAMES[TEXT])
        starts = [token.start for token in tokens[1:]] + [tokens[-1].end]
        spaces = [token.end < start for token, start in zip(tokens, starts, strict=True)]
        return Doc(self._vocabulary, words=[token.lemma for token in tokens], spaces=spaces)
