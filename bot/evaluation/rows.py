"""Reads files of labelled utterances, one JSON object a line, and says in one line what is wrong with a bad one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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
class Said:
    """One turn of a dialogue; `role` is customer or agent (a bot or a person)."""

    role: str
    text: str


@dataclass(frozen=True)
class Dialogue:
    """Turns that end with the customer, and whether a person should take over then."""

    turns: tuple[Said, ...]
    handoff: bool


@dataclass(frozen=True)
class Mood:
    """A text with how angry it is: 0 not, 1 annoyed, 2 angry."""

    text: str
    anger: int


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


def dialogues(path: Path) -> list[Dialogue]:
    """The rows of a file for `handoff`; those labelled unclear are left out, and turns without words (a picture)."""
    found = []
    for place, row in _rows(path):
        label, turns = row.get("label"), row.get("turns")
        if label not in ("handoff", "keep", "unclear"):
            raise BadInput(f"{place}: `label` must be handoff, keep or unclear, not {label!r}")
        if not isinstance(turns, list) or not turns:
            raise BadInput(f"{place}: there are no `turns`")
        said = tuple(turn for turn in (_said(place, turn) for turn in turns) if turn.text.strip())
        if not said or said[-1].role != "customer":
            raise BadInput(f"{place}: the last of `turns` must be the customer's")
        if label != "unclear":
            found.append(Dialogue(said, label == "handoff"))
    return _some(path, found)


def _said(place: str, turn: Any) -> Said:
    if not isinstance(turn, dict) or turn.get("role") not in ("customer", "agent"):
        raise BadInput(f"{place}: each of `turns` needs a `role`, customer or agent")
    if not isinstance(turn.get("text"), str):
        raise BadInput(f"{place}: each of `turns` needs a `text`")
    return Said(turn["role"], turn["text"])


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
