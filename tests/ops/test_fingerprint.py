"""The model's fingerprint changes when something that training reads changes, and only then."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ops.fingerprint import fingerprint

INPUTS = {
    "config.yml": "pipeline:\n- name: bot.components.words.Words\n- name: DIETClassifier\npolicies:\n- name: bot.escalation.Policy\n",
    "domain.yml": "intents: [order]\n",
    "requirements.txt": "rasa==3.6.21\n",
    "data/nlu/order.yml": "nlu: []\n",
    "data/words.txt": "快递\n",
    "bot/components/words.py": "class Words: ...\n",
    "bot/escalation.py": "class Policy: ...\n",
}
OTHERS = [
    "README.md",
    "bot/worker.py",
    "actions/order.py",
    "data/.order.yml.swp",
    "bot/components/__pycache__/words.pyc",
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in INPUTS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", INPUTS)
def test_changes_with_each_input(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).write_text(INPUTS[name] + "# changed\n", encoding="utf-8")
    assert fingerprint(project) != before


@pytest.mark.parametrize("name", OTHERS)
def test_does_not_change_with_anything_else(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("anything", encoding="utf-8")
    assert fingerprint(project) == before


def test_does_not_depend_on_time_or_place(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = fingerprint(project)
    for name in INPUTS:
        os.utime(project / name, (1, 1))
    moved = tmp_path_factory.mktemp("elsewhere") / "project"
    project.rename(moved)
    assert fingerprint(moved) == before


def test_changes_when_a_file_is_renamed_added_or_removed(project: Path) -> None:
    seen = {fingerprint(project)}
    (project / "data/nlu/order.yml").rename(project / "data/nlu/orders.yml")
    seen.add(fingerprint(project))
    (project / "data/nlu/greet.yml").write_text("nlu: []\n")
    seen.add(fingerprint(project))
    (project / "data/words.txt").unlink()
    seen.add(fingerprint(project))
    assert len(seen) == 4
