"""Words that mean the same to a shop: finds which concepts of `data/concepts.yml` a message touches.

A wording that training has never seen still counts when it touches the right concepts ("reimbursement" is a refund).
Chinese words are found as they stand, English ones as whole words; `*` at the end stands for any ending.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from string import ascii_lowercase

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LETTERS = frozenset(ascii_lowercase)


class Concepts:
    """The concepts of one word list: `{"refund": ["退款", "reimburs*", …], …}`."""

    def __init__(self, words: Mapping[str, Sequence[object]]) -> None:
        # By the first character: a Chinese word, or the beginning of a Latin one and whether any letters may follow.
        self._chinese: dict[str, list[tuple[str, str]]] = {}
        self._latin: dict[str, list[tuple[str, bool, str]]] = {}
        for name, listed in words.items():
            for word in map(str, listed):
                if not word.strip("*"):
                    raise ValueError(f"the concept {name} has an empty word in its list: take it out")
                if _CHINESE.search(word):
                    self._chinese.setdefault(word[0], []).append((word, name))
                else:
                    stem = word.rstrip("*")
                    self._latin.setdefault(stem[0], []).append((stem, stem != word, name))

    def touched(self, text: str) -> list[str]:
        """Names of the concepts in a plain, lower-case text, in alphabetical order."""
        found: set[str] = set()
        before = ""
        for start, character in enumerate(text):
            for word, name in self._chinese.get(character, ()):
                if text.startswith(word, start):
                    found.add(name)
            begins = before not in _LETTERS
            for stem, open_ended, name in self._latin.get(character, ()) if begins else ():
                end = start + len(stem)
                if text.startswith(stem, start) and (open_ended or text[end : end + 1] not in _LETTERS):
                    found.add(name)
            before = character
        return sorted(found)

    def terms(self, text: str) -> list[str]:
        """The concepts and each pair of them; `none` where a message touches nothing that a shop knows."""
        names = self.touched(text)
        return names + [f"{one}+{other}" for one, other in combinations(names, 2)] or ["none"]
