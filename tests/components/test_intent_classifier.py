"""Features, concepts and calibration, on a handful of sentences."""

from __future__ import annotations

import numpy as np
import pytest

from bot.components.concepts import Concepts
from bot.components.features import Weights, terms_of
from bot.components.intent_classifier import best_temperature, softmax

CONCEPTS = Concepts({"refund": ["退款", "reimburs*"], "parcel": ["快递", "mail"], "number": [12315]})


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        ("我要退款", ["refund"]),
        ("i want a reimbursement", ["refund"]),
        ("unreimbursed", []),
        ("e-mail me", ["parcel"]),
        ("mailing list", []),
        ("快递退款打12315", ["number", "parcel", "refund"]),
        ("", []),
    ],
)
def test_concepts_are_words_of_one_meaning(text: str, touched: list[str]) -> None:
    assert CONCEPTS.touched(text) == touched


def test_concepts_come_in_pairs_too_and_none_is_said() -> None:
    assert CONCEPTS.terms("快递退款") == ["parcel", "refund", "parcel+refund"]
    assert CONCEPTS.terms("你好") == ["none"]


def test_long_repetitions_and_masks_weigh_no_more() -> None:
    assert terms_of("急急急急急", [], CONCEPTS) == terms_of("急急", [], CONCEPTS)
    assert terms_of("[订单编号x]呢", [], CONCEPTS)["c"] == terms_of("δ呢", [], CONCEPTS)["c"]


def test_unknown_terms_weigh_nothing_and_kinds_weigh_alike() -> None:
    messages = [terms_of(text, [text], CONCEPTS) for text in ("我要退款", "我要退款吗", "快递呢", "快递呢呢")]
    weights = Weights.learn(messages)
    columns, values = weights.vector(terms_of("xyz", ["xyz"], CONCEPTS))
    assert (
        [name for name, column in weights.columns.items() if column in columns] == ["knone"] if len(columns) else True
    )
    columns, values = weights.vector(messages[0])
    names = {column: name for name, column in weights.columns.items()}
    of_characters = [value for column, value in zip(columns, values, strict=True) if names[column][0] == "c"]
    assert np.isclose(np.square(of_characters).sum(), 1.0, atol=1e-5)
    assert weights.matrix(messages).shape == (4, len(weights.columns))


def test_temperature_makes_scores_honest() -> None:
    """Margins that are right in seven cases of ten must not claim certainty."""
    margins = np.tile([5.0, 0.0], (10, 1))
    right = np.array([0] * 7 + [1] * 3)
    scores = softmax(margins, best_temperature(margins * 0.2, right) * 5)
    assert abs(scores[0, 0] - 0.7) < 0.05
    assert np.allclose(scores.sum(axis=1), 1.0)
