"""The terms of a message that the pipeline has cut into words: what the classifiers read."""

from __future__ import annotations

from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.concepts import Concepts
from bot.components.features import Terms, terms_of

TERMS = "shop_terms"


def kept_terms(message: Message, known: Concepts) -> Terms:
    """The terms of a message that is being read; the next component that asks gets the same ones. Not for training."""
    terms: Terms | None = message.get(TERMS)
    if terms is None:
        terms = terms_of_message(message, known)
        message.set(TERMS, terms)
    return terms


def terms_of_message(message: Message, known: Concepts) -> Terms:
    """The terms by kind."""
    words: list[str] = []
    plain: list[str] = []
    end = 0
    for token in message.get(TOKENS_NAMES[TEXT]):
        plain += [" "] * (token.start > end) + [token.lemma]
        words.append(token.lemma)
        end = token.end
    return terms_of("".join(plain), words, known)
