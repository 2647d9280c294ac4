"""The files that are measured on: the project's own, and the shared ones where they stand beside the checkout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.components.sources import PROJECT

Kind = Literal["intent", "anger", "handoff"]

KINDS: dict[str, Kind] = {
    "intent_zh": "intent",
    "jddc_intent_zh": "intent",
    "intent_en": "intent",
    "clinc_en": "intent",
    "anger_zh": "anger",
    "anger_en": "anger",
    "handoff_zh": "handoff",
    "handoff_en": "handoff",
}
FOLDERS = {"tests/nlu": PROJECT / "tests" / "nlu", "shared": PROJECT.parent / "shared" / "data"}


@dataclass(frozen=True)
class MeasuredFile:
    """A file with what is measured on it; `name` is short, such as shared/intent_zh."""

    name: str
    kind: Kind
    path: Path


def measured_files() -> list[MeasuredFile]:
    """All files that are there, the project's own first."""
    named = [
        MeasuredFile(f"{folder}/{stem}", kind, path / f"{stem}.jsonl")
        for folder, path in FOLDERS.items()
        for stem, kind in KINDS.items()
    ]
    return [one for one in named if one.path.is_file()]
