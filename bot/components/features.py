"""What the intent classifier reads of a message: weighted terms of four kinds, each kind of the same total weight.

`c` character n-grams (1–3) carry Chinese, `b` n-grams inside words (2–5) carry English and its typing errors, `w` words and
pairs of words, `k` concepts (`concepts.py`). The weight is sublinear tf times idf, as in scikit-learn's TfidfVectorizer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix

from bot.components.compact import WordNumbers
from bot.components.concepts import Concepts

MASKED = re.compile(r"\[[^\[\]]{1,12}x\]")
REPEATED = re.compile(r"(.)\1{2,}")
SPACES = re.compile(r"\s+")
KINDS = {"c": 1.0, "b": 1.0, "w": 1.0, "k": 0.7}
"""The kinds with their weights, chosen on sentences that training had not seen."""
Terms = dict[str, dict[str, int]]


def terms_of(plain: str, words: Sequence[str], concepts: Concepts) -> Terms:
    """The terms of a message by kind. `plain` is lower case with signs for numbers, `words` are its tokens."""
    text = REPEATED.sub(r"\1\1", MASKED.sub("δ", plain))
    return {
        "c": _counted(_ngrams(SPACES.sub(" ", text), 1, 3)),
        "b": _counted([gram for word in SPACES.split(text) if word for gram in _ngrams(f" {word} ", 2, 5)]),
        "w": _counted([*words, *[f"{one}_{other}" for one, other in pairwise(words)]]),
        "k": _counted(concepts.terms(text)),
    }


def _counted(terms: list[str]) -> dict[str, int]:
    """How often each term is there. In most messages none is there twice, which is seen in a third of the time of counting."""
    once = dict.fromkeys(terms, 1)
    return once if len(once) == len(terms) else Counter(terms)


class Familiarity:
    """Which Latin words were seen in training: a message full of words that no shopper has used is likely about something else."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)

    @classmethod
    def learn(cls, messages: Sequence[Terms], least: int) -> Familiarity:
        """Words that stand in at least `least` messages."""
        seen = Counter(word for terms in messages for word in _latin(terms))
        return cls(word for word, count in seen.items() if count >= least)

    def noted(self, terms: Terms) -> Terms:
        """The terms with two more concepts: how many words are unknown (up to three), and what share of them in quarters."""
        words = _latin(terms)
        if not words:
            return terms
        unknown = sum(word not in self.known for word in words)
        more = Counter((f"?{min(unknown, 3)}", f"?/{4 * unknown // len(words)}"))
        return {**terms, "k": Counter(terms["k"]) + more}


def _latin(terms: Terms) -> list[str]:
    return [word for word in terms["w"] if len(word) > 2 and word.isascii() and word.isalpha()]


def _ngrams(text: str, shortest: int, longest: int) -> list[str]:
    sizes = range(shortest, longest + 1)
    return [text[start : start + size] for size in sizes for start in range(len(text) - size + 1)]


class Weights:
    """Which terms count, and how much: learnt from the training messages, then fixed."""

    def __init__(self, columns: dict[str, int] | WordNumbers, idf: np.ndarray) -> None:
        self.columns, self.idf = columns, idf

    @classmethod
    def learn(cls, messages: Sequence[Terms], least: int = 2) -> Weights:
        """Terms that stand in at least `least` messages. Concepts always count."""
        seen: Counter[str] = Counter(f"{kind}{term}" for terms in messages for kind in KINDS for term in terms[kind])
        names = sorted(name for name, count in seen.items() if count >= least or name[0] == "k")
        idf = np.array([math.log((1 + len(messages)) / (1 + seen[name])) + 1 for name in names], dtype=np.float32)
        return cls({name: column for column, name in enumerate(names)}, idf)

    def names(self) -> list[str]:
        """The terms in the order of their columns; a loaded intent classifier has forgotten them."""
        if isinstance(self.columns, WordNumbers):
            raise TypeError("these terms are kept as numbers only")
        return list(self.columns)

    def vector(self, terms: Terms) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values of one message."""
        columns: list[int] = []
        values: list[float] = []
        idf = self.idf.data  # gives Python's floats, which are the same numbers as NumPy's and quicker to reckon with
        for kind, weight in KINDS.items():
            found = [self.columns.get(kind + term) for term in terms[kind]]
            known = [
                idf[column] if count == 1 else (1 + math.log(count)) * idf[column]
                for column, count in zip(found, terms[kind].values(), strict=True)
                if column is not None
            ]
            length = math.sqrt(sum([value * value for value in known])) or 1.0
            columns += [column for column in found if column is not None]
            values += [weight * value / length for value in known]
        return np.array(columns, dtype=np.int32), np.array(values, dtype=np.float32)

    def matrix(self, messages: Iterable[Terms]) -> csr_matrix:
        """One row a message."""
        rows = [self.vector(terms) for terms in messages]
        ends = np.cumsum([0] + [len(columns) for columns, _ in rows])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, columns, ends), shape=(len(rows), len(self.columns)))
