"""The classifiers that are compared learn, and the table shows them all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bench.classifiers.calibrated import Candidate
from bench.classifiers.hashed import HashedClassifier
from bench.classifiers.linear import shipped
from bench.classifiers.measure import Measured, measured
from bench.classifiers.sentences import Cutter
from bench.classifiers.table import COLUMNS, FILES, table
from bot.components import intent_classifier
from bot.evaluation.rows import Utterance

WORDS = {
    "refund": ["退款", "退钱", "refund"],
    "invoice": ["发票", "开票", "invoice"],
    "greeting": ["你好", "您好", "hello"],
}
FRAMES = ["{}", "{}呀", "那个{}", "{}，在吗", "亲，{}", "{} please", "um {}", "{}{}"]
UNSEEN = "嗯嗯{}哦"


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Candidate], Measured]:
    """Measures a candidate on sentences that it has not learnt from."""
    monkeypatch.setattr(intent_classifier, "MOST_PROCESSES", 1)
    cutter = Cutter(tmp_path)
    labelled = [(word, label) for label, words in WORDS.items() for word in words]
    texts = [(frame.format(word, word), label) for word, label in labelled for frame in FRAMES]
    examples = cutter.examples(TrainingData([Message({TEXT: text, INTENT: label}) for text, label in texts]))
    rows = [Utterance(UNSEEN.format(word), label) for word, label in labelled]
    files = {FILES["own zh"]: (rows, cutter.messages(row.text for row in rows))}
    return lambda candidate: measured(candidate, examples, files, {label: label for label in WORDS})


@pytest.mark.parametrize("name", ["svm", "hashed"])
def test_three_intents_are_learnt(name: str, found: Callable[[Candidate], Measured], tmp_path: Path) -> None:
    candidate = shipped(tmp_path) if name == "svm" else HashedClassifier(epochs=20, buckets=2**12)
    result = found(candidate)
    assert result.figures[FILES["own zh"]].lenient == 1.0
    assert result.ms > 0 and result.seconds > 0 and result.mib >= 0

    lines = table({"one": result, "other": result}).splitlines()
    assert len(lines) == 4
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| one", "| other"]
    assert {line.count(" | ") for line in lines} == {len(COLUMNS) - 1, 0}
    assert lines[2].split(" | ")[1:4] == ["100.0%", "–", "–"]
