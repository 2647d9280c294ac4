"""`python -m bot.evaluate intent|anger FILE.jsonl`: measures the assistant on a file of labelled utterances."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from bot.evaluation import anger, intents, report
from bot.evaluation.reader import load, read_utterances
from bot.evaluation.rows import BadInput, label_of_intents, moods, utterances
from bot.settings import Settings, SettingsError

NOT_YET = "handoff cannot be measured yet: the escalation policy that decides it comes later"


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.evaluate", description="Measure on a file of labelled utterances."
    )
    parser.add_argument("what", choices=("intent", "anger", "handoff"), metavar="intent|anger")
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


def evaluate_anger(path: Path, errors: Path | None) -> anger.AngerFigures:
    """Figures of a file for `anger`; the model is not asked."""
    pairs = anger.read_moods(moods(path))
    if errors:
        report.write_errors(errors, report.anger_errors(pairs))
    return anger.figures(pairs)


def main(given: Sequence[str] | None = None) -> int:
    """Exit code 0 when there are figures."""
    options = arguments(given)
    be_quiet()
    try:
        if options.what == "handoff":
            raise BadInput(NOT_YET)
        figures: intents.IntentFigures | anger.AngerFigures
        if options.what == "intent":
            figures = asyncio.run(evaluate_intents(options.file, options.model, options.errors))
        else:
            figures = evaluate_anger(options.file, options.errors)
    except (BadInput, SettingsError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    print(report.as_json(figures) if options.json else report.as_text(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
