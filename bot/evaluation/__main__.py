"""`make eval`: measures on every file, prints a table a kind, draws the confusions and writes the errors to var/eval/."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.components.labels import label_of_intents
from bot.components.sources import PROJECT
from bot.evaluate import be_quiet
from bot.evaluation import anger, handoffs, intents, report
from bot.evaluation.confusion import draw
from bot.evaluation.files import FOLDERS, MeasuredFile, measured_files
from bot.evaluation.reader import load, read_utterances
from bot.evaluation.rows import BadInput, dialogues, moods, utterances
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from rasa.core.processor import MessageProcessor

OUTPUT = PROJECT / "var" / "eval"
COLUMNS = {
    "strict": "strict",
    "lenient": "lenient",
    "macro_f1": "macro F1",
    "coverage": "coverage",
    "confident_accuracy": "of those right",
    "confidently_wrong": "surely wrong",
    "offered": "offered",
    "ece": "ECE",
    "out_of_scope_recall": "out of scope",
    "called_out_of_scope": "called so",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "angry_recall": "angry recall",
    "false_alarms": "false alarms",
    "called_annoyed": "called annoyed",
    "ms": "ms",
}

Figures = dict[str, intents.IntentFigures] | dict[str, anger.AngerFigures] | dict[str, handoffs.HandoffFigures]


def of_kind(files: Sequence[MeasuredFile], kind: str) -> list[MeasuredFile]:
    """The files of one kind."""
    return [file for file in files if file.kind == kind]


def table(rows: Figures) -> str:
    """A Markdown table, a file a row."""
    first = next(iter(rows.values()))
    columns = [name for name in COLUMNS if hasattr(first, name)]
    lines = [
        "| file | rows | " + " | ".join(COLUMNS[name] for name in columns) + " |",
        "|---|" + "---|" * (len(columns) + 1),
    ]
    for file, figures in rows.items():
        values = [report.shown(name, getattr(figures, name)) for name in ["rows", *columns]]
        lines.append(f"| {file} | {' | '.join(values)} |")
    return "\n".join(lines)


async def measure_intents(
    files: Sequence[MeasuredFile], model: Path, processor: MessageProcessor
) -> dict[str, intents.IntentFigures]:
    """Figures by file; errors and the picture of all confusions are written on the way."""
    label_of = label_of_intents()
    found, confusions = {}, Counter[tuple[str, str]]()
    for file in files:
        pairs = await read_utterances(processor, utterances(file.path, frozenset(label_of.values())), label_of)
        report.write_errors(errors_of(file), report.intent_errors(pairs))
        confusions += intents.confusions(pairs)
        found[file.name] = intents.figures(pairs)
    draw(confusions, OUTPUT / "confusion.png", f"{confusions.total()} messages of {len(files)} files, {model.name}")
    return found


async def measure_anger(files: Sequence[MeasuredFile], processor: MessageProcessor) -> dict[str, anger.AngerFigures]:
    """Figures by file; errors are written on the way."""
    found = {}
    for file in files:
        pairs = await anger.read_moods(processor, moods(file.path))
        report.write_errors(errors_of(file), report.anger_errors(pairs))
        found[file.name] = anger.figures(pairs)
    return found


async def measure_handoffs(
    files: Sequence[MeasuredFile], processor: MessageProcessor
) -> dict[str, handoffs.HandoffFigures]:
    """Figures by file; errors are written on the way."""
    found = {}
    for file in files:
        pairs = await handoffs.read_dialogues(processor, dialogues(file.path))
        report.write_errors(errors_of(file), report.handoff_errors(pairs))
        found[file.name] = handoffs.figures(pairs)
    return found


def errors_of(file: MeasuredFile) -> Path:
    """Where the rows of a file that were wrong are written."""
    return OUTPUT / f"{file.name.replace('/', '-')}-errors.jsonl"


def main() -> int:
    """Exit code 0 when all files could be measured."""
    parser = argparse.ArgumentParser(prog="python -m bot.evaluation", description="Measure on every file.")
    parser.add_argument(
        "--model", type=Path, metavar="PATH", help="the newest in models/ unless given here or in SHOPDESK_MODEL"
    )
    model = parser.parse_args().model
    be_quiet()
    files = measured_files()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    try:
        model = model or Settings.from_env(os.environ).model
        processor = load(model)
        understood = asyncio.run(measure_intents(of_kind(files, "intent"), model, processor))
        print(f"Intents, with {model.name}\n\n{table(understood)}\n", flush=True)
        moods_read = asyncio.run(measure_anger(of_kind(files, "anger"), processor))
        print(f"Anger\n\n{table(moods_read)}\n", flush=True)
        handed = asyncio.run(measure_handoffs(of_kind(files, "handoff"), processor))
        print(f"A person or not\n\n{table(handed)}\n")
    except (BadInput, SettingsError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    if not FOLDERS["shared"].is_dir():
        print("The shared files do not stand beside this folder (../shared/data), so only tests/nlu was measured.")
    print(f"Errors and the confusion matrix (confusion.png) are in {OUTPUT.relative_to(PROJECT)}/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
