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
        number = self._numbers[(hash(word) + len(word)) & _BITS]  # `_key`, without the time that a call takes
        return default if number is None else number


def _key(word: str) -> int:
    """Python hashes a text's bytes in memory, which are the same for "BP" and 偂 (U+5042): their lengths tell them apart."""
    return (hash(word) + len(word)) & _BITS


class SparseRows:
    """A matrix of numbers of 16 bits, of which rows are taken as of an array: `rows[[3, 1]]`.

    It keeps a bit for each number, which says whether it is nought, and those that are not one after the other.
    """

    def __init__(self, matrix: np.ndarray) -> None:
        self._width = matrix.shape[1]
        lengths, bits, values = [], [], []
        for first in range(0, len(matrix), _ROWS_AT_ONCE):
            block = np.ascontiguousarray(matrix[first : first + _ROWS_AT_ONCE], dtype=np.float16)
            there = block.view(np.uint16) != 0  # twenty times as fast as looking at halves of floats
            lengths.append(there.sum(axis=1))
            bits.append(np.packbits(there, axis=1))
            values.append(block[there])
        self._bits = np.concatenate(bits)
        # Python cuts these views quicker than NumPy its arrays.
        self._starts = np.concatenate([[0], *lengths]).cumsum().astype(np.int32).data
        self._values = np.concatenate(values).data

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        """The rows, as numbers of 32 bits."""
        there = np.unpackbits(self._bits[rows], axis=1, count=self._width).view(bool)
        values = [self._values[self._starts[row] : self._starts[row + 1]] for row in rows.tolist()]
        found = np.zeros((len(rows), self._width), dtype=np.float32)
        found[there] = np.frombuffer(b"".join(values), dtype=np.float16)
        return found
