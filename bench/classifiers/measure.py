"""One candidate in one process: it learns, reads every file message by message, and its figures are taken."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from rasa.shared.nlu.constants import INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bench.classifiers.calibrated import Candidate
from bot.components.confidence import subjects
from bot.evaluation.intents import IntentFigures, Pair, figures
from bot.evaluation.reader import WARM_UP, prediction
from bot.evaluation.rows import Utterance

Files = Mapping[str, tuple[Sequence[Utterance], Sequence[Message]]]
"""By name: the rows of a file, and the same rows as messages."""


@dataclass(frozen=True)
class Measured:
    """Figures by file, the median time to read a message, the time to learn and the memory that this took beyond the examples."""

    figures: Mapping[str, IntentFigures]
    ms: float
    seconds: float
    mib: float


def measured(candidate: Candidate, examples: TrainingData, files: Files, label_of: Mapping[str, str]) -> Measured:
    """Trains a candidate and reads all files."""
    before, started = peak_mib(), perf_counter()
    candidate.train(examples)
    seconds, peak = perf_counter() - started, peak_mib()
    for message in examples.intent_examples[:WARM_UP]:
        candidate.process([message])
    pairs = {name: _read(candidate, rows, messages, label_of) for name, (rows, messages) in files.items()}
    return Measured(
        figures={name: figures(found) for name, found in pairs.items()},
        ms=median(guess.ms for found in pairs.values() for _, guess in found),
        seconds=seconds,
        mib=peak - before,
    )


def _read(
    candidate: Candidate, rows: Sequence[Utterance], messages: Sequence[Message], label_of: Mapping[str, str]
) -> list[Pair]:
    found = []
    for row, message in zip(rows, messages, strict=True):
        started = perf_counter()
        candidate.process([message])
        ms = (perf_counter() - started) * 1000
        # The scores of a subject's intents are added up, as `bot/components/confidence.py` does.
        summed = sorted(subjects(message.get(INTENT_RANKING_KEY), label_of).items(), key=lambda one: -one[1])
        ranking = [{"name": name, "confidence": score} for name, score in summed]
        found.append((row, prediction({"intent": ranking[0], INTENT_RANKING_KEY: ranking}, label_of, ms)))
    return found


def peak_mib() -> float:
    """The most memory that this process has had, and with it that of its workers (Linux).

    Not `ru_maxrss`: a process that is started begins with that of the one that started it.
    """
    started = [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return sum(_peak_kib(pid) for pid in [str(os.getpid()), *started]) / 1024


def _peak_kib(pid: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
