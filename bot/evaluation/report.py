"""What is printed of figures, and the file of errors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.escalation_rules import Decision
from bot.evaluation.anger import AngerFigures, Level
from bot.evaluation.handoffs import HandoffFigures
from bot.evaluation.intents import IntentFigures, Prediction
from bot.evaluation.rows import BadInput, Dialogue, Mood, Utterance

MEANINGS = {
    "rows": "rows",
    "strict": "right label",
    "lenient": "right or acceptable label",
    "macro_f1": "macro F1",
    "coverage": "answered with confidence",
    "confident_accuracy": "of those, right",
    "confidently_wrong": "answered wrongly, of all",
    "offered": "not answered, but the right reading offered",
    "ece": "expected calibration error",
    "out_of_scope_recall": "out of scope noticed",
    "called_out_of_scope": "shop requests called out of scope",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "angry_recall": "angry rows called angry",
    "false_alarms": "calm rows called angry",
    "called_annoyed": "calm rows called annoyed or angry",
    "ms": "milliseconds a message (median)",
}
Figures = IntentFigures | AngerFigures | HandoffFigures
PLAIN = frozenset({"ece", "macro_f1", "f1"})


def as_json(figures: Figures) -> str:
    """One object, shares rounded to four digits."""
    values = {name: getattr(figures, name) for name in figures.FIELDS}
    return json.dumps({name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()})


def as_text(figures: Figures) -> str:
    """One line a figure."""
    return "\n".join(
        f"{MEANINGS[name]:<46}{shown(name, getattr(figures, name)):>8}" for name in MEANINGS if hasattr(figures, name)
    )


def shown(name: str, value: float | None) -> str:
    """A figure as people read it."""
    if value is None:
        return "–"
    if name == "rows":
        return str(value)
    if name == "ms":
        return f"{value:.2f}"
    return f"{value:.3f}" if name in PLAIN else f"{value:.1%}"


def intent_errors(pairs: Iterable[tuple[Utterance, Prediction]]) -> list[dict[str, object]]:
    """The rows whose label was neither right nor acceptable."""
    return [
        {
            "text": gold.text,
            "gold": gold.label,
            "also": sorted(gold.also),
            "predicted": guess.label,
            "confidence": round(guess.confidence, 4),
            "confident": guess.confident,
            "top": [[name, round(score, 4)] for name, score in guess.top],
        }
        for gold, guess in pairs
        if not gold.accepts(guess.label)
    ]


def anger_errors(pairs: Iterable[tuple[Mood, Level]]) -> list[dict[str, object]]:
    """The rows whose level was not the right one."""
    return [
        {
            "text": gold.text,
            "gold": gold.anger,
            "predicted": guess.level,
            "score": round(guess.score, 4),
            "evidence": list(guess.evidence),
        }
        for gold, guess in pairs
        if gold.anger != guess.level
    ]


def handoff_errors(pairs: Iterable[tuple[Dialogue, Decision | None]]) -> list[dict[str, object]]:
    """The dialogues in which a person was called needlessly, or not called."""
    return [
        {
            "turns": [f"{turn.role}: {turn.text}" for turn in gold.turns],
            "gold": "handoff" if gold.handoff else "keep",
            "rule": decision.rule if decision else None,
            "reason": decision.reason if decision else None,
        }
        for gold, decision in pairs
        if gold.handoff != (decision is not None)
    ]


def write_errors(path: Path, errors: Sequence[dict[str, object]]) -> None:
    """One JSON object a line."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in errors), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error
