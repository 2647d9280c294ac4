"""`python -m bot.evaluate intent|anger|handoff FILE.jsonl`: measures the assistant on a file of labelled utterances or dialogues."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from bot.components.labels import label_of_intents
from bot.evaluation import anger, handoffs, intents, report
from bot.evaluation.reader import load, read_utterances
from bot.evaluation.rows import BadInput, dialogues, moods, utterances
from bot.settings import Settings, SettingsError


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.evaluate", description="Measure on a file of labelled utterances."
    )
    parser.add_argument("what", choices=("intent", "anger", "handoff"), metavar="intent|anger|handoff")
    parser.add_argument("file", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--errors", type=Path, metavar="FILE", help="write the rows that were wrong, one JSON object a line"
    )
    parser.add_argument(
        "--model", type=Path, metavar="PATH", help="the newest in models/ unless given here or in SHOPDESK_MODEL"
    )
    return parser.parse_args(given)


def be_quiet() -> None:
    """Nothing but figures is printed; Rasa and TensorFlow would have much to say."""
    from bot.__main__ import quiet

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.simplefilter("ignore")
    quiet()


async def evaluate_intents(path: Path, model: Path | None, errors: Path | None) -> intents.IntentFigures:
    """Figures of a file for `intent`."""
    label_of = label_of_intents()
    rows = utterances(path, frozenset(label_of.values()))
    processor = load(model or Settings.from_env(os.environ).model)
    pairs = await read_utterances(processor, rows, label_of)
    if errors:
        report.write_errors(errors, report.intent_errors(pairs))
    return intents.figures(pairs)


async def evaluate_anger(path: Path, model: Path | None, errors: Path | None) -> anger.AngerFigures:
    """Figures of a file for `anger`."""
    rows = moods(path)
    pairs = await anger.read_moods(load(model or Settings.from_env(os.environ).model), rows)
    if errors:
        report.write_errors(errors, report.anger_errors(pairs))
    return anger.figures(pairs)


async def evaluate_handoffs(path: Path, model: Path | None, errors: Path | None) -> handoffs.HandoffFigures:
    """Figures of a file for `handoff`."""
    rows = dialogues(path)
    pairs = await handoffs.read_dialogues(load(model or Settings.from_env(os.environ).model), rows)
    if errors:
        report.write_errors(errors, report.handoff_errors(pairs))
    return handoffs.figures(pairs)


def main(given: Sequence[str] | None = None) -> int:
    """Exit code 0 when there are figures."""
    options = arguments(given)
    be_quiet()
    try:
        figures: report.Figures
        if options.what == "intent":
            figures = asyncio.run(evaluate_intents(options.file, options.model, options.errors))
        elif options.what == "handoff":
            figures = asyncio.run(evaluate_handoffs(options.file, options.model, options.errors))
        else:
            figures = asyncio.run(evaluate_anger(options.file, options.model, options.errors))
    except (BadInput, SettingsError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    print(report.as_json(figures) if options.json else report.as_text(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
