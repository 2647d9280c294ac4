"""What a loaded model holds by the hundred thousand, in a tenth of the memory: whole numbers by word, and rows that are mostly nought.

A Python dict takes about 120 bytes a word, most of it for the word itself. `WordNumbers` keeps 63 bits of a word's hash instead, as
spaCy does with all of its words: one unknown word in 10^13 is taken for a known one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from preshed.maps import PreshMap

_BITS = (1 << 63) - 1
_ROWS_AT_ONCE = 20_000


class WordNumbers:
    """A number from 0 on for each word; of a dict it has what looking up takes, but it cannot tell its words."""

    def __init__(self, numbered: Iterable[tuple[str, int]] = ()) -> None:
        self._numbers = PreshMap()
        for word, number in numbered:
            self._numbers[_key(word)] = number

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, word: str) -> bool:
        return _key(word) in self._numbers

    def __getitem__(self, word: str) -> int:
        number: int | None = self._numbers[_key(word)]
        if number is None:
            raise KeyError(word)
        return number

    def __setitem__(self, word: str, number: int) -> None:
        self._numbers[_key(word)] = number

    def get(self, word: str, default: Any = None) -> Any:
        """The word's number, or the default."""
        number = self._numbers[_key(word)]
        return default if number is None else number


def _key(word: str) -> int:
    """Python hashes a text's bytes in memory, which are the same for "BP" and 偂 (U+5042): their lengths tell them apart."""
    return (hash(word) + len(word)) & _BITS


class SparseRows:
    """A matrix of numbers of 16 bits in at most 256 columns, of which rows are taken as of an array: `rows[[3, 1]]`."""

    def __init__(self, matrix: np.ndarray) -> None:
        self._width = matrix.shape[1]
        lengths, places, values = [], [], []
        for first in range(0, len(matrix), _ROWS_AT_ONCE):
            block = np.ascontiguousarray(matrix[first : first + _ROWS_AT_ONCE], dtype=np.float16)
            there = np.flatnonzero(block.view(np.uint16))  # twenty times as fast as looking at halves of floats
            lengths.append(np.bincount(there // self._width, minlength=len(block)))
            places.append((there % self._width).astype(np.uint8))
            values.append(block.ravel()[there])
        self._starts = np.concatenate([[0], *lengths]).cumsum().astype(np.int32)
        self._places, self._values = np.concatenate(places), np.concatenate(values)

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        """The rows, as numbers of 32 bits."""
        found = np.zeros((len(rows), self._width), dtype=np.float32)
        first = self._starts[rows]
        lengths = self._starts[rows + 1] - first
        row = np.repeat(np.arange(len(rows)), lengths)
        taken = np.arange(len(row)) + np.repeat(first - (lengths.cumsum() - lengths), lengths)
        found[row, self._places[taken]] = self._values[taken]
        return found
