"""The trained assistant reaches what floors.yml records, on our own files and on the shared ones where they stand beside the checkout."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from rasa.core.processor import MessageProcessor

from bot.components.labels import label_of_intents
from bot.components.sources import PROJECT
from bot.evaluation import anger, handoffs, intents
from bot.evaluation.files import FOLDERS, MeasuredFile, measured_files
from bot.evaluation.reader import load, read_utterances
from bot.evaluation.rows import dialogues, moods, utterances
from tests.conversation import trained_model

FLOORS: dict[str, dict[str, dict[str, float]]] = yaml.safe_load(
    (PROJECT / "tests" / "nlu" / "floors.yml").read_text(encoding="utf-8")
)
FILES = measured_files()
PRESENT = [folder for folder, path in FOLDERS.items() if path.is_dir()]


@pytest.fixture(scope="module")
def processor() -> MessageProcessor:
    return load(trained_model())


def breaches(figures: Any, floors: dict[str, dict[str, float]]) -> list[str]:
    """Every figure on the wrong side of what is recorded; one that could not be counted breaches too."""
    found = []
    for side, bounds in floors.items():
        for name, bound in bounds.items():
            value = getattr(figures, name)
            if value is None or (value < bound if side == "at_least" else value > bound):
                found.append(f"{name} is {value}, {side} {bound}")
    return found


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(file, id=file.name) for file in FILES if file.kind == kind]


@pytest.mark.parametrize("file", of_kind("intent"))
async def test_messages_are_understood(file: MeasuredFile, processor: MessageProcessor) -> None:
    label_of = label_of_intents()
    rows = utterances(file.path, frozenset(label_of.values()))
    figures = intents.figures(await read_utterances(processor, rows, label_of))
    assert breaches(figures, FLOORS[file.name]) == []


@pytest.mark.parametrize("file", of_kind("anger"))
async def test_anger_is_noticed(file: MeasuredFile, processor: MessageProcessor) -> None:
    figures = anger.figures(await anger.read_moods(processor, moods(file.path)))
    assert breaches(figures, FLOORS[file.name]) == []


@pytest.mark.parametrize("file", of_kind("handoff"))
async def test_the_moment_for_a_person_is_found(file: MeasuredFile, processor: MessageProcessor) -> None:
    figures = handoffs.figures(await handoffs.read_dialogues(processor, dialogues(file.path)))
    assert breaches(figures, FLOORS[file.name]) == []


@pytest.mark.parametrize(
    "present", [PRESENT], ids=["all files" if "shared" in PRESENT else "shared files absent, own files only"]
)
def test_every_recorded_file_is_measured(present: list[str]) -> None:
    recorded = {name for name in FLOORS if name.rpartition("/")[0] in present}
    assert recorded == {file.name for file in FILES}
    assert all(set(floors) <= {"at_least", "at_most"} and floors.get("at_least") for floors in FLOORS.values())
