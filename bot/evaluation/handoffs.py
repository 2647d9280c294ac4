"""How well the moment for a person is found: figures over dialogues, decided by the rules of the escalation policy after the last message.

What a bot or an agent answered is known by its words alone, so whether an answer failed or did not understand is read from the lists
of `data/escalation.yml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.escalation_rules import Decision, Escalation, Exchange, Phrases, plain_text
from bot.evaluation.intents import mean
from bot.evaluation.rows import Dialogue

if TYPE_CHECKING:
    from rasa.core.processor import MessageProcessor

Pair = tuple[Dialogue, Decision | None]


@dataclass(frozen=True)
class HandoffFigures:
    """`precision`, `recall` and `f1` of handing over. Rows that people could not agree on are not counted."""

    rows: int
    precision: float | None
    recall: float | None
    f1: float

    FIELDS = ("rows", "precision", "recall", "f1")


async def read_dialogues(processor: MessageProcessor, rows: Sequence[Dialogue]) -> list[Pair]:
    """What the policy of a model decides at the end of each dialogue."""
    from rasa.core.channels.channel import UserMessage

    from bot.assistant import typed_text
    from bot.escalation import exchange_of

    escalation = policy_of(processor)
    found = []
    for row in rows:
        exchanges: list[Exchange] = []
        for turn in row.turns:
            if turn.role == "customer":
                parsed = await processor.parse_message(UserMessage(typed_text(turn.text)))
                exchanges.append(exchange_of(parsed))
            elif exchanges:
                exchanges[-1] = answered(exchanges[-1], turn.text, escalation.phrases)
        found.append((row, escalation.decide(exchanges)))
    return found


def answered(exchange: Exchange, answer: str, phrases: Phrases) -> Exchange:
    """The exchange with one more answer, of which only the text is known."""
    plain = plain_text(answer)
    unsure = 1.0 if phrases.found("answer_unsure", plain) else 0.0
    return replace(
        exchange,
        answers=(*exchange.answers, plain),
        unsure=max(unsure, exchange.unsure if exchange.answers else 0.0),
        failed=exchange.failed or bool(phrases.found("answer_failed", plain)),
    )


def policy_of(processor: MessageProcessor) -> Escalation:
    """The rules with the settings that the model was trained with."""
    from bot.escalation import EscalationPolicy, escalation_of

    nodes = processor.model_metadata.predict_schema.nodes.values()
    return escalation_of(next((dict(node.config) for node in nodes if node.uses is EscalationPolicy), {}))


def figures(pairs: Sequence[Pair]) -> HandoffFigures:
    """All figures of a file."""
    called = [gold.handoff for gold, decision in pairs if decision]
    needed = [decision is not None for gold, decision in pairs if gold.handoff]
    return HandoffFigures(
        rows=len(pairs),
        precision=mean(called),
        recall=mean(needed),
        f1=2 * sum(called) / (len(called) + len(needed)) if called or needed else 0.0,
    )
