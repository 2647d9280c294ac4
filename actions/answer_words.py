"""The words by which a task's questions are answered, from `data/answers.yml`, which trainers edit; read when first asked for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.components.normaliser import normalise, simplified_characters
from bot.components.yaml_lines import YamlLines

FILE = Path(__file__).resolve().parents[1] / "data/answers.yml"
Words = dict[str, dict[str, dict[str, re.Pattern[str]]]]


class AnswerWordsError(ValueError):
    """The words cannot be used; the sentence names the line."""

    code = "answer_words"


def words_of(topic: str, fact: str) -> dict[str, re.Pattern[str]]:
    """For each value of a fact the words that mean it, in the order in which they are tried; none for other facts."""
    return _read(FILE).get(topic, {}).get(fact, {})


def facts_with_words(topic: str) -> tuple[str, ...]:
    """The facts of a topic that words can tell."""
    return tuple(_read(FILE).get(topic, {}))


def says(name: str, text: str) -> bool:
    """Whether a text `agrees`, `changes` something, `asks`, or `gives_up`."""
    return words_of("any", "confirm")[name].search(simple(text).strip()) is not None


def simple(text: str) -> str:
    """The text in simplified characters, as the words are written."""
    return normalise(text, simplified_characters()).text


@cache
def _read(path: Path) -> Words:
    lines = YamlLines(path.name, AnswerWordsError)
    root = lines.root(path.read_text(encoding="utf-8"))
    return {
        topic: {
            fact: {value: lines.any_of(patterns, re.IGNORECASE) for value, _, patterns in lines.mapping(values)}
            for fact, _, values in lines.mapping(facts)
        }
        for topic, _, facts in lines.mapping(root)
    }
