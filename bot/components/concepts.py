"""Words that mean the same to a shop: finds which concepts of `data/concepts.yml` a message touches.

A wording that training has never seen still counts when it touches the right concepts ("reimbursement" is a refund).
Chinese words are found as they stand, English ones as whole words; `*` at the end stands for any ending.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

_CHINESE = re.compile(r"[\u3400-\u9fff]")


class Concepts:
    """The concepts of one word list: `{"refund": ["退款", "reimburs*", …], …}`."""

    def __init__(self, words: Mapping[str, Sequence[object]]) -> None:
        self._patterns = {name: _pattern([str(word) for word in listed]) for name, listed in words.items()}

    def touched(self, text: str) -> list[str]:
        """Names of the concepts in a plain, lower-case text, in alphabetical order."""
        return sorted(name for name, pattern in self._patterns.items() if pattern.search(text))

    def terms(self, text: str) -> list[str]:
        """The concepts and each pair of them; `none` where a message touches nothing that a shop knows."""
        names = self.touched(text)
        return names + [f"{one}+{other}" for one, other in combinations(names, 2)] or ["none"]


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(_part(word) for word in sorted(words, key=len, reverse=True)))


def _part(word: str) -> str:
    if _CHINESE.search(word):
        return re.escape(word)
    ending = "[a-z]*" if word.endswith("*") else ""
    return rf"(?<![a-z]){re.escape(word.rstrip('*'))}{ending}(?![a-z])"
