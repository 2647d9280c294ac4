"""Reads how angry a message sounds, and on what evidence: words, threats, sarcasm, punctuation, shouting.

Rules over the word lists of `data/anger.yml`: an agent sees what was found, and a trainer can change it. A find does not count where
it is part of a harmless word, negated, or inside a quotation. Each kind counts its weight once, further finds of the same kind a
third of it, at most twice; punctuation adds to that. Where the rules find too little, the signals `annoyed` and `angry` (`signals.py`),
learnt from examples, have their say from a probability on.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.components import anger_words, normaliser, yaml_lines
from bot.components.anger_words import Kind, WordLists, word_lists
from bot.components.normaliser import normal_text_of
from bot.components.signals import SIGNALS
from bot.components.sources import PROJECT, fingerprint_of

ANGER = "anger"
LONGEST = 2000  # characters that are read; nobody is angry only after that
MOST_FINDS = 200
FURTHER, MOST_FURTHER = 0.35, 2
MEMORY, MOST_MOOD = 0.7, 6.0

_QUOTATION = re.compile(
    r"“[^“”]{1,80}”|「[^「」]{1,80}」|『[^『』]{1,80}』|《[^《》]{1,40}》|\"[^\"]{1,80}\"|(?<!\w)'[^']{1,80}'(?!\w)|‘[^‘’]{1,80}’(?!\w)"
)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_BEFORE, _AFTER = 24, 8


@dataclass(frozen=True)
class Reading:
    """How a message sounds: level 0 none, 1 annoyed, 2 angry; the evidence in the order of the text."""

    level: int
    score: float
    evidence: list[str]


@dataclass(frozen=True)
class _Find:
    start: int
    end: int
    kind: Kind


class Anger:
    """The word lists, ready for reading."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists
        self._patterns = [(pattern, kind) for kind in lists.kinds for pattern in kind.patterns]
        self._words: dict[str, list[tuple[str, bool, Kind]]] = {}
        for kind in lists.kinds:
            for word in kind.words:
                stem = word.rstrip("*")
                self._words.setdefault(stem[0], []).append((stem, stem != word, kind))

    @classmethod
    def from_file(cls, path: Path) -> "Anger":
        """Reads the word lists; AngerFileError says what is wrong with them."""
        return cls(word_lists(path))

    def level_of(self, score: float) -> int:
        """The level of a message's score, or of the mood of a conversation."""
        return 2 if score >= self._lists.angry else 1 if score >= self._lists.annoyed else 0

    def least_score(self, level: int) -> float:
        """The score from which on a message has a level."""
        return (0.0, self._lists.annoyed, self._lists.angry)[level]

    def read(self, text: str) -> Reading:
        """Reads a plain text (see the normaliser) with its capitals kept."""
        text = text[:LONGEST]
        plain = text.lower().replace("’", "'")
        if plain.strip().isdecimal():
            return Reading(0, 0.0, [])  # an order number, or half of one: 12345 is a hotline only among words
        finds = self._counted(plain)
        evidence = [(find.start, plain[find.start : find.end].strip()) for find in finds]
        score = _score(plain, finds)
        glad = not finds and self._lists.praise.search(plain)
        for sign in self._lists.signs:
            match = None if glad else sign.pattern.search(text)
            if match:
                score += sign.weight
                evidence.append((match.start(), match.group().strip()))
        score = round(float(score), 2)
        return Reading(self.level_of(score), score, list(dict.fromkeys(shown for _, shown in sorted(evidence))))

    def _counted(self, plain: str) -> list[_Find]:
        """The finds that count: of two that overlap, the heavier one, and of the same weight the longer one."""
        found = list(islice(chain(self._found_words(plain), self._found_patterns(plain)), MOST_FINDS))
        if not found:
            return []
        quoted = [match.span() for match in _QUOTATION.finditer(plain) if match.group() != plain.strip()]
        taken = bytearray(len(plain))
        counted: list[_Find] = []
        for find in sorted(found, key=lambda find: (-find.kind.weight, find.start - find.end, find.start)):
            if any(taken[find.start : find.end]) or any(a < find.start and find.end < b for a, b in quoted):
                continue
            if _excepted(plain, find) or self._lists.harmless_after.match(plain, find.end):
                continue
            if find.kind.negatable and self._negated(plain, find):
                continue
            taken[find.start : find.end] = b"\1" * (find.end - find.start)
            counted.append(find)
        return counted

    def _found_words(self, plain: str) -> Iterator[_Find]:
        """Chinese words as they stand, Latin words and numbers as whole words."""
        for start, character in enumerate(plain):
            if character in _LETTERS and start and plain[start - 1] in _LETTERS:
                continue
            for stem, open_ended, kind in self._words.get(character, ()):
                if plain.startswith(stem, start):
                    end = start + len(stem)
                    while open_ended and end < len(plain) and plain[end] in _LETTERS:
                        end += 1
                    if stem[-1] in _LETTERS and end < len(plain) and plain[end] in _LETTERS:
                        continue
                    yield _Find(start, end, kind)

    def _found_patterns(self, plain: str) -> Iterator[_Find]:
        for pattern, kind in self._patterns:
            if pattern.search(plain):  # in most messages none is there, which `finditer` takes longer to say
                for match in pattern.finditer(plain):
                    yield _Find(match.start(), match.end(), kind)

    def _negated(self, plain: str, find: _Find) -> bool:
        """Whether a negation stands right before, unless what follows means it after all ("这不是骗人吗")."""
        before = plain[max(0, find.start - _BEFORE) : find.start]
        if not self._lists.negation.search(before):
            return False
        return not self._lists.still_meant.match(plain[find.end : find.end + _AFTER])


def carried(previous: float, score: float) -> float:
    """The mood after a message: what is left of the mood before, and the message's score.

    A turn leaves 70 % of the mood, and the mood never exceeds 6. So one outburst (2.6) is still heard as annoyed (1) two calm
    messages later and forgotten after that, and two annoyed messages (1.2 each) in a row make an angry shopper.
    """
    return round(min(MOST_MOOD, max(0.0, previous) * MEMORY + max(0.0, score)), 3)


def _excepted(plain: str, find: _Find) -> bool:
    """Whether the find lies inside a harmless word of its kind (垃圾 in 垃圾袋)."""
    for harmless in find.kind.exceptions:
        start = plain.find(harmless, max(0, find.end - len(harmless)), find.start + len(harmless))
        if start >= 0 and start <= find.start and find.end <= start + len(harmless):
            return True
    return False


def _score(plain: str, finds: list[_Find]) -> float:
    """The weights of the kinds found; the same words again add nothing."""
    different: dict[Kind, set[str]] = {}
    for find in finds:
        different.setdefault(find.kind, set()).add(plain[find.start : find.end])
    return sum(kind.weight * (1 + FURTHER * min(MOST_FURTHER, len(words) - 1)) for kind, words in different.items())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class AngerReader(GraphComponent):
    """Puts the reading beside each message as `anger`: level, score and evidence. Put it behind `SignalReader`."""

    def __init__(self, anger: Anger, config: dict[str, Any]) -> None:
        self._anger, self._config = anger, config

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`words`: the file of word lists, seen from the project's root. The others are probabilities of the learnt signals.

        From `annoyed` and `angry` on they count by themselves, from `angrier` on the latter makes annoyed words angry.
        """
        return {"words": "data/anger.yml", "annoyed": 0.9, "angry": 0.97, "angrier": 0.2}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "AngerReader":
        """Creates the component; the word lists are read here, not in the first turn."""
        return cls(Anger.from_file(PROJECT / config["words"]), config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """The rules, the word lists, and the plain form they are looked for in."""
        path = PROJECT / {**cls.get_default_config(), **config}["words"]
        return fingerprint_of([sys.modules[__name__], anger_words, normaliser, yaml_lines], [path])

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads the messages."""
        for message in messages:
            reading = self._joined(self._anger.read(normal_text_of(message).text), message.get(SIGNALS) or {})
            found = {"level": reading.level, "score": reading.score, "evidence": reading.evidence}
            message.set(ANGER, found, add_to_output=True)
        return messages

    def _joined(self, rules: Reading, signals: dict[str, Any]) -> Reading:
        """The reading of the rules, raised where the learnt signals are sure of more."""
        annoyed, angry = (signals.get(name, {}).get("score", 0.0) for name in ("annoyed", "angry"))
        if angry >= self._config["angry"] or (rules.level and angry >= self._config["angrier"]):
            level, signal = 2, "angry"
        elif annoyed >= self._config["annoyed"]:
            level, signal = 1, "annoyed"
        else:
            return rules
        if rules.level >= level:
            return rules
        evidence = [*rules.evidence, *signals[signal]["evidence"]]
        return Reading(level, max(rules.score, self._anger.least_score(level)), list(dict.fromkeys(evidence)))
