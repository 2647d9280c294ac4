"""A model is trained only when it must be, appears whole or not at all, and a failure says why."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ops.model import ensure_model, model_path, prune
from ops.problem import Problem
from ops.settings import Settings

# Prints what Rasa prints, and writes a model where Rasa would.
TRAINS = """
import pathlib, sys
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
print("2026-11-22 07:00:00 INFO     rasa.engine.training.hooks  - Starting to train component 'DIETClassifier'.")
print("\\rEpochs:  50%|#####     | 50/100 [00:01<00:01, 40.0it/s, t_loss=1.2]", end="", flush=True)
print("\\rEpochs: 100%|##########| 100/100 [00:02<00:00, 40.0it/s, t_loss=0.9]")
print("2026-11-22 07:00:02 INFO     rasa.engine.training.hooks  - Restored component 'RulePolicy' from cache.")
(out / "model.tar.gz").write_text("a model")
with open("trained", "a") as trained:
    trained.write("x")
"""
FAILS = """
import sys
print("2026-11-22 07:00:00 INFO     rasa.engine  - a lot of other things")
print("\\x1b[91mYamlValidationException: intent 'order' is written twice in data/nlu/order.yml\\x1b[0m")
sys.exit(1)
"""
FAILS_DEEP = """
import sys
print("2026-11-22 07:00:00 INFO     rasa.engine  - Starting")
print("Traceback (most recent call last):")
print('  File "{root}/.venv/lib/python3.10/site-packages/rasa/graph.py", line 5, in run')
print('  File "{root}/bot/components/words.py", line 20, in <module>')
print("ImportError: cannot import name 'WORDS'")
print("The above exception was the direct cause of the following exception:")
print("Traceback (most recent call last):")
print('  File "{root}/.venv/lib/python3.10/site-packages/rasa/graph.py", line 9, in run')
print("rasa.engine.exceptions.GraphComponentException: Error running graph component.")
sys.exit(1)
"""
ENDLESS = "import os, pathlib, signal\npathlib.Path('training').write_text(str(os.getpid()))\nsignal.pause()\n"


class Reports(list[tuple[str, str]]):
    """What was reported."""

    def __call__(self, step: str, detail: str) -> None:
        self.append((step, detail))


@pytest.fixture
def rasa(program: Callable[[str, str], Path]) -> Callable[[str], Path]:
    """Puts a program in the place of the bot's interpreter."""
    return lambda source: program(".venv/bin/python", source)


async def test_trains_once_and_again_when_the_data_changed(settings: Settings, rasa: Callable[[str], Path]) -> None:
    rasa(TRAINS)
    (settings.root / "config.yml").write_text("pipeline: []\n")
    first = await ensure_model(settings, Reports())
    assert await ensure_model(settings, Reports()) == first
    assert (settings.root / "trained").read_text() == "x"
    (settings.root / "config.yml").write_text("pipeline: [x]\n")
    second = await ensure_model(settings, Reports())
    assert second != first
    assert second == model_path(settings)
    assert (settings.root / "trained").read_text() == "xx"
    assert sorted(settings.models.iterdir()) == sorted([first, second])


async def test_force_trains_again(settings: Settings, rasa: Callable[[str], Path]) -> None:
    rasa(TRAINS)
    await ensure_model(settings, Reports())
    await ensure_model(settings, Reports(), force=True)
    assert (settings.root / "trained").read_text() == "xx"


async def test_reports_components_and_epochs(settings: Settings, rasa: Callable[[str], Path]) -> None:
    rasa(TRAINS)
    reports = Reports()
    await ensure_model(settings, reports)
    assert reports == [
        ("training the model", "reading the data"),
        ("training the model, DIETClassifier", "step 1"),
        ("training the model, DIETClassifier", "epoch 50 of 100"),
        ("training the model, DIETClassifier", "epoch 100 of 100"),
        ("training the model, RulePolicy", "step 2"),
    ]


async def test_failure_shows_what_rasa_said_and_where_the_rest_is(
    settings: Settings, rasa: Callable[[str], Path]
) -> None:
    rasa(FAILS)
    with pytest.raises(Problem) as caught:
        await ensure_model(settings, Reports())
    assert str(caught.value).splitlines() == [
        "The model could not be trained:",
        "  YamlValidationException: intent 'order' is written twice in data/nlu/order.yml",
        "All of it is in var/log/train.log.",
    ]
    assert "a lot of other things" in (settings.logs / "train.log").read_text()
    assert list(settings.models.iterdir()) == []


async def test_failure_in_our_own_code_names_the_line_and_the_cause_first(
    settings: Settings, rasa: Callable[[str], Path]
) -> None:
    rasa(FAILS_DEEP.format(root=settings.root))
    with pytest.raises(Problem) as caught:
        await ensure_model(settings, Reports())
    assert str(caught.value).splitlines()[1:-1] == [
        "  ImportError: cannot import name 'WORDS' (bot/components/words.py, line 20)",
        "  rasa.engine.exceptions.GraphComponentException: Error running graph component.",
    ]


async def test_success_without_a_model_is_a_failure(settings: Settings, rasa: Callable[[str], Path]) -> None:
    rasa("print('nothing to do')")
    with pytest.raises(Problem, match="nothing to do"):
        await ensure_model(settings, Reports())


async def test_cancelled_training_leaves_no_process_and_no_file(
    settings: Settings, rasa: Callable[[str], Path]
) -> None:
    rasa(ENDLESS)
    training = asyncio.create_task(ensure_model(settings, Reports()))
    written = settings.root / "training"
    async with asyncio.timeout(20):
        while not (written.exists() and written.read_text()):
            await asyncio.sleep(0.02)
    training.cancel()
    with pytest.raises(asyncio.CancelledError):
        await training
    with pytest.raises(ProcessLookupError):
        os.kill(int(written.read_text()), 0)
    assert list(settings.models.iterdir()) == []


def test_keeps_the_three_used_last_and_those_of_others(tmp_path: Path) -> None:
    ours = [tmp_path / f"{number:016x}.tar.gz" for number in range(5)]
    theirs = tmp_path / "released-2026-11-22.tar.gz"
    for age, path in enumerate([*ours, theirs]):
        path.touch()
        os.utime(path, (1000 + age, 1000 + age))
    prune(tmp_path, keep=ours[0])
    assert sorted(tmp_path.iterdir()) == sorted([ours[0], ours[3], ours[4], theirs])


def test_model_that_the_owner_names_is_taken(tmp_path: Path) -> None:
    assert Settings.from_env({"SHOPDESK_MODEL": str(tmp_path / "mine.tar.gz")}).model == tmp_path / "mine.tar.gz"
    assert replace(Settings.from_env({}), root=tmp_path).model is None
