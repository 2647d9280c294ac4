"""What comes back from either side, and whether it is an answer: errors are quick, and must not be measured."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.side_by_side.sentences import Sentence

SORRY = re.compile(r"出了点问题|暂时没有回应|暂时查不|稍后再试|something went wrong|is not answering", re.IGNORECASE)
"""What the assistant says when an action or the shop has failed."""


class WrongAnswer(Exception):
    """A side did not answer what it was asked; nothing that it did may be measured."""


@dataclass(frozen=True)
class Answer:
    """The messages of one turn as `(text, card as JSON)`, and how long the first took from socket to socket."""

    messages: Sequence[tuple[str, str]]
    seconds: float

    @property
    def text(self) -> str:
        """All texts and cards in a line."""
        return " / ".join(" ".join(part for part in message if part) for message in self.messages)

    @property
    def said(self) -> str:
        """All texts in a line."""
        return " / ".join(text for text, _ in self.messages)


def card_of(body: dict[str, Any]) -> str:
    """The card of a message as text; empty when it has none."""
    return json.dumps(body["card"], ensure_ascii=False) if body.get("card") else ""


def check(side: str, sentence: Sentence, answer: Answer, order: str) -> None:
    """Raises `WrongAnswer` when an answer is empty, an apology, or not what the sentence asks for; `order` is the asker's."""
    pattern = sentence.expects.replace("{order}", order)
    if not answer.text.strip() or SORRY.search(answer.text) or not re.search(pattern, answer.text):
        raise WrongAnswer(f"{side} answered {sentence.text!r} with {answer.text!r}, which lacks {pattern!r}")
