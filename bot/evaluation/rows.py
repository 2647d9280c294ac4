"""Reads files of labelled utterances, one JSON object a line, and says in one line what is wrong with a bad one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.components.sources import PROJECT

LABELS = PROJECT / "data" / "labels.yml"


class BadInput(ValueError):
    """What was given cannot be measured with; the text says which file, which line and why."""


@dataclass(frozen=True)
class Utterance:
    """A text with the label that it should get; those in `also` are acceptable."""

    text: str
    label: str
    also: frozenset[str] = frozenset()

    def accepts(self, label: str) -> bool:
        """Whether a label is the right one or an acceptable one."""
        return label == self.label or label in self.also


@dataclass(frozen=True)
class Mood:
    """A text with how angry it is: 0 not, 1 annoyed, 2 angry."""

    text: str
    anger: int


def label_of_intents(path: Path = LABELS) -> dict[str, str]:
    """The broad label of each fine intent."""
    labels = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {intent: label for label, intents in labels.items() for intent in intents}


def utterances(path: Path, labels: frozenset[str]) -> list[Utterance]:
    """The rows of a file for `intent`. Where a row has `mapped`, that is the label; null means that it has none, and is left out."""
    found = []
    for place, row in _rows(path):
        label = row["mapped"] if "mapped" in row else row.get("label")
        if label is None and "mapped" in row:
            continue
        also = row.get("also") or []
        if not isinstance(also, list):
            raise BadInput(f"{place}: `also` is not a list")
        for name in [label, *also]:
            if not isinstance(name, str) or name not in labels:
                raise BadInput(f"{place}: unknown label {name!r}; data/labels.yml has {', '.join(sorted(labels))}")
        found.append(Utterance(_text(place, row), str(label), frozenset(also)))
    return _some(path, found)


def moods(path: Path) -> list[Mood]:
    """The rows of a file for `anger`."""
    found = []
    for place, row in _rows(path):
        anger = row.get("anger")
        if not isinstance(anger, int) or isinstance(anger, bool) or anger not in (0, 1, 2):
            raise BadInput(f"{place}: `anger` must be 0, 1 or 2, not {anger!r}")
        found.append(Mood(_text(place, row), anger))
    return _some(path, found)


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text") from error
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadInput(f"{place}: not JSON ({error.msg})") from error
        if not isinstance(row, dict):
            raise BadInput(f"{place}: not a JSON object")
        yield place, row


def _text(place: str, row: Mapping[str, Any]) -> str:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise BadInput(f"{place}: there is no `text`")
    return text


def _some(path: Path, found: list[Any]) -> list[Any]:
    if not found:
        raise BadInput(f"{path} has no row to measure with")
    return found
