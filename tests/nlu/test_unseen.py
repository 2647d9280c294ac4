"""The project's own utterances are unseen: none stands in the training data or in the shared files, and there are enough of them."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
import yaml

from bot.components.labels import label_of_intents
from bot.evaluation.files import FOLDERS

HERE = Path(__file__).parent
TRAINING = HERE.parents[1] / "data" / "nlu"
SIGNALS = HERE.parents[1] / "data" / "signals"
FILES = sorted(path for stem in ("intent", "anger") for path in HERE.glob(f"{stem}_*.jsonl"))
FINAL_PARTICLES = "了吗呢啊呀哦哈嘛吧么哒啦噢喔哟诶嗯呗"
ANNOTATION = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def plain(text: str) -> str:
    """Without case, punctuation, spaces and the particles at its end."""
    folded = unicodedata.normalize("NFKC", text).lower()
    letters = "".join(character for character in folded if unicodedata.category(character)[0] in "LN")
    return letters.rstrip(FINAL_PARTICLES) or letters


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def trained() -> set[str]:
    """Every training example, without the marks of its entities."""
    found = set()
    for path in TRAINING.glob("*.yml"):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            examples = (line[2:] for line in (group.get("examples") or "").splitlines() if line.startswith("- "))
            found |= {plain(ANNOTATION.sub(r"\1", example)) for example in examples}
    for path in SIGNALS.glob("*.yml"):
        found |= {
            plain(line.removeprefix("- "))
            for line in yaml.safe_load(path.read_text(encoding="utf-8"))["examples"].splitlines()
        }
    return found


def shared() -> set[str]:
    paths = FOLDERS["shared"].glob("*.jsonl")
    return {plain(str(row["text"])) for path in paths for row in rows(path) if "text" in row}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_none_was_trained_on_or_copied(path: Path) -> None:
    known = trained() | shared()
    assert [row["text"] for row in rows(path) if plain(str(row["text"])) in known] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_none_stands_twice(path: Path) -> None:
    texts = [plain(str(row["text"])) for row in rows(path)]
    assert sorted(text for text in set(texts) if texts.count(text) > 1) == []


def test_there_are_enough_of_every_label() -> None:
    found = [row for path in FILES if path.stem.startswith("intent") for row in rows(path)]
    assert len(found) >= 600
    assert {row["label"] for row in found} == set(label_of_intents().values())


def test_labels_fit_the_fine_intents() -> None:
    label_of = label_of_intents()
    found = [row for path in FILES if path.stem.startswith("intent") for row in rows(path)]
    wrong = [
        (row["text"], row["intent"], row["label"]) for row in found if label_of.get(str(row["intent"])) != row["label"]
    ]
    assert wrong == []
