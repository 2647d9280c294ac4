"""Reads utterances with a trained model, as the worker would, and turns what it says into predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bot.evaluation.intents import OUT_OF_SCOPE, Prediction
from bot.evaluation.rows import BadInput, Utterance

if TYPE_CHECKING:
    from rasa.core.processor import MessageProcessor

NO_INTENTS = frozenset({"nlu_fallback", "nlu_ask_back"})
"""What stands for a reading when the assistant would not answer."""
OFFERED = 3
WARM_UP = 20


def load(model: Path) -> MessageProcessor:
    """A processor that only reads: it has no actions and remembers nothing."""
    if not model.exists():
        raise BadInput(f"there is no model {model}: run `make train`, or name one with --model")
    from rasa.core.lock_store import InMemoryLockStore
    from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
    from rasa.core.processor import MessageProcessor
    from rasa.core.tracker_store import InMemoryTrackerStore
    from rasa.shared.core.domain import Domain

    store = InMemoryTrackerStore(Domain.empty())
    return MessageProcessor(model, store, InMemoryLockStore(), TemplatedNaturalLanguageGenerator({}))


async def read_utterances(
    processor: MessageProcessor, rows: Sequence[Utterance], label_of: Mapping[str, str]
) -> list[tuple[Utterance, Prediction]]:
    """The prediction for each row, with the milliseconds that reading it took."""
    from rasa.core.channels.channel import UserMessage

    from bot.assistant import text_for_rasa
    from ledger import Entry

    def message(text: str) -> UserMessage:
        return UserMessage(text_for_rasa([Entry("1-0", "message", "shopper", {"text": text})]))

    for row in rows[:WARM_UP]:
        await processor.parse_message(message(row.text))
    found = []
    for row in rows:
        asked = message(row.text)
        started = perf_counter()
        parsed = await processor.parse_message(asked)
        ms = (perf_counter() - started) * 1000
        found.append((row, prediction(parsed, label_of, ms)))
    return found


def prediction(parsed: Mapping[str, Any], label_of: Mapping[str, str], ms: float = 0.0) -> Prediction:
    """What a parse result says. A message in which nothing was familiar has no reading, and counts as out of scope."""
    intent = parsed["intent"]
    real = [one for one in parsed.get("intent_ranking") or [] if one["name"] not in NO_INTENTS]
    shown = parsed.get("readings")
    offered = [one["name"] for one in real[:OFFERED]] if shown is None else shown
    return Prediction(
        label=_label(real[0]["name"], label_of) if real else OUT_OF_SCOPE,
        confidence=float((real[0] if real else intent).get("confidence") or 0.0),
        confident=intent.get("name") is not None and intent["name"] not in NO_INTENTS,
        offered=tuple(_label(name, label_of) for name in offered),
        top=tuple((one["name"], float(one["confidence"])) for one in real[:OFFERED]),
        ms=ms,
    )


def _label(intent: str, label_of: Mapping[str, str]) -> str:
    if intent not in label_of:
        raise BadInput(f"the model knows the intent {intent!r}, but data/labels.yml gives it no label")
    return label_of[intent]
