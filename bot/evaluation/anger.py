"""How well anger is noticed: figures over levels (0 not, 1 annoyed, 2 angry)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from bot.evaluation.intents import mean
from bot.evaluation.rows import Mood

if TYPE_CHECKING:
    from rasa.core.processor import MessageProcessor

ANNOYED, ANGRY = 1, 2


@dataclass(frozen=True)
class Level:
    """The level that a message was given, why, and how long that took."""

    level: int
    score: float
    evidence: tuple[str, ...] = ()
    ms: float = 0.0


@dataclass(frozen=True)
class AngerFigures:
    """`precision`, `recall` and `f1` are of annoyed or angry together; `angry_recall` and `false_alarms` of angry alone.

    `false_alarms` is the share of rows without anger that were called angry, `called_annoyed` of those called annoyed or angry.
    """

    rows: int
    precision: float | None
    recall: float | None
    f1: float
    angry_recall: float | None
    false_alarms: float | None
    ms: float
    called_annoyed: float | None

    FIELDS = tuple("rows precision recall f1 angry_recall false_alarms ms".split())


async def read_moods(processor: MessageProcessor, rows: Sequence[Mood]) -> list[tuple[Mood, Level]]:
    """What the model says of each row; the time is that of reading the whole message."""
    from rasa.core.channels.channel import UserMessage

    from bot.assistant import typed_text

    await processor.parse_message(UserMessage(typed_text(rows[0].text)))
    found = []
    for row in rows:
        started = perf_counter()
        parsed = await processor.parse_message(UserMessage(typed_text(row.text)))
        ms = (perf_counter() - started) * 1000
        mood = parsed["anger"]
        found.append((row, Level(mood["level"], mood["score"], tuple(map(str, mood["evidence"])), ms)))
    return found


def figures(pairs: Sequence[tuple[Mood, Level]]) -> AngerFigures:
    """All figures of a file."""
    called = [gold.anger >= ANNOYED for gold, guess in pairs if guess.level >= ANNOYED]
    upset = [guess.level >= ANNOYED for gold, guess in pairs if gold.anger >= ANNOYED]
    calm = [guess.level for gold, guess in pairs if gold.anger == 0]
    return AngerFigures(
        rows=len(pairs),
        precision=mean(called),
        recall=mean(upset),
        f1=2 * sum(called) / (len(called) + len(upset)) if called or upset else 0.0,
        angry_recall=mean(guess.level == ANGRY for gold, guess in pairs if gold.anger == ANGRY),
        false_alarms=mean(level == ANGRY for level in calm),
        ms=median(guess.ms for _, guess in pairs),
        called_annoyed=mean(level >= ANNOYED for level in calm),
    )
