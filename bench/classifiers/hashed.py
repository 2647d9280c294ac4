"""Hashed embeddings, as fastText does it: each word and piece of a word is a row of a table, the mean of the rows is the message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zlib import crc32

import numpy as np
from rasa.shared.nlu.training_data.message import Message

from bench.classifiers.calibrated import Calibrated
from bot.components.concepts import Concepts
from bot.components.message_terms import terms_of_message

BUCKETS = 2**18
WIDTH = 100
LONGEST = 4
EPOCHS = 7
BATCH = 256
RATE = 0.005
"""Learning rate of Adam. Rate and epochs have the least log loss on sentences held out."""
NO_CONCEPTS = Concepts({})


def rows_of(message: Message, buckets: int) -> np.ndarray:
    """Rows of the table: words and pairs of words, and pieces of one to four characters (across words up to three)."""
    terms = terms_of_message(message, NO_CONCEPTS)
    pieces = [f"{kind}{piece}" for kind in "cb" for piece in terms[kind] if len(piece) <= LONGEST]
    words = [f"w{word}" for word in terms["w"]]
    return np.array([crc32(name.encode()) % buckets for name in pieces + words], dtype=np.int32)


class HashedClassifier(Calibrated):
    """Learnt with Keras; read with NumPy, which is faster for one message."""

    def __init__(self, epochs: int = EPOCHS, buckets: int = BUCKETS) -> None:
        super().__init__()
        self._epochs, self._buckets = epochs, buckets

    def fit(self, messages: Sequence[Message], right: np.ndarray, intents: Sequence[str]) -> None:
        """Learns table, slopes and offsets together."""
        import tensorflow as tf

        tf.keras.backend.clear_session()
        tf.keras.utils.set_random_seed(0)
        layers = tf.keras.layers
        model = tf.keras.Sequential(
            [
                tf.keras.Input((None,), ragged=True, dtype="int32"),
                layers.Embedding(self._buckets, WIDTH),
                layers.GlobalAveragePooling1D(),
                layers.Dense(len(intents)),
            ]
        )
        loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(tf.keras.optimizers.Adam(RATE), loss)
        rows = _ragged(rows_of(message, self._buckets) for message in messages)
        model.fit(rows, right, batch_size=BATCH, epochs=self._epochs, verbose=0)
        self._table, self._slopes, self._offsets = model.get_weights()

    def margins(self, message: Message) -> np.ndarray:
        """One number an intent."""
        mean: np.ndarray = self._table[rows_of(message, self._buckets)].mean(axis=0)
        return mean @ self._slopes + self._offsets


def _ragged(rows: Iterable[np.ndarray]) -> object:
    import tensorflow as tf

    listed = list(rows)
    return tf.RaggedTensor.from_row_lengths(np.concatenate(listed), [len(one) for one in listed])
